"""Single flight: those who want the same thing at the same time share one run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

from bot.core.ports import Progress, Report

T = TypeVar("T")


class _Flight(Generic[T]):
    def __init__(self) -> None:
        self.listeners: list[Report] = []
        self.task: asyncio.Task[T] | None = None
        self.last: Progress | None = None

    def report(self, progress: Progress) -> None:
        self.last = progress
        for listener in self.listeners:
            listener(progress)


class SingleFlight:
    """
    Runs in flight, by key.

    A result is handed to everyone waiting and then forgotten; so is a failure, so the next one to ask starts anew.
    Someone who stops waiting does not disturb the others; when the last one stops, the run is cancelled.
    """

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[Any]] = {}

    async def run(self, key: Hashable, make: Callable[[Report], Awaitable[T]], report: Report) -> T:
        """
        Return what the run under *key* returns, starting it with *make* if there is none.

        Progress goes to all; who joins hears at once how far it is.
        """
        flight: _Flight[T] | None = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
            flight.task = asyncio.ensure_future(self._fly(key, flight, make))
        elif flight.last is not None:
            report(flight.last)
        flight.listeners.append(report)
        assert flight.task is not None  # noqa: S101 - set two lines above
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            if flight.listeners == [report]:
                self._end(key, flight)  # who asks from now on starts anew
                flight.task.cancel()
                await asyncio.wait([flight.task])  # what it has spent is settled by then
            raise
        finally:
            flight.listeners.remove(report)

    async def _fly(
        self, key: Hashable, flight: _Flight[T], make: Callable[[Report], Awaitable[T]]
    ) -> T:
        try:
            return await make(flight.report)
        finally:
            self._end(key, flight)

    def _end(self, key: Hashable, flight: _Flight[Any]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
