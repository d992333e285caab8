"""Several desks and workers over one queue: every order is fulfilled once, whoever takes it and whoever dies."""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.app.chat import open_chat
from bot.app.engine import open_engine
from bot.core.ports import Outcome, Progress, Stage
from bot.errors import Cancelled, DatabaseUnavailable, Expired, NotInstalled, PageNotFound
from bot.jobs.endings import TOO_OLD
from bot.jobs.fleet import FarWatch
from bot.jobs.shift import Shift
from bot.settings import load
from tests.fleet.machines import Machine, Office, machine, order
from tests.postgres import Server

DIGEST = Outcome(digest="digest of https://town.example/lane")


async def left(of: Machine) -> list[dict[str, Any]]:
    """Return the jobs there are; what is done takes a moment to be gone."""
    found: list[dict[str, Any]] = []
    for _ in range(100):
        found = await of.queue.connector.execute_query_all_async(
            "SELECT * FROM procrastinate_jobs WHERE task_name IN ('work', 'deliver')"
        )
        if not found:
            break
        await asyncio.sleep(0.05)
    return found


async def test_one_link_asked_for_on_two_machines_is_run_by_one(
    shared: str, office: Office
) -> None:
    """
    Forty people, half of them on each machine: one of them works for all of them, everyone is answered once.
    """
    ids = [str(n) for n in range(1, 41)]
    async with machine(shared, office) as a, machine(shared, office, "b") as b:
        office.hold.clear()
        await asyncio.gather(*((a, b)[int(id) % 2].desk.take(order(id)) for id in ids))
        await office.has_begun(40)
        office.hold.set()
        await office.has_delivered(*ids)
        assert [] == await left(a)

        assert sorted(office.delivered) == sorted((id, DIGEST) for id in ids)
        assert 1 == len({name for name, _, _ in office.ran})
        assert [] == await a.orders.open()


