"""The desk of one process among several: persist, then put into the queue that all of them take from."""

from __future__ import annotations

import asyncio
import logging

from bot.core.ports import Acknowledge, Order, Outcome, Postman, Progress, SharedOrders, Stage
from bot.errors import Cancelled, DatabaseUnavailable
from bot.jobs.queue import Queue
from bot.jobs.shift import Shift
from bot.jobs.taking import persisted
from bot.jobs.worker import JOIN_SECONDS

log = logging.getLogger("chorus.jobs")

PAUSES = (0.2, 0.5, 1, 2, 4, 8)
"""Seconds between tries to persist an order while the database is away: whoever asks has been told to wait."""

TELL_SECONDS = 2.0
"""Between two looks at the places in the queue."""


class FleetDesk:
    """Implements `core.ports.Desk`; *shift* is this process's part in the work, None where others do it."""

    def __init__(
        self, *, orders: SharedOrders, queue: Queue, postman: Postman, shift: Shift | None
    ) -> None:
        self._orders = orders
        self._queue = queue
        self._postman = postman
        self._shift = shift
        self._waiting: dict[str, Order] = {}
        self._told: dict[str, Order] = {}
        self._telling: asyncio.Task[None] | None = None

    async def take(self, order: Order, acknowledge: Acknowledge | None = None) -> None:
        """Persist *order*, *acknowledge* it, have it worked on; raises `StoreError` and what *acknowledge* raises."""
        if not await persisted(self._orders, order, acknowledge, add=self._add):
            return
        try:
            await self._queue.ask(order.asked)
        except Exception:
            log.exception("order %s is not in the queue yet; the sweep will see to it", order.id)
        self._waiting[order.id] = order
        if self._telling is None or self._telling.done():
            self._telling = asyncio.ensure_future(self._tell())

    async def cancel(self, id: str) -> bool:
        """End an order that is queued or runs with `Cancelled`; False where there is none (any more)."""
        found = await self._orders.find(id)
        if found is None or not await self._orders.finish(id, Outcome.failed(Cancelled())):
            return False
        # once whoever works on it has seen that it has ended: its progress must not come after
        await self._queue.carry(found[0].asked, wait=2 * JOIN_SECONDS)
        return True

    async def resume(self) -> int:
        """Begin to work, where this process does; what earlier ones left is in the store. Return 0."""
        if self._shift is not None:
            self._shift.begin()
        return 0

    async def close(self, grace: float) -> None:
        """Give what runs here *grace* seconds and hand over the rest."""
        if self._telling is not None:
            self._telling.cancel()
        if self._shift is not None:
            await self._shift.end(grace)

    async def _add(self, order: Order) -> bool:
        for tried, pause in enumerate(PAUSES):
            try:
                # where the database went away before it said so, it may be there since
                return await self._orders.add(order) or tried > 0
            except DatabaseUnavailable as error:
                log.warning("order %s is persisted in %s s: %s", order.id, pause, error)
                await asyncio.sleep(pause)
        return await self._orders.add(order)

    async def _tell(self) -> None:
        """Tell those who wait their place, until the last of them has a worker."""
        while self._waiting or self._told:
            await asyncio.sleep(TELL_SECONDS)
            try:
                places = await self._queue.places()
                await self._correct(places)
            except Exception as error:
                log.info("places in the queue are not told: %s", error)
                continue
            for order in list(self._waiting.values()):
                place = places.get(order.asked)
                if place is None:
                    del self._waiting[order.id]
                else:
                    self._postman.progress(order, Progress(Stage.QUEUED, done=place))
                    self._told[order.id] = order

    async def _correct(self, places: dict[str, int]) -> None:
        """Deliver once more what came while a place was told: that word may have arrived after the answer."""
        for order in [one for one in self._told.values() if one.asked not in places]:
            found = await self._orders.find(order.id)
            del self._told[order.id]
            if found is not None and found[1] is not None:
                await self._postman.deliver(order, found[1])


class FarWatch:
    """Implements `core.pins.Watch` where a process only listens: one that works is woken through the queue."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._waking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Wait until cancelled: others watch."""
        await asyncio.Event().wait()

    def wake(self) -> None:
        """Have somebody look now: something has become due."""
        if self._waking is None or self._waking.done():
            self._waking = asyncio.ensure_future(self._wake())

    async def _wake(self) -> None:
        try:
            await self._queue.wake()
        except Exception as error:
            log.warning("nobody was woken, they look by themselves soon: %s", error)
