"""
What a worker does with the orders of a fleet.

Everyone who asks for the same is worked for together: those who come while it runs join, those who call it off leave.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import TypeVar

from bot.core.ports import Clock, Order, Outcome, Postman, SharedOrders
from bot.core.reference import begin
from bot.errors import StoreError, Unexpected
from bot.jobs.endings import TOO_OLD, Run, carry, ended, expired
from bot.jobs.queue import Queue

log = logging.getLogger("chorus.jobs")
T = TypeVar("T")

JOIN_SECONDS = 1.0
"""Between two looks at who else asks, or asks no longer."""

MOST_BEGINNINGS = 10
"""An order whose worker died or lost the database so often is not begun again: it may be why."""

MISSING = timedelta(seconds=30)
"""An order so old is in the queue, or was forgotten between the store and the queue."""


class FleetWorker:
    """Implements `jobs.shift.Hands`; *tidy* deletes what is old, *wake* looks for pins that are due."""

    def __init__(
        self,
        *,
        orders: SharedOrders,
        run: Run,
        postman: Postman,
        clock: Clock,
        queue: Queue,
        tidy: Callable[[], Awaitable[None]],
        wake: Callable[[], None],
    ) -> None:
        self._orders = orders
        self._run = run
        self._postman = postman
        self._clock = clock
        self._queue = queue
        self._tidy = tidy
        self._wake = wake

    async def work(self, asked: str) -> None:
        """Fulfil the orders of what is *asked* until there is none left; raises `StoreError`, and then it is left."""
        runs: dict[str, asyncio.Task[Outcome]] = {}
        try:
            while await self._join(asked, runs):
                await _any(runs)
                await self._end(asked, runs)
        finally:
            await _stop(runs.values())

    async def deliver(self, asked: str) -> None:
        """Deliver what is ready of what is *asked*; what cannot be delivered is tried again by the sweep."""
        tried: set[str] = set()
        tasks: dict[str, asyncio.Task[bool]] = {}
        try:
            while True:
                new = [id for id in await self._orders.undelivered(asked) if id not in tried]
                tried.update(new)
                for order, outcome in await self._orders.done(new) if new else ():
                    carrying = carry(self._orders, self._postman, order, outcome)
                    tasks[order.id] = asyncio.ensure_future(carrying)
                if not tasks:
                    return
                await _any(tasks)
                over = {id: tasks.pop(id) for id in list(tasks) if tasks[id].done()}
                arrived = [id for id, task in over.items() if task.result()]
                if arrived:
                    await self._orders.delivered_all(arrived)
        finally:
            await _stop(tasks.values())

    async def sweep(self) -> None:
        """Put into the queue what was to be there: a process may have died between the store and the queue."""
        now = self._clock.now()
        taken, done = await self._orders.left(now - MISSING, now - TOO_OLD)
        for asked in taken:
            await self._queue.ask(asked)
        for asked in done:
            await self._queue.carry(asked)

    async def tidy(self) -> None:
        """Delete what is old."""
        await self._tidy()

    def wake(self) -> None:
        """Look for pins that are due."""
        self._wake()

    async def _join(self, asked: str, runs: dict[str, asyncio.Task[Outcome]]) -> bool:
        """Begin what has come, stop what was called off; return whether anything runs."""
        ids = await self._orders.taken(asked)
        off = [id for id, run in runs.items() if id not in ids and not run.done()]
        await _stop([runs.pop(id) for id in off])
        new = [id for id in ids if id not in runs]
        for order, begun in await self._orders.begin(new) if new else ():
            runs[order.id] = asyncio.ensure_future(self._outcome(order, begun))
        return bool(runs)

    async def _outcome(self, order: Order, begun: int) -> Outcome:
        reference, started = begin(order.id), perf_counter()
        late = expired(order, self._clock)
        if late is not None:
            return late
        if begun > MOST_BEGINNINGS:
            log.error("order %s is given up, reference %s", order.id, reference)
            return Outcome.failed(Unexpected(reference=reference))
        order = replace(order, again=begun > 1)
        run = self._run(order, lambda step: self._postman.progress(order, step))
        # a database that is away is no answer: it is tried again when it is back
        outcome = await ended(order, run, but=(StoreError,))
        log.info("%s after %.1f s", outcome.error or "done", perf_counter() - started)
        return outcome

    async def _end(self, asked: str, runs: dict[str, asyncio.Task[Outcome]]) -> None:
        """Write down what has ended, and have it delivered."""
        over = {id: runs.pop(id) for id in list(runs) if runs[id].done()}
        errors = [error for run in over.values() if (error := run.exception()) is not None]
        good: dict[str, tuple[Outcome, list[str]]] = {}
        for id, run in over.items():
            if run.exception() is None:  # most have the same digest: they are written down at once
                good.setdefault(repr(run.result()), (run.result(), []))[1].append(id)
        written = 0
        try:
            for outcome, ids in good.values():
                written += await self._orders.finish_all(ids, outcome)
        finally:
            if written:
                await self._queue.carry(asked)
        if errors:
            raise errors[0]


async def _any(running: Mapping[str, asyncio.Task[T]]) -> None:
    """Wait until one of them ends, and not for long: others may come."""
    tasks = running.values()
    await asyncio.wait(tasks, timeout=JOIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)


async def _stop(tasks: Iterable[asyncio.Task[T]]) -> None:
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