async def test_whoever_asks_in_whatever_order_is_in_the_queue(
    shared: str, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Those who ask while another's job is put in share one that follows, also where that has just been put in.
    """
    async with machine(shared, office, works=False) as a:
        begun = 0

        async def put(*job: Any) -> None:
            nonlocal begun
            begun += 1
            await gate.wait()

        monkeypatch.setattr(a.queue, "_put", put)
        for turns in range(12):
            gate = asyncio.Event()
            asking = [asyncio.ensure_future(a.queue.ask("the same")) for _ in range(3)]
            for _ in range(5):
                await asyncio.sleep(0)
            gate.set()
            for _ in range(turns):
                await asyncio.sleep(0)
            before = begun
            asking += [asyncio.ensure_future(a.queue.ask("the same"))]
            await asyncio.gather(*asking)

            assert begun > before


async def test_the_same_order_twice_is_once(shared: str, office: Office) -> None:
    """
    Discord may send an interaction twice, to two processes even.
    """
    async with machine(shared, office) as a, machine(shared, office, "b") as b:
        await a.desk.take(order("1"))
        await b.desk.take(order("1"))
        await office.has_delivered("1")
        assert [] == await left(a)

    assert [("1", DIGEST)] == office.delivered


async def test_who_asks_while_it_runs_joins(shared: str, office: Office) -> None:
    """
    The one who asks later hears how far it is: both runs are one machine's, at the same time.
    """
    office.hold.clear()
    async with machine(shared, office) as a, machine(shared, office, "b") as b:
        await a.desk.take(order("1"))
        await office.has_begun(1)
        await b.desk.take(order("2"))
        await office.has_begun(2)
        office.hold.set()
        await office.has_delivered("1", "2")

    assert 1 == len({name for name, _, _ in office.ran})


async def test_a_failure_leaves_nothing_behind(shared: str, office: Office) -> None:
    """
    The asker hears of it, no job stays, and the next one to ask starts anew.
    """
    office.answers.append(PageNotFound(host="town.example"))
    async with machine(shared, office) as a:
        await a.desk.take(order("1"))
        await office.has_delivered("1")
        assert [] == await left(a)
        await a.desk.take(order("2"))
        await office.has_delivered("2")

    failed = Outcome.failed(PageNotFound(host="town.example"))
    assert [("1", failed), ("2", DIGEST)] == office.delivered


async def test_what_nobody_expected_gets_a_reference(
    shared: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The id the asker is told is in the log.
    """
    office.answers.append(ZeroDivisionError())
    async with machine(shared, office) as a:
        await a.desk.take(order("1"))
        await office.has_delivered("1")

    ((_, outcome),) = office.delivered
    assert "Unexpected" == outcome.error
    assert str(outcome.facts["reference"]) in caplog.text


async def test_a_database_that_was_away_is_no_answer(shared: str, office: Office) -> None:
    """
    A run that could not keep its digest is run again; as an ask it has been counted.
    """
    office.answers.append(DatabaseUnavailable(place="here", reason="unreachable"))
    async with machine(shared, office) as a:
        await a.desk.take(order("1"))
        await office.has_delivered("1")
        assert [] == await left(a)

    assert [("a", "1", False), ("a", "1", True)] == office.ran
    assert [("1", DIGEST)] == office.delivered


async def test_an_order_is_called_off_on_another_machine(shared: str, office: Office) -> None:
    """
    It ends where it runs, the asker is told, and a second time there is nothing left to call off.
    """
    office.hold.clear()
    async with (
        machine(shared, office) as worker,
        machine(shared, office, "gateway", works=False) as gateway,
    ):
        await worker.desk.take(order("1"))
        await worker.desk.take(order("2"))
        await office.has_begun(2)
        assert await gateway.desk.cancel("1")
        await office.has_delivered("1")
        assert ["1"] == office.stopped
        assert not await gateway.desk.cancel("1")
        assert not await gateway.desk.cancel("unknown")
        office.hold.set()
        await office.has_delivered("2")

    assert [("1", Outcome.failed(Cancelled())), ("2", DIGEST)] == office.delivered


async def test_who_waits_is_told_the_place(shared: str, office: Office) -> None:
    """
    One worker, one order at a time: the others hear where in the line they are, and hear nothing after their answer.
    """
    office.hold.clear()
    async with (
        machine(shared, office, at_once=1) as a,
        machine(shared, office, "gateway", works=False) as gateway,
    ):
        await a.desk.take(order("1", "https://town.example/1"))
        await office.has_begun(1)
        await gateway.desk.take(order("2", "https://town.example/2"))
        await gateway.desk.take(order("3", "https://town.example/3"))
        third = ("3", Progress(Stage.QUEUED, done=2))
        await office.bell.until(lambda: third in office.told)
        office.hold.set()
        await office.has_delivered("1", "2", "3")

    assert ("2", Progress(Stage.QUEUED, done=1)) in office.told
    assert "1" not in [id for id, _ in office.told]


async def test_what_got_lost_between_store_and_queue_is_found(shared: str, office: Office) -> None:
    """
    A process that died after it persisted an order, or after a run had ended: the sweep puts them into the queue.
    """
    earlier = replace(order("1"), taken_at=order("1").taken_at - timedelta(minutes=1))
    async with machine(shared, office, works=False) as dead:
        await dead.orders.add(earlier)
        await dead.orders.add(replace(earlier, id="2", target="https://town.example/2"))
        await dead.orders.finish("2", DIGEST)
    async with machine(shared, office) as a:
        await a.hands.sweep()
        await office.has_delivered("1", "2")
        assert [] == await left(a)

    assert [("a", "1", False)] == office.ran


async def test_a_process_that_only_listens_wakes_one_that_works(
    shared: str, office: Office
) -> None:
    """
    A digest is pinned by hand on the gateway: a worker looks at once.
    """
    async with (
        machine(shared, office),
        machine(shared, office, "gateway", works=False) as gateway,
    ):
        FarWatch(gateway.queue).wake()
        await office.bell.until(lambda: office.woken)

    assert ["a"] == office.woken


async def test_yesterdays_orders_expire(shared: str, office: Office) -> None:
    """
    An order older than a day costs nothing any more.
    """
    old = replace(order("1"), taken_at=order("1").taken_at - TOO_OLD - timedelta(hours=1))
    async with machine(shared, office) as a:
        await a.desk.take(old)
        await office.has_delivered("1")

    assert [] == office.ran
    assert [("1", Outcome.failed(Expired()))] == office.delivered


async def test_a_delivery_that_failed_is_tried_again(shared: str, office: Office) -> None:
    """
    It stays done until the sweep comes by.
    """
    office.refused.append(ZeroDivisionError())
    earlier = replace(order("1"), taken_at=order("1").taken_at - timedelta(minutes=1))
    async with machine(shared, office) as a:
        await a.desk.take(earlier)
        await office.bell.until(lambda: not office.refused)
        assert [] == await left(a)
        await a.hands.sweep()
        await office.has_delivered("1")

    assert 1 == len(office.ran)


async def test_who_is_told_to_stop_hands_over(shared: str, office: Office) -> None:
    """
    What runs when its time is up is gone on with by another at once, and counted no second time.
    """
    office.hold.clear()
    async with machine(shared, office) as a:
        await a.desk.take(order("1"))
        await office.has_begun(1)
        async with machine(shared, office, "b"):
            await a.desk.close(0.1)
            await office.has_begun(2)
            office.hold.set()
            await office.has_delivered("1")

    assert [("a", "1", False), ("b", "1", True)] == office.ran


async def test_what_is_periodic_is_done_once_in_a_fleet(
    shared: str, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Three machines start in the same minute: one of them sweeps.
    """
    swept: list[str] = []

    async def sweep(hands: object) -> None:
        swept.append("swept")
        office.bell.ring()

    monkeypatch.setattr("bot.jobs.worker.FleetWorker.sweep", sweep)
    async with machine(shared, office) as a, machine(shared, office), machine(shared, office):
        await office.bell.until(lambda: swept)
        ticks = await a.queue.connector.execute_query_all_async(
            "SELECT DISTINCT defer_timestamp FROM procrastinate_periodic_defers"
        )

    assert len(ticks) == 1
    assert len(swept) <= 2  # a minute may have begun meanwhile


async def test_a_server_that_restarts_loses_nothing(
    postgres: Server, shared: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """
    PostgreSQL is restarted without a word while orders wait, run and come in: all are answered, each by its digest.
    """
    caplog.set_level(logging.CRITICAL)
    ids = [str(n) for n in range(1, 31)]
    places = {id: f"https://town.example/{int(id) % 10}" for id in ids}
    office.hold.clear()
    async with machine(shared, office, at_once=3) as a, machine(shared, office, "b") as b:
        await asyncio.gather(*(a.desk.take(order(id, places[id])) for id in ids[:10]))
        await office.has_begun(4)
        restarting = asyncio.ensure_future(asyncio.to_thread(postgres.restart))
        coming = [asyncio.ensure_future(b.desk.take(order(id, places[id]))) for id in ids[10:]]
        await restarting
        office.hold.set()
        await asyncio.gather(*coming)
        await office.has_delivered(*ids)
        assert [] == await left(a)
        assert [] == await a.orders.open()

    digests = {id: Outcome(digest=f"digest of {places[id]}") for id in ids}
    assert digests == dict(office.delivered)


def test_a_shift_that_never_began_ends(shared: str, office: Office) -> None:
    """
    A program that fails before its desk begins to work can be closed.
    """

    async def go() -> None:
        async with machine(shared, office, works=False) as a:
            await Shift(a.queue, a.hands, at_once=1).end(0)

    asyncio.run(go())


async def test_a_queue_that_is_not_installed_is_said(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Over PostgreSQL the bot needs its extra: which one, is said.
    """
    for name in [one for one in sys.modules if one.split(".")[0] == "procrastinate"]:
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("queue", "shift", "worker"):
        monkeypatch.delitem(sys.modules, f"bot.jobs.{name}")
    async with open_engine(load({"database_url": shared})) as engine:
        with pytest.raises(NotInstalled) as caught:
            async with open_chat(engine):
                pass

    assert {"package": "procrastinate", "extra": "fleet"} == caught.value.facts
