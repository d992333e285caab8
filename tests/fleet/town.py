"""A town with several processes of the bot: gateways, each with its shard, and workers, over one PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.discord import interactions
from tests.discord.bot import Child, child
from tests.discord.conftest import LABEL, Town
from tests.discord.guild import Guild
from tests.discord.interactions import Asked
from tests.discord.people import Person
from tests.discord.server import Loopback
from tests.llm.provider import Provider
from tests.sources.site import Site, site

GATEWAYS = 2


class Fleet(Town):
    """Two servers, each on a shard of its own; `people` live in both."""

    def __init__(
        self, discord: Loopback, pages: Site, provider: Provider, folder: Path, url: str
    ) -> None:
        super().__init__(discord, pages, provider, folder)
        self.guilds = tuple(self._guild(shard) for shard in range(GATEWAYS))
        # open to none of these servers; that there is one means that nobody outside is told of links
        self.environ |= {"database_url": url, "web_allowed_networks": "10.0.0.0/8"}
        del self.environ["web_allowed_guilds"]
        self._stack = AsyncExitStack()

    def _guild(self, shard: int) -> Guild:
        state = self.discord.state
        id = state.clock.id()
        while (id >> 22) % GATEWAYS != shard:
            id += 1 << 22
        return state.guild(f"Town {shard}", self.discord.owner, id=id)

    def people(self, number: int) -> list[Person]:
        """Return so many people, half of them in each server."""
        state = self.discord.state
        channels = [guild.channel("news") for guild in self.guilds]
        found = []
        for n in range(number):
            id = state.user(f"reader{n}")
            self.guilds[n % GATEWAYS].member(state.users[id])
            found.append(Person(self.discord, id, channels[n % GATEWAYS]))
        return found

    async def start(self, *command: str) -> Child:
        """Start a process of the bot; it is killed at the end at the latest."""
        started = child(self.env(), self.discord, self.folder, *command, module="tests.fleet.bot")
        return await self._stack.enter_async_context(started)

    async def gateways(self) -> list[Child]:
        """Start the gateways, which do not work themselves; return when all are connected."""
        started = [
            await self.start("run", "--shards", f"{shard}/{GATEWAYS}", "--no-work")
            for shard in range(GATEWAYS)
        ]
        live = self.discord.gateway.live
        await self.discord.until(lambda: len(live()) == GATEWAYS, 60)
        return started

    async def ask(self, people: list[Person], *links: str) -> list[Asked]:
        """Let everyone ask for a link, in private and without waiting for each other; return when all are heard."""
        asked = [
            await person.slash("summarize", wait=False, link=links[n % len(links)], private=True)
            for n, person in enumerate(people)
        ]
        await self.discord.until(lambda: all(one.answer for one in asked), 120)
        return asked

    async def answered(self, asked: list[Asked], seconds: float = 120) -> None:
        """Return when everyone has a digest in the place of the answer."""

        def all_are() -> bool:
            return all(one.original is not None and LABEL in one.original.text for one in asked)

        try:
            await self.discord.until(all_are, seconds)
        except TimeoutError:
            said = [one.original.text if one.original else None for one in asked]
            raise AssertionError([text for text in said if not text or LABEL not in text]) from None

    async def close(self) -> None:
        await self._stack.aclose()


@asynccontextmanager
async def fleet(folder: Path, url: str) -> AsyncIterator[Fleet]:
    with pytest.MonkeyPatch.context() as patch:
        # six processes share this machine's processors: how fast each answers is measured elsewhere, with one
        patch.setattr(interactions, "TO_ACKNOWLEDGE", timedelta(seconds=60))
        async with Loopback() as discord, site() as pages, Provider() as provider:
            discord.gateway.shards = GATEWAYS
            town = Fleet(discord, pages, provider, folder, url)
            try:
                yield town
            finally:
                await town.close()
