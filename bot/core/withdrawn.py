"""What readers have taken back: words that a place handed out once and no longer does."""

from __future__ import annotations

from bot.core.gaps import GapCode
from bot.core.models import Discussion, Reading

UNREAD = frozenset(
    {
        GapCode.ANSWERS_WINDOW,
        GapCode.COMMENTS_ELSEWHERE,
        GapCode.COMMENTS_LIMIT,
        GapCode.COMMENTS_MISSING,
        GapCode.COMMENTS_UNREADABLE,
        GapCode.REQUEST_LIMIT,
        GapCode.TEXT_CUT,
    }
)
"""With one of these a comment that is not there may just not have been read."""


def words_gone(earlier: Reading, now: Reading) -> bool:
    """
    Whether *earlier* holds a comment that is deleted, removed or edited at its source by *now*.

    One that only was not read this time is not gone.
    """
    said = {comment.text for comment in now.readable}
    whole = {_place(place) for place in now.discussions if _is_whole(place)}
    return any(
        comment.id in now.by_id or _place(place) in whole
        for place in earlier.discussions
        for comment in place.comments
        if comment.readable and comment.text not in said
    )


def _place(place: Discussion) -> tuple[str, str | None]:
    return place.platform, place.url


def _is_whole(place: Discussion) -> bool:
    return not any(gap.code in UNREAD for gap in place.gaps)
