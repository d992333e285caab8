"""An acknowledged order ends in an answer."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.core.models import PUBLIC, Brief
from bot.core.ports import Address, Order, Outcome, Progress, Report, Stage
from bot.errors import Cancelled, DatabaseFull, Expired, PageNotFound
from bot.jobs.local import LocalDesk
from bot.store.database import Database, open_database
from bot.store.orders import SqlOrders
from tests.conftest import SteadyClock


def order(id: str = "1") -> Order:
    return Order(
        id=id,
        target="https://town.example/lane",
        brief=Brief("fr"),
        audience=PUBLIC,
        asker=7,
        reply_to=Address(channel=2, token="t"),
        fresh=False,
        taken_at=SteadyClock().now(),
    )


@dataclass
class FakePostman:
    """Remembers what it was given; `answers` says whether a delivery arrives (True when empty)."""

    answers: deque[bool | Exception] = field(default_factory=deque)
    delivered: list[tuple[str, Outcome]] = field(default_factory=list)
    told: list[tuple[str, Progress]] = field(default_factory=list)

    def progress(self, order: Order, progress: Progress) -> None:
        self.told.append((order.id, progress))

    async def deliver(self, order: Order, outcome: Outcome) -> bool:
        self.delivered.append((order.id, outcome))
        answer = self.answers.popleft() if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class FakeRun:
    """Fulfils orders with the digests it is given; `gate` holds it back."""

    answers: deque[str | Exception] = field(default_factory=deque)
    ran: list[str] = field(default_factory=list)
    again: list[bool] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, order: Order, report: Report) -> Outcome:
        self.ran.append(order.id)
        self.again.append(order.again)
        await self.gate.wait()
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return Outcome(digest=answer)


class House:
    def __init__(self, database: Database) -> None:
        self.orders = SqlOrders(database)
        self.postman = FakePostman()
        self.run = FakeRun()
        self.run.gate.set()
        self.clock = SteadyClock()
        self.desk = self.open()

    def open(self, most_at_once: int = 16) -> LocalDesk:
        return LocalDesk(
            orders=self.orders,
            run=self.run,
            postman=self.postman,
            clock=self.clock,
            most_at_once=most_at_once,
            tell_seconds=0,
        )


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    async with open_database(url) as database:
        yield House(database)


async def test_an_order_is_run_and_delivered(house: House) -> None:
    """
    Taken, run, delivered: nothing is left open.
    """
    house.run.answers.append("key")
    await house.desk.take(order())
    await house.desk.settle()

    assert [("1", Outcome(digest="key"))] == house.postman.delivered
    assert [] == await house.orders.open()


async def test_what_is_acknowledged_is_kept_already(house: House) -> None:
    """
    A bot that is killed right after the acknowledgement finds the order at its next start, and nothing ran before.
    """
    house.run.answers.append("key")
    kept: list[str] = []

    async def acknowledge() -> None:
        kept.extend(one.id for one, _ in await house.orders.open())
        assert [] == house.run.ran

    await house.desk.take(order(), acknowledge)
    await house.desk.settle()

    assert ["1"] == kept


async def test_nobody_waits_any_more(house: House) -> None:
    """
    Discord refuses the acknowledgement because it comes too late: the order is dropped, and nobody pays for it.
    """

    async def acknowledge() -> None:
        raise PageNotFound(host="town.example")

    with pytest.raises(PageNotFound):
        await house.desk.take(order(), acknowledge)
    await house.desk.settle()

    assert ([], []) == (house.run.ran, await house.orders.open())


async def test_what_cannot_be_kept_is_not_acknowledged(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    With a disk that is full the asker hears that, and not that an answer will come.
    """

    async def full(_: Order) -> bool:
        raise DatabaseFull(place="kept.sqlite3")

    monkeypatch.setattr(house.orders, "add", full)
    said: list[str] = []

    async def acknowledge() -> None:
        said.append("thinking")

    with pytest.raises(DatabaseFull):
        await house.desk.take(order(), acknowledge)

    assert [] == said


