"""What was spent, added up for those who spend it and those who pay for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

By = Literal["person", "guild", "site", "model", "day"]

DAYS = 14  # of a chart
MOST_ROWS = 10  # of a table


@dataclass(frozen=True)
class Sum:
    """What some runs took: those that are over. `amount` in millionths of a dollar, None where no price was known."""

    runs: int = 0
    tokens: int = 0
    amount: int | None = None


@dataclass(frozen=True)
class Row:
    """What the runs of one person, server, site, model or day took; `key` None: outside servers, by nobody."""

    key: str | int | None
    sum: Sum


@dataclass(frozen=True)
class Run:
    """One run that is over."""

    at: datetime
    site: str
    sum: Sum


class Ledger(Protocol):
    """The charges, to look at. Implemented by `bot.store`. Days are those of UTC; *guild* None: everywhere."""

    async def total(
        self, since: date, *, guild: int | None = None, person: int | None = None
    ) -> Sum:
        """Return what was spent from the day *since* on."""
        ...

    async def split(
        self, by: By, since: date, *, guild: int | None = None, most: int = MOST_ROWS
    ) -> list[Row]:
        """Return the same by one thing: where most was spent first, days in their order."""
        ...

    async def latest(self, person: int, most: int) -> list[Run]:
        """Return the last runs of a person, newest first."""
        ...

    async def of_orders(self, guild: int, orders: Sequence[str]) -> dict[str, Sum]:
        """Return what each of *orders* took in a server, whenever; those that took nothing are left out."""
        ...


@dataclass(frozen=True)
class Usage:
    """What a server, or all of this Chorus, has spent: today, this month, and how the month divides."""

    today: Sum
    month: Sum
    by: dict[By, list[Row]]
    days: list[Row]  # the last `DAYS`, each of them


async def usage(ledger: Ledger, today: date, *by: By, guild: int | None = None) -> Usage:
    """Return what *guild*, or everybody, has spent."""
    first = today.replace(day=1)
    begin = today - timedelta(days=DAYS - 1)
    spent = {row.key: row for row in await ledger.split("day", begin, guild=guild, most=DAYS)}
    every = [(begin + timedelta(days=n)).isoformat() for n in range(DAYS)]
    return Usage(
        today=await ledger.total(today, guild=guild),
        month=await ledger.total(first, guild=guild),
        by={one: await ledger.split(one, first, guild=guild) for one in by},
        days=[spent.get(day, Row(day, Sum())) for day in every],
    )
