"""So many in a while, and no more: what nobody asked for must not become too much."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

MOST_KEYS = 10_000


class Pace:
    """At most *most* in any *span*, for each key apart. Kept in memory: a restart begins anew."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._span = span
        self._taken: dict[int, deque[datetime]] = {}

    def take(self, key: int, now: datetime) -> bool:
        """Whether there is room for one more of *key*, which is then taken."""
        times = self._taken.pop(key, deque())
        while times and times[0] <= now - self._span:
            times.popleft()
        room = len(times) < self._most
        if room:
            times.append(now)
        self._taken[key] = times  # the last in line: who was idle longest is forgotten first
        if len(self._taken) > MOST_KEYS:
            del self._taken[next(iter(self._taken))]
        return room
