"""Waiting for something to become true, without looking again and again on a timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds before a wait is given up: only a failing test pays them, so a machine under load may take its time."""


class Bell:
    """Rung whenever something happened; those who wait look again then."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Let everyone look again."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def until(self, look: Callable[[], T], seconds: float = PATIENCE) -> T:
        """Return what *look* finds as soon as that is true; raises `TimeoutError`."""
        async with asyncio.timeout(seconds):
            while not (found := look()):
                next_ring = asyncio.get_running_loop().create_future()
                self._waiting.append(next_ring)
                await next_ring
        return found
