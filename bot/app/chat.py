"""The Discord side: a client, the desk behind it, and who watches pins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app.engine import Engine
from bot.app.keeping import housekeeping_of
from bot.core.fulfilling import Fulfilling
from bot.core.meter import NO_METER
from bot.core.pins import Watch
from bot.core.ports import Office, SharedOrders
from bot.errors import NeedsPostgres, NotInstalled

if TYPE_CHECKING:
    from bot.chat.client import ChorusClient
    from bot.chat.postman import DiscordPostman
    from bot.chat.shards import Shards
    from bot.jobs.endings import Run
    from bot.jobs.watching import Watcher

AT_ONCE = 16
"""Orders that a process works on at the same time; they wait for pages and the model, mostly."""


@dataclass(frozen=True)
class Part:
    """
    What one process of the bot does: alone, everything.

    *shards*: those it listens on, None for all, `bot.chat.shards.NONE` for one that only works. *works*: whether it
    fulfils orders, *at_once* so many at the same time, or only takes them.
    """

    shards: Shards | None = None
    works: bool = True
    at_once: int = AT_ONCE

    @property
    def listens(self) -> bool:
        """Whether it connects to the gateway."""
        return self.shards is None or bool(self.shards.ids)

    @property
    def is_alone(self) -> bool:
        """Whether it needs no other process."""
        return self.works and (self.shards is None or self.shards.are_all)


ALONE = Part()


@asynccontextmanager
async def open_chat(
    engine: Engine, part: Part = ALONE
) -> AsyncIterator[tuple[ChorusClient, Office]]:
    """
    Open the Discord side over *engine*: a client that is not connected yet, and the desk behind it.

    Raises `NeedsPostgres`, `NotInstalled` or `StoreError`.
    """
    from bot.chat.access import only_for_readers
    from bot.chat.acknowledging import Acknowledging
    from bot.chat.client import ChorusClient
    from bot.chat.pinning import DiscordBoard
    from bot.chat.postman import DiscordPostman
    from bot.chat.remembering import Memory
    from bot.chat.services import Pinning, Services
    from bot.chat.threads import ThreadReader
    from bot.jobs.watching import Watcher
    from bot.store.archive import SqlArchive
    from bot.store.cards import SqlCards
    from bot.store.flags import SqlFlags
    from bot.store.kept import SqlNotes
    from bot.store.orders import SqlOrders
    from bot.store.pins import SqlPins
    from bot.store.purging import SqlPurging

    settings, orders, notes = engine.settings, SqlOrders(engine.database), SqlNotes(engine.database)
    cards = SqlCards(engine.database)
    client = ChorusClient(
        message_content=settings.discord_message_content,
        dev_guild=settings.discord_dev_guild,
        acknowledging=Acknowledging(engine.meter) if engine.meter is not NO_METER else None,
        shards=part.shards,
    )
    engine.reader.threads = ThreadReader(client, engine.clock)
    archive = SqlArchive(engine.database)
    memory = Memory(client, archive, engine.servers, engine.clock)
    postman = DiscordPostman(
        client,
        digesting=engine.digesting,
        orders=orders,
        servers=engine.servers,
        notes=notes,
        cards=cards,
        clock=engine.clock,
        till=engine.till,
    )
    fulfilling = Fulfilling(engine.digesting, engine.answering, engine.till)
    run = memory.noting(engine.digesting, only_for_readers(client, fulfilling.run))
    pins = SqlPins(engine.database)
    board = DiscordBoard(client, postman, servers=engine.servers, memory=memory, clock=engine.clock)
    watcher = Watcher(
        pins=pins,
        digesting=engine.digesting,
        shelf=engine.shelf,
        board=board,
        clock=engine.clock,
    )
    async with _desk(engine, part, orders, run, postman, watcher) as (desk, watch):
        client.serve(
            Services(
                digesting=engine.digesting,
                answering=engine.answering,
                desk=desk,
                orders=orders,
                servers=engine.servers,
                archive=archive,
                memory=memory,
                cards=cards,
                flags=SqlFlags(engine.database),
                notes=notes,
                clock=engine.clock,
                till=engine.till,
                ledger=engine.ledger,
                pinning=Pinning(pins, board, watch),
                purging=SqlPurging(engine.database),
                retention_days=settings.retention_days,
                priced=engine.model is None or engine.model.cost(1, 1) is not None,
                inside_guilds=frozenset(settings.web_allowed_guilds),
            )
        )
        try:
            yield client, desk
        finally:
            await desk.close(0)


@asynccontextmanager
async def _desk(
    engine: Engine,
    part: Part,
    orders: SharedOrders,
    run: Run,
    postman: DiscordPostman,
    watcher: Watcher,
) -> AsyncIterator[tuple[Office, Watch]]:
    """Open the desk, and what watches pins: alone over SQLite, as one among others over PostgreSQL."""
    if engine.database.is_postgres:
        async with _fleet_desk(engine, part, orders, run, postman, watcher) as both:
            yield both
    elif part.is_alone:
        from bot.jobs.local import LocalDesk

        desk = LocalDesk(
            orders=orders,
            run=run,
            postman=postman,
            clock=engine.clock,
            most_at_once=part.at_once,
            meter=engine.meter,
        )
        yield desk, watcher
    else:
        command = "chorus run --shards / --no-work" if part.listens else "chorus work"
        raise NeedsPostgres(command=command)


@asynccontextmanager
async def _fleet_desk(
    engine: Engine,
    part: Part,
    orders: SharedOrders,
    run: Run,
    postman: DiscordPostman,
    watcher: Watcher,
) -> AsyncIterator[tuple[Office, Watch]]:
    try:
        from bot.jobs.queue import open_queue
        from bot.jobs.shift import Shift
        from bot.jobs.worker import FleetWorker
    except ImportError:
        raise NotInstalled(package="procrastinate", extra="fleet") from None
    from bot.jobs.fleet import FarWatch, FleetDesk

    database, clock = engine.database, engine.clock
    async with open_queue(database.libpq_url, clock, place=database.place) as queue:
        shift = None
        if part.works:
            worker = FleetWorker(
                orders=orders,
                run=run,
                postman=postman,
                clock=clock,
                queue=queue,
                tidy=housekeeping_of(engine).once,
                wake=watcher.wake,
            )
            shift = Shift(queue, worker, at_once=part.at_once, meter=engine.meter)
        desk = FleetDesk(orders=orders, queue=queue, postman=postman, shift=shift)
        yield desk, watcher if part.works else FarWatch(queue)
