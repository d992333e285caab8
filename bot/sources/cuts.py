"""Where reading a discussion ends too early, as a gap."""

from __future__ import annotations

from bot.core.gaps import Gap, GapCode
from bot.errors import ChorusError, TooManyRequests


def cut(error: ChorusError, host: str, left: int | None) -> Gap:
    """
    Return the gap where *error* ended the reading at *host*, with *left* comments unread (None where nobody knows).

    REQUEST_LIMIT where the job may ask no more: that limit is ours, and the place did not fail.
    """
    limit = isinstance(error, TooManyRequests)
    code = GapCode.REQUEST_LIMIT if limit else GapCode.COMMENTS_UNREADABLE
    return Gap(code, host, left or None)
