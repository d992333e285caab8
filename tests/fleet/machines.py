"""Machines of a fleet in one process: each with its own connections to one PostgreSQL, its desk and its worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.app.clock import SystemClock
from bot.core.ports import Address, Order, Outcome, Progress, Report
from bot.jobs.fleet import FleetDesk
from bot.jobs.queue import Queue, open_queue
from bot.jobs.shift import Shift
from bot.jobs.worker import FleetWorker
from bot.store.database import open_database
from bot.store.orders import SqlOrders
from tests.discord.bell import Bell
from tests.jobs.test_local import order as an_order


def order(id: str, target: str = "https://town.example/lane") -> Order:
    """Return an order of now."""
    to = Address(channel=int(id) + 1000, token="t")
    return replace(
        an_order(id), target=target, reply_to=to, asker=int(id), taken_at=SystemClock().now()
    )


async def nothing() -> None:
    pass


@dataclass
class Office:
    """What all machines do, seen in one place: runs and deliveries. `hold` keeps runs back until it is set."""

    bell: Bell = field(default_factory=Bell)
    answers: deque[Exception] = field(default_factory=deque)  # instead of the next runs' digests
    ran: list[tuple[str, str, bool]] = field(default_factory=list)  # machine, order, again
    stopped: list[str] = field(default_factory=list)
    delivered: list[tuple[str, Outcome]] = field(default_factory=list)
    refused: deque[Exception] = field(default_factory=deque)  # instead of the next deliveries
    woken: list[str] = field(default_factory=list)
    told: list[tuple[str, Progress]] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    async def run(self, machine: str, order: Order) -> str:
        self.ran.append((machine, order.id, order.again))
        self.bell.ring()
        try:
            await self.hold.wait()
        except asyncio.CancelledError:
            self.stopped.append(order.id)
            self.bell.ring()
            raise
        if self.answers:
            raise self.answers.popleft()
        return f"digest of {order.target}"

    def progress(self, order: Order, progress: Progress) -> None:
        self.told.append((order.id, progress))
        self.bell.ring()

    async def deliver(self, order: Order, outcome: Outcome) -> bool:
        if self.refused:
            refused = self.refused.popleft()
            self.bell.ring()
            raise refused
        self.delivered.append((order.id, outcome))
        self.bell.ring()
        return True

    async def has_delivered(self, *ids: str, seconds: float = 60) -> None:
        await self.bell.until(lambda: {*ids} <= {id for id, _ in self.delivered}, seconds)

    async def has_begun(self, runs: int) -> None:
        await self.bell.until(lambda: len(self.ran) >= runs)


@dataclass(frozen=True)
class Machine:
    name: str
    orders: SqlOrders
    queue: Queue
    desk: FleetDesk
    hands: FleetWorker
    shift: Shift | None


@asynccontextmanager
async def machine(
    url: str, office: Office, name: str = "a", *, works: bool = True, at_once: int = 16
) -> AsyncIterator[Machine]:
    clock = SystemClock()

    async def run(order: Order, _: Report) -> Outcome:
        return Outcome(digest=await office.run(name, order))

    def woken() -> None:
        office.woken.append(name)
        office.bell.ring()

    async with (
        open_database(url) as database,
        open_queue(database.libpq_url, clock, place=database.place) as queue,
    ):
        orders = SqlOrders(database)
        hands = FleetWorker(
            orders=orders,
            run=run,
            postman=office,
            clock=clock,
            queue=queue,
            tidy=nothing,
            wake=woken,
        )
        shift = Shift(queue, hands, at_once=at_once) if works else None
        desk = FleetDesk(orders=orders, queue=queue, postman=office, shift=shift)
        await desk.resume()
        try:
            yield Machine(name, orders, queue, desk, hands, shift)
        finally:
            await desk.close(0)
