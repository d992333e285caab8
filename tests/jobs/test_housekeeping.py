"""Deleting what is old, day after day."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.errors import DatabaseFull
from bot.jobs.housekeeping import Housekeeping
from tests.conftest import SteadyClock


@dataclass
class FakeRetention:
    """Remembers when it was asked; raises what is queued, None lets one pass."""

    failures: deque[Exception | None] = field(default_factory=deque)
    asked: list[tuple[datetime, int]] = field(default_factory=list)

    async def prune(self, now: datetime, days: int) -> int:
        self.asked.append((now, days))
        failure = self.failures.popleft() if self.failures else None
        if failure is not None:
            raise failure
        return 0


class Days:
    """Waits by moving the clock; after *most* waits it is over."""

    def __init__(self, clock: SteadyClock, most: int) -> None:
        self.clock = clock
        self.left = most

    async def __call__(self, seconds: float) -> None:
        self.clock.tick(timedelta(seconds=seconds))
        self.left -= 1
        if not self.left:
            raise asyncio.CancelledError


@pytest.mark.parametrize("failure", [None, DatabaseFull(place="/"), ValueError("a bug")])
async def test_at_start_and_once_a_day(clock: SteadyClock, failure: Exception | None) -> None:
    """
    What is old is deleted at start and each day after, whatever went wrong the day before.
    """
    retention, begun = FakeRetention(deque([failure])), clock.now()
    work = Housekeeping(retention, clock, 30, pause=Days(clock, 3))
    with pytest.raises(asyncio.CancelledError):
        await work.run()

    assert [(begun + timedelta(days=n), 30) for n in range(3)] == retention.asked
