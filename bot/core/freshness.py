"""How long a reading may be used before the place is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.models import Reading

SHORTEST = timedelta(minutes=10)  # while comments still come
LONGEST = timedelta(days=1)
UNKNOWN = timedelta(hours=1)  # the place gives no times
PART = 10  # quiet for ten hours: good for one more


def fresh_until(reading: Reading) -> datetime:
    """
    Return until when *reading* is used without asking again.

    The longer the last comment is ago, the longer: a tenth of the quiet, from ten minutes to a day.
    """
    times = [c.posted_at for place in reading.discussions for c in place.comments if c.posted_at]
    if not times and reading.article and reading.article.published:
        times = [reading.article.published]
    if not times:
        return reading.read_at + UNKNOWN
    quiet = reading.read_at - max(time.astimezone(UTC) for time in times)
    return reading.read_at + min(max(quiet / PART, SHORTEST), LONGEST)
