"""A database of the test's own, migrated from nothing; every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database, open_database


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A file for what is true of SQLite alone."""
    return tmp_path / "kept" / "chorus.sqlite3"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with open_database(url) as opened:
        yield opened