async def test_the_same_order_twice_runs_once(house: House) -> None:
    """
    Discord may send an interaction twice.
    """
    house.run.answers.append("key")
    await house.desk.take(order())
    await house.desk.take(order())
    await house.desk.settle()

    assert ["1"] == house.run.ran


async def test_an_error_is_an_answer(house: House) -> None:
    """
    What went wrong is delivered as facts.
    """
    house.run.answers.append(PageNotFound(host="town.example"))
    await house.desk.take(order())
    await house.desk.settle()

    assert [("1", Outcome(error="PageNotFound", facts={"host": "town.example"}))] == (
        house.postman.delivered
    )


async def test_a_bug_is_an_answer_with_a_reference_that_is_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """
    An unexpected exception reaches the person as a reference, and the log as a traceback.
    """
    house.run.answers.append(ZeroDivisionError())
    with caplog.at_level(logging.ERROR):
        await house.desk.take(order())
        await house.desk.settle()

    ((_, outcome),) = house.postman.delivered
    assert "Unexpected" == outcome.error
    assert str(outcome.facts["reference"]) in caplog.text


async def test_what_cannot_be_delivered_waits_for_the_asker(house: House) -> None:
    """
    With nowhere left to put it, the answer waits for the asker's next command.
    """
    house.run.answers.append("key")
    house.postman.answers.append(False)
    await house.desk.take(order())
    await house.desk.settle()

    assert [(order(), Outcome(digest="key"))] == await house.orders.waiting(7, 9)


