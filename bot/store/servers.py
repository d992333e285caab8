"""Settings of servers: a row each, and the last ones in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from bot.core.ports import Clock
from bot.core.servers import DEFAULTS, ServerSettings
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.tables import servers

_SETTINGS = Codec(ServerSettings)

MOST_CACHED = 10_000
GOOD_FOR = timedelta(minutes=1)
"""How long what is in memory is believed: another process may have changed it."""

_BODY = select(servers.c.body).where(servers.c.guild == bindparam("guild"))


class SqlServers:
    """Implements `core.servers.Servers`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[int, tuple[ServerSettings, datetime]] = {}
        self._changes = 0  # what was read before one of ours must not be remembered after it

    async def get(self, guild: int | None) -> ServerSettings:
        """Return a server's settings; the defaults where it has none, and outside servers."""
        if guild is None:
            return DEFAULTS
        known = self._known.get(guild)
        if known and self._clock.now() < known[1] + GOOD_FOR:
            return known[0]
        changes = self._changes
        row = await self._database.look(_BODY, guild=guild)
        found = DEFAULTS if row is None else _SETTINGS.load(row.body)
        if changes == self._changes:
            self._remember(guild, found)
        return found

    async def change(
        self, guild: int, how: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        """Put what *how* returns of the settings in their place, and return it; all in one transaction."""
        first = self._database.insert(servers).values(guild=guild, body=_SETTINGS.dump(DEFAULTS))
        ours = servers.c.guild == guild
        async with self._database.write() as connection:
            # the row is there before it is locked: a lock on none would hold nobody up
            await connection.execute(first.on_conflict_do_nothing())
            locked = select(servers.c.body).where(ours).with_for_update()
            settings = how(_SETTINGS.load(await connection.scalar(locked) or b""))
            body = _SETTINGS.dump(settings)
            await connection.execute(update(servers).where(ours).values(body=body))
        self._changes += 1
        self._remember(guild, settings)
        return settings

    async def forget(self, guild: int) -> None:
        """Delete a server's settings for good."""
        async with self._database.write() as connection:
            await connection.execute(delete(servers).where(servers.c.guild == guild))
        self._changes += 1
        self._known.pop(guild, None)

    def _remember(self, guild: int, settings: ServerSettings) -> None:
        self._known.pop(guild, None)
        self._known[guild] = (settings, self._clock.now())
        if len(self._known) > MOST_CACHED:
            del self._known[next(iter(self._known))]
