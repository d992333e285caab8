"""Orders: taken → done → delivered, or waiting for the asker."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, select, update

from bot.core.ports import Order, Outcome
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.tables import orders

_ORDER = Codec(Order)
_OUTCOME = Codec(Outcome)

_WAITING = select(orders.c.id).where(
    orders.c.asker == bindparam("asker"), orders.c.state == "waiting"
)


class SqlOrders:
    """Implements `core.ports.Orders`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, order: Order) -> bool:
        """Persist an order; False if one with this id is there already."""
        statement = self._database.insert(orders).values(
            id=order.id,
            target=order.target,
            guild=order.reply_to.guild,
            state="taken",
            asker=order.asker,
            taken_at=order.taken_at,
            body=_ORDER.dump(order),
        )
        async with self._database.write() as connection:
            done = await connection.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1

    async def find(self, id: str) -> tuple[Order, Outcome | None] | None:
        """Return an order, and how it ended."""
        query = select(orders.c.body, orders.c.outcome).where(orders.c.id == id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return _ORDER.load(row.body), _OUTCOME.load(row.outcome) if row.outcome else None

    async def finish(self, id: str, outcome: Outcome) -> None:
        """Write down how it ended; a second time changes nothing."""
        await self._move(id, "taken", "done", outcome=_OUTCOME.dump(outcome))

    async def delivered(self, id: str) -> None:
        """Note that the answer has arrived; the token is wiped, and so is an answer to a question."""
        async with self._database.write() as connection:
            statement = update(orders).where(orders.c.id == id).values(state="delivered")
            body = await connection.scalar(statement.returning(orders.c.body))
            if body is not None:
                order = _ORDER.load(body)
                wiped = replace(order, reply_to=replace(order.reply_to, token=None))
                values = {
                    "body": _ORDER.dump(wiped),
                    **({"outcome": None} if order.question else {}),
                }
                await connection.execute(update(orders).where(orders.c.id == id).values(values))

    async def wait(self, id: str) -> None:
        """Note that the answer could not be delivered and waits for the asker's next command."""
        await self._move(id, "done", "waiting")

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
            .returning(orders.c.body, orders.c.outcome)
        )
        async with self._database.write() as connection:
            rows = (await connection.execute(statement)).all()
            found = [(_ORDER.load(body), _OUTCOME.load(end)) for body, end in rows]
            given = orders.c.id.in_([order.id for order, _ in found if order.question])
            await connection.execute(update(orders).where(given).values(outcome=None))
        return sorted(found, key=lambda pair: pair[0].taken_at)

    async def _move(self, id: str, before: str, after: str, **values: object) -> None:
        statement = (
            update(orders)
            .where(orders.c.id == id, orders.c.state == before)
            .values(state=after, **values)
        )
        async with self._database.write() as connection:
            await connection.execute(statement)