async def test_a_failed_delivery_is_tried_again_at_the_next_start(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """
    When Discord is down at the wrong moment the answer is not lost, and nothing is run again.
    """
    house.run.answers.append("key")
    house.postman.answers.append(OSError("down"))
    await house.desk.take(order())
    await house.desk.settle()
    assert 1 == await house.open().resume()
    await house.desk.settle()
    await asyncio.sleep(0)

    assert ["1"] == house.run.ran
    assert 2 == len(house.postman.delivered)


async def test_what_a_stop_interrupted_runs_at_the_next_start(house: House) -> None:
    """
    A closing desk gives what runs a moment, then leaves it for the next start.
    """
    house.run.gate.clear()
    await house.desk.take(order())
    await asyncio.sleep(0)
    await house.desk.close(grace=0)
    assert [] == house.postman.delivered

    house.run.gate.set()
    house.run.answers.append("key")
    again = house.open()
    assert 1 == await again.resume()
    await again.settle()

    assert [("1", Outcome(digest="key"))] == house.postman.delivered
    assert [False, True] == house.run.again


async def test_yesterdays_order_is_not_run(house: House) -> None:
    """
    An order of more than a day ago ends with a word instead of a bill.
    """
    await house.orders.add(order())
    house.clock.tick(timedelta(days=1, seconds=1))
    await house.desk.resume()
    await house.desk.settle()

    assert [] == house.run.ran
    assert [("1", Outcome.failed(Expired()))] == house.postman.delivered


async def test_the_queue_tells_its_places(house: House) -> None:
    """
    With one slot the second and third are told their place, and again when it moves.
    """
    house.run.gate.clear()
    house.run.answers.extend(["b", "c"])
    desk = house.open(most_at_once=1)
    for id in ("1", "2", "3"):
        await desk.take(order(id))
    for place in (2, 1):
        while ("3", Progress(Stage.QUEUED, place)) not in house.postman.told:
            await asyncio.sleep(0)
        await desk.cancel("1")
    house.run.gate.set()
    await desk.settle()

    assert {"2": {1}, "3": {2, 1}} == {
        id: {step.done for told, step in house.postman.told if told == id} for id in ("2", "3")
    }
    assert "1" not in dict(house.postman.told)
    assert ["1", "2", "3"] == house.run.ran


async def test_many_in_the_queue_are_told_together(house: House) -> None:
    """
    Who comes or goes is not told to each of the others: a crowd hears of its places in one go.
    """
    house.run.gate.clear()
    house.run.answers.extend("key" for _ in range(50))
    desk = house.open(most_at_once=1)
    await asyncio.gather(*(desk.take(order(str(n))) for n in range(50)))
    while not house.postman.told:
        await asyncio.sleep(0)
    told = len(house.postman.told)
    house.run.gate.set()
    await desk.settle()

    assert 49 == told


async def test_an_order_that_runs_is_cancelled(house: House) -> None:
    """
    Its run stops, it ends with one word, and it is not taken up again; a second time there is nothing to cancel.
    """
    house.run.gate.clear()
    await house.desk.take(order())
    await asyncio.sleep(0)
    assert await house.desk.cancel("1")
    await house.desk.settle()

    assert [("1", Outcome.failed(Cancelled()))] == house.postman.delivered
    assert [] == await house.orders.open()
    assert [False, False] == [await house.desk.cancel(id) for id in ("1", "unknown")]


async def test_an_order_in_the_queue_is_cancelled_and_the_queue_moves(house: House) -> None:
    """
    Who waits behind it hears its new place; it never runs.
    """
    house.run.gate.clear()
    house.run.answers.extend(["a", "c"])
    desk = house.open(most_at_once=1)
    for id in ("1", "2", "3"):
        await desk.take(order(id))
        await asyncio.sleep(0)
    assert await desk.cancel("2")
    while ("3", Progress(Stage.QUEUED, 1)) not in house.postman.told:
        await asyncio.sleep(0)
    house.run.gate.set()
    await desk.settle()

    assert ["1", "3"] == house.run.ran
    ended = dict(house.postman.delivered)
    assert Outcome.failed(Cancelled()) == ended["2"]


async def test_an_answer_that_is_there_cannot_be_cancelled(house: House) -> None:
    """
    From the end of the run on the order is past calling off: what is being delivered arrives.
    """
    house.run.answers.append("key")
    seen: list[bool] = []
    delivering = house.postman.deliver

    async def deliver(order: Order, outcome: Outcome) -> bool:
        seen.append(await house.desk.cancel(order.id))
        return await delivering(order, outcome)

    house.postman.deliver = deliver  # type: ignore[method-assign]
    await house.desk.take(order())
    await house.desk.settle()

    assert [False] == seen
    assert [("1", Outcome(digest="key"))] == house.postman.delivered


async def test_what_was_taken_up_again_can_be_cancelled(house: House) -> None:
    """
    By the same id as before the restart.
    """
    house.run.gate.clear()
    await house.desk.take(order())
    await asyncio.sleep(0)
    await house.desk.close(grace=0)
    again = house.open()
    await again.resume()
    await asyncio.sleep(0)
    assert await again.cancel("1")
    await again.settle()

    assert [("1", Outcome.failed(Cancelled()))] == house.postman.delivered


KILLED = """
import asyncio, sys
from bot.jobs.local import LocalDesk
from bot.store.database import open_database
from bot.store.orders import SqlOrders
from tests.conftest import SteadyClock
from tests.jobs.test_local import FakePostman, FakeRun, order

async def main():
    async with open_database(sys.argv[1]) as database:
        desk = LocalDesk(orders=SqlOrders(database), run=FakeRun(), postman=FakePostman(), clock=SteadyClock())
        await desk.take(order())
        print("taken", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killed_between_acknowledgement_and_answer(url: str) -> None:
    """
    SIGKILL after the order was acknowledged: the next process answers it.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert b"taken\n" == await process.stdout.readline()
    process.kill()
    assert -signal.SIGKILL == await process.wait()

    async with open_database(url) as database:
        house = House(database)
        house.run.answers.append("key")
        await house.desk.resume()
        await house.desk.settle()

    assert [("1", Outcome(digest="key"))] == house.postman.delivered
