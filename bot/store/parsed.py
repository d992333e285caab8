"""Kept values as they were parsed last: they never change under their key, and parsing takes longer than the query."""

from __future__ import annotations

import asyncio
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, bindparam, select

from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.uncut import uncut

T = TypeVar("T")

MOST = 64


class Parsed(Generic[T]):
    """The values of one column by the key beside it, the last `MOST` of them in memory."""

    def __init__(
        self, database: Database, codec: Codec[T], key: Column[Any], body: Column[Any]
    ) -> None:
        self._database = database
        self._codec = codec
        self._body = select(body).where(key == bindparam("wanted"))
        self._is_there = select(key).where(key == bindparam("wanted"))
        self._values: dict[str, T] = {}

    async def kept(self, key: str) -> T | None:
        """Return the value under *key*; what another process has deleted is gone here too. Raises `StoreError`."""
        if key in self._values and await self._database.look(self._is_there, wanted=key) is None:
            self._values.pop(key, None)
            return None
        return await self.of(key)

    async def of(self, key: str) -> T | None:
        """Return the value under *key*, of which the caller knows that it is there; raises `StoreError`."""
        value = self._values.get(key)
        if value is None:
            value = await uncut(self._load(key))
        if value is not None:
            self.remember(key, value)
        return value

    def remember(self, key: str, value: T) -> None:
        """Keep *value* in memory."""
        self._values.pop(key, None)
        self._values[key] = value
        if len(self._values) > MOST:
            del self._values[next(iter(self._values))]

    async def _load(self, key: str) -> T | None:
        async with self._database.read() as connection:
            found = await connection.scalar(self._body, {"wanted": key})
        # ten thousand comments take a tenth of a second
        return None if found is None else await asyncio.to_thread(self._codec.load, found)
