"""Forgetting a target for good: what was read, made, asked and downloaded, and what is left of it in the file."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Audience
from bot.core.ports import Order
from bot.store.belongings import OF_TARGET, read_for
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.removal import AT_ONCE, Removal
from bot.store.scrubbing import scrub
from bot.store.tables import orders, readings

_ORDER = Codec(Order)


async def forget(database: Database, target: str, audience: Audience | None) -> int:
    """Delete all that is kept of *target*, for one audience or (None) for all, as `core.ports.Shelf` says."""
    removal = Removal(database)
    gone, left = 0, True
    some = select(readings.c.hash).where(read_for(target, audience)).limit(AT_ONCE)
    while left:
        async with database.write() as connection:
            hashes = (await connection.scalars(some)).all()
            gone += await removal.drop(connection, hashes)
        left = len(hashes) == AT_ONCE
    async with database.write() as connection:
        await removal.drop_pages(connection, [target])
        gone += await _drop_orders(connection, target, audience)
        others = select(readings.c.hash).where(readings.c.target == target).limit(1)
        if (await connection.scalar(others)) is None:
            for column in OF_TARGET:
                await connection.execute(delete(column.table).where(column == target))
    await scrub(database)
    return gone


async def _drop_orders(connection: AsyncConnection, target: str, audience: Audience | None) -> int:
    """Delete the orders of *target*; one that is not answered yet goes with everybody's only."""
    ours = orders.c.target == target
    if audience is not None:
        answered = select(orders.c.id, orders.c.body).where(ours, orders.c.state == "delivered")
        found = (await connection.execute(answered)).all()
        ids = [id for id, body in found if _ORDER.load(body).audience == audience]
        ours = orders.c.id.in_(ids)
    return (await connection.execute(delete(orders).where(ours))).rowcount
