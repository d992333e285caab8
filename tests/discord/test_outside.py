"""What goes wrong outside Discord: names, model, clock, disk. Nothing is lost, and afterwards all is as before."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from bot.app.clock import SystemClock
from bot.store.database import Database
from bot.store.orders import SqlOrders
from tests.discord.bot import Bot, running
from tests.discord.conftest import LABEL, Town
from tests.discord.posts import Post
from tests.llm.provider import Answer
from tests.test_end_to_end import REPLY, page

EXTRACTS = "extracts"
"""In what is shown where the model failed."""


@asynccontextmanager
async def whole(town: Town) -> AsyncIterator[Bot]:
    """A bot at the end of which nothing is left undone."""
    town.think_at_once()
    async with running(town.settings, town.discord) as bot:
        yield bot
        await bot.desk.settle()
        assert [] == await SqlOrders(bot.engine.database).open()


async def answered(town: Town, link: str, words: str, who: str = "ann") -> Post:
    """Let somebody ask, privately; return the answer as soon as it says *words*."""
    asked = await town.discord.someone(who).slash("summarize", link=link, private=True)
    await town.discord.until(lambda: words in asked.shown.text)
    return asked.shown


class Names:
    """The operating system's look-ups: `known` names lead to loopback, others are not known."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self._real = socket.getaddrinfo

    def __call__(self, host: Any, *more: Any, **others: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in self.known:
            name = "127.0.0.1"
        elif name != "127.0.0.1":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._real(name, *more, **others)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    return made


async def test_names_that_cannot_be_resolved(town: Town, names: Names) -> None:
    """
    The site's: one sentence, and no failure is kept. The model's: extracts. With both back the digest comes.
    """
    town.environ["openai_base_url"] = town.provider.url.replace("127.0.0.1", "model.example")
    link = town.lane.replace("127.0.0.1", "lane.example")
    async with whole(town):
        await answered(town, link, "No site is known under lane.example")
        names.known.add("lane.example")
        await answered(town, link, EXTRACTS)
        names.known.add("model.example")
        await answered(town, link, LABEL)

    assert (["/lane"], 1) == (town.pages.paths, len(town.provider.history))


@pytest.fixture
def clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> SystemClock:
    """
    The bot's clock is Discord's, which a test moves.
    """

    def now(_: SystemClock) -> datetime:
        return town.discord.state.clock.now()

    monkeypatch.setattr(SystemClock, "now", now)
    return SystemClock()


async def test_a_model_that_is_down_for_ten_minutes(town: Town, clock: SystemClock) -> None:
    """
    Everybody has extracts meanwhile, which are not kept as the real thing; afterwards the model is asked again.
    """
    down = True

    def script(_: dict[str, Any]) -> Answer:
        return Answer.error(401, "down") if down else Answer.json(REPLY)

    town.provider.script = script
    async with whole(town):
        await answered(town, town.lane, EXTRACTS)
        town.discord.state.clock.move(minutes=9)
        await answered(town, town.lane, EXTRACTS, "bob")
        down = False
        town.discord.state.clock.move(minutes=1)
        await answered(town, town.lane, LABEL, "eve")

    assert 3 == len(town.provider.history)


async def test_a_clock_that_jumps_and_is_put_right(town: Town, clock: SystemClock) -> None:
    """
    What was read while the clock was a day ahead is read again once it is right, and is then kept as ever.
    """
    async with whole(town):
        town.discord.state.clock.move(days=1)
        await answered(town, town.lane, LABEL)
        town.discord.state.clock.move(days=-1)
        town.pages.page("/lane", page(6))
        await answered(town, town.lane, LABEL, "bob")
        await answered(town, town.lane, LABEL, "eve")

    assert ["/lane", "/lane"] == town.pages.paths


async def test_a_clock_that_jumps_while_somebody_waits(town: Town, clock: SystemClock) -> None:
    """
    The bot takes the token for dead: the answer goes to the channel, once.
    """
    discord = town.discord
    async with running(town.settings, discord) as bot:
        await town.ann.slash("summarize", link=town.lane)
        await town.thinker.asked.wait()
        discord.state.clock.move(hours=3)
        town.think_at_once()
        await bot.desk.settle()

        assert [] == await SqlOrders(bot.engine.database).open()
    assert 1 == len(discord.shown(LABEL))


FAULTS = {"full": "There is no room left", "read-only": "cannot be written", "locked": "holds it"}


@contextmanager
def broken(fault: str, database: Database) -> Iterator[None]:
    """Let nothing more be written, until the block ends."""
    pragma = "max_page_count=1" if fault == "full" else "query_only=ON"

    def limit(connection: Any, _: object, __: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if fault == "locked":
        with closing(sqlite3.connect(database.place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    event.listen(database._engine.sync_engine, "checkout", limit)
    yield


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_database_that_takes_nothing(
    town: Town, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What is kept is served as ever; who asks for more hears why not; with the fault gone that is answered too.
    """
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0)
    town.pages.page("/long", page(300, "Another lane"))
    async with running(town.settings, town.discord) as bot:
        town.think_at_once()
        await answered(town, town.lane, LABEL)
        with broken(fault, bot.engine.database):
            await answered(town, town.lane, LABEL, "bob")
            await answered(town, town.pages.url("/long"), FAULTS[fault], "bob")
    async with whole(town):
        await answered(town, town.pages.url("/long"), "Another lane", "eve")
