"""Where a database is: SQLAlchemy's URL, with the driver Chorus uses, and the words people see for it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import DatabaseUnavailable

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",  # as hosts of databases write it
}
_SHOWN = ("host", "port")  # what of a query says where; the rest may be a password


class Address:
    """The address behind a URL; raises `DatabaseUnavailable` where it is none. `place` shows no password."""

    def __init__(self, url: str) -> None:
        try:
            found = make_url(url)
        except (SQLAlchemyError, ValueError):
            # what cannot be taken apart is not shown: a password may be in it
            raise DatabaseUnavailable(place="DATABASE_URL", reason="unknown") from None
        kind = found.drivername.partition("+")[0]
        self.is_sqlite = kind == "sqlite"
        self.place = found.database or url if self.is_sqlite else _place(found)
        if kind not in _DRIVERS:
            raise DatabaseUnavailable(place=self.place, reason="unknown")
        self.url = found.set(drivername=_DRIVERS[kind])

    @property
    def is_there(self) -> bool:
        """Whether SQLite's file exists; of a server only connecting to it tells."""
        return not self.is_sqlite or Path(self.url.database or "").is_file()

    @property
    def is_file(self) -> bool:
        """Whether it is a file of SQLite, which a second connection finds too."""
        return self.is_sqlite and self.url.database not in {None, "", ":memory:"}

    def make_folder(self) -> None:
        """Create the folder of SQLite's file; raises `DatabaseUnavailable`."""
        if not self.is_file:
            return
        try:
            Path(self.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(place=self.place, reason="unreachable") from error


def _place(url: URL) -> str:
    shown = {name: value for name, value in url.query.items() if name in _SHOWN}
    return url.set(query=shown).render_as_string(hide_password=True)
