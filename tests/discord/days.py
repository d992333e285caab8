"""`python -m tests.discord.days run` is the bot of `tests.discord.bot` whose clock goes on by a day at SIGUSR1."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta

from bot.app import engine
from bot.app.clock import SystemClock
from bot.jobs.housekeeping import Housekeeping
from tests.discord.bot import WHERE, led

DAY = timedelta(days=1)


class Days(SystemClock):
    """The machine's clock, some days ahead."""

    ahead = timedelta()
    passed = asyncio.Event()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def _next_day(*_: object) -> None:
    Days.ahead += DAY
    Days.passed.set()


async def _a_day(_: float) -> None:
    await Days.passed.wait()
    Days.passed.clear()


if __name__ == "__main__":
    from bot.__main__ import main

    setattr(engine, "SystemClock", Days)  # noqa: B010 # a name of its imports
    defaults = Housekeeping.__init__.__kwdefaults__
    assert defaults is not None
    defaults["pause"] = _a_day
    # a handler set before the loop runs: it wakes the loop like any signal does
    signal.signal(signal.SIGUSR1, _next_day)
    with led(os.environ[WHERE]):
        main()
