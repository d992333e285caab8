"""A copy, made and put back as docs/operating.md says, holds what was kept."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from bot.core.models import PUBLIC
from bot.core.passages import Passage
from bot.store.database import open_database
from bot.store.passages import SqlPassages
from bot.store.shelf import SqlShelf
from tests.conftest import sqlite_url
from tests.fakes import READ_AT, reading
from tests.postgres import USER, Server, programs

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"
SAID = reading("a", "b")


def command(begin: str) -> list[str]:
    """Return the words of the documented command that begins so."""
    line = next(x for x in OPERATING.read_text("utf-8").splitlines() if x.startswith(begin))
    return shlex.split(line)


async def keep(url: str) -> None:
    async with open_database(url) as database:
        await SqlShelf(database).keep_reading(SAID, READ_AT)
        await SqlPassages(database).keep(SAID.hash, [(Passage(None, 0, 1), "café")])


async def is_whole(url: str) -> bool:
    async with open_database(url) as database:
        found = await SqlPassages(database).find(SAID.hash, ["cafe"], 9)
        latest = await SqlShelf(database).latest(SAID.target, PUBLIC)
        assert latest is not None
        return (SAID, [Passage(None, 0, 1)]) == (
            await SqlShelf(database).reading(latest.hash),
            found,
        )


async def test_a_copy_of_a_file_that_is_in_use(tmp_path: Path) -> None:
    """
    SQLite's own backup, while the bot has the file open.
    """
    copy = command("python3 -c 'import sqlite3")[1:]
    async with open_database(sqlite_url(tmp_path / "chorus.sqlite3")):
        await keep(sqlite_url(tmp_path / "chorus.sqlite3"))
        subprocess.run([sys.executable, *copy], cwd=tmp_path, check=True)

    assert await is_whole(sqlite_url(tmp_path / "backup.sqlite3"))


async def test_a_dump_of_a_server_and_back(postgres: Server, tmp_path: Path) -> None:
    """
    pg_dump while it is in use, and pg_restore into an empty database.
    """
    old, new = postgres.create(), postgres.create()
    dump = command("pg_dump ")[:-1]  # the address is the tests' own
    restore = command("createdb chorus && pg_restore")[3:]
    where = {"PGHOST": str(postgres.folder), "PGUSER": USER, "PATH": str(programs())}
    async with open_database(postgres.url(old)):
        await keep(postgres.url(old))
        subprocess.run([*dump, old], cwd=tmp_path, env=where, check=True)
    restore = [re.sub("^--dbname=chorus$", f"--dbname={new}", word) for word in restore]
    subprocess.run(restore, cwd=tmp_path, env=where, check=True)

    assert await is_whole(postgres.url(new))
    postgres.drop(old)
    postgres.drop(new)
