"""Pinned digests, and who works at them: a lease is taken by one conditional statement, so two never have the same."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update

from bot.core.pinning import next_look, unnamed
from bot.core.pins import Held, Pin, PinState
from bot.errors import AlreadyPinned, TooManyWatched
from bot.store.belongings import audience_key
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.tables import orders, pins, shown

_PIN = Codec(Pin)

MOST_LOOKED_AT = 500  # of those that are due, the longest first


class SqlPins:
    """Implements `core.pins.Pins`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, pin: Pin, most: int) -> None:
        """Keep a pin; raises `AlreadyPinned`, or `TooManyWatched` where its server has *most*."""
        async with self._database.write() as connection:
            theirs = select(pins.c.body).where(pins.c.guild == pin.guild)
            known = [_PIN.load(body) for body in await connection.scalars(theirs)]
            alive = [one for one in known if one.state is not PinState.ENDED]
            wanted = (pin.channel, pin.target, pin.brief.language)
            if any((p.channel, p.target, p.brief.language) == wanted for p in alive):
                raise AlreadyPinned
            if len(alive) >= most:
                raise TooManyWatched(limit=most)
            await connection.execute(pins.insert().values(id=pin.id, **_row(pin)))

    async def get(self, id: str) -> Pin | None:
        """Return a pin."""
        found = await self._all(pins.c.id == id)
        return found[0] if found else None

    async def of_guild(self, guild: int) -> list[Pin]:
        """Return the pins of a server, oldest first."""
        found = await self._all(pins.c.guild == guild)
        return sorted(found, key=lambda pin: (pin.since, pin.id))

    async def among(self, channel: int, messages: Sequence[int] | None = None) -> list[Pin]:
        """Return the pins in a channel that were posted; with *messages* those among them only."""
        there = [pins.c.channel == channel, pins.c.message.is_not(None)]
        if messages is not None:
            there.append(pins.c.message.in_(messages))
        return await self._all(*there)

    async def overdue(self, now: datetime) -> list[Pin]:
        """Return the pins that are due and that nobody works at."""
        return await self._all(pins.c.next_at <= now, _idle(now))

    async def change(
        self, id: str, how: Callable[[Pin], Pin], lease: str | None = None
    ) -> Pin | None:
        """Put what *how* returns of a pin in its place, and return it; None where there is none, or not by *lease*."""
        wanted = pins.c.id == id if lease is None else (pins.c.id == id) & (pins.c.lease == lease)
        async with self._database.write() as connection:
            body = await connection.scalar(select(pins.c.body).where(wanted).with_for_update())
            if body is None:
                return None
            pin = how(_PIN.load(body))
            await connection.execute(update(pins).where(pins.c.id == id).values(_row(pin)))
        return pin

    async def take(self, now: datetime, until: datetime, most: int) -> list[Held]:
        """Lease at most *most* pins that are due, of those with one target and audience one at a time."""
        columns = (pins.c.id, pins.c.target, pins.c.audience)
        query = select(*columns).where(pins.c.next_at <= now, _idle(now))
        query = query.order_by(pins.c.next_at).limit(MOST_LOOKED_AT)
        async with self._database.read() as connection:
            due = (await connection.execute(query)).all()
        held: list[Held] = []
        for id, target, audience in due:
            if len(held) == most:
                break
            found = await self._lease(id, target, audience, now, until)
            held += [found] if found else []
        return held

    async def renew(self, id: str, lease: str, until: datetime) -> None:
        """Move the end of a lease; nothing where it is another's by now."""
        await self._set(id, lease, leased_until=until)

    async def free(self, id: str, lease: str) -> None:
        """Give a lease back."""
        await self._set(id, lease, lease=None, leased_until=None)

    async def may_edit(self, pin: Pin, now: datetime, gap: timedelta) -> bool:
        """Note that *pin* is edited now, unless another in its channel was less than *gap* ago."""
        here = pins.c.channel == pin.channel
        async with self._database.write() as connection:
            # those of the channel are locked together: of two that look at once one waits for the other
            await connection.execute(_locking(here))
            last = await connection.scalar(select(func.max(pins.c.edited_at)).where(here))
            if last is not None and last > now - gap:
                return False
            mine = update(pins).where(pins.c.id == pin.id).values(edited_at=now)
            return (await connection.execute(mine)).rowcount == 1

    async def drop(self, id: str) -> None:
        """Forget a pin."""
        async with self._database.write() as connection:
            await connection.execute(delete(pins).where(pins.c.id == id))

    async def is_shared(self, pin: Pin) -> bool:
        """Whether another pin, or somebody outside its server, has what was read for *pin*."""
        alike = (pins.c.target == pin.target) & (pins.c.audience == audience_key(pin.audience))
        others = [exists().where(alike, pins.c.id != pin.id)]
        for table in (orders, shown):
            away = or_(table.c.guild.is_(None), table.c.guild != pin.guild)
            others.append(exists().where(table.c.target == pin.target, away))
        async with self._database.read() as connection:
            return bool(await connection.scalar(select(or_(*others))))

    async def unname(self, person: int) -> int:
        """Forget who had pins pinned; return how many were *person*'s."""
        theirs = select(pins.c.id).where(pins.c.person == person)
        async with self._database.read() as connection:
            ids = (await connection.scalars(theirs)).all()
        for id in ids:
            await self.change(id, unnamed)
        return len(ids)

    async def _set(self, id: str, of: str, **values: object) -> None:
        ours = (pins.c.id == id) & (pins.c.lease == of)
        async with self._database.write() as connection:
            await connection.execute(update(pins).where(ours).values(**values))

    async def _all(self, *wanted: ColumnElement[bool]) -> list[Pin]:
        async with self._database.read() as connection:
            bodies = await connection.scalars(select(pins.c.body).where(*wanted))
            return [_PIN.load(body) for body in bodies]

    async def _lease(
        self, id: str, target: str, audience: str, now: datetime, until: datetime
    ) -> Held | None:
        others = pins.alias()
        alike = (others.c.target == target) & (others.c.audience == audience)
        busy = exists().where(alike, others.c.leased_until > now)
        lease = secrets.token_hex(8)
        statement = (
            update(pins)
            .where(pins.c.id == id, pins.c.next_at <= now, _idle(now), ~busy)
            .values(lease=lease, leased_until=until)
            .returning(pins.c.body)
        )
        async with self._database.write() as connection:
            # PostgreSQL would let two of one target through that look at the same instant
            await connection.execute(
                _locking((pins.c.target == target) & (pins.c.audience == audience))
            )
            body = await connection.scalar(statement)
        return Held(_PIN.load(body), lease) if body is not None else None


def _locking(wanted: ColumnElement[bool]) -> Select[tuple[str]]:
    # in one order: who waits for some that another holds does not hold what the other waits for
    return select(pins.c.id).where(wanted).order_by(pins.c.id).with_for_update()


def _idle(now: datetime) -> ColumnElement[bool]:
    return or_(pins.c.leased_until.is_(None), pins.c.leased_until <= now)


def _row(pin: Pin) -> dict[str, Any]:
    return {
        "guild": pin.guild,
        "channel": pin.channel,
        "message": pin.message,
        "person": pin.by,
        "target": pin.target,
        "audience": audience_key(pin.audience),
        "digest": pin.digest or "",
        "opens": pin.opens or "",
        "next_at": next_look(pin),
        "body": _PIN.dump(pin),
    }
