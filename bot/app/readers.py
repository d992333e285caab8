"""Whatever reads a link or a file, opened when something is read."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.chat.place import place_in
from bot.core.meter import NO_METER, Meter
from bot.core.models import Audience, Reading
from bot.core.ports import Clock, Reader, Report
from bot.errors import OnlyInDiscord
from bot.settings import Settings

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.chat.threads import ThreadReader
    from bot.sources.platform import Keys
    from bot.sources.reader import PageReader
    from bot.sources.web import Web
    from bot.sources.workshop import Workshop
    from bot.store.database import Database


class Readers:
    """Links into Discord go to the reader of its threads, which only the bot has; everything else to *web*."""

    def __init__(self, web: Reader) -> None:
        self._web = web
        self.threads: ThreadReader | None = None

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a canonical link; raises `OnlyInDiscord` where only the bot could, else as its reader does."""
        if place_in(target) is None:
            return await self._web.read(target, audience, report)
        if self.threads is None:
            raise OnlyInDiscord
        return await self.threads.read(target, audience, report)

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        """Read a saved page or a copied text."""
        return await self._web.paste(data, name, audience, url)


class LateReader:
    """A `PageReader` that is opened when something is read; closed with *stack*."""

    def __init__(
        self,
        settings: Settings,
        database: Database | None,
        clock: Clock,
        stack: AsyncExitStack,
        meter: Meter = NO_METER,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._stack = stack
        self._meter = meter
        self._opened: asyncio.Task[Reader] | None = None

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a canonical link."""
        return await (await self.open()).read(target, audience, report)

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        """Read a saved page or a copied text."""
        return await (await self.open()).paste(data, name, audience, url)

    async def open(self) -> Reader:
        """Load what reading needs; the loop goes on meanwhile."""
        self._opened = self._opened or asyncio.ensure_future(self._make())
        return await self._opened

    async def _make(self) -> Reader:
        web, workshop, reader = await asyncio.to_thread(self._parts)
        await self._stack.enter_async_context(web)
        await self._stack.enter_async_context(workshop)
        return reader

    def _parts(self) -> tuple[Web, Workshop, PageReader]:
        from bot.sources.discovery import Discovery
        from bot.sources.platforms import platforms
        from bot.sources.reader import PageReader
        from bot.sources.web import Web
        from bot.sources.workshop import Workshop
        from bot.store.kept import SqlPages

        web = Web(
            user_agent=self._settings.web_user_agent,
            clock=self._clock,
            allowed_networks=self._settings.web_allowed_networks,
            allowed_guilds=self._settings.web_allowed_guilds,
            refused_hosts=self._settings.web_refused_hosts,
            pages=SqlPages(self._database, self._clock) if self._database else None,
            meter=self._meter,
        )
        # where links may lead into a network of the operator's, none is told to others
        discovery = None if self._settings.web_allowed_networks else Discovery()
        workshop = Workshop()
        places = platforms(_keys(self._settings))
        return web, workshop, PageReader(web, places, self._clock, workshop, discovery=discovery)


def _keys(settings: Settings) -> Keys:
    from bot.sources.platform import Keys

    def plain(secret: SecretStr | None) -> str | None:
        return secret.get_secret_value() if secret else None

    return Keys(
        reddit_id=settings.reddit_client_id,
        reddit_secret=plain(settings.reddit_client_secret),
        github=plain(settings.github_token),
        stackexchange=plain(settings.stackexchange_key),
    )
