"""What can still be found: in the tables, and in the bytes of SQLite's files, whatever the tables say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import func, select, table

from bot.store.database import Database
from bot.store.tables import metadata

SAMPLE = 24  # bytes that stand together nowhere by chance


def everything(place: Path) -> bytes:
    """The database's file with its log of changes; nothing where it is not SQLite's."""
    files = (place, place.with_name(f"{place.name}-wal"))
    return b"".join(file.read_bytes() for file in files if file.exists())


def samples(place: Path, *queries: str) -> list[bytes]:
    """Bytes out of every cell that *queries* give; bodies are compressed, so their words alone would prove nothing."""
    found = []
    with sqlite3.connect(place) as raw:
        for query in queries:
            for row in raw.execute(query):
                for cell in row:
                    data = cell.encode() if isinstance(cell, str) else cell
                    found += [data[at : at + SAMPLE] for at in range(0, len(data), 2 * SAMPLE)]
    raw.close()
    return [sample for sample in found if len(sample) == SAMPLE]


async def counts(database: Database) -> dict[str, int]:
    """Rows by table, empty tables left out."""
    names = [*(one.name for one in metadata.sorted_tables), "passages"]
    async with database.read() as connection:
        found = {
            name: await connection.scalar(select(func.count()).select_from(table(name)))
            for name in names
        }
    return {name: n for name, n in found.items() if n}
