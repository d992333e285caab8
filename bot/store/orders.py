"""Orders: taken → done → delivered, or waiting for the asker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.core.ports import Order, Outcome
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.intake import Intake
from bot.store.tables import orders

_ORDER = Codec(Order)
_OUTCOME = Codec(Outcome)

_WAITING = select(orders.c.id).where(
    orders.c.asker == bindparam("asker"), orders.c.state == "waiting"
)

_WIPE = (
    update(orders)
    .where(orders.c.id == bindparam("order"))
    .values(state="delivered", body=bindparam("wiped"), outcome=bindparam("left"))
)


class SqlOrders:
    """Implements `core.ports.Orders`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._intake = Intake(self._add)

    async def add(self, order: Order) -> bool:
        """Persist an order; False if one with this id is there already."""
        return await self._intake.put(order)

    async def _add(self, some: Sequence[Order]) -> list[bool]:
        """Persist some orders in one transaction; return of each whether none with its id was there."""
        statement = self._database.insert(orders).on_conflict_do_nothing().returning(orders.c.id)
        async with self._database.write() as connection:
            new = set(await connection.scalars(statement, [_row(order) for order in some]))
        found = []
        for order in some:
            found.append(order.id in new)
            new.discard(order.id)
        return found

    async def find(self, id: str) -> tuple[Order, Outcome | None] | None:
        """Return an order, and how it ended."""
        query = select(orders.c.body, orders.c.outcome).where(orders.c.id == id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return _ORDER.load(row.body), _OUTCOME.load(row.outcome) if row.outcome else None

    async def finish(self, id: str, outcome: Outcome) -> bool:
        """Write down how it ended; False if that is written down already, and then nothing is changed."""
        return await self.finish_all([id], outcome) == 1

    async def finish_all(self, ids: Sequence[str], outcome: Outcome) -> int:
        """Write down that they ended the same way; return of how many that was not written down before."""
        return await self._move(ids, "taken", "done", outcome=_OUTCOME.dump(outcome))

    async def delivered(self, id: str) -> None:
        """Note that the answer has arrived; the token is wiped, and so is an answer to a question."""
        await self.delivered_all([id])

    async def delivered_all(self, ids: Sequence[str]) -> None:
        """Note that their answers have arrived, as `delivered` does."""
        known = select(orders.c.id, orders.c.body, orders.c.outcome).where(orders.c.id.in_(ids))
        async with self._database.write() as connection:
            rows = (await connection.execute(known)).all()
            if rows:
                await connection.execute(_WIPE, [_wiped(*row) for row in rows])

    async def wait(self, id: str) -> None:
        """Note that the answer could not be delivered and waits for the asker's next command."""
        await self._move([id], "done", "waiting")

    async def open(self) -> list[tuple[Order, Outcome | None]]:
        """Return what is taken but not delivered, oldest first; waiting ones are not among them."""
        query = (
            select(orders.c.body, orders.c.outcome)
            .where(orders.c.state.in_(["taken", "done"]))
            .order_by(orders.c.taken_at)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [(_ORDER.load(body), _OUTCOME.load(end) if end else None) for body, end in rows]

    async def waiting(self, asker: int, most: int) -> list[tuple[Order, Outcome]]:
        """Return and mark as delivered the oldest of what waits for *asker*."""
        # looked up first: for nearly everybody nothing waits, and a writer locks
        if await self._database.look(_WAITING, asker=asker) is None:
            return []
        theirs = (orders.c.asker == asker) & (orders.c.state == "waiting")
        oldest = select(orders.c.id).where(theirs).order_by(orders.c.taken_at).limit(most)
        statement = (
            update(orders)
            .where(theirs, orders.c.id.in_(oldest))
            .values(state="delivered")
            .returning(orders.c.id, orders.c.body, orders.c.outcome)
        )
        async with self._database.write() as connection:
            rows = (await connection.execute(statement)).all()
            found = [(_ORDER.load(body), _OUTCOME.load(end)) for _, body, end in rows]
            if rows:
                await connection.execute(_WIPE, [_wiped(*row) for row in rows])
        return sorted(found, key=lambda pair: pair[0].taken_at)

    async def taken(self, asked: str) -> list[str]:
        """Return the ids of orders of what is *asked* that have not ended, oldest first."""
        return await self._ids(asked, "taken")

    async def undelivered(self, asked: str) -> list[str]:
        """Return the ids of orders of what is *asked* that have ended but were not delivered, oldest first."""
        return await self._ids(asked, "done")

    async def begin(self, ids: Sequence[str]) -> list[tuple[Order, int]]:
        """Note that work on them begins; return those that have not ended, with how often it has begun by now."""
        statement = (
            update(orders)
            .where(orders.c.id.in_(ids), orders.c.state == "taken")
            .values(begun=orders.c.begun + 1)
            .returning(orders.c.body, orders.c.begun)
        )
        async with self._database.write() as connection:
            rows = (await connection.execute(statement)).all()
        return [(_ORDER.load(body), begun) for body, begun in rows]

    async def done(self, ids: Sequence[str]) -> list[tuple[Order, Outcome]]:
        """Return those of them that have ended but were not delivered, with how."""
        query = select(orders.c.body, orders.c.outcome).where(
            orders.c.id.in_(ids), orders.c.state == "done"
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [(_ORDER.load(body), _OUTCOME.load(end)) for body, end in rows]

    async def left(self, before: datetime, since: datetime) -> tuple[list[str], list[str]]:
        """Return what was asked before and has not ended; what was asked before and *since*, and is not delivered."""
        query = select(orders.c.asked).where(orders.c.taken_at < before).distinct()
        taken = query.where(orders.c.state == "taken")
        done = query.where(orders.c.state == "done", orders.c.taken_at >= since)
        async with self._database.read() as connection:
            return list(await connection.scalars(taken)), list(await connection.scalars(done))

    async def _ids(self, asked: str, state: str) -> list[str]:
        query = (
            select(orders.c.id)
            .where(orders.c.asked == asked, orders.c.state == state)
            .order_by(orders.c.taken_at)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def _move(self, ids: Sequence[str], before: str, after: str, **values: object) -> int:
        statement = (
            update(orders)
            .where(orders.c.id.in_(ids), orders.c.state == before)
            .values(state=after, **values)
        )
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount


def _row(order: Order) -> dict[str, object]:
    return {
        "id": order.id,
        "target": order.target,
        "guild": order.reply_to.guild,
        "state": "taken",
        "asker": order.asker,
        "taken_at": order.taken_at,
        "body": _ORDER.dump(order),
        "asked": order.asked,
    }


def _wiped(id: str, body: bytes, outcome: bytes | None) -> dict[str, object]:
    order = _ORDER.load(body)
    wiped = replace(order, reply_to=replace(order.reply_to, token=None))
    left = None if order.question else outcome
    return {"order": id, "wiped": _ORDER.dump(wiped), "left": left}
