"""Values kept by one key: model replies and pages with their validators, and for what each was kept; notes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace

from sqlalchemy import Executable, Table, select

from bot.core.pages import CachedPage
from bot.core.ports import Clock
from bot.store.belongings import is_kept, target_key
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.tables import notes, pages, pages_of, replies, replies_of

_REPLY = Codec(str)
_PAGE = Codec(CachedPage)


class SqlReplies:
    """
    Implements `core.ports.Replies`; with *any_reading* for readings that are not kept too.

    A reply about one that is not kept (any more) would be found by its age alone.
    """

    def __init__(self, database: Database, clock: Clock, *, any_reading: bool = False) -> None:
        self._bodies = _Bodies(database, clock, replies, replies_of)
        self._any = any_reading

    async def get(self, request: str) -> str | None:
        """Return the kept reply."""
        body = await self._bodies.get(request)
        return None if body is None else _REPLY.load(body)

    async def put(self, request: str, reply: str, reading: str) -> None:
        """Keep a reply about the reading with this hash, "" for a reply about none."""
        kept = None if self._any or not reading else reading
        await self._bodies.put(request, _REPLY.dump(reply), reading, only_with=kept)

    async def serves(self, request: str, reading: str) -> None:
        """Note that a kept reply is about this reading too."""
        await self._bodies.serves(request, reading)


class SqlPages:
    """Implements `core.pages.Pages`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._bodies = _Bodies(database, clock, pages, pages_of)

    async def get(self, url: str) -> CachedPage | None:
        """Return the page kept under *url*."""
        body = await self._bodies.get(url)
        if body is None:
            return None
        page = _PAGE.load(body)
        return replace(page, body=b64decode(page.body))

    async def put(self, url: str, page: CachedPage, target: str) -> None:
        """Keep *page* under *url*; it was asked for to read *target*."""
        # JSON holds no bytes
        body = _PAGE.dump(replace(page, body=b64encode(page.body)))
        await self._bodies.put(url, body, target_key(target))

    async def serves(self, url: str, target: str) -> None:
        """Note that the page kept under *url* served to read *target* too."""
        await self._bodies.serves(url, target_key(target))


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
    """A table of bodies by its one key, and one that says for what each was kept: the same key, and whatever it is."""

    def __init__(self, database: Database, clock: Clock, table: Table, uses: Table) -> None:
        self._database = database
        self._clock = clock
        self._table = table
        self._uses = uses
        self._key, self._use = uses.c

    async def get(self, key: str) -> bytes | None:
        query = select(self._table.c.body).where(self._table.c[self._key.name] == key)
        async with self._database.read() as connection:
            found: bytes | None = await connection.scalar(query)
        return found

    async def put(self, key: str, body: bytes, use: str, only_with: str | None = None) -> None:
        row = {"kept_at": self._clock.now(), "body": body}
        statement = self._database.insert(self._table).values({self._key.name: key, **row})
        statement = statement.on_conflict_do_update(index_elements=[self._key.name], set_=row)
        async with self._database.write() as connection:
            if only_with is None or await is_kept(connection, only_with):
                await connection.execute(statement)
                await connection.execute(self._used(key, use))

    async def serves(self, key: str, use: str) -> None:
        # looked up first: nearly always it is known, and a writer locks
        known = select(self._use).where(self._key == key, self._use == use)
        async with self._database.read() as connection:
            found = (await connection.execute(known)).first()
        if found is None:
            async with self._database.write() as connection:
                await connection.execute(self._used(key, use))

    def _used(self, key: str, use: str) -> Executable:
        row = {self._key.name: key, self._use.name: use}
        return self._database.insert(self._uses).values(row).on_conflict_do_nothing()
