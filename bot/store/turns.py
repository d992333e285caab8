"""
Turns at the model, shared by all processes on one PostgreSQL: so many calls at once in all, whoever makes them.

A turn is a row that a process holds while a call is under way. It is taken by a conditional UPDATE and held for a while
that is renewed, so that those of a killed process come free again. Whoever waits asks again every few hundredths of a
second, and a turn that is given back is anybody's: so each has its share, and one alone has them all.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections import deque
from datetime import timedelta
from types import TracebackType

from sqlalchemy import false, func, or_, select, update

from bot.errors import StoreError
from bot.store.database import Database
from bot.store.tables import turns

log = logging.getLogger("chorus.store")

LEASE = timedelta(seconds=8)
BETWEEN_TRIES = (0.02, 0.06)  # seconds, at random: nobody is always first
AWAY_SECONDS = 0.5


class SqlTurns:
    """
    At most *most* at once, over all processes: `async with turns:`, as often at the same time as one likes.

    While the database is away nobody gets a turn; those that are held stay held. What another process holds beyond its
    lease is taken only by one that has been asking for as long without a failure: after a restart of the server, those
    who hold turns have had the time to say so.
    """

    def __init__(self, database: Database, most: int, *, lease: timedelta = LEASE) -> None:
        self._database = database
        self._most = most
        self._lease = lease
        self._name = secrets.token_hex(8)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._held: list[int] = []
        self._made = False  # the rows
        self._asking: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self._giving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask())
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._give_back()

    async def close(self) -> None:
        """Stop asking, and give back what is held."""
        for task in (self._asking, self._beating):
            if task is not None:
                task.cancel()
        while self._held:
            self._give_back()
        while self._giving:
            await asyncio.wait(self._giving)

    async def _ask(self) -> None:
        """Take turns for those who wait, until nobody does."""
        time = asyncio.get_running_loop().time
        since = time()
        while self._waiting:
            try:
                beyond = time() - since > self._lease.total_seconds()
                for slot in await self._take(len(self._waiting), beyond=beyond):
                    self._hand_out(slot)
            except StoreError as failed:
                log.warning("no turn at the model: %s", failed)
                since = time() + AWAY_SECONDS
                await asyncio.sleep(AWAY_SECONDS)
            if self._waiting:
                await asyncio.sleep(random.uniform(*BETWEEN_TRIES))

    def _hand_out(self, slot: int) -> None:
        self._held.append(slot)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.ensure_future(self._beat())
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._give_back()

    async def _take(self, wanted: int, *, beyond: bool) -> list[int]:
        free = or_(turns.c.holder.is_(None), turns.c.until < func.now() if beyond else false())
        some = (
            select(turns.c.slot)
            .where(turns.c.slot < self._most, free)
            .order_by(turns.c.slot)
            .limit(wanted)
            .with_for_update(skip_locked=True)
        )
        take = (
            update(turns)
            .where(turns.c.slot.in_(some))
            .values(holder=self._name, until=func.now() + self._lease)
            .returning(turns.c.slot)
        )
        async with self._database.write() as connection:
            if not self._made:
                rows = [{"slot": slot} for slot in range(self._most)]
                make = self._database.insert(turns).values(rows).on_conflict_do_nothing()
                await connection.execute(make)
            taken = list(await connection.scalars(take))
        self._made = True
        return taken

    def _give_back(self) -> None:
        """Give back a turn; nobody waits until that is written down."""
        giving = asyncio.ensure_future(self._free(self._held.pop()))
        self._giving.add(giving)
        giving.add_done_callback(self._giving.discard)

    async def _free(self, slot: int) -> None:
        try:
            await self._put([slot], holder=None, until=None)
        except StoreError as failed:  # it comes free by itself
            log.warning("a turn at the model was not given back: %s", failed)

    async def _beat(self) -> None:
        while self._held:
            await asyncio.sleep(self._lease.total_seconds() / 4)
            try:
                await self._put(self._held, until=func.now() + self._lease)
            except StoreError as failed:
                log.warning("turns at the model were not renewed: %s", failed)

    async def _put(self, slots: list[int], **values: object) -> None:
        mine = (turns.c.slot.in_(slots), turns.c.holder == self._name)
        async with self._database.write() as connection:
            await connection.execute(update(turns).where(*mine).values(**values))
