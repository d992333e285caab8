"""The Discord side over everything real but Discord, the web and the model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app.readers import Readers
from bot.chat.access import only_for_readers
from bot.chat.client import ChorusClient
from bot.chat.pinning import DiscordBoard
from bot.chat.postman import DiscordPostman
from bot.chat.remembering import Memory
from bot.chat.services import Pinning, Services
from bot.chat.threads import ThreadReader
from bot.core.answering import Answering
from bot.core.digesting import Digesting
from bot.core.fulfilling import Fulfilling
from bot.core.models import Cid, Cited, Claim, Draft, Reading
from bot.core.money import Limits, OperatorBudgets
from bot.core.servers import ServerBudgets
from bot.core.till import Till
from bot.jobs.local import LocalDesk
from bot.jobs.watching import Watcher
from bot.store.archive import SqlArchive
from bot.store.cards import SqlCards
from bot.store.database import Database, open_database
from bot.store.flags import SqlFlags
from bot.store.kept import SqlNotes
from bot.store.ledger import SqlLedger
from bot.store.orders import SqlOrders
from bot.store.passages import SqlPassages
from bot.store.pins import SqlPins
from bot.store.purging import SqlPurging
from bot.store.purse import SqlPurse
from bot.store.servers import SqlServers
from bot.store.shelf import SqlShelf
from tests.chat.fake_discord import Discord, Sent, connect, walk
from tests.chat.server import Server
from tests.conftest import SteadyClock
from tests.fakes import FakeDigester, FakeReader, reading

LINK = "https://town.example/lane"
READING = reading(
    "The lane keeps my children safe on their way to school.",
    "Where will my customers park? Nobody asked the shops.",
    "Nobody asked us at the bakery either, not once.",
    "I take the bus.",
)
DRAFT = Draft(
    "Marlow opens a bike lane in May. Twelve parking places go.",
    ("It is new.",),
    question="Should the lane be built?",
    claims=(
        Claim(
            "The shops were not asked",
            "",
            "opposes",
            ("2", "3"),
            (Cited("2", "Nobody asked the shops"),),
        ),
        Claim(
            "It keeps children safe",
            "",
            "supports",
            ("1",),
            (Cited("1", "keeps my children safe"),),
        ),
    ),
    divide="Safety against parking.",
    ids={str(n): Cid(f"page:{n}") for n in range(1, 5)},
    model="m",
)
LIMITS = Limits(asks_per_hour=30)
EXTRACTS = Draft("Marlow opens a bike lane.", (), voices=((Cid("page:4"), "I take the bus."),))


class House:
    """A client, its services, and what they were asked."""

    def __init__(
        self,
        database: Database,
        *,
        model: bool = True,
        server: Server | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.clock = SteadyClock()
        self.server = server
        self.reader = FakeReader()
        self.readers = Readers(self.reader)
        self.model = FakeDigester("llm/m/p1")
        self.extractive = FakeDigester("extractive/1")
        self.orders = SqlOrders(database)
        self.notes = SqlNotes(database)
        self.cards = SqlCards(database)
        self.flags = SqlFlags(database)
        self.ledger = SqlLedger(database)
        self.purging = SqlPurging(database)
        self.servers = SqlServers(database, self.clock)
        budgets = ServerBudgets(OperatorBudgets(limits), self.servers)
        self.till = Till(SqlPurse(database), budgets, self.clock)
        self.archive = SqlArchive(database)
        self.pins = SqlPins(database)
        self.shelf = SqlShelf(database)
        self.answering = Answering(SqlPassages(database), None, None, self.till)
        self.digesting = Digesting(
            reader=self.readers,
            shelf=self.shelf,
            clock=self.clock,
            extractive=self.extractive,
            model=self.model if model else None,
            till=self.till,
        )
        self.start()

    def start(self) -> None:
        """Start a client over what is kept: again, as after a restart."""
        self.client = ChorusClient(message_content=self.server is not None)
        self.readers.threads = ThreadReader(self.client, self.clock)
        self.postman = DiscordPostman(
            self.client,
            digesting=self.digesting,
            orders=self.orders,
            servers=self.servers,
            notes=self.notes,
            cards=self.cards,
            clock=self.clock,
            pauses=(),
            till=self.till,
        )
        memory = Memory(self.client, self.archive, self.servers, self.clock)
        fulfilling = Fulfilling(self.digesting, self.answering, self.till)
        self.desk = LocalDesk(
            orders=self.orders,
            run=memory.noting(self.digesting, only_for_readers(self.client, fulfilling.run)),
            postman=self.postman,
            clock=self.clock,
        )
        self.board = DiscordBoard(
            self.client, self.postman, servers=self.servers, memory=memory, clock=self.clock
        )
        self.watcher = Watcher(
            pins=self.pins,
            digesting=self.digesting,
            shelf=self.shelf,
            board=self.board,
            clock=self.clock,
        )
        self.client.serve(
            Services(
                digesting=self.digesting,
                answering=self.answering,
                desk=self.desk,
                orders=self.orders,
                servers=self.servers,
                archive=self.archive,
                memory=memory,
                cards=self.cards,
                flags=self.flags,
                notes=self.notes,
                clock=self.clock,
                till=self.till,
                ledger=self.ledger,
                pinning=Pinning(self.pins, self.board, self.watcher),
                purging=self.purging,
                retention_days=30,
            )
        )
        self.discord: Discord = connect(self.client)
        if self.server is not None:
            self.discord.server = self.server
            self.server.join(self.client)

    def ready(self, *what: Reading | Exception, drafts: int = 1) -> None:
        """Queue what the reader gives next, and as many drafts."""
        self.reader.answers.extend(what or (READING,))
        self.model.answers.extend([DRAFT] * drafts)
        self.extractive.answers.extend([EXTRACTS] * drafts)


@asynccontextmanager
async def open_house(
    tmp_path: Path,
    *,
    model: bool = True,
    server: Server | None = None,
    limits: Limits = LIMITS,
) -> AsyncIterator[House]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3") as database:
        house = House(database, model=model, server=server, limits=limits)
        try:
            yield house
        finally:
            await house.watcher.close()
            await house.desk.close(0)


RESPOND, EDIT, FOLLOW = (
    "create_interaction_response",
    "edit_webhook_message",
    "execute_webhook",
)


async def summarize(house: House, **options: Any) -> list[Sent]:
    """Type /summarize and wait for the answer; return everything that was sent."""
    before = len(house.discord.sent)
    await house.discord.slash("summarize", **{"link": LINK, **options})
    await house.desk.settle()
    return house.discord.sent[before:]


def button(sent: Sent, word: str) -> str:
    """Return the id of the first thing to press in which *word* stands."""
    ids = [str(c.get("custom_id", "")) for c in walk(sent.data["components"])]
    found = [id for id in ids if word in id]
    assert found, f"{word} is not among {ids}"
    return found[0]
