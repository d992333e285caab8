"""
Queries of one row to SQLite, answered where they are asked.

The driver has a thread of its own, and each statement is eight hops to it and back: most of a cached answer's time. The
query itself takes a tenth of a millisecond, which the event loop can spare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Connection, Engine, Row, Select, StaticPool, create_engine, event
from sqlalchemy.exc import OperationalError


class Near:
    """One connection to the file behind *url*, of the event loop's thread; reads what others have committed."""

    def __init__(self, url: URL) -> None:
        self._engine: Engine = create_engine(
            url.set(drivername="sqlite"),
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        event.listen(self._engine, "connect", _pragmas)
        self._connection: Connection | None = None

    def first(self, query: Select[Any], values: Mapping[str, object]) -> Row[Any] | None:
        """Return the first row; raises `SQLAlchemyError`, at once where the file is locked."""
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            return self._connection.execute(query, values).first()
        finally:
            self._connection.rollback()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


def is_locked(error: OperationalError) -> bool:
    """Whether trying again, with patience, may help."""
    return "locked" in str(error.orig)


def _pragmas(connection: Any, _: object) -> None:
    # whoever must wait does so in the driver's thread; nothing is written from here
    for pragma in ("busy_timeout=0", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}")
