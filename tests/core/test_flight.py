"""Sharing a run."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.flight import SingleFlight
from bot.core.ports import Progress, Report, Stage
from tests.fakes import nobody


class Work:
    """A run that waits for `go`; counts its starts and its cancellations."""

    def __init__(self) -> None:
        self.started = 0
        self.cancelled = 0
        self.go = asyncio.Event()

    async def __call__(self, report: Report) -> int:
        self.started += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        report(Progress(Stage.CHECKING))
        return self.started


async def test_progress_reaches_everyone_who_waits() -> None:
    """
    Whoever joins a run hears its progress.
    """
    flight, work = SingleFlight(), Work()
    heard: list[str] = []
    runs = [
        asyncio.ensure_future(flight.run("k", work, lambda p, n=name: heard.append(n)))  # type: ignore[misc]
        for name in ("first", "second")
    ]
    await asyncio.sleep(0)
    work.go.set()

    assert [1, 1] == await asyncio.gather(*runs)
    assert ["first", "second"] == heard


async def test_who_joins_hears_how_far_it_is() -> None:
    """
    Not only what comes later.
    """
    flight, go = SingleFlight(), asyncio.Event()
    heard: list[Progress] = []

    async def work(report: Report) -> None:
        report(Progress(Stage.COMMENTS, 3, 9))
        await go.wait()

    first = asyncio.ensure_future(flight.run("k", work, nobody))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(flight.run("k", work, heard.append))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, second)

    assert [Progress(Stage.COMMENTS, 3, 9)] == heard


async def test_who_comes_while_a_run_is_cancelled_starts_another() -> None:
    """
    The last one leaves; the next one does not board what is going down.
    """
    flight, work = SingleFlight(), Work()
    first = asyncio.ensure_future(flight.run("k", work, nobody))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    second = asyncio.ensure_future(flight.run("k", work, lambda _: None))
    await asyncio.wait([first])
    work.go.set()

    assert 2 == await second
    assert (2, 1) == (work.started, work.cancelled)
    assert {} == flight._flights


async def test_one_who_leaves_does_not_disturb_the_others() -> None:
    """
    Cancelling one of two leaves the run alone; cancelling the last ends it.
    """
    flight, work = SingleFlight(), Work()
    first, second = (asyncio.ensure_future(flight.run("k", work, lambda _: None)) for _ in range(2))
    await asyncio.sleep(0)

    first.cancel()
    await asyncio.wait([first])
    assert (1, 0) == (work.started, work.cancelled)

    second.cancel()
    await asyncio.wait([second])
    await asyncio.sleep(0)
    assert (1, 1) == (work.started, work.cancelled)


async def test_a_result_is_not_kept() -> None:
    """
    The next one to ask starts a run of its own: keeping is the shelf's work.
    """
    flight, work = SingleFlight(), Work()
    work.go.set()

    assert 1 == await flight.run("k", work, nobody)
    assert 2 == await flight.run("k", work, nobody)


async def test_a_failure_reaches_everyone() -> None:
    """
    All who wait get the error.
    """
    flight = SingleFlight()

    async def fail(_: Report) -> None:
        await asyncio.sleep(0)
        raise ValueError

    both = await asyncio.gather(
        flight.run("k", fail, nobody), flight.run("k", fail, nobody), return_exceptions=True
    )

    assert [ValueError, ValueError] == [type(error) for error in both]
    with pytest.raises(ValueError):  # noqa: PT011 - raised just above
        await flight.run("k", fail, nobody)


async def test_who_asks_while_a_run_is_being_stopped_starts_anew() -> None:
    """
    The last one waiting hears of the stop once the run has wound down; who comes meanwhile has a run of their own.
    """
    flights, winding = SingleFlight(), asyncio.Event()
    began = asyncio.Event()

    async def slow(_: Report) -> str:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await winding.wait()
        return "never"

    async def quick(_: Report) -> str:
        return "anew"

    first = asyncio.ensure_future(flights.run("k", slow, nobody))
    await began.wait()
    first.cancel()
    await asyncio.sleep(0)

    assert "anew" == await flights.run("k", quick, nobody)
    assert not first.done()
    winding.set()
    with pytest.raises(asyncio.CancelledError):
        await first
