"""How soon a pinned digest is read again, by how fast comments come; when it sleeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.core.models import Reading

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=1)
LAST = 10  # comments from which the pace is told
WANTED = 5  # new comments a reading is worth waiting for

SLEEP = timedelta(days=7)
"""Nobody has commented for so long: at a reading a day the last six found nothing."""


def pace(times: Iterable[datetime], now: datetime, moved_at: datetime) -> timedelta:
    """
    Return how long to wait before the next reading: until some new comments may be expected.

    *times* are those of the comments, as far as they are stated, *moved_at* is when new ones were last seen. The last
    ten comments tell how fast they come, the quiet since then included: from ten minutes to a day.
    """
    last = _last(times, now) or [moved_at]
    return min(max((now - last[0]) / len(last) * WANTED, SHORTEST), LONGEST)


def sleeps(times: Iterable[datetime], now: datetime, moved_at: datetime) -> bool:
    """Whether nobody has commented for long: by the times that are stated, and by what was seen."""
    return now - min(moved_at, *_last(times, now)[-1:], now) >= SLEEP


def _last(times: Iterable[datetime], now: datetime) -> list[datetime]:
    # a page may state any time, one to come included
    return sorted(min(at, now) for at in times)[-LAST:]


def times_of(reading: Reading) -> list[datetime]:
    """Return when the comments of *reading* were written, as far as that is stated."""
    return [c.posted_at for place in reading.discussions for c in place.comments if c.posted_at]
