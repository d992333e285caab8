"""How long an example may take, and how many there are."""

from __future__ import annotations

import asyncio
import selectors
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings

T = TypeVar("T")

MOST_SECONDS = 2


class TooSlow(AssertionError):
    """Something took more than its share; the traceback says where it was."""


@contextmanager
def quick(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """
    Fail if what is inside takes more than *seconds* of this process's own time.

    Not of the clock's: a machine under load must not fail a test. A loop without end is stopped where it turns.
    """

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def examples(share: float = 1) -> settings:
    """Return settings with this *share* of the profile's number of examples: for what is slow to make or to read."""
    wanted = max(1, round(settings().max_examples * share))
    return settings(max_examples=wanted, suppress_health_check=list(HealthCheck))


def in_no_time(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* in a loop where waiting takes no time: some platforms ask for a rest between two answers."""
    with asyncio.Runner(loop_factory=_Hasty) as runner:
        return runner.run(work)


class _Hasty(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next thing to do."""

    def __init__(self) -> None:
        self._skipped = 0.0
        super().__init__(_NeverWaiting(self))

    def time(self) -> float:
        return super().time() + self._skipped

    def skip(self, seconds: float) -> None:
        self._skipped += seconds


class _NeverWaiting(selectors.SelectSelector):
    def __init__(self, loop: _Hasty) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout > 0:
            self._loop.skip(timeout)
        return super().select(0)
