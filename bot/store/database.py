"""
The database: one SQLite file by default, PostgreSQL by its URL. Opened, migrated and closed here, and nowhere else.

Every statement goes through `Database.read` or `Database.write`: foreign errors become ours in one place.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, Table, event, make_url, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DatabaseFull, DatabaseNewer, DatabaseUnavailable, StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

SCHEMA = "0005"
"""The newest migration this version knows: `migrations/versions/<SCHEMA>_*.py`."""

BUSY_SECONDS = 15

_REASONS = (  # of SQLite's and PostgreSQL's own messages; the first that fits
    ("readonly", "read-only"),
    ("read-only", "read-only"),
    ("locked", "locked"),
    ("malformed", "corrupt"),
    ("not a database", "corrupt"),
    ("disk image", "corrupt"),
)


class Database:
    """An open database. `place` is its address without a password, for people."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine
        self.place = place
        # SQLite has one writer; waiting here is fair, waiting in its busy loop is not
        self._writing = asyncio.Lock()

    @property
    def is_postgres(self) -> bool:
        """Whether this is PostgreSQL; SQLite otherwise."""
        return self._engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for queries; raises `StoreError`."""
        with _ours(self.place):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction: all of it is kept or nothing; raises `StoreError`."""
        with _ours(self.place):
            writer = self._engine.execution_options(writes=True)
            async with self._writing, writer.begin() as connection:
                yield connection

    def insert(self, table: Table) -> SqliteInsert | PostgresInsert:
        """Return an insert that knows ON CONFLICT, in the dialect of this database."""
        if self.is_postgres:
            from sqlalchemy.dialects import postgresql

            return postgresql.insert(table)
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """
    Open the database at *url* (SQLAlchemy's form), migrated to `SCHEMA`; creates SQLite's file and folder.

    Raises `DatabaseUnavailable`, `DatabaseNewer` or `DatabaseFull`.
    """
    address = make_url(url)
    place = address.database or url if address.get_backend_name() == "sqlite" else repr(address)
    if address.get_backend_name() == "sqlite" and address.database:
        _make_folder(Path(address.database), place)
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _pragmas)
        event.listen(engine.sync_engine, "begin", _begin)
    try:
        database = Database(engine, place)
        await _migrate(database)
        yield database
    finally:
        await engine.dispose()


async def _migrate(database: Database) -> None:
    found = await _schema(database)
    if found == SCHEMA:
        return
    if found is not None and found > SCHEMA:
        raise DatabaseNewer(found=found, known=SCHEMA)
    # imported only now: Alembic takes a quarter of a second, and a migrated database has no need of it
    from bot.store.migrations.run import upgrade

    async with database.write() as connection:
        await connection.run_sync(upgrade)


async def _schema(database: Database) -> str | None:
    """Return the migration the database stands at, None for an empty one."""
    version = Table("alembic_version", MetaData())
    try:
        async with database.read() as connection:
            found = await connection.scalar(select(text("version_num")).select_from(version))
            return None if found is None else str(found)
    except DatabaseUnavailable as error:
        if error.facts["reason"] == "unreachable" and _no_table(error.__cause__):
            return None
        raise


def _no_table(error: BaseException | None) -> bool:
    return "no such table" in str(error) or "does not exist" in str(error)


def _make_folder(path: Path, place: str) -> None:
    if str(path) == ":memory:":
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(place=place, reason="unreachable") from error


def _pragmas(connection: Any, _: object) -> None:
    # the driver would begin by itself, but not before DDL: a migration cut short would stay half done
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in (f"busy_timeout={BUSY_SECONDS}000", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        # WAL: readers and the writer do not wait for each other; NORMAL may lose the last
        # commits when the power goes, never the file
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except connection.dbapi.OperationalError as error:
            # another one is switching this very moment: it is the file's mode, and ours with it
            if "locked" not in str(error):
                raise
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    # a writer takes the lock at once and waits for it; taking it half-way fails at once when another holds it
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class _ours:  # noqa: N801 - reads as a word: with _ours(place)
    """Foreign database errors become `StoreError`, here and nowhere else."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, SQLAlchemyError | OSError) and not isinstance(error, StoreError):
            raise _translated(error, self.place) from error


def _translated(error: Exception, place: str) -> StoreError:
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    if "disk is full" in said or "no space left" in said:
        return DatabaseFull(place=place)
    reason = next((reason for sign, reason in _REASONS if sign in said), "unreachable")
    if reason == "unreachable" and isinstance(error, DBAPIError):
        reason = "unreachable" if isinstance(error, OperationalError) else "corrupt"
    return DatabaseUnavailable(place=place, reason=reason)
