"""
Queries of one row to SQLite, answered where they are asked.

The driver has a thread of its own, and each statement is eight hops to it and back: most of a cached answer's time. The
query itself takes a hundredth of a millisecond, which the event loop can spare. SQLAlchemy writes it, once, and knows
how its values are written and read; having it carried out by SQLAlchemy too takes six times as long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import URL, Select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.types import TypeEngine

_SQLITE = dialect(paramstyle="named")


class Near:
    """One connection to the file behind *url*, of the event loop's thread; reads what others have committed."""

    def __init__(self, url: URL) -> None:
        self._file = url.database or ""
        self._connection: sqlite3.Connection | None = None
        self._prepared: dict[Select[Any], _Prepared] = {}

    def first(self, query: Select[Any], values: Mapping[str, object]) -> Any | None:
        """
        Return the first row, its columns by name; raises `sqlite3.Error`, at once where the file is locked.

        What is made of *query* is kept: it is one of a few, with a `bindparam` for what is another each time.
        """
        if self._connection is None:
            self._connection = self._connect()
        prepared = self._prepared.get(query)
        if prepared is None:
            prepared = self._prepared[query] = _Prepared(query)
        return prepared.first(self._connection, values)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, isolation_level=None)
        # whoever must wait does so in the driver's thread; nothing is written from here
        for pragma in ("busy_timeout=0", "query_only=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


class _Prepared:
    """A query as SQLite takes it."""

    def __init__(self, query: Select[Any]) -> None:
        compiled = query.compile(dialect=_SQLITE)
        columns = query.selected_columns
        self._sql = str(compiled)
        self._columns = [
            (name, _sqlite(column.type).result_processor(_SQLITE, None))
            for name, column in columns.items()
        ]
        self._fixed = {
            name: bind.value for bind, name in compiled.bind_names.items() if not bind.required
        }
        self._writers = {
            name: writer
            for bind, name in compiled.bind_names.items()
            if (writer := _sqlite(bind.type).bind_processor(_SQLITE)) is not None
        }

    def first(self, connection: sqlite3.Connection, values: Mapping[str, object]) -> Any | None:
        given = {**self._fixed, **values}
        for name, write in self._writers.items():
            given[name] = write(given[name])
        cursor = connection.execute(self._sql, given)
        try:
            found = cursor.fetchone()
        finally:
            cursor.close()  # the last word of a query that has more rows: they would be kept for it
        if found is None:
            return None
        row = zip(self._columns, found, strict=True)
        return SimpleNamespace(
            **{name: read(value) if read else value for (name, read), value in row}
        )


def _sqlite(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.dialect_impl(_SQLITE)


def is_locked(error: sqlite3.OperationalError) -> bool:
    """Whether trying again, with patience, may help."""
    return "locked" in str(error)
