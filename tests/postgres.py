"""
A PostgreSQL server of the tests' own: a cluster in a temporary folder, reached by a socket there, gone at the end.

`CHORUS_TESTS_REQUIRE=postgresql` makes its absence a failure instead of a reason to skip.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

USER = "chorus"
GUARDED, PASSWORD = "guarded", "open-sesame"  # the one user who needs a password

# Emptying takes a sixth of the time that creating and migrating takes.
_EMPTY = """
DO $$ DECLARE tables text; BEGIN
    SELECT string_agg(quote_ident(tablename), ', ') INTO tables
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version';
    IF tables IS NOT NULL THEN EXECUTE 'TRUNCATE ' || tables; END IF;
END $$
"""

_FAST = {  # nothing here has to survive the machine
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "lc_messages": "C",
}


def missing() -> str | None:
    """Return why there can be no server here, None where there can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    if programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    return None


def skip_or_fail(reason: str) -> None:
    if "postgresql" in os.environ.get("CHORUS_TESTS_REQUIRE", ""):
        pytest.fail(f"these tests are required: {reason}")
    pytest.skip(reason)


class Server:
    """A running server. One database is emptied for each test; a test may have one of its own too."""

    def __init__(self, folder: Path, restart: Callable[[], None]) -> None:
        self.folder = folder
        self.restart = restart  # without a word to those who are connected
        self._shared: str | None = None
        self._numbers = count()

    def url(self, name: str, *, user: str = USER, password: str = "") -> str:
        who = f"{user}:{password}" if password else user
        return f"postgresql+psycopg://{who}@/{name}?host={self.folder}"

    def emptied(self) -> str:
        """Return the name of a database with nothing kept in it, which the next test gets too."""
        if self._shared is None:
            self._shared = self.create()
        else:
            self.run(_EMPTY, self._shared)
        return self._shared

    def create(self, like: str = "template0") -> str:
        """Create a database with all that is in another; return its name."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {like}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement, not in a transaction."""
        import psycopg

        place = f"host={self.folder} dbname={database} user={USER}"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running() -> Iterator[Server]:
    """Make and start a server; stop and delete it at the end."""
    binaries = programs()
    assert binaries is not None
    # not pytest's own folder: only its owner may enter that, and a socket's path must be short
    folder = Path(tempfile.mkdtemp(prefix="chorus-pg-"))
    data = folder / "data"
    user = _other_user()
    if user is not None:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [binaries / program, *arguments],
            cwd=folder,
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=None if user is None else [],
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert 0 == done.returncode, done.stdout.decode()

    try:
        run("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        rules = data / "pg_hba.conf"
        rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")
        options = " ".join(f"-c {name}='{value}'" for name, value in _FAST.items())
        start = ("-l", str(folder / "log"), "-w", "-o", f"{options} -k {folder}")
        run("pg_ctl", "-D", str(data), *start, "start")
        restart = partial(run, "pg_ctl", "-D", str(data), "-m", "immediate", *start, "restart")
        try:
            yield Server(folder, restart)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: on the path, or where Debian puts them."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return None if newest is None else newest.parent


def _other_user() -> str | None:
    """Return whom to run as: PostgreSQL refuses root. None for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
