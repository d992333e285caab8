"""How every desk takes an order: it is persisted, then acknowledged, and only then is the answer certain to come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.ports import Acknowledge, Order, Orders

PERSIST_SECONDS = 1.5
"""Discord takes an acknowledgement for three seconds; a database that is busy for longer than this may not cost it."""


async def persisted(
    orders: Orders,
    order: Order,
    acknowledge: Acknowledge | None,
    *,
    add: Callable[[Order], Awaitable[bool]] | None = None,
) -> bool:
    """
    Persist *order*, then *acknowledge* it; after `PERSIST_SECONDS` it is acknowledged all the same.

    *add* persists, where that is not the store's own way. False if an order with this id is there already. Raises as
    `Desk.take` does.
    """
    adding = asyncio.ensure_future((add or orders.add)(order))
    await asyncio.wait([adding], timeout=PERSIST_SECONDS)
    if adding.done():
        adding.result()  # what could not be persisted is not acknowledged
    if acknowledge is not None:
        try:
            await acknowledge()
        except Exception:
            if await adding:
                await orders.delivered(order.id)  # nobody waits for it
            raise
    return await adding
