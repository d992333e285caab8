"""A database of the test's own, on disk, migrated from nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database, open_database


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "chorus.sqlite3"


@pytest.fixture
async def database(place: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite+aiosqlite:///{place}") as opened:
        yield opened
