"""The charges, added up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select

from bot.core.usage import MOST_ROWS, By, Row, Run, Sum
from bot.store.database import Database
from bot.store.tables import charges

_SUMS = (
    func.count(),
    func.sum(charges.c.tokens_in + charges.c.tokens_out),
    func.sum(charges.c.amount),
)


class SqlLedger:
    """Implements `core.usage.Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def total(
        self, since: date, *, guild: int | None = None, person: int | None = None
    ) -> Sum:
        """Return what was spent from the day *since* on."""
        query = select(*_SUMS).where(*_over(since, guild))
        if person is not None:
            query = query.where(charges.c.person == person)
        async with self._database.read() as connection:
            return _sum(*(await connection.execute(query)).one())

    async def split(
        self, by: By, since: date, *, guild: int | None = None, most: int = MOST_ROWS
    ) -> list[Row]:
        """Return the same by one thing: where most was spent first, days in their order."""
        key = charges.c[by]
        _, tokens, amount = _SUMS
        most_first = (func.coalesce(amount, 0).desc(), tokens.desc(), key)
        query = (
            select(key, *_SUMS)
            .where(*_over(since, guild))
            .group_by(key)
            .order_by(*((key,) if by == "day" else most_first))
            .limit(most)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Row(key, _sum(*sums)) for key, *sums in rows]

    async def latest(self, person: int, most: int) -> list[Run]:
        """Return the last runs of a person, newest first."""
        tokens = charges.c.tokens_in + charges.c.tokens_out
        query = (
            select(charges.c.at, charges.c.site, tokens, charges.c.amount)
            .where(charges.c.person == person, charges.c.state == "settled")
            .order_by(charges.c.day.desc(), charges.c.at.desc())
            .limit(most)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Run(at, site, Sum(1, tokens, amount)) for at, site, tokens, amount in rows]

    async def of_orders(self, guild: int, orders: Sequence[str]) -> dict[str, Sum]:
        """Return what each of *orders* took in a server; those that took nothing are left out."""
        query = (
            select(charges.c.for_order, *_SUMS)
            .where(
                charges.c.guild == guild,
                charges.c.for_order.in_(orders),
                charges.c.state == "settled",
            )
            .group_by(charges.c.for_order)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {order: _sum(*sums) for order, *sums in rows}


def _over(since: date, guild: int | None) -> list[ColumnElement[bool]]:
    """Return what a run must be to be added up: over, and not before *since*."""
    wanted = [charges.c.state == "settled", charges.c.day >= since.isoformat()]
    return wanted if guild is None else [*wanted, charges.c.guild == guild]


def _sum(runs: int, tokens: int | None, amount: int | None) -> Sum:
    # PostgreSQL adds whole numbers up to a decimal
    return Sum(runs, int(tokens or 0), None if amount is None else int(amount))
