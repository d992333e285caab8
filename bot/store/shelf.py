"""Readings and digests."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, bindparam, func, literal_column, select, update

from bot.core.models import Audience, Brief, Digest, Digested, Reading
from bot.core.ports import Shelved
from bot.store.belongings import audience_key, is_kept, read_for
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.forgetting import forget
from bot.store.parsed import Parsed
from bot.store.removal import AT_ONCE, Removal, of_used
from bot.store.tables import digests, readings

_READING = Codec(Reading)
_DIGEST = Codec(Digest)

_SPACE = cast("str", literal_column("' '"))  # as a parameter it would be written anew each time
_MADE = (
    select(func.aggregate_strings(digests.c.key, _SPACE))
    .where(digests.c.reading == readings.c.hash)
    .scalar_subquery()
)

_LATEST = (
    select(
        readings.c.hash,
        readings.c.language,
        readings.c.read_at,
        readings.c.fresh_until,
        _MADE.label("digests"),
    )
    .where(readings.c.target == bindparam("target"), readings.c.audience == bindparam("audience"))
    .order_by(readings.c.read_at.desc())
    .limit(1)
)


class SqlShelf:
    """Implements `core.ports.Shelf`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._removal = Removal(database)
        self._readings = Parsed(database, _READING, readings.c.hash, readings.c.body)
        self._digests = Parsed(database, _DIGEST, digests.c.key, digests.c.body)

    async def latest(self, target: str, audience: Audience) -> Shelved | None:
        """Return the newest reading of *target* for *audience*."""
        row = await self._database.look(_LATEST, target=target, audience=audience_key(audience))
        if row is None:
            return None
        made = frozenset((row.digests or "").split())
        return Shelved(row.hash, row.language, row.read_at, row.fresh_until, made)

    async def digested(self, shelved: Shelved, key: str) -> Digested | None:
        """Return the digest with this key of what was found just now, with its reading; None where none is made."""
        if key not in shelved.digests:
            return None
        digest = await self._digests.of(key)
        reading = await self._readings.of(shelved.hash)
        return Digested(reading, digest) if reading and digest else None

    async def reading(self, hash: str) -> Reading | None:
        """Return a reading by its hash."""
        return await self._readings.kept(hash)

    async def digest(self, key: str) -> Digest | None:
        """Return a digest by its key."""
        return await self._digests.kept(key)

    async def in_another_language(self, reading: str, brief: Brief, label: str) -> Digest | None:
        """Return the newest digest of the reading with this hash, made by *label*, that differs in language only."""
        query = select(digests.c.body).where(
            digests.c.reading == reading,
            digests.c.language != brief.language,
            digests.c.length == brief.length.value,
            digests.c.label == label,
        )
        return await self._newest(query)

    async def before(
        self, target: str, audience: Audience, brief: Brief, label: str
    ) -> Digest | None:
        """Return the newest digest of any reading of *target* for *audience*, made by *label* for the same *brief*."""
        query = (
            select(digests.c.body)
            .join(readings, readings.c.hash == digests.c.reading)
            .where(
                read_for(target, audience),
                digests.c.language == brief.language,
                digests.c.length == brief.length.value,
                digests.c.label == label,
            )
        )
        return await self._newest(query)

    async def _newest(self, query: Select[Any]) -> Digest | None:
        async with self._database.read() as connection:
            body = await connection.scalar(query.order_by(digests.c.made_at.desc()).limit(1))
        return _DIGEST.load(body) if body is not None else None

    async def keep_reading(
        self, reading: Reading, fresh_until: datetime, *, outdates: bool = False
    ) -> None:
        """Keep a reading; the same hash again moves its dates and takes the newer scores."""
        row = {
            "target": reading.target,
            "audience": audience_key(reading.audience),
            "language": reading.article.language if reading.article else None,
            "read_at": reading.read_at,
            "fresh_until": fresh_until,
            "outdated": False,
            "body": await asyncio.to_thread(_READING.dump, reading),
        }
        statement = self._database.insert(readings).values(hash=reading.hash, **row)
        statement = statement.on_conflict_do_update(index_elements=["hash"], set_=row)
        others = read_for(reading.target, reading.audience) & (readings.c.hash != reading.hash)
        # what is dated later than what was read just now was dated by a clock that was wrong
        late = others & (readings.c.read_at > reading.read_at)
        before = {
            "read_at": reading.read_at - timedelta(microseconds=1),
            "fresh_until": reading.read_at,
        }
        async with self._database.write() as connection:
            await connection.execute(statement)
            await connection.execute(update(readings).where(late).values(before))
            if outdates:
                await connection.execute(update(readings).where(others).values(outdated=True))
        self._readings.remember(reading.hash, reading)

    async def keep_digest(self, digest: Digest) -> None:
        """
        Keep a digest with its reading, in place of one with the same key; not where the reading is forgotten by now.

        Outdated readings beside its own are deleted.
        """
        row = {
            "reading": digest.reading,
            "language": digest.brief.language,
            "length": digest.brief.length.value,
            "label": digest.made.label,
            "made_at": digest.made.at,
            "body": _DIGEST.dump(digest),
        }
        statement = self._database.insert(digests).values(key=digest.key, **row)
        statement = statement.on_conflict_do_update(index_elements=["key"], set_=row)
        ours, others = readings.alias(), readings.c
        outdated = (
            select(others.hash)
            .join(ours, (ours.c.target == others.target) & (ours.c.audience == others.audience))
            .where(ours.c.hash == digest.reading, others.hash != digest.reading)
            .where(others.outdated, ~of_used(others.hash))
            .limit(AT_ONCE)
        )
        async with self._database.write() as connection:
            if not await is_kept(connection, digest.reading):
                return
            await connection.execute(statement)
            gone = (await connection.scalars(outdated)).all()
            await self._removal.drop(connection, gone)
        self._digests.remember(digest.key, digest)

    async def forget(self, target: str, audience: Audience | None) -> int:
        """Delete all that was read and made of *target*, for one audience or (None) for all; return how many."""
        return await forget(self._database, target, audience)
