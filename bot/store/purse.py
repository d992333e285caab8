"""
Balances and the charges against them.

A budget is spent by one statement that adds only where there is room: whoever reads a balance and then writes it lets
two through who saw the same one. At every moment a balance is the sum of the amounts of its charges.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import Row, delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.money import Account, Charge
from bot.errors import OverBudget, TooManyAsks
from bot.store.database import Database
from bot.store.tables import balances, charges

STALE = timedelta(hours=1)
"""What is held this long was left by a crash: no answer is given later than a quarter of an hour."""


class SqlPurse:
    """Implements `core.money.Purse`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, charge: Charge, accounts: Sequence[Account]) -> None:
        """Hold the amount of *charge* in every one of *accounts*, or raise `OverBudget` and hold nothing."""
        async with self._database.write() as connection:
            await self._give_back_left(connection, charge.at, charge.spender.order or "")
            # where there is nothing to pay, no budget stands in the way
            for account in accounts if charge.amount else ():
                balance = (account.scope, account.period)
                if not await self._add(connection, balance, charge.amount or 0, account.limit):
                    resets = account.resets.isoformat()
                    raise OverBudget(budget=account.budget, resets=resets)
            await connection.execute(charges.insert().values(_row(charge, accounts)))

    async def settle(self, id: str, tokens_in: int, tokens_out: int, amount: int | None) -> None:
        """Put what was really spent in place of what is held."""
        tokens = {"tokens_in": tokens_in, "tokens_out": tokens_out}
        await self._end(id, state="settled", amount=amount, **tokens)

    async def refund(self, id: str) -> None:
        """Give back what is held."""
        await self._end(id, state="refunded", amount=0)

    async def count(self, user: int, most: int, now: datetime) -> None:
        """Count an ask of *user* in this hour; raises `TooManyAsks`."""
        asks, hour = f"asks:{user}", f"{now:%Y-%m-%dT%H}"
        earlier = (balances.c.scope == asks) & (balances.c.period < hour)
        async with self._database.write() as connection:
            await connection.execute(delete(balances).where(earlier))
            if not await self._add(connection, (asks, hour), 1, most):
                raise TooManyAsks(limit=most, minutes=60 - now.minute)

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        """Return what is spent of each, reservations included."""
        names = [(account.scope, account.period) for account in accounts]
        if not names:
            return []
        query = select(balances.c.scope, balances.c.period, balances.c.spent).where(
            tuple_(balances.c.scope, balances.c.period).in_(names)
        )
        async with self._database.read() as connection:
            found = {
                (scope, period): spent
                for scope, period, spent in (await connection.execute(query)).all()
            }
        return [found.get(name, 0) for name in names]

    async def _add(
        self,
        connection: AsyncConnection,
        balance: tuple[str, str],
        amount: int,
        limit: int | None = None,
    ) -> bool:
        """Add *amount* to a balance where it stays within *limit*; return whether it does."""
        if limit is not None and amount > limit:
            return False  # the condition below is not asked of the first row
        scope, period = balance
        more = balances.c.spent + amount
        statement = self._database.insert(balances).values(scope=scope, period=period, spent=amount)
        done = await connection.execute(
            statement.on_conflict_do_update(
                index_elements=["scope", "period"],
                set_={"spent": more},
                where=None if limit is None else more <= limit,
            )
        )
        return done.rowcount == 1

    async def _end(self, id: str, **ended: Any) -> None:
        query = select(charges).where(charges.c.id == id).with_for_update()
        async with self._database.write() as connection:
            row = (await connection.execute(query)).first()
            if row is not None and row.state != "settled":
                await self._move(connection, row, **ended)

    async def give_back(self, now: datetime) -> None:
        """Give back what a crash left held long ago."""
        async with self._database.write() as connection:
            await self._give_back_left(connection, now)

    async def _give_back_left(
        self, connection: AsyncConnection, now: datetime, order: str = ""
    ) -> None:
        """Give back what a crash left held: for the order that is taken up again, or long ago."""
        query = select(charges).where(
            charges.c.state == "reserved",
            or_(charges.c.for_order == order, charges.c.at < now - STALE),
        )
        # as everybody takes them: by month, within it the operator's balance first
        query = query.order_by(charges.c.day, charges.c.id).with_for_update()
        for row in (await connection.execute(query)).all():
            await self._move(connection, row, state="refunded", amount=0)

    async def _move(
        self,
        connection: AsyncConnection,
        row: Row[Any],
        *,
        amount: int | None,
        **ended: Any,
    ) -> None:
        """End a charge, its balances with it. In the order they were charged in: nobody waits in a circle."""
        difference = (amount or 0) - (row.amount or 0)
        periods = (row.day[:7], row.day)
        for period, scope in product(periods, row.scopes.split()) if difference else ():
            await self._add(connection, (scope, period), difference)
        values = {"amount": amount, **ended}
        await connection.execute(update(charges).where(charges.c.id == row.id).values(values))


def _row(charge: Charge, accounts: Sequence[Account]) -> dict[str, Any]:
    spender = charge.spender
    return {
        "id": charge.id,
        "state": "reserved",
        "at": charge.at,
        "day": f"{charge.at:%Y-%m-%d}",
        "scopes": " ".join(dict.fromkeys(account.scope for account in accounts)),
        "for_order": spender.order,
        "person": spender.user,
        "guild": spender.guild,
        "channel": spender.channel,
        "site": charge.site,
        "model": charge.model[:200],
        "tokens_in": charge.tokens_in,
        "tokens_out": charge.tokens_out,
        "amount": charge.amount,
    }
