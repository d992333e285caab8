"""All that is kept arrives in another database, or nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
)

from bot.core.passages import Passage
from bot.errors import DatabaseInUse, DatabaseOlder, DatabaseUnavailable, NotMoved
from bot.store.database import SCHEMA, Database, open_as_it_is, open_database
from bot.store.kept import SqlNotes
from bot.store.moving import ROWS, move
from bot.store.passages import SqlPassages
from bot.store.tables import Moment, metadata
from tests.conftest import sqlite_url
from tests.fakes import READ_AT

MANY = 2 * ROWS + 1
NOON = READ_AT.replace(microsecond=123456)


def value(column: Column[Any], n: int) -> object:
    """Return the *n*th value of a column, whatever it is a column of."""
    if column.nullable and n % 2:
        return None
    match column.type:
        case Moment():
            return NOON + timedelta(seconds=n)
        case Boolean():
            return bool(n % 3)
        case BigInteger():
            return 2**62 + n
        case Integer():
            return n
        case LargeBinary():
            return bytes([0, 255, n % 256]) * (n + 1)
        case Text():
            return f"é😀 {n}"
        case String(length=int(length)):
            return str(n)[:length]
    raise AssertionError(f"no value for {column}")


async def rows(database: Database, table: Table) -> list[tuple[Any, ...]]:
    async with database.read() as connection:
        found = await connection.execute(select(table).order_by(*table.primary_key))
        return [tuple(row) for row in found]


@pytest.fixture
async def old(tmp_path: Path) -> str:
    """
    A file of SQLite with rows in every table.
    """
    address = sqlite_url(tmp_path / "old.sqlite3")
    async with open_database(address) as database:
        async with database.write() as connection:
            for table in metadata.sorted_tables:
                many = [{c.name: value(c, n) for c in table.c} for n in range(MANY)]
                await connection.execute(insert(table), many)
        index = SqlPassages(database)
        await index.keep("7", [(Passage(None, n, n + 1), f"word{n} café") for n in range(MANY)])
    return address


async def test_every_row_of_every_table_arrives(old: str, url: str, tmp_path: Path) -> None:
    """
    Numbers, times, bytes and words are what they were, the index finds them; no byte of the old file has changed.
    """
    before = (tmp_path / "old.sqlite3").read_bytes()
    async with open_as_it_is(old) as source, open_database(url) as target:
        counts = await move(source, target)

        assert dict.fromkeys((*metadata.tables, "passages"), MANY) == counts
        for table in metadata.sorted_tables:
            assert await rows(source, table) == await rows(target, table), table.name
        assert [Passage(None, 400, 401)] == await SqlPassages(target).find("7", ["word400"], 9)
        assert MANY == len(await SqlPassages(target).find("7", ["cafe"], 999))
    assert before == (tmp_path / "old.sqlite3").read_bytes()


async def test_there_and_back_is_the_same(old: str, url: str, tmp_path: Path) -> None:
    """
    Whoever tries the other database can return.
    """
    async with open_as_it_is(old) as first, open_database(url) as second:
        await move(first, second)
        async with open_database(sqlite_url(tmp_path / "back.sqlite3")) as third:
            await move(second, third)
            for table in metadata.sorted_tables:
                assert await rows(first, table) == await rows(third, table), table.name


async def test_nothing_is_mixed_into_what_is_kept(old: str, url: str) -> None:
    """
    One row in the other database is enough to refuse, and it stays alone.
    """
    async with open_as_it_is(old) as source, open_database(url) as target:
        await SqlNotes(target).put("a", "b")
        with pytest.raises(DatabaseInUse) as caught:
            await move(source, target)

        assert {"place": target.place} == caught.value.facts
        assert [("a", "b")] == await rows(target, metadata.tables["notes"])
        assert [] == await rows(target, metadata.tables["readings"])


async def test_where_a_row_is_missing_nothing_is_kept(old: str, tmp_path: Path) -> None:
    """
    Counts are taken on both sides before anything is kept.
    """
    async with (
        open_as_it_is(old) as source,
        open_database(sqlite_url(tmp_path / "new.sqlite3")) as target,
    ):
        async with target.write() as connection:
            await connection.exec_driver_sql(
                "CREATE TRIGGER lossy BEFORE INSERT ON notes WHEN new.name = '7' "
                "BEGIN SELECT RAISE(IGNORE); END"
            )
        with pytest.raises(NotMoved) as caught:
            await move(source, target)

        assert {"table": "notes", "found": MANY, "moved": MANY - 1} == caught.value.facts
        for table in metadata.sorted_tables:
            assert [] == await rows(target, table)


async def test_a_source_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """
    A slip in the name is said, and leaves no empty file behind.
    """
    place = tmp_path / "nowhere" / "old.sqlite3"
    with pytest.raises(DatabaseUnavailable) as caught:
        async with open_as_it_is(sqlite_url(place)):
            pass

    assert "missing" == caught.value.facts["reason"]
    assert not place.parent.exists()


async def test_a_database_that_is_not_ours_is_left_alone(bare_url: str, kind: str) -> None:
    """
    Where Chorus has kept nothing there is nothing to move, and it is not made into a database of Chorus.
    """
    if kind == "sqlite":
        Path(bare_url.partition("///")[2]).parent.mkdir()
        Path(bare_url.partition("///")[2]).touch()
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable) as caught:
            async with open_as_it_is(bare_url):
                pass

        assert "foreign" == caught.value.facts["reason"]


async def test_an_older_source_is_not_migrated(bare_url: str) -> None:
    """
    Migrating would change it.
    """
    async with open_database(bare_url) as database, database.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(DatabaseOlder) as caught:
        async with open_as_it_is(bare_url):
            pass

    facts = caught.value.facts
    assert ("0001", SCHEMA) == (facts["found"], facts["known"])


def test_no_table_numbers_its_rows_itself() -> None:
    """
    PostgreSQL would go on counting from one after the rows were moved.
    """
    assert [] == [
        table.name for table in metadata.sorted_tables if table.autoincrement_column is not None
    ]
