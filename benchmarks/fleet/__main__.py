"""
Several processes over one PostgreSQL, all of it on loopback: Discord, the web, the model.

- one link, asked for by many people through two gateways within moments; the worker at it is killed half-way;
- many links, by one worker and by two, where the model is what is waited for;
- the same by two workers under a limit of calls at once that is smaller than what they could use.

`python -m benchmarks.fleet [--people 500] [--links 200] [--seconds 12]`. Needs PostgreSQL's programs.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tests.fleet.machines import Office, machine
from tests.fleet.town import Fleet, fleet
from tests.llm.provider import Answer
from tests.postgres import Server, missing, running
from tests.test_end_to_end import REPLY, page

AT_ONCE = 8
"""Orders a worker is at: with one call each, what bounds it."""

PATIENCE = 1800.0


@asynccontextmanager
async def town(server: Server) -> AsyncIterator[Fleet]:
    """A town whose database has its tables."""
    url = server.url(server.create())
    async with machine(url, Office(), works=False):
        pass
    with tempfile.TemporaryDirectory() as folder:
        async with fleet(Path(folder), url) as made:
            yield made


async def one_link(server: Server, people: int) -> None:
    async with town(server) as there:
        await there.gateways()
        first = await there.start("work")
        begun = perf_counter()
        asked = await there.ask(there.people(people), there.lane)
        heard = perf_counter() - begun
        await asyncio.wait_for(there.thinker.asked.wait(), PATIENCE)
        await there.start("work")
        first.kill()
        await first.end()
        killed = perf_counter()
        there.think_at_once()
        await there.answered(asked, PATIENCE)
        print(
            f"one link, {people} people, two gateways, the worker killed half-way: "
            f"{len(there.pages.paths)} read, {len(there.provider.history)} calls, "
            f"{len(asked)} answers; all acknowledged after {heard:.1f} s, "
            f"all answered {perf_counter() - killed:.1f} s after the kill"
        )


async def many_links(
    server: Server, links: int, seconds: float, workers: int, limit: int, at_once: int
) -> float:
    """Return how many seconds that many links took, from the first question to the last answer."""

    # as models do: with calls of one length, all workers would read at once and then wait at once
    lengths = Random(1)

    async def think(_: dict[str, Any]) -> Answer:
        await asyncio.sleep(seconds * lengths.uniform(0.5, 1.5))
        return Answer.json(REPLY)

    async with town(server) as there:
        there.provider.script = think
        there.environ["llm_concurrency"] = limit
        for n in range(links):
            there.pages.page(f"/lane/{n}", page(5, f"A bike lane for road {n}"))
        await there.gateways()
        for _ in range(workers):
            await there.start("work", "--at-once", str(at_once))
        urls = [there.pages.url(f"/lane/{n}") for n in range(links)]
        # started by now, whoever starts last
        warm = await there.ask(there.people(1), there.lane)
        await there.answered(warm, PATIENCE)
        begun = perf_counter()
        asked = await there.ask(there.people(links), *urls)
        await there.answered(asked, PATIENCE)
        took = perf_counter() - begun
        print(
            f"{links} links, {workers} worker(s) at {at_once} orders each, a limit of {limit} calls "
            f"of {seconds:g} s on average: {took:.1f} s, {links / took:.2f} a second, "
            f"at most {there.provider.busiest} calls at once"
        )
        return took


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--links", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=12)
    given = parser.parse_args()
    reason = missing()
    if reason is not None:
        print(f"left out: {reason}")
        return
    with running() as server:
        if given.people:
            await one_link(server, given.people)
        if given.links:
            limit = 4 * AT_ONCE
            one = await many_links(server, given.links, given.seconds, 1, limit, AT_ONCE)
            two = await many_links(server, given.links, given.seconds, 2, limit, AT_ONCE)
            print(f"two workers do {one / two:.2f} times what one does")
            await many_links(server, given.links, given.seconds, 2, AT_ONCE, 2 * AT_ONCE)


asyncio.run(main())
