"""The operator's limit of calls to the model holds for all processes on one database together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from bot.store.database import open_database
from bot.store.turns import SqlTurns
from tests.postgres import Server

BRIEF = timedelta(seconds=0.4)


class Calls:
    """Counts how many are under way; each lasts a few turns of the loop."""

    def __init__(self) -> None:
        self.now = self.most = self.made = 0

    async def make(self, turns: SqlTurns) -> None:
        async with turns:
            self.now += 1
            self.most = max(self.most, self.now)
            for _ in range(20):
                await asyncio.sleep(0)
            self.now -= 1
            self.made += 1


@asynccontextmanager
async def processes(
    url: str, most: int, *, lease: timedelta = BRIEF
) -> AsyncIterator[tuple[SqlTurns, SqlTurns]]:
    async with AsyncExitStack() as stack:
        both = []
        for _ in range(2):
            database = await stack.enter_async_context(open_database(url))
            both.append(SqlTurns(database, most, lease=lease))
            stack.push_async_callback(both[-1].close)
        yield both[0], both[1]


async def test_both_together_keep_the_limit(shared: str) -> None:
    """
    Forty calls by each of two processes, three at once are allowed: never are there four, and all are made.
    """
    calls = Calls()
    async with processes(shared, 3) as (one, two):
        await asyncio.gather(*(calls.make((one, two)[n % 2]) for n in range(80)))

    assert (80, 3, 0) == (calls.made, calls.most, calls.now)


async def test_one_alone_has_them_all(shared: str) -> None:
    """
    What nobody else wants is not kept for them.
    """
    async with processes(shared, 3) as (one, _), one, one, one:
        pass


async def test_the_turns_of_a_killed_process_come_free(shared: str) -> None:
    """
    A process that holds all turns and dies: the other has them when they were not renewed for a while.
    """
    calls = Calls()
    async with processes(shared, 2) as (killed, other):
        await killed.__aenter__()
        await killed.__aenter__()
        assert killed._beating is not None
        killed._beating.cancel()
        async with asyncio.timeout(20):
            await calls.make(other)

    assert 1 == calls.made


async def test_a_held_turn_is_nobody_elses_however_long(shared: str) -> None:
    """
    A call that lasts longer than the lease keeps its turn: it is renewed meanwhile.
    """
    calls = Calls()
    async with processes(shared, 1) as (holder, other):
        await holder.__aenter__()
        waiting = asyncio.ensure_future(calls.make(other))
        await asyncio.wait([waiting], timeout=3 * BRIEF.total_seconds())
        assert 0 == calls.made
        await holder.__aexit__(None, None, None)
        await waiting

    assert 1 == calls.made


async def test_who_stops_waiting_keeps_no_turn(shared: str) -> None:
    """
    A call that is given up while it waits leaves the next one its turn.
    """
    calls = Calls()
    async with processes(shared, 1) as (one, two):
        async with one:
            waiting = [asyncio.ensure_future(calls.make(two)) for _ in range(3)]
            await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting)
        await calls.make(two)
        await calls.make(one)

    assert 2 == calls.made


async def test_a_restart_of_the_server_lets_nobody_in(postgres: Server, shared: str) -> None:
    """
    Whoever holds a turn holds it through a restart; whoever waits gets it when it is given back.
    """
    calls = Calls()
    async with processes(shared, 1, lease=timedelta(seconds=4)) as (holder, other):
        await holder.__aenter__()
        waiting = asyncio.ensure_future(calls.make(other))
        await asyncio.to_thread(postgres.restart)
        await asyncio.wait([waiting], timeout=1)
        assert 0 == calls.made
        await holder.__aexit__(None, None, None)
        async with asyncio.timeout(30):
            await waiting

    assert 1 == calls.made
