"""Opening, migrating, failing."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, func, select

from bot.errors import DatabaseFull, DatabaseNewer, DatabaseUnavailable
from bot.store.database import SCHEMA, Database, open_database
from bot.store.kept import SqlNotes
from bot.store.migrations.run import upgrade
from bot.store.tables import metadata, replies
from tests.conftest import sqlite_url


async def test_the_migrated_schema_is_the_tables(database: Database) -> None:
    """
    Migrating from nothing gives exactly the tables the code uses.
    """

    def ours(_: object, name: str | None, *__: object) -> bool:
        return not (name or "").startswith("passages")  # the full-text index is written by hand

    def difference(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        return compare_metadata(context, metadata)

    async with database.read() as connection:
        assert [] == await connection.run_sync(difference)


async def test_an_up_to_date_database_needs_no_alembic(url: str) -> None:
    """
    Alembic is imported only when the schema is older: a cached answer must not wait for it.
    """
    async with open_database(url):
        pass
    code = (
        "import asyncio, sys; from bot.store.database import open_database\n"
        "async def go():\n async with open_database(sys.argv[1]): pass\n"
        "asyncio.run(go()); sys.exit('alembic' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code, url], check=False)

    assert 0 == done.returncode


async def test_those_that_start_at_once_migrate_once(bare_url: str) -> None:
    """
    Processes that start at once on an empty database all end up with the schema.
    """

    async def start() -> bool:
        async with open_database(bare_url) as database:
            return await SqlNotes(database).first("started")

    assert [False] * 7 + [True] == sorted(await asyncio.gather(*(start() for _ in range(8))))


async def test_a_newer_database_is_refused(bare_url: str) -> None:
    """
    A database of a newer version is not touched.
    """
    async with open_database(bare_url) as database, database.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseNewer) as caught:
        async with open_database(bare_url):
            pass

    assert {"found": "9999", "known": SCHEMA} == caught.value.facts


async def test_a_file_that_is_no_database_is_said_to_be_corrupt(place: Path) -> None:
    """
    A broken file is a sentence, not a traceback.
    """
    place.parent.mkdir()
    place.write_bytes(b"this is not a database at all, but it is long enough to be looked at" * 20)

    with pytest.raises(DatabaseUnavailable) as caught:
        async with open_database(sqlite_url(place)):
            pass

    assert "corrupt" == caught.value.facts["reason"]


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """
    A place that cannot hold a file is a sentence.
    """
    (tmp_path / "file").write_text("")

    with pytest.raises(DatabaseUnavailable) as caught:
        async with open_database(sqlite_url(tmp_path / "file" / "chorus.sqlite3")):
            pass

    assert "unreachable" == caught.value.facts["reason"]


async def test_a_full_disk_is_said(place: Path) -> None:
    """
    What SQLite says when no page is left becomes our error.
    """
    async with open_database(sqlite_url(place)) as database:
        async with database.write() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(DatabaseFull):
            await SqlNotes(database).put("name", "x" * 1_000_000)


async def test_an_older_database_is_brought_up_to_date(place: Path) -> None:
    """
    Orders of an earlier version are found by what they say; replies and pages that say nothing of their use are gone.
    """
    order = {"target": "https://town.example/", "reply_to": {"guild": 10}}
    place.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        upgrade(connection, "0004")
    engine.dispose()
    with sqlite3.connect(place) as raw:
        body = zlib.compress(json.dumps(order).encode())
        raw.execute("INSERT INTO orders VALUES ('1', 'done', 7, '2026-01-15', ?, NULL)", [body])
        raw.execute("INSERT INTO replies VALUES ('abc', '2026-01-15', x'00')")
    raw.close()

    async with open_database(sqlite_url(place)) as database, database.read() as now:
        found = await now.exec_driver_sql("SELECT id, target, guild FROM orders")
        assert [("1", "https://town.example/", 10)] == [tuple(row) for row in found]
        assert 0 == await now.scalar(select(func.count()).select_from(replies))


async def test_what_is_deleted_leaves_the_disk(place: Path) -> None:
    """
    A file that was large once does not stay so.
    """
    async with open_database(sqlite_url(place)) as database:
        await SqlNotes(database).put("large", "x" * 1_000_000)
        await database.empty_log()
        large = place.stat().st_size
        async with database.write() as connection:
            await connection.exec_driver_sql("DELETE FROM notes")
        await database.empty_log()

        assert large > 1_000_000
        assert place.stat().st_size < large - 900_000


async def test_fifty_writers_on_two_connections_do_not_collide(url: str) -> None:
    """
    Writers wait for each other; none is told that the database is locked.
    """
    async with open_database(url) as one, open_database(url) as two:
        notes = [SqlNotes(one), SqlNotes(two)]
        await asyncio.gather(*(notes[n % 2].put(f"note{n}", "x") for n in range(50)))
        wrote = await asyncio.gather(*(notes[n % 2].first("the same") for n in range(50)))

    assert 1 == sum(wrote)


async def test_a_failed_transaction_keeps_nothing(database: Database) -> None:
    """
    All of a transaction is kept or nothing.
    """
    with pytest.raises(ValueError, match="half-way"):
        async with database.write() as connection:
            await connection.exec_driver_sql("INSERT INTO notes VALUES ('a', 'b')")
            raise ValueError("half-way")

    assert None is await SqlNotes(database).get("a")
