"""Looking after what is kept: how much there is, how long it stays, and whose it is. Implemented by `bot.store`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Kind:
    """How much is kept of one kind: rows, bytes of their bodies, and from when to when, where that is known."""

    name: str
    count: int
    bytes: int
    oldest: datetime | None = None
    newest: datetime | None = None


@dataclass(frozen=True)
class Stock:
    """Everything that is kept, by kind; `bytes` is what it takes on disk."""

    place: str
    bytes: int
    kinds: tuple[Kind, ...]


class Stocktaking(Protocol):
    """Counts what is kept."""

    async def count(self) -> Stock:
        """Return how much there is."""
        ...


class Retention(Protocol):
    """Deletes what is old."""

    async def prune(self, now: datetime, days: int) -> int:
        """
        Delete for good what is older than *days* (at least 1), and what no longer has a use; return how many things.

        It is done in small steps: answers do not wait. What is pinned stays, and so does what budgets are held by: the
        sums of the day and the month, and, without saying whose they are, the charges that `/usage` adds up.
        """
        ...


class Purging(Protocol):
    """Deletes what is kept for somebody."""

    async def guild(self, id: int) -> int:
        """Delete for good what is kept for a server that the bot has left; return how many things."""
        ...

    async def person(self, id: int) -> int:
        """
        Delete for good what is kept about a person, and the files they gave; return how many things.

        What they have spent stays as sums until the day and the month are over: a budget must not begin anew by it.
        """
        ...
