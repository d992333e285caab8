"""Settings of servers: kept, changed by two at once, remembered for a while."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.models import Length
from bot.core.servers import DEFAULTS, Offer, ServerSettings
from bot.errors import NotAHost
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.servers import GOOD_FOR, SqlServers
from tests.conftest import SteadyClock

EVERYTHING = ServerSettings(
    language="de",
    languages={20: "fr", 21: ""},
    roles_allowed=(11,),
    roles_blocked=(12, 13),
    channels_allowed=(20,),
    channels_blocked=(21,),
    private=True,
    length=Length.SHORT,
    names=False,
    offers={20: Offer.REACT},
    sites_blocked=("bad.example",),
    server_day=5_000_000,
    server_month=50_000_000,
    person_day=0,
    role_days={11: 999_999_999_999},
)


def becomes(settings: ServerSettings) -> Callable[[ServerSettings], ServerSettings]:
    return lambda _: settings


async def test_a_server_that_has_set_nothing_has_the_defaults(database: Database) -> None:
    """
    Neither a server nor a conversation outside servers needs a row.
    """
    servers = SqlServers(database, SteadyClock())

    assert DEFAULTS == await servers.get(10)
    assert DEFAULTS == await servers.get(None)


async def test_settings_outlive_the_process(database: Database) -> None:
    """
    Every setting comes back as it was, in its server and in no other.
    """
    kept = await SqlServers(database, SteadyClock()).change(10, becomes(EVERYTHING))
    again = SqlServers(database, SteadyClock())

    assert EVERYTHING == kept == await again.get(10)
    assert DEFAULTS == await again.get(11)


async def test_of_two_owners_at_once_neither_is_lost(database: Database) -> None:
    """
    Each change starts from what the one before left, also the first two of a server and over two processes.
    """
    processes = [SqlServers(database, SteadyClock()) for _ in range(2)]

    def add(role: int) -> Callable[[ServerSettings], ServerSettings]:
        return lambda now: replace(now, roles_blocked=(*now.roles_blocked, role))

    await asyncio.gather(*(processes[n % 2].change(10, add(n)) for n in range(1, 21)))
    settings = await SqlServers(database, SteadyClock()).get(10)

    assert set(range(1, 21)) == set(settings.roles_blocked)


async def test_what_cannot_be_done_changes_nothing(database: Database) -> None:
    """
    An error in a change leaves the settings as they were.
    """
    servers = SqlServers(database, SteadyClock())
    await servers.change(10, becomes(EVERYTHING))

    def refuse(_: ServerSettings) -> ServerSettings:
        raise NotAHost(text="x")

    with pytest.raises(NotAHost):
        await servers.change(10, refuse)

    assert EVERYTHING == await servers.get(10)
    assert EVERYTHING == await SqlServers(database, SteadyClock()).get(10)


async def test_a_change_is_seen_at_once_here_and_soon_elsewhere(database: Database) -> None:
    """
    The process that changed them knows; another one asks the database again after a minute.
    """
    clock = SteadyClock()
    here, elsewhere = SqlServers(database, clock), SqlServers(database, clock)
    assert DEFAULTS == await elsewhere.get(10)
    await here.change(10, becomes(EVERYTHING))

    assert EVERYTHING == await here.get(10)
    assert DEFAULTS == await elsewhere.get(10)
    clock.tick(GOOD_FOR + timedelta(seconds=1))
    assert EVERYTHING == await elsewhere.get(10)


async def test_what_was_read_before_a_change_is_not_remembered_after_it(database: Database) -> None:
    """
    A look that overlaps a change may see the old settings, but leaves the new ones in memory.
    """
    servers = SqlServers(database, SteadyClock())
    await asyncio.gather(
        *(servers.get(10) for _ in range(5)), servers.change(10, becomes(EVERYTHING))
    )

    assert EVERYTHING == await servers.get(10)


async def test_settings_are_deleted_for_good(database: Database) -> None:
    """
    A server that the bot leaves has the defaults again, in memory too.
    """
    servers = SqlServers(database, SteadyClock())
    await servers.change(10, becomes(EVERYTHING))
    await servers.forget(10)

    assert DEFAULTS == await servers.get(10)
    async with database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT guild FROM servers")
        assert [] == list(rows)


def test_settings_of_another_version_are_read() -> None:
    """
    What is missing has its default, what is not known is passed over.
    """
    assert replace(DEFAULTS, private=True) == Codec(ServerSettings).load(
        zlib.compress(b'{"private": true, "of a later version": 1}')
    )
