"""What docs/operating.md tells an operator to type does what it says."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from pathlib import Path

from bot.metrics.prometheus import PrometheusMeter
from bot.store.database import open_database
from bot.store.kept import SqlNotes

GUIDE = (Path(__file__).parent.parent / "docs" / "operating.md").read_text("utf-8")


async def test_a_backup_of_a_database_in_use(tmp_path: Path) -> None:
    """
    The command copies what was written a moment ago, which is not in the file itself yet; the copy is a database.
    """
    (command,) = re.findall(
        r"^python3 (-c '.*) chorus\.sqlite3 backup\.sqlite3$", GUIDE, re.MULTILINE
    )
    place, copy = tmp_path / "chorus.sqlite3", tmp_path / "backup.sqlite3"
    async with open_database(f"sqlite:///{place}") as database:
        await SqlNotes(database).put("last", "words")
        done = await asyncio.create_subprocess_exec(
            sys.executable, *shlex.split(command), str(place), str(copy)
        )
        assert 0 == await done.wait()
    async with open_database(f"sqlite:///{copy}") as database:
        found = await SqlNotes(database).get("last")

    assert "words" == found


def test_every_number_is_explained() -> None:
    """
    The guide's table has every metric under its name, and no other.
    """
    meter = PrometheusMeter()
    meter.watch_gateway(lambda: 0.0)
    lines = meter.text().decode().splitlines()
    exposed = {line.split()[2] for line in lines if line.startswith("# TYPE chorus_")}
    explained = set(re.findall(r"^\| `(chorus_\w+)`", GUIDE, re.MULTILINE))

    assert {name for name in exposed if not name.endswith("_created")} == explained
