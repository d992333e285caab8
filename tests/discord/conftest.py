"""What tests over the loopback Discord share: a town with a bot's settings, a page to read, a model that answers."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.core.servers import ServerSettings
from bot.store.database import open_database
from tests.conftest import SHARED
from tests.discord.doors import Doors, inside
from tests.discord.people import Person
from tests.discord.server import TOKEN, Loopback
from tests.llm.provider import Answer, Provider
from tests.sources.site import Site, site
from tests.test_end_to_end import REPLY, World, page

LABEL = "The shops were not asked"
"""In the answer to `Town.lane`, and in nothing else that is shown."""

LED_THERE = "This was answered here"
"""Said instead of a second card in the same channel."""


class Thinker:
    """A model that says when it is asked, and answers when it is let."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let = asyncio.Event()

    async def __call__(self, _: dict[str, Any]) -> Answer:
        self.asked.set()
        await self.let.wait()
        return Answer.json(REPLY)


class Town(World):
    """Loopback servers for Discord, the web and the model, and the settings that lead a bot to them."""

    def __init__(self, discord: Loopback, pages: Site, provider: Provider, folder: Path) -> None:
        super().__init__(pages, provider, folder)
        self.discord = discord
        self.folder = folder
        self.thinker = Thinker()
        provider.script = self.thinker
        self.environ |= {"discord_token": TOKEN, "web_allowed_guilds": str(discord.marlow.id)}
        pages.page("/lane", page(5))
        self.lane = pages.url("/lane")

    @property
    def ann(self) -> Person:
        return self.discord.someone("ann")

    def think_at_once(self) -> None:
        """From now on the model answers as soon as it is asked."""
        self.thinker.let.set()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A database with its tables: making them takes longer than most of these tests.
    """
    file = tmp_path_factory.mktemp("database") / "empty.sqlite3"

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{file}"):
            pass

    asyncio.run(make())
    return file


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> AsyncIterator[Doors]:
    """
    A bot that a module's tests share; `promised` holds each of them to what it promises.
    """
    folder = tmp_path_factory.mktemp("doors")
    shutil.copy(empty_database, folder / "kept.sqlite3")
    with pytest.MonkeyPatch.context() as patch:
        # as for each test, which comes later than this
        patch.setenv("XDG_DATA_HOME", str(folder))
        if (SHARED / "tiktoken").is_dir():
            patch.setenv("TIKTOKEN_CACHE_DIR", str(SHARED / "tiktoken"))
        async with (
            Loopback() as discord,
            site() as pages,
            Provider() as provider,
            inside(Town(discord, pages, provider, folder)) as opened,
        ):
            yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def promised(doors: Doors, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """
    At the end nothing that Discord refuses was sent, nobody sees "thinking", and nothing failed unforeseen.
    """
    yield
    await doors.bot.engine.servers.change(doors.discord.marlow.id, lambda _: ServerSettings())
    assert [] == doors.discord.rest.faults
    assert [] == doors.discord.interactions.thinking()
    assert [] == [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.fixture
async def town(tmp_path: Path, empty_database: Path) -> AsyncIterator[Town]:
    shutil.copy(empty_database, tmp_path / "kept.sqlite3")
    async with Loopback() as discord, site() as pages, Provider() as provider:
        yield Town(discord, pages, provider, tmp_path)
        assert [] == discord.rest.faults
        assert [] == discord.interactions.thinking()
