"""Readings and all that was made of them: what is deleted together, in the transaction of the one who deletes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.belongings import IN_USE, OF_DIGEST, target_key
from bot.store.database import Database
from bot.store.passages import SqlPassages
from bot.store.tables import digests, pages, pages_of, readings, replies, replies_of

AT_ONCE = 20
"""
Readings in one transaction, so that nobody waits for long: deleting twenty of 60 kB with what was made of them takes
60 ms, the writing over included.
"""


class Removal:
    """Deletes in the transactions of others; returns how many readings and digests went."""

    def __init__(self, database: Database) -> None:
        self._passages = SqlPassages(database)

    async def drop(self, connection: AsyncConnection, hashes: Sequence[str]) -> int:
        """Delete the readings with these hashes, their digests, the replies about them and their passages."""
        if not hashes:
            return 0
        # locked first: on PostgreSQL a digest kept meanwhile would outlive its reading; see belongings.is_kept
        ours = select(readings.c.hash).where(readings.c.hash.in_(hashes)).order_by(readings.c.hash)
        await connection.execute(ours.with_for_update())
        keys = select(digests.c.key).where(digests.c.reading.in_(hashes))
        gone = await self.drop_digests(connection, (await connection.scalars(keys)).all())
        about = replies_of.c.reading.in_(hashes)
        asked = select(replies_of.c.request).where(about)
        await connection.execute(delete(replies).where(replies.c.request.in_(asked)))
        await connection.execute(delete(replies_of).where(about))
        for hash in hashes:
            await self._passages.drop(connection, hash)
        read = await connection.execute(delete(readings).where(readings.c.hash.in_(hashes)))
        return gone + read.rowcount

    async def drop_digests(self, connection: AsyncConnection, keys: Sequence[str]) -> int:
        """Delete the digests with these keys, and what hangs on them."""
        if not keys:
            return 0
        for column in OF_DIGEST:
            await connection.execute(delete(column.table).where(column.in_(keys)))
        return (await connection.execute(delete(digests).where(digests.c.key.in_(keys)))).rowcount

    async def drop_pages(self, connection: AsyncConnection, targets: Sequence[str]) -> None:
        """Delete what was downloaded to read *targets*."""
        served = pages_of.c.target.in_([target_key(target) for target in targets])
        urls = select(pages_of.c.url).where(served)
        await connection.execute(delete(pages).where(pages.c.url.in_(urls)))
        await connection.execute(delete(pages_of).where(served))


def in_use(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether the digest with this *key* must stay: see `belongings.IN_USE`."""
    return or_(False, *(key.in_(select(column)) for column in IN_USE))


def of_used(hash: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether the reading with this *hash* is that of a digest that must stay."""
    return hash.in_(select(digests.c.reading).where(in_use(digests.c.key)))
