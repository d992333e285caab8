"""
The database: one SQLite file by default, PostgreSQL by its URL. Opened, migrated and closed here, and nowhere else.

Every statement goes through `Database.read` or `Database.write`: foreign errors become ours there.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Row,
    Select,
    String,
    Table,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DatabaseNewer, DatabaseOlder, DatabaseUnavailable
from bot.store.address import Address
from bot.store.failures import ours
from bot.store.near import Near, is_locked
from bot.store.tables import metadata
from bot.store.uncut import uncut

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

SCHEMA = "0009"
"""The newest migration this version knows: `migrations/versions/<SCHEMA>_*.py`."""

BUSY_SECONDS = 15

MOST_CONNECTIONS = 8
"""Of a process. One more would be closed after its query; a hundred queries wait for one sooner than for it."""

_CONNECTION = {  # psycopg's, in seconds: a server that vanished without a word is noticed
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # this one in milliseconds
}


class Database:
    """An open database. `place` is its address without a password, for people."""

    def __init__(self, engine: AsyncEngine, place: str, near: Near | None = None) -> None:
        self._engine = engine
        self._near = near
        self.place = place
        # a query of PostgreSQL's sees what is committed when it begins, in a transaction or without: three words fewer
        self._reading = (
            engine.execution_options(isolation_level="AUTOCOMMIT") if self.is_postgres else engine
        )
        # SQLite has one writer; waiting here is fair, waiting in its busy loop is not
        self._writing: AbstractAsyncContextManager[object] = (
            nullcontext() if self.is_postgres else asyncio.Lock()
        )

    @property
    def is_postgres(self) -> bool:
        """Whether this is PostgreSQL; SQLite otherwise."""
        return self._engine.dialect.name == "postgresql"

    @property
    def libpq_url(self) -> str:
        """Its address as PostgreSQL's own library takes it, with the password."""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for queries; raises `StoreError`."""
        with ours(self.place):
            async with self._reading.connect() as connection:
                yield connection

    async def look(self, query: Select[Any], **values: object) -> Any | None:
        """
        Return the first row of a query that an index answers, its columns by name; raises `StoreError`.

        *query* is one of a few that are built once; *values* are for its `bindparam`s.
        """
        if self._near is not None:
            with ours(self.place):
                try:
                    return self._near.first(query, values)
                except sqlite3.OperationalError as error:
                    if not is_locked(error):
                        raise
        return await uncut(self._first(query, values))

    async def _first(self, query: Select[Any], values: Mapping[str, object]) -> Row[Any] | None:
        async with self.read() as connection:
            row: Row[Any] | None = (await connection.execute(query, values)).first()
            return row

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open one transaction: all of it is kept or nothing; raises `StoreError`."""
        with ours(self.place):
            # PostgreSQL's count of inserted rows is gone by the time it is asked for, unless it is kept
            writer = self._engine.execution_options(writes=True, preserve_rowcount=True)
            async with self._writing, writer.begin() as connection:
                yield connection

    async def alone(self, connection: AsyncConnection, work: str) -> None:
        """Keep other transactions that are at *work* waiting until that of *connection* ends; SQLite does anyway."""
        if self.is_postgres:
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(work))))

    async def empty_log(self) -> None:
        """Move what SQLite's log of changes holds into the file and cut it to nothing: it keeps older pages."""
        if self.is_postgres:
            return
        with ours(self.place):
            apart = self._engine.execution_options(apart=True)
            async with self._writing, apart.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

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
    address = Address(url)
    address.make_folder()
    async with _opened(address) as database:
        await _migrate(database)
        yield database


@asynccontextmanager
async def open_as_it_is(url: str) -> AsyncIterator[Database]:
    """
    Open a database that is there already, for reading; nothing of it is changed.

    Raises `DatabaseUnavailable`, `DatabaseNewer` or `DatabaseOlder`.
    """
    address = Address(url)
    if not address.is_there:
        raise DatabaseUnavailable(place=address.place, reason="missing")
    async with _opened(address) as database:
        found = await _schema(database)
        if found is None:
            raise DatabaseUnavailable(place=address.place, reason="foreign")
        if found != SCHEMA:
            raise DatabaseOlder(place=address.place, found=found, known=SCHEMA)
        yield database


@asynccontextmanager
async def _opened(address: Address) -> AsyncIterator[Database]:
    # parameters are what people said: they belong into no log
    most: dict[str, Any] = {"pool_size": MOST_CONNECTIONS, "max_overflow": 0}
    if address.is_sqlite:
        # one in memory has a single connection
        engine = create_async_engine(
            address.url, hide_parameters=True, **(most if address.is_file else {})
        )
        event.listen(engine.sync_engine, "connect", _pragmas)
        event.listen(engine.sync_engine, "begin", _begin)
    else:
        try:
            engine = create_async_engine(
                address.url,
                hide_parameters=True,
                **most,
                pool_pre_ping=True,  # what a restart of the server closed is opened anew, not handed out
                connect_args=_CONNECTION,
            )
        except ImportError:
            raise DatabaseUnavailable(place=address.place, reason="driver") from None
    near = Near(address.url) if address.is_file else None
    try:
        yield Database(engine, address.place, near)
    finally:
        if near is not None:
            near.close()
        await engine.dispose()


async def _migrate(database: Database) -> None:
    if await _schema(database) == SCHEMA:
        return
    # imported only now: Alembic takes a quarter of a second, and a migrated database has no need of it
    from bot.store.migrations.run import upgrade

    async with database.write() as connection:
        await database.alone(connection, "migrate")
        await connection.run_sync(upgrade)


async def _schema(database: Database) -> str | None:
    """Return the migration the database stands at, None for an empty one; raises `StoreError`."""
    version = Table("alembic_version", MetaData(), Column("version_num", String))
    async with database.read() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        if version.name not in tables:
            return None
        found: str | None = await connection.scalar(select(version.c.version_num))
    if found is None:
        return None
    if found > SCHEMA:
        raise DatabaseNewer(found=found, known=SCHEMA)
    # a copy that was cut short, or put together by hand
    if not found.isdecimal() or (found == SCHEMA and not set(metadata.tables) <= set(tables)):
        raise DatabaseUnavailable(place=database.place, reason="half-migrated")
    return found


def _pragmas(connection: Any, _: object) -> None:
    # the driver would begin by itself, but not before DDL: a migration cut short would stay half done
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        # what is deleted is overwritten: it must not be found in the file any more
        for pragma in (f"busy_timeout={BUSY_SECONDS}000", "synchronous=NORMAL", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("PRAGMA page_count")
        if cursor.fetchone() == (0,):
            # A new file gives room back as it is freed, for ever, with nothing to run: deleting 24 MB in steps of 20
            # readings took 0.36 s, 0.31 s without. Incremental mode was no faster and needs steps of its own.
            cursor.execute("PRAGMA auto_vacuum=FULL")
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
    options = connection.get_execution_options()
    if options.get("apart"):  # what cannot be done inside a transaction
        return
    # a writer takes the lock at once and waits for it; taking it half-way fails at once when another holds it
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
