"""Readers' flags."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from bot.core.flags import Flag, Flagged
from bot.core.models import Cid, Quote
from bot.store.database import Database
from bot.store.tables import digests, flags

MOST = 100
"""Of one position that are read back: what is shown is a number and a few notes."""


class SqlFlags:
    """Implements `core.flags.Flags`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, flag: Flag) -> None:
        """Keep a flag; the same person's second word about the same thing takes the place of the first."""
        quote = flag.quote or Quote(Cid(""), 0, 0)
        key = {
            "digest": flag.digest,
            "position": flag.position,
            "comment": quote.comment,
            "first": quote.start,
            "last": quote.end,
            "person": flag.person,
        }
        said = {"at": flag.at, "note": flag.note}
        statement = self._database.insert(flags).values(**key, **said)
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=said)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def count(self, label: str) -> Flagged:
        """Count what is flagged in the digests with this `Digester.label`, each thing once."""
        things = (
            select(flags.c.digest, flags.c.position, flags.c.comment, flags.c.first, flags.c.last)
            .join(digests, digests.c.key == flags.c.digest)
            .where(digests.c.label == label)
            .distinct()
            .subquery()
        )
        of_quotes = func.count().filter(things.c.comment != "")
        async with self._database.read() as connection:
            made = await connection.scalar(
                select(func.count()).select_from(digests).where(digests.c.label == label)
            )
            flagged, every, quotes = (
                await connection.execute(
                    select(func.count(things.c.digest.distinct()), func.count(), of_quotes)
                )
            ).one()
        return Flagged(made or 0, flagged, every - quotes, quotes)

    async def of(self, digests: Sequence[str], position: str) -> list[Flag]:
        """Return the flags of a position of these *digests* and of its quotes, oldest first."""
        query = (
            select(flags)
            .where(flags.c.digest.in_(digests), flags.c.position == position)
            .order_by(flags.c.at)
            .limit(MOST)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Flag(
                row.digest,
                row.position,
                Quote(Cid(row.comment), row.first, row.last) if row.comment else None,
                row.person,
                row.at,
                row.note,
            )
            for row in rows
        ]
