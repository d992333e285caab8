"""The desk of a single process: persist, then run; what a crash left is taken up again at start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from time import perf_counter

from bot.core.meter import NO_METER, Meter
from bot.core.ports import (
    Acknowledge,
    Clock,
    Order,
    Orders,
    Outcome,
    Postman,
    Progress,
    Report,
    Stage,
)
from bot.core.reference import begin
from bot.errors import Cancelled, ChorusError, Expired, StoreError, Unexpected

log = logging.getLogger("chorus.jobs")

TOO_OLD = timedelta(days=1)
"""An order this old is not run at start: nobody waits for yesterday's answer, and it would cost money."""

PERSIST_SECONDS = 1.5
"""Discord takes an acknowledgement for three seconds; a database that is busy for longer than this may not cost it."""

Run = Callable[[Order, Report], Awaitable[Outcome]]
"""Fulfils an order; raises `ChorusError`."""


async def persisted(orders: Orders, order: Order, acknowledge: Acknowledge | None) -> bool:
    """
    Persist *order*, then *acknowledge* it; after `PERSIST_SECONDS` it is acknowledged all the same.

    False if an order with this id is there already. Raises as `Desk.take` does.
    """
    adding = asyncio.ensure_future(orders.add(order))
    await asyncio.wait([adding], timeout=PERSIST_SECONDS)
    if adding.done():
        adding.result()  # what could not be persisted is not acknowledged
    if acknowledge is not None:
        try:
            await acknowledge()
        except Exception:
            if await adding:
                await orders.delivered(order.id)  # nobody waits for it
            raise
    return await adding


class LocalDesk:
    """
    Implements `core.ports.Desk` in one process.

    At most *most_at_once* orders run at the same time; the others are queued and told their place.
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

    async def take(self, order: Order, acknowledge: Acknowledge | None = None) -> None:
        """Persist *order*, *acknowledge* it, start it; raises `StoreError` and what *acknowledge* raises."""
        if await persisted(self._orders, order, acknowledge) and not self._closing:
            self._start(self._work(order))

    def cancel(self, id: str) -> bool:
        """End an order that is queued or runs with `Cancelled`; False where there is none (any more)."""
        run = self._runs.get(id)
        return run is not None and run.cancel()

    async def resume(self) -> int:
        """Take up what an earlier run left: run what was taken, deliver what was done. Return how many."""
        left = await self._orders.open()
        for order, outcome in left:
            if outcome is None and order.taken_at < self._clock.now() - TOO_OLD:
                outcome = Outcome.failed(Expired())  # noqa: PLW2901 - it ends here instead of running
                await self._orders.finish(order.id, outcome)
            if outcome is None:
                self._start(self._work(replace(order, again=True)))
            else:
                self._start(self._deliver(order, outcome))
        return len(left)

    async def settle(self) -> None:
        """Wait until nothing runs."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self, grace: float) -> None:
        """Give what runs *grace* seconds, then stop it; what was stopped stays taken, for the next start."""
        self._closing = True
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
        reference, started = begin(order.id), perf_counter()
        outcome = await self._outcome(order, reference)
        log.info("%s after %.1f s", outcome.error or "done", perf_counter() - started)
        try:
            await self._orders.finish(order.id, outcome)
        except StoreError:
            # the answer exists, only its note could not be written: the asker gets it all the same
            log.exception("order %s could not be noted as done", order.id)
        await self._deliver(order, outcome)

    async def _outcome(self, order: Order, reference: str) -> Outcome:
        run = self._runs[order.id] = asyncio.ensure_future(self._in_turn(order))
        try:
            return await run
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # the desk closes: the order stays taken
            return Outcome.failed(Cancelled())
        except ChorusError as error:
            return Outcome.failed(error)
        except Exception:
            log.exception("order %s failed unexpectedly, reference %s", order.id, reference)
            return Outcome.failed(Unexpected(reference=reference))
        finally:
            del self._runs[order.id]

    async def _in_turn(self, order: Order) -> Outcome:
        async with _Turn(self._slots, self._queue, order, self._tell):
            return await self._run(order, lambda step: self._postman.progress(order, step))

    async def _deliver(self, order: Order, outcome: Outcome) -> None:
        begin(order.id)
        try:
            if await self._postman.deliver(order, outcome):
                await self._orders.delivered(order.id)
            else:
                await self._orders.wait(order.id)
        except Exception:
            # stays done, so the next start tries again
            log.exception("the answer to order %s could not be delivered", order.id)

    def _tell(self) -> None:
        self._count()
        for place, order in enumerate(self._queue, 1):
            self._postman.progress(order, Progress(Stage.QUEUED, done=place))


class _Turn:
    """Waits for a slot in line; everyone in line hears when it moves."""

    def __init__(
        self, slots: asyncio.Semaphore, queue: list[Order], order: Order, tell: Callable[[], None]
    ) -> None:
        self._slots = slots
        self._queue = queue
        self._order = order
        self._tell = tell

    async def __aenter__(self) -> None:
        if self._slots.locked():
            self._queue.append(self._order)
            self._tell()
            try:
                await self._slots.acquire()
            finally:
                self._queue.remove(self._order)
                self._tell()
        else:
            await self._slots.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._slots.release()
