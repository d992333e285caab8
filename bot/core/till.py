"""Where a run pays: reserved before a model is asked, settled after, given back where nothing was spent."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.links import host_of
from bot.core.models import Reading
from bot.core.money import Budgets, Charge, Purse, Spender, Standing, accounts, to_pay
from bot.core.ports import Bill, Clock, Estimate

_HOST = re.compile(r"[a-z0-9.:-]{1,253}")


class Till:
    """Takes what runs cost out of *purse*, within what *budgets* allow."""

    def __init__(self, purse: Purse, budgets: Budgets, clock: Clock) -> None:
        self._purse = purse
        self._budgets = budgets
        self._clock = clock

    async def count(self, spender: Spender) -> None:
        """Count an ask that is not answered from what is kept; raises `TooManyAsks`. The operator's are not counted."""
        limits = await self._budgets.limits_of(spender.guild, spender.roles)
        if spender.user is not None and limits.asks_per_hour is not None:
            await self._purse.count(spender.user, limits.asks_per_hour, self._clock.now())

    @asynccontextmanager
    async def paying(self, spender: Spender, estimate: Estimate, site: str) -> AsyncIterator[Bill]:
        """
        Hold what *estimate* says while the body runs, then take what stands on the bill it is given.

        However the body ends: what was spent before it failed or was stopped is spent. Raises `OverBudget` before it.
        """
        now = self._clock.now()
        limits = await self._budgets.limits_of(spender.guild, spender.roles)
        charge = Charge(
            id=secrets.token_hex(16),
            spender=spender,
            site=site,
            model=estimate.model,
            amount=None if estimate.cost is None else to_pay(estimate.cost),
            at=now,
        )
        held = asyncio.ensure_future(self._purse.reserve(charge, accounts(spender, limits, now)))
        bill = Bill()
        done = False
        try:
            await _finished(held)
            yield bill
            done = True
        finally:
            if held.done() and held.exception() is None:
                end = self._end(charge.id, bill, done=done)
                await _finished(asyncio.ensure_future(end))

    async def _end(self, id: str, bill: Bill, *, done: bool) -> None:
        if done or bill.tokens_in or bill.tokens_out:
            amount = None if bill.cost is None else to_pay(bill.cost)
            await self._purse.settle(id, bill.tokens_in, bill.tokens_out, amount)
        else:
            await self._purse.refund(id)

    async def standings(self, spender: Spender) -> list[Standing]:
        """Return the budgets with a limit that hold for *spender*."""
        limits = await self._budgets.limits_of(spender.guild, spender.roles)
        limited = [x for x in accounts(spender, limits, self._clock.now()) if x.limit is not None]
        spent = await self._purse.spent(limited)
        return [
            Standing(x.budget, x.limit or 0, so_far, x.resets)
            for x, so_far in zip(limited, spent, strict=True)
        ]


async def _finished(work: asyncio.Future[None]) -> None:
    """Wait for *work* to its end, also where the one who waits is stopped: else nobody knew what is held."""
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


def site_of(reading: Reading) -> str:
    """Return the host of what was read, "" for a file: a charge says no more about it."""
    link = reading.target if "://" in reading.target else reading.url or ""
    try:
        host = host_of(link).removeprefix("www.")
    except ValueError:  # brackets that are no address
        return ""
    return host if _HOST.fullmatch(host) else ""
