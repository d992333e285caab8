"""Foreign database errors become ours, here and nowhere else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import DatabaseFull, DatabaseUnavailable, StoreError

_STATES = (  # PostgreSQL's, whatever language it speaks (its documentation, appendix A); the first that begins so
    ("53100", "full"),  # disk_full
    ("53", "busy"),
    ("25006", "read-only"),
    ("42501", "forbidden"),
    ("55P03", "locked"),
    ("40", "locked"),  # deadlock_detected, serialization_failure
    ("28", "refused"),
    ("3D000", "absent"),
    ("57", "unreachable"),  # it is shut down, or starting
    ("08", "unreachable"),
    ("42P", "half-migrated"),  # undefined_table, duplicate_table
    ("4270", "half-migrated"),  # undefined_column, duplicate_column
)
_SIGNS = (  # in SQLite's messages and in those of a connection, which have no state; the first that fits
    ("disk is full", "full"),
    ("no space left", "full"),
    ("readonly", "read-only"),
    ("read-only", "read-only"),
    ("locked", "locked"),
    ("malformed", "corrupt"),
    ("not a database", "corrupt"),
    ("disk image", "corrupt"),
    ("no such table", "half-migrated"),
    ("no such column", "half-migrated"),
    ("already exists", "half-migrated"),
    ("duplicate column", "half-migrated"),
    ("too many c", "busy"),  # clients already; connections for a database, a role
    ("connection slots", "busy"),
    ("starting up", "unreachable"),
    ("shutting down", "unreachable"),
    ("authentication", "refused"),
    ("no pg_hba.conf entry", "refused"),
    ("no password supplied", "refused"),
    ("does not exist", "absent"),
)
_SILENT = ("unable to open database file", "disk i/o error")

_FOREIGN = (SQLAlchemyError, sqlite3.Error, OSError)

ROOM = 100_000
"""Bytes that SQLite's two files beside the database need at least."""


class ours:  # noqa: N801 - reads as a word: with ours(place)
    """Whatever SQLAlchemy or a driver raises inside is raised as `StoreError`."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, _FOREIGN) and not isinstance(error, StoreError):
            raise _translated(error, self.place) from error


def _translated(error: Exception, place: str) -> StoreError:
    reason = _reason(error, place)
    if reason == "full":
        return DatabaseFull(place=place)
    return DatabaseUnavailable(place=place, reason=reason)


def _why_not_opened(place: str) -> str:
    """Return why SQLite cannot open the file at *place*, or one beside it, which it needs: it does not say itself."""
    try:
        disk = os.statvfs(Path(place).parent)
    except (OSError, AttributeError, ValueError):  # not every system can tell
        return "unreachable"
    if disk.f_flag & os.ST_RDONLY:
        return "read-only"
    return "full" if disk.f_bavail * disk.f_frsize < ROOM else "unreachable"


def _reason(error: Exception, place: str) -> str:
    if isinstance(error, PoolTimeout):
        return "busy"
    foreign = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(foreign, "sqlstate", None)
    if state:
        known = next((reason for begins, reason in _STATES if state.startswith(begins)), None)
    else:
        said = str(foreign).lower()
        if any(sign in said for sign in _SILENT):
            return _why_not_opened(place)
        known = next((reason for sign, reason in _SIGNS if sign in said), None)
    if known is not None:
        return known
    if isinstance(error, DBAPIError | sqlite3.Error) and not isinstance(
        error, OperationalError | sqlite3.OperationalError
    ):
        return "corrupt"
    return "unreachable"
