"""Comments that came in pieces or without order → a thread, and what it lacks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.gaps import Gap, GapCode
from bot.core.models import Cid, Comment, State


def in_thread_order(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    """
    Return each comment once, below what it answers; siblings stay in the order given.

    The first of an id stands. A reply to what is not there, or in a circle to itself, stands at the top.
    """
    found: dict[Cid, Comment] = {}
    for comment in comments:
        found.setdefault(comment.id, comment)
    below: dict[Cid | None, list[Comment]] = {}
    for comment in found.values():
        above = comment.parent if comment.parent in found else None
        below.setdefault(above, []).append(comment)
    ordered: dict[Cid, Comment] = {}
    for start in (*below.get(None, ()), *found.values()):  # the latter: what stands in a circle
        if start.id in ordered:
            continue
        open_ = [replace(start, parent=None)]
        while open_:  # no recursion: depth is the site's to choose
            comment = open_.pop()
            if comment.id not in ordered:
                ordered[comment.id] = comment
                open_ += reversed(below.get(comment.id, ()))
    return tuple(ordered.values())


def gaps_of(comments: Sequence[Comment], *others: Gap | None) -> tuple[Gap, ...]:
    """Return *others*, and what the comments themselves show: that some were deleted, or that there are none."""
    gaps = [gap for gap in others if gap is not None]
    gone = sum(comment.state in {State.DELETED, State.REMOVED} for comment in comments)
    if gone:
        gaps.append(Gap(GapCode.COMMENTS_DELETED, count=gone))
    if not comments and not gaps:
        gaps.append(Gap(GapCode.COMMENTS_NONE))
    return tuple(gaps)
