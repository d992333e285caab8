"""Readings and digests."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, delete, select

from bot.core.models import Audience, Brief, Digest, Reading
from bot.core.ports import Shelved
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.passages import SqlPassages
from bot.store.tables import cards, digests, flags, readings

T = TypeVar("T")

_READING = Codec(Reading)
_DIGEST = Codec(Digest)

MOST_CACHED = 64
"""Parsed values kept in memory; they never change under their key."""


class SqlShelf:
    """Implements `core.ports.Shelf`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._readings: dict[str, Reading] = {}
        self._digests: dict[str, Digest] = {}

    async def latest(self, target: str, audience: Audience) -> Shelved | None:
        """Return the newest reading of *target* for *audience*."""
        columns = (
            readings.c.hash,
            readings.c.language,
            readings.c.read_at,
            readings.c.fresh_until,
        )
        query = (
            select(*columns)
            .where(readings.c.target == target, readings.c.audience == audience_key(audience))
            .order_by(readings.c.read_at.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return Shelved(*row) if row else None

    async def reading(self, hash: str) -> Reading | None:
        """Return a reading by its hash."""
        if hash not in self._readings:
            query = select(readings.c.body).where(readings.c.hash == hash)
            async with self._database.read() as connection:
                body = await connection.scalar(query)
            if body is None:
                return None
            # ten thousand comments take a tenth of a second
            _remember(self._readings, hash, await asyncio.to_thread(_READING.load, body))
        return self._readings[hash]

    async def digest(self, key: str) -> Digest | None:
        """Return a digest by its key."""
        if key not in self._digests:
            query = select(digests.c.body).where(digests.c.key == key)
            async with self._database.read() as connection:
                body = await connection.scalar(query)
            if body is None:
                return None
            _remember(self._digests, key, _DIGEST.load(body))
        return self._digests[key]

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
                readings.c.target == target,
                readings.c.audience == audience_key(audience),
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

    async def keep_reading(self, reading: Reading, fresh_until: datetime) -> None:
        """Keep a reading; the same hash again moves its dates and takes the newer scores."""
        row = {
            "target": reading.target,
            "audience": audience_key(reading.audience),
            "language": reading.article.language if reading.article else None,
            "read_at": reading.read_at,
            "fresh_until": fresh_until,
            "body": await asyncio.to_thread(_READING.dump, reading),
        }
        statement = self._database.insert(readings).values(hash=reading.hash, **row)
        statement = statement.on_conflict_do_update(index_elements=["hash"], set_=row)
        async with self._database.write() as connection:
            await connection.execute(statement)
        _remember(self._readings, reading.hash, reading)

    async def keep_digest(self, digest: Digest) -> None:
        """Keep a digest, in place of one with the same key."""
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
        async with self._database.write() as connection:
            await connection.execute(statement)
        _remember(self._digests, digest.key, digest)

    async def forget(self, target: str, audience: Audience) -> int:
        """Delete readings and digests of *target* for good; return how many."""
        of_target = (readings.c.target == target) & (readings.c.audience == audience_key(audience))
        ours = select(readings.c.hash).where(of_target)
        passages = SqlPassages(self._database)
        async with self._database.write() as connection:
            for hash in (await connection.scalars(ours)).all():
                await passages.drop(connection, hash)
            keys = select(digests.c.key).where(digests.c.reading.in_(ours))
            await connection.execute(delete(flags).where(flags.c.digest.in_(keys)))
            await connection.execute(delete(cards).where(cards.c.target == target))
            gone = await connection.execute(delete(digests).where(digests.c.reading.in_(ours)))
            read = await connection.execute(delete(readings).where(of_target))
        self._readings.clear()
        self._digests.clear()
        return gone.rowcount + read.rowcount


def audience_key(audience: Audience) -> str:
    """Return *audience* as text: `-` for the public web, `g1/c2` for a channel, `u3` for a person."""
    parts = (("g", audience.guild), ("c", audience.channel), ("u", audience.user))
    return "/".join(f"{sign}{id}" for sign, id in parts if id is not None) or "-"


def _remember(cache: dict[str, T], key: str, value: T) -> None:
    cache.pop(key, None)
    cache[key] = value
    if len(cache) > MOST_CACHED:
        del cache[next(iter(cache))]
