"""A database of SQLite that is not as it should be: each time one of our errors, with the reason."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from bot.errors import DatabaseFull, DatabaseUnavailable, StoreError
from bot.store.database import Database, open_database
from bot.store.failures import ours
from bot.store.kept import SqlNotes


def execute(statement: str) -> Callable[[Path], None]:
    def damage(place: Path) -> None:
        with closing(sqlite3.connect(place, isolation_level=None)) as raw:
            raw.execute(statement)

    return damage


def overwrite(place: Path) -> None:
    """Nothing but the first page is left as it was."""
    size = int.from_bytes(place.read_bytes()[16:18])
    with place.open("r+b") as file:
        file.seek(size)
        file.write(b"\xff" * (place.stat().st_size - size))


async def reason(place: Path) -> object:
    """What an attempt to open it ends in."""
    with pytest.raises(DatabaseUnavailable) as caught:
        async with open_database(f"sqlite:///{place}"):
            pass
    return caught.value.facts["reason"]


async def made(place: Path) -> None:
    async with open_database(f"sqlite:///{place}"):
        pass
    execute("PRAGMA journal_mode=DELETE")(place)  # all of it is in one file


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (execute("DROP TABLE digests"), "half-migrated"),
        (execute("DELETE FROM alembic_version"), "half-migrated"),
        (execute("DROP TABLE alembic_version"), "half-migrated"),
        (execute("UPDATE alembic_version SET version_num = '0001'"), "half-migrated"),
        (execute("UPDATE alembic_version SET version_num = '0002_mine'"), "half-migrated"),
        (overwrite, "corrupt"),
    ],
    ids=["table", "no version", "no table of versions", "older version", "unknown", "overwritten"],
)
async def test_a_database_that_is_not_whole(
    place: Path, damage: Callable[[Path], None], expected: str
) -> None:
    """
    What was restored in part, or damaged, is refused.
    """
    await made(place)
    damage(place)

    assert expected == await reason(place)


async def test_one_that_somebody_else_holds(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    While another program writes, what is kept can be read; what cannot be written says why, and can be once it ends.
    """
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0)
    async with open_database(f"sqlite:///{place}") as database:
        notes = SqlNotes(database)
        await notes.put("a", "kept")
        with closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnavailable) as caught:
                await notes.put("a", "new")
            found = await notes.get("a")
            other.execute("ROLLBACK")
        await notes.put("a", "new")

        assert ("locked", "kept") == (caught.value.facts["reason"], found)
        assert "new" == await notes.get("a")


async def test_one_that_cannot_be_written(place: Path) -> None:
    """
    What is kept can be read; what cannot be written says why.
    """
    async with open_database(f"sqlite:///{place}") as database:
        notes = SqlNotes(database)
        await notes.put("a", "kept")
        await forbid_writing(database)
        with pytest.raises(DatabaseUnavailable) as caught:
            await notes.put("a", "new")

        assert ("read-only", "kept") == (caught.value.facts["reason"], await notes.get("a"))


@pytest.mark.parametrize(
    ("flags", "free", "error"),
    [
        (os.ST_RDONLY, 9_000, DatabaseUnavailable(place="PLACE", reason="read-only")),
        (0, 3, DatabaseFull(place="PLACE")),
        (0, 9_000, DatabaseUnavailable(place="PLACE", reason="unreachable")),
    ],
    ids=["read-only", "full", "neither"],
)
@pytest.mark.parametrize("said", ["unable to open database file", "disk I/O error"])
def test_a_disk_on_which_it_cannot_be_opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    flags: int,
    free: int,
    error: StoreError,
) -> None:
    """
    SQLite says only that it cannot (tried on a disk of 4 MB, full and mounted read-only); the disk says why.
    """
    disk = SimpleNamespace(f_flag=flags, f_bavail=free, f_frsize=4_096)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)

    with pytest.raises(type(error)) as caught, ours(str(tmp_path / "kept.sqlite3")):
        raise OperationalError("PRAGMA", {}, sqlite3.OperationalError(said))

    expected = {**error.facts, "place": str(tmp_path / "kept.sqlite3")}
    assert expected == caught.value.facts


async def forbid_writing(database: Database) -> None:
    async with database.read() as connection:
        await connection.exec_driver_sql("PRAGMA query_only=ON")
