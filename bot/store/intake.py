"""
Rows that are written down together: while one transaction is under way, those who come wait for the next.

Nobody waits for others to come, who is alone is written at once. A transaction is a dozen hops between threads: of five
hundred who asked within a second, the last was acknowledged after three, because each had one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Intake(Generic[Row]):
    """Takes rows one by one and hands them together to *write*, which returns of each whether it is new."""

    def __init__(self, write: Callable[[Sequence[Row]], Awaitable[Sequence[bool]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Row, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def put(self, row: Row) -> bool:
        """Write *row* down; return whether it is new. Raises what writing it, and others with it, ends in."""
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._work())
        return await written

    async def _work(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting, []
            try:
                new = await self._write([row for row, _ in some])
            except Exception as error:
                _settle(some, error)
            else:
                _settle(some, new)


def _settle(
    some: Sequence[tuple[object, asyncio.Future[bool]]], end: Sequence[bool] | Exception
) -> None:
    for place, (_, written) in enumerate(some):
        if written.done():  # whoever waited has gone
            continue
        if isinstance(end, Exception):
            written.set_exception(end)
        else:
            written.set_result(end[place])
