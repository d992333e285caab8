"""
Authors whose words are withheld.

Of a name only a keyed hash is kept: the table names nobody, and another Chorus's table has other hashes.
"""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy import delete, select

from bot.core.models import Reading
from bot.core.withholding import ANYWHERE, Author, authors_of
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.removal import AT_ONCE, Removal
from bot.store.scrubbing import scrub
from bot.store.tables import notes, readings, withheld

KEY = "withheld:key"

_READING = Codec(Reading)


class SqlWithheld:
    """Implements `core.withholding.Withheld`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._removal = Removal(database)

    async def among(self, authors: frozenset[Author]) -> frozenset[Author]:
        """Return those of *authors* whose words are withheld; the site of one may be `ANYWHERE`."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(withheld.c.platform, withheld.c.name))).all()
        if not rows:  # nearly always: nothing is hashed for it
            return frozenset()
        known = {(site, name) for site, name in rows} | {(ANYWHERE, name) for _, name in rows}
        key = await self._key()
        return frozenset(one for one in authors if (one.site, _hashed(key, one.name)) in known)

    async def withhold(self, author: Author) -> int:
        """Leave out an author's words from now on; delete for good what holds some; return how many things."""
        row = {"platform": author.site, "name": _hashed(await self._key(), author.name)}
        statement = self._database.insert(withheld).values(row).on_conflict_do_nothing()
        async with self._database.write() as connection:
            await connection.execute(statement)
        gone = await self._drop({author, Author(ANYWHERE, author.name)})
        await scrub(self._database)
        return gone

    async def allow(self, author: Author) -> bool:
        """Let an author's words be read again; False where they were not withheld."""
        name = _hashed(await self._key(), author.name)
        theirs = (withheld.c.platform == author.site) & (withheld.c.name == name)
        async with self._database.write() as connection:
            return (await connection.execute(delete(withheld).where(theirs))).rowcount == 1

    async def _drop(self, author: set[Author]) -> int:
        """Delete every reading that holds words of *author*, with all that was made of it and downloaded for it."""
        gone, last = 0, ""
        columns = (readings.c.hash, readings.c.target, readings.c.body)
        while True:
            some = select(*columns).where(readings.c.hash > last).order_by(readings.c.hash)
            async with self._database.read() as connection:
                rows = (await connection.execute(some.limit(AT_ONCE))).all()
            if not rows:
                return gone
            last = rows[-1].hash
            theirs = [row for row in rows if author & authors_of(_READING.load(row.body))]
            if theirs:
                async with self._database.write() as connection:
                    gone += await self._removal.drop(connection, [row.hash for row in theirs])
                    await self._removal.drop_pages(connection, [row.target for row in theirs])

    async def _key(self) -> bytes:
        """Return the key of the hashes, made when it is first needed."""
        statement = self._database.insert(notes).values(name=KEY, value=secrets.token_hex(32))
        async with self._database.write() as connection:
            await connection.execute(statement.on_conflict_do_nothing())
            found = await connection.scalar(select(notes.c.value).where(notes.c.name == KEY))
        return bytes.fromhex(str(found))


def _hashed(key: bytes, name: str) -> str:
    return hmac.digest(key, name.encode("utf-8", "surrogatepass"), "sha256").hex()
