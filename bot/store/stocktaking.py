"""How much is kept, counted by the database itself: no body is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.keeping import Kind, Stock
from bot.store.database import Database
from bot.store.tables import Moment, metadata

# their rows only say what others are for
_BESIDE = frozenset({"pages_of", "replies_of"})


class SqlStocktaking:
    """Implements `core.keeping.Stocktaking`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self) -> Stock:
        """Return how much there is; kinds of which there is nothing are left out."""
        async with self._database.read() as connection:
            kinds = [
                await _kind(connection, table)
                for table in metadata.sorted_tables
                if table.name not in _BESIDE
            ]
            size = await self._size(connection)
        some = sorted((kind for kind in kinds if kind.count), key=lambda kind: -kind.bytes)
        return Stock(self._database.place, size, tuple(some))

    async def _size(self, connection: AsyncConnection) -> int:
        """Return how many bytes the database takes, room that is free included."""
        if self._database.is_postgres:
            whole = func.pg_database_size(func.current_database())
            return int(await connection.scalar(select(whole)) or 0)
        pages = await connection.exec_driver_sql("PRAGMA page_count")
        each = await connection.exec_driver_sql("PRAGMA page_size")
        return int(pages.scalar_one()) * int(each.scalar_one())


async def _kind(connection: AsyncConnection, table: Table) -> Kind:
    body, time = table.c.get("body"), _time(table)
    size = func.coalesce(func.sum(func.length(body)), 0) if body is not None else literal(0)
    between = (func.min(time), func.max(time)) if time is not None else ()
    row = (await connection.execute(select(func.count(), size, *between).select_from(table))).one()
    oldest, newest = (_moment(at) for at in (*row[2:], None, None)[:2])
    return Kind(table.name, int(row[0]), int(row[1]), oldest, newest)


def _time(table: Table) -> Column[Any] | None:
    """Return when the rows of *table* are from: its first time that is no deadline."""
    times = (c for c in table.columns if isinstance(c.type, Moment))
    return next((c for c in times if not c.nullable), None)


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
