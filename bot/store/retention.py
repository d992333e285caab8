"""How long what is kept is kept. All is deleted in small transactions: SQLite has one writer, and answers wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.usage import DAYS
from bot.store.belongings import AGED
from bot.store.database import Database
from bot.store.purse import SqlPurse
from bot.store.removal import AT_ONCE, Removal, in_use, of_used
from bot.store.scrubbing import scrub
from bot.store.tables import (
    balances,
    charges,
    digests,
    notes,
    pages,
    pages_of,
    readings,
    replies,
    replies_of,
)

ROWS = 500
"""Small rows in one transaction."""

SPARE = timedelta(days=1)
"""For a reading that a newer one has taken the place of: by then nothing is made of it any more."""

Drop = Callable[[AsyncConnection, Sequence[str]], Awaitable[int]]


class SqlRetention:
    """Implements `core.keeping.Retention`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._removal = Removal(database)

    async def prune(self, now: datetime, days: int) -> int:
        """Delete for good what is older than *days*, and what no longer has a use; return how many things."""
        cut = now - timedelta(days=days)
        drop, drop_digests = self._removal.drop, self._removal.drop_digests
        gone = 0
        for condition in (
            and_(readings.c.outdated, ~of_used(readings.c.hash)),
            and_(readings.c.read_at < now - SPARE, _superseded(), ~_digested()),
            and_(readings.c.read_at < cut, ~of_used(readings.c.hash)),
        ):
            gone += await self._in_steps(select(readings.c.hash).where(condition), drop)
        old = and_(digests.c.made_at < cut, ~in_use(digests.c.key))
        gone += await self._in_steps(select(digests.c.key).where(old), drop_digests)
        gone += await self._bodies(replies.c.request, replies.c.kept_at, replies_of.c.request, cut)
        gone += await self._bodies(pages.c.url, pages.c.kept_at, pages_of.c.url, cut)
        for column in AGED:
            gone += await self._aged(column, cut)
        gone += await self._spent(now, cut)
        gone += await self._told(now)
        await scrub(self._database)
        return gone

    async def _in_steps(self, query: Select[Any], drop: Drop) -> int:
        """Delete what *query* finds, as long as it finds something."""
        gone, found = 0, AT_ONCE
        while found == AT_ONCE:
            async with self._database.write() as connection:
                keys = (await connection.scalars(query.limit(AT_ONCE))).all()
                gone += await drop(connection, keys)
            found = len(keys)
        return gone

    async def _bodies(
        self, key: Column[Any], kept_at: Column[Any], used: Column[Any], cut: datetime
    ) -> int:
        """Delete old bodies and what says for what they were kept."""

        async def drop(connection: AsyncConnection, keys: Sequence[str]) -> int:
            await connection.execute(delete(used.table).where(used.in_(keys)))
            done = await connection.execute(delete(key.table).where(key.in_(keys)))
            return done.rowcount

        return await self._in_steps(select(key).where(kept_at < cut), drop)

    async def _aged(self, column: Column[Any], cut: datetime) -> int:
        """Delete the rows of a table that are older than *cut*, the oldest first."""
        gone = 0
        later = select(column).where(column < cut).order_by(column).offset(ROWS).limit(1)
        last: datetime | None = cut
        while last is not None:
            async with self._database.write() as connection:
                last = await connection.scalar(later)
                old = column < cut if last is None else column <= last
                gone += (await connection.execute(delete(column.table).where(old))).rowcount
        return gone

    async def _spent(self, now: datetime, cut: datetime) -> int:
        """Take from charges whose they were; delete those nothing adds up any more, and balances that are over."""
        today = now.date()
        shown = min(today.replace(day=1), today - timedelta(days=DAYS - 1), cut.date())
        whose = {"person": None, "channel": None, "for_order": None, "scopes": ""}
        over = charges.c.state != "reserved"
        await SqlPurse(self._database).give_back(now)
        async with self._database.write() as connection:
            await connection.execute(update(charges).where(charges.c.at < cut, over).values(whose))
            added_up = charges.c.day < shown.isoformat()
            gone = await connection.execute(delete(charges).where(added_up, over))
            ended = await connection.execute(delete(balances).where(_ended(cut.date())))
        return gone.rowcount + ended.rowcount

    async def _told(self, now: datetime) -> int:
        """Delete notes about persons that have no use any more: each ends in the day it is good until."""
        async with self._database.write() as connection:
            query = select(notes.c.name).where(notes.c.name.like("near:%"))
            names = (await connection.scalars(query)).all()
            over = [name for name in names if name[-10:] <= now.date().isoformat()]
            return (await connection.execute(delete(notes).where(notes.c.name.in_(over)))).rowcount


def _superseded() -> ColumnElement[bool]:
    """Return whether there is a newer reading of the same target and audience."""
    newer = readings.alias()
    return exists().where(
        newer.c.target == readings.c.target,
        newer.c.audience == readings.c.audience,
        newer.c.read_at > readings.c.read_at,
    )


def _digested() -> ColumnElement[bool]:
    return exists().where(digests.c.reading == readings.c.hash)


def _ended(day: date) -> ColumnElement[bool]:
    """Return whether a balance is of a month, a day or an hour that was over before *day*."""
    length = func.length(balances.c.period)
    return or_(
        and_(length == len("2026-11"), balances.c.period < f"{day:%Y-%m}"),
        and_(length > len("2026-11"), balances.c.period < f"{day:%Y-%m-%d}"),
    )
