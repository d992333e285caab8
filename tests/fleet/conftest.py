"""What tests of a fleet share: an empty database of PostgreSQL with all tables in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.fleet.machines import Office, machine
from tests.postgres import Server


@pytest.fixture(scope="session")
def migrated(postgres: Server) -> str:
    """
    The name of a database with its tables: making them takes longer than most of these tests.
    """
    name = postgres.create()

    async def make() -> None:
        async with machine(postgres.url(name), Office(), works=False):
            pass

    asyncio.run(make())
    return name


@pytest.fixture
def shared(postgres: Server, migrated: str) -> Iterator[str]:
    """
    The address of a database of the test's own, which keeps what was committed when its server is restarted.
    """
    name = postgres.create(like=migrated)
    postgres.run(f"ALTER DATABASE {name} SET synchronous_commit = on")
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def office() -> Office:
    return Office()
