"""
Everything that is kept, from one database to another: SQLite to PostgreSQL, or back.

One transaction reads, one writes: all of it arrives, as it was at one moment, or nothing. Tables are those of `tables`,
whichever they are by then; the search index is filled from its passages, and made anew of them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, TableClause, column, func, insert, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import DatabaseInUse, NotMoved
from bot.store.database import Database
from bot.store.passages import apart
from bot.store.tables import metadata

ROWS = 200
"""Rows in memory at once; a reading of ten thousand comments takes about a megabyte."""

_PASSAGES = table(
    "passages", *(column(name) for name in ("reading", "words", "comment", "first", "last"))
)


async def move(source: Database, target: Database) -> dict[str, int]:
    """
    Copy all rows of *source* into *target*, which is migrated and empty; return how many there were of each table.

    Nothing of *source* is changed. Raises `DatabaseInUse` where *target* is not empty, `NotMoved` where counts differ.
    """
    tables: tuple[TableClause, ...] = (*metadata.sorted_tables, _PASSAGES)
    counts = {}
    async with source.read() as reading, target.write() as writing:
        if source.is_postgres:
            # all tables as of one moment; SQLite's transactions see no other
            await reading.execution_options(isolation_level="REPEATABLE READ")
        await target.alone(writing, "move")
        for one in tables:
            if await _count(writing, one):
                raise DatabaseInUse(place=target.place)
        for one in tables:
            counts[one.name] = await _count(reading, one)
            await _copy(reading, writing, one)
        for one in tables:
            moved = await _count(writing, one)
            if moved != counts[one.name]:
                raise NotMoved(table=one.name, found=counts[one.name], moved=moved)
    return counts


async def _copy(reading: AsyncConnection, writing: AsyncConnection, one: TableClause) -> None:
    async with reading.stream(select(*one.c)) as found:
        async for some in found.mappings().partitions(ROWS):
            await writing.execute(insert(one), [_row(one, dict(row)) for row in some])


def _row(one: TableClause, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "words": apart(row["words"])} if one is _PASSAGES else row


async def _count(connection: AsyncConnection, one: FromClause) -> int:
    found: int | None = await connection.scalar(select(func.count()).select_from(one))
    return found or 0
