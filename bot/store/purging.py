"""What is kept for one server or about one person, deleted for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from bot.core.digesting import PASTE
from bot.core.models import Audience
from bot.core.ports import Order
from bot.store.belongings import OF_GUILD, OF_PERSON, Columns, audience_key
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.forgetting import forget
from bot.store.pins import SqlPins
from bot.store.removal import AT_ONCE, Removal
from bot.store.scrubbing import scrub
from bot.store.tables import charges, notes, orders, readings

_ORDER = Codec(Order)


class SqlPurging:
    """Implements `core.keeping.Purging`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._removal = Removal(database)

    async def guild(self, id: int) -> int:
        """Delete for good what is kept for a server that the bot has left; return how many things."""
        ours = audience_key(Audience(guild=id))
        theirs = or_(readings.c.audience == ours, readings.c.audience.startswith(f"{ours}/"))
        gone = await self._readings(theirs)
        gone += await self._rows(OF_GUILD, id)
        gone += await self._notes(notes.c.name.endswith(f":{id}"))
        whose = {"guild": None, "person": None, "channel": None, "for_order": None, "scopes": ""}
        await self._unname(charges.c.guild == id, whose)
        await scrub(self._database)
        return gone

    async def person(self, id: int) -> int:
        """Delete for good what is kept about a person, and the files they gave; return how many things."""
        gone = 0
        for order in await self._files_of(id):
            gone += await forget(self._database, order.target, order.audience)
        gone += await self._readings(readings.c.audience == audience_key(Audience(user=id)))
        gone += await self._rows(OF_PERSON, id)
        gone += await SqlPins(self._database).unname(id)
        gone += await self._notes(notes.c.name.startswith(f"near:{id}:"))
        whose = {"person": None, "channel": None, "for_order": None, "scopes": ""}
        await self._unname(charges.c.person == id, whose)
        await scrub(self._database)
        return gone

    async def _files_of(self, person: int) -> list[Order]:
        """Return an order for each file that *person* gave."""
        gave = (orders.c.asker == person) & orders.c.target.startswith(PASTE)
        async with self._database.read() as connection:
            bodies = (await connection.scalars(select(orders.c.body).where(gave))).all()
        found = map(_ORDER.load, bodies)
        return list({(order.target, order.audience): order for order in found}.values())

    async def _readings(self, theirs: ColumnElement[bool]) -> int:
        """Delete readings with all that was made of them, and what was downloaded for them."""
        gone, left = 0, True
        some = select(readings.c.hash, readings.c.target).where(theirs).limit(AT_ONCE)
        while left:
            async with self._database.write() as connection:
                rows: Sequence[Any] = (await connection.execute(some)).all()
                gone += await self._removal.drop(connection, [row.hash for row in rows])
                await self._removal.drop_pages(connection, [row.target for row in rows])
            left = len(rows) == AT_ONCE
        return gone

    async def _rows(self, columns: Columns, id: int) -> int:
        gone = 0
        async with self._database.write() as connection:
            for column in columns:
                done = await connection.execute(delete(column.table).where(column == id))
                gone += done.rowcount
        return gone

    async def _notes(self, theirs: ColumnElement[bool]) -> int:
        """Delete notes; those of the commands end in where they are registered, which is no server left."""
        ours = notes.c.name.startswith("commands:")
        async with self._database.write() as connection:
            return (await connection.execute(delete(notes).where(theirs, ~ours))).rowcount

    async def _unname(self, theirs: ColumnElement[bool], whose: dict[str, Any]) -> None:
        """Take from charges whose they were; one that is held still goes back to where it was taken from."""
        over = charges.c.state != "reserved"
        async with self._database.write() as connection:
            await connection.execute(update(charges).where(theirs, over).values(whose))
