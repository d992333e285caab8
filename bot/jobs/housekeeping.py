"""What the running bot does at start and once a day: deletes what is old."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.keeping import Retention
from bot.core.ports import Clock

log = logging.getLogger("chorus.jobs")

EVERY = timedelta(days=1)

Pause = Callable[[float], Awaitable[None]]


class Housekeeping:
    """Keeps *retention* to its *days*. *pause* waits for so many seconds; another one is for tests."""

    def __init__(
        self, retention: Retention, clock: Clock, days: int, *, pause: Pause = asyncio.sleep
    ) -> None:
        self._retention = retention
        self._clock = clock
        self._days = days
        self._pause = pause

    async def run(self) -> None:
        """Work until cancelled; a failure is logged, and the next day is another."""
        while True:
            await self.once()
            await self._pause(EVERY.total_seconds())

    async def once(self) -> None:
        """Delete what is old by now; a failure is logged."""
        try:
            gone = await self._retention.prune(self._clock.now(), self._days)
        except Exception:
            log.exception("what is old could not be deleted")
        else:
            log.info("%d things older than %d days are deleted", gone, self._days)
