"""The desk of a single process: persist, then run; what a crash left is taken up again at start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import perf_counter

from bot.core.meter import NO_METER, Meter
from bot.core.ports import Acknowledge, Clock, Order, Orders, Outcome, Postman, Progress, Stage
from bot.core.reference import begin
from bot.errors import Cancelled, StoreError
from bot.jobs.endings import Run, deliver, ended, expired
from bot.jobs.taking import persisted

log = logging.getLogger("chorus.jobs")

TELL_SECONDS = 1.0
"""Between two words about places in the queue: it moves for all who wait at once, and they may be hundreds."""


class LocalDesk:
    """
    Implements `core.ports.Desk` in one process.

    At most *most_at_once* orders run at the same time; the others are queued and told their place, every
    *tell_seconds* while it changes.
    """

    def __init__(
        self,
        *,
        orders: Orders,
        run: Run,
        postman: Postman,
        clock: Clock,
        most_at_once: int = 16,
        meter: Meter = NO_METER,
        tell_seconds: float = TELL_SECONDS,
    ) -> None:
        self._orders = orders
        self._run = run
        self._postman = postman
        self._clock = clock
        self._meter = meter
        self._slots = asyncio.Semaphore(most_at_once)
        self._queue: list[Order] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._runs: dict[str, asyncio.Task[Outcome]] = {}  # what may still be called off, by order
        self._closing = False
        self._tell_seconds = tell_seconds
        self._telling: asyncio.TimerHandle | None = None

    async def take(self, order: Order, acknowledge: Acknowledge | None = None) -> None:
        """Persist *order*, *acknowledge* it, start it; raises `StoreError` and what *acknowledge* raises."""
        if await persisted(self._orders, order, acknowledge) and not self._closing:
            self._start(self._work(order))

    async def cancel(self, id: str) -> bool:
        """End an order that is queued or runs with `Cancelled`; False where there is none (any more)."""
        run = self._runs.get(id)
        return run is not None and run.cancel()

    async def resume(self) -> int:
        """Take up what an earlier run left: run what was taken, deliver what was done. Return how many."""
        left = await self._orders.open()
        for order, outcome in left:
            late = expired(order, self._clock) if outcome is None else None
            if late is not None:
                await self._orders.finish(order.id, late)
            end = outcome or late
            if end is None:
                self._start(self._work(replace(order, again=True)))
            else:
                self._start(deliver(self._orders, self._postman, order, end))
        return len(left)

    async def settle(self) -> None:
        """Wait until nothing runs."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self, grace: float) -> None:
        """Give what runs *grace* seconds, then stop it; what was stopped stays taken, for the next start."""
        self._closing = True
        if self._telling is not None:
            self._telling.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await self.settle()

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        self._count()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._count()

    def _count(self) -> None:
        waiting = len(self._queue)
        self._meter.queued(waiting, len(self._tasks) - waiting)

    async def _work(self, order: Order) -> None:
        begin(order.id)
        started = perf_counter()
        outcome = await self._outcome(order)
        log.info("%s after %.1f s", outcome.error or "done", perf_counter() - started)
        try:
            await self._orders.finish(order.id, outcome)
        except StoreError:
            # the answer exists, only its note could not be written: the asker gets it all the same
            log.exception("order %s could not be noted as done", order.id)
        await deliver(self._orders, self._postman, order, outcome)

    async def _outcome(self, order: Order) -> Outcome:
        run = self._runs[order.id] = asyncio.ensure_future(self._in_turn(order))
        try:
            return await ended(order, run)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # the desk closes: the order stays taken
            return Outcome.failed(Cancelled())
        finally:
            del self._runs[order.id]

    async def _in_turn(self, order: Order) -> Outcome:
        async with _Turn(self._slots, self._queue, order, self._moved):
            return await self._run(order, lambda step: self._postman.progress(order, step))

    def _moved(self) -> None:
        self._count()
        if self._telling is None and self._queue:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_later(self._tell_seconds, self._tell)

    def _tell(self) -> None:
        self._telling = None
        for place, order in enumerate(self._queue, 1):
            self._postman.progress(order, Progress(Stage.QUEUED, done=place))


class _Turn:
    """Waits for a slot in line; *moved* is called when the line does."""

    def __init__(
        self, slots: asyncio.Semaphore, queue: list[Order], order: Order, moved: Callable[[], None]
    ) -> None:
        self._slots = slots
        self._queue = queue
        self._order = order
        self._moved = moved

    async def __aenter__(self) -> None:
        if self._slots.locked():
            self._queue.append(self._order)
            self._moved()
            try:
                await self._slots.acquire()
            finally:
                self._queue.remove(self._order)
                self._moved()
        else:
            await self._slots.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._slots.release()
