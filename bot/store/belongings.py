"""
Whose each row is: the columns that deleting goes by.

A new table is named here by its columns, and then goes with whatever it belongs to; a test finds columns that are not.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Column, ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Audience
from bot.store.tables import cards, flags, orders, pins, readings, servers, shown

Columns = tuple[Column[Any], ...]

IN_USE: Columns = (pins.c.digest, pins.c.opens)
"""Keys of digests that stay however old they are, as long as the row does: what is pinned."""

OF_DIGEST: Columns = (flags.c.digest, shown.c.digest)
"""Keys of digests whose rows go with the digest."""

OF_TARGET: Columns = (cards.c.target, pins.c.target, shown.c.target)
"""Targets whose rows go when nothing that was read of the target is left; orders: see `store.forgetting`."""

OF_GUILD: Columns = (orders.c.guild, pins.c.guild, servers.c.guild, shown.c.guild)
"""Servers whose rows go when the bot leaves; charges are added up and lose only whose they were."""

OF_PERSON: Columns = (orders.c.asker, cards.c.asker, flags.c.person, shown.c.person)
"""People whose rows go when they wish it; charges as above, and pins are their servers': they lose who made them."""

AGED: Columns = (orders.c.taken_at, cards.c.at, flags.c.at, shown.c.at)
"""Times of rows that go by their own age alone; readings, digests, replies and pages take others with them."""


def audience_key(audience: Audience) -> str:
    """Return *audience* as text: `-` for the public web, `g1/c2` for a channel, `u3` for a person."""
    parts = (("g", audience.guild), ("c", audience.channel), ("u", audience.user))
    return "/".join(f"{sign}{id}" for sign, id in parts if id is not None) or "-"


def target_key(target: str) -> str:
    """Return *target* as the pages kept for it are found: two long addresses are no index of PostgreSQL's."""
    return hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()


def read_for(target: str, audience: Audience | None) -> ColumnElement[bool]:
    """Return what is true of the readings of *target* for *audience*, None: for all."""
    ours = readings.c.target == target
    return ours if audience is None else ours & (readings.c.audience == audience_key(audience))


async def is_kept(connection: AsyncConnection, reading: str) -> bool:
    """
    Whether the reading with this hash is kept, and stays so until the transaction of *connection* ends.

    What is made of a reading is kept only with it: a run that ends after it was forgotten brings nothing back.
    """
    query = select(readings.c.hash).where(readings.c.hash == reading).with_for_update(read=True)
    return await connection.scalar(query) is not None
