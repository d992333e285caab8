"""What every test may rely on: no network but loopback, no settings of the machine, no real time."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.postgres import Server, missing, running, skip_or_fail

# the same examples each time, and no clock: a machine under load must not fail a test
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)  # make fuzz
settings.load_profile("steady")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SETTINGS = (
    "DISCORD_",
    "OPENAI_",
    "LLM_",
    "WEB_",
    "DATABASE_URL",
    "BUDGET_",
    "ASKS_",
    "METRICS_",
    "LOG_",
    "RETENTION_",
)


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Sockets reach loopback only.
    """
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1")):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    No setting of the developer's own environment reaches a test, and no test spends money or writes home.
    """
    for name in list(os.environ):
        if name.startswith(SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if (SHARED / "tiktoken").is_dir():
        monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(SHARED / "tiktoken"))


@pytest.fixture
def shared() -> Path:
    """
    The folder of captured pages, for the extra suite that reads them where they are.
    """
    if not SHARED.is_dir():
        pytest.skip("the captured pages are not beside this checkout")
    return SHARED


class SteadyClock:
    """A clock that moves only when told."""

    def __init__(self, at: datetime = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def tick(self, by: timedelta = timedelta(seconds=1)) -> None:
        self.at += by


@pytest.fixture
def clock() -> SteadyClock:
    return SteadyClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """
    A PostgreSQL server, started by the first test that asks for it.
    """
    reason = missing()
    if reason is not None:
        skip_or_fail(reason)
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """
    Each kind of database in turn.
    """
    return str(request.param)


@pytest.fixture
def url(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> str:
    """
    The address of a database in which nothing is kept.
    """
    if kind == "sqlite":
        return sqlite_url(tmp_path / "kept" / "chorus.sqlite3")
    server: Server = request.getfixturevalue("postgres")
    return server.url(server.emptied())


@pytest.fixture
def bare_url(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[str]:
    """
    The address of a database of the test's own, without even tables.
    """
    if kind == "sqlite":
        yield sqlite_url(tmp_path / "kept" / "chorus.sqlite3")
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def sqlite_url(place: Path) -> str:
    return f"sqlite+aiosqlite:///{place}"
