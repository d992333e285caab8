"""Manners: how often one host is asked, and for how long it is left alone when it says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.core.ports import Clock
from bot.errors import SiteBusy

Sleep = Callable[[float], Awaitable[None]]

_LONGEST = 24 * 60 * 60
MOST_HOSTS = 1_000  # remembered at a time


@dataclass
class _Host:
    turns: asyncio.Semaphore
    next_at: datetime  # not asked before
    users: int = field(default=0)


class Hosts:
    """
    Gives turns: *at_once* requests a host, *pause* seconds between their starts.

    A host that asked for a rest is waited for if it takes at most *patience* seconds, else it is not asked at all.
    """

    def __init__(
        self, clock: Clock, sleep: Sleep, *, at_once: int, pause: float, patience: float
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._at_once = at_once
        self._pause = timedelta(seconds=pause)
        self._patience = timedelta(seconds=patience)
        self._hosts: dict[str, _Host] = {}
        self._seen = clock.now()

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn at host *name*; raises `SiteBusy` if it wants to be left alone for longer."""
        host = self._hosts.get(name)
        if host is None:
            self._forget_idle()
            host = _Host(asyncio.Semaphore(self._at_once), self._now())
            self._hosts[name] = host
        host.users += 1
        try:
            async with host.turns:
                await self._wait(name, host)
                yield
        finally:
            host.users -= 1

    def rest(self, name: str, seconds: float) -> None:
        """Leave host *name*, which has had a turn, alone for *seconds*."""
        host = self._hosts[name]
        host.next_at = max(host.next_at, self._now() + timedelta(seconds=seconds))

    async def _wait(self, name: str, host: _Host) -> None:
        now = self._now()
        wait = host.next_at - now
        if wait > max(self._patience, self._pause * self._at_once):
            raise SiteBusy(host=name, retry_after=int(wait.total_seconds()) or 1)
        host.next_at = max(host.next_at, now) + self._pause
        if wait > timedelta(0):
            await self._sleep(wait.total_seconds())

    def _now(self) -> datetime:
        """Return the time; where the clock was put back, what is waited for comes as soon as before."""
        now = self._clock.now()
        if now < self._seen:
            for host in self._hosts.values():
                host.next_at -= self._seen - now
        self._seen = now
        return now

    def _forget_idle(self) -> None:
        if len(self._hosts) >= MOST_HOSTS:
            now = self._now()
            self._hosts = {n: h for n, h in self._hosts.items() if h.users or h.next_at > now}


def retry_after(value: str | None, now: datetime) -> int | None:
    """
    Return the seconds a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date), None if it says none.

    A day at most: a host that asks for more is asked again after that.
    """
    if value is None:
        return None
    said = value.strip()
    if said.isascii() and said.isdecimal():
        return min(int(said[:9]), _LONGEST)
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(0, round((at - now).total_seconds())), _LONGEST)
