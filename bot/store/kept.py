"""Values kept by one key: model replies, pages with their validators, notes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace

from sqlalchemy import Table, select

from bot.core.pages import CachedPage
from bot.core.ports import Clock
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.tables import notes, pages, replies

_REPLY = Codec(str)
_PAGE = Codec(CachedPage)


class SqlReplies:
    """Implements `core.ports.Replies`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._bodies = _Bodies(database, clock, replies, "request")

    async def get(self, request: str) -> str | None:
        """Return the kept reply."""
        body = await self._bodies.get(request)
        return None if body is None else _REPLY.load(body)

    async def put(self, request: str, reply: str) -> None:
        """Keep a reply."""
        await self._bodies.put(request, _REPLY.dump(reply))


class SqlPages:
    """Implements `core.pages.Pages`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._bodies = _Bodies(database, clock, pages, "url")

    async def get(self, url: str) -> CachedPage | None:
        """Return the page kept under *url*."""
        body = await self._bodies.get(url)
        if body is None:
            return None
        page = _PAGE.load(body)
        return replace(page, body=b64decode(page.body))

    async def put(self, url: str, page: CachedPage) -> None:
        """Keep *page* under *url*."""
        # JSON holds no bytes
        await self._bodies.put(url, _PAGE.dump(replace(page, body=b64encode(page.body))))


class SqlNotes:
    """Implements `core.ports.Notes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return the note."""
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(
                select(notes.c.value).where(notes.c.name == name)
            )
        return found

    async def put(self, name: str, value: str) -> None:
        """Write the note."""
        statement = self._database.insert(notes).values(name=name, value=value)
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def first(self, name: str) -> bool:
        """Write the note if it is not there; True exactly once."""
        statement = self._database.insert(notes).values(name=name, value="")
        async with self._database.write() as connection:
            done = await connection.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1


class _Bodies:
    """A table of bodies by one text key."""

    def __init__(self, database: Database, clock: Clock, table: Table, key: str) -> None:
        self._database = database
        self._clock = clock
        self._table = table
        self._key = key

    async def get(self, key: str) -> bytes | None:
        query = select(self._table.c.body).where(self._table.c[self._key] == key)
        async with self._database.read() as connection:
            found: bytes | None = await connection.scalar(query)
        return found

    async def put(self, key: str, body: bytes) -> None:
        row = {"kept_at": self._clock.now(), "body": body}
        statement = self._database.insert(self._table).values({self._key: key, **row})
        statement = statement.on_conflict_do_update(index_elements=[self._key], set_=row)
        async with self._database.write() as connection:
            await connection.execute(statement)
