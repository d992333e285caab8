"""The time on Discord's side: the real one, moved by as much as a test likes, and the ids that carry it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from tests.chat.server import snowflake


class Clock:
    """Ids grow, whatever the clock does: what is made later has the larger id only while it is not moved back."""

    def __init__(self) -> None:
        self.shift = timedelta()
        self._steps = count(1)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def move(self, **by: float) -> None:
        """Go on (or back) by minutes=…, seconds=…, days=…."""
        self.shift += timedelta(**by)

    def id(self) -> int:
        """Return a new id, made now."""
        return snowflake(self.now(), next(self._steps) % 4096)

    def stamp(self) -> str:
        """Return the time as Discord writes it."""
        return self.now().isoformat()
