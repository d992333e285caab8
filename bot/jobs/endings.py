"""How an order ends, at every desk: with an outcome, then delivered or waiting for the asker."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.ports import Clock, Order, Orders, Outcome, Postman, Report
from bot.core.reference import begin
from bot.errors import ChorusError, Expired, StoreError, Unexpected

log = logging.getLogger("chorus.jobs")

TOO_OLD = timedelta(days=1)
"""An order this old is not run any more: nobody waits for yesterday's answer, and it would cost money."""

Run = Callable[[Order, Report], Awaitable[Outcome]]
"""Fulfils an order; raises `ChorusError`."""


def expired(order: Order, clock: Clock) -> Outcome | None:
    """Return how an order ends that is too old to be run, None for every other."""
    return Outcome.failed(Expired()) if order.taken_at < clock.now() - TOO_OLD else None


async def ended(
    order: Order, run: Awaitable[Outcome], *, but: tuple[type[ChorusError], ...] = ()
) -> Outcome:
    """Return how the *run* of an order ended; raises nothing *but* what is named, and what cancels it."""
    try:
        return await run
    except but:
        raise
    except ChorusError as error:
        return Outcome.failed(error)
    except Exception:
        reference = begin(order.id)
        log.exception("order %s failed unexpectedly, reference %s", order.id, reference)
        return Outcome.failed(Unexpected(reference=reference))


async def carry(orders: Orders, postman: Postman, order: Order, outcome: Outcome) -> bool:
    """
    Deliver; return whether that is still to be noted, with others that have arrived.

    Where there is nowhere to put it, it waits for the asker, which is noted. What cannot be delivered now stays done,
    to be tried again.
    """
    begin(order.id)
    try:
        if await postman.deliver(order, outcome):
            return True
        await orders.wait(order.id)
    except Exception:
        log.exception("the answer to order %s could not be delivered", order.id)
    return False


async def deliver(orders: Orders, postman: Postman, order: Order, outcome: Outcome) -> None:
    """Deliver, and note it."""
    try:
        if await carry(orders, postman, order, outcome):
            await orders.delivered(order.id)
    except StoreError:
        log.exception("order %s could not be noted as delivered", order.id)
