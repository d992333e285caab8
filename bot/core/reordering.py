"""The same reading in another order: a digest must not depend on who happened to write first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.fingerprint import fingerprint
from bot.core.models import Cid, Comment, Reading

Arrange = Callable[[Sequence[Comment]], Sequence[Comment]]
"""Puts comments that answer the same one into another order."""


def backwards(siblings: Sequence[Comment]) -> Sequence[Comment]:
    """Put the last first."""
    return siblings[::-1]


def rotated(siblings: Sequence[Comment]) -> Sequence[Comment]:
    """Put the first third last, at least one."""
    third = len(siblings) // 3 or 1
    return (*siblings[third:], *siblings[:third])


def reordered(reading: Reading, arrange: Arrange) -> Reading:
    """
    Return *reading* with the comments of each place arranged anew.

    What answers the same comment changes places, with all below it, so that no reply comes before what it answers.
    """
    places = tuple(
        replace(place, comments=_walk(place.comments, arrange)) for place in reading.discussions
    )
    content = fingerprint(reading.article, places, reading.target, reading.audience)
    return replace(reading, discussions=places, hash=content)


def _walk(comments: Sequence[Comment], arrange: Arrange) -> tuple[Comment, ...]:
    here = {comment.id for comment in comments}
    below: dict[Cid | None, list[Comment]] = {}
    for comment in comments:
        below.setdefault(comment.parent if comment.parent in here else None, []).append(comment)
    walk: list[Comment] = []
    stack = [*reversed(arrange(below.get(None, ())))]
    while stack:
        comment = stack.pop()
        walk.append(comment)
        stack.extend(reversed(arrange(below.get(comment.id, ()))))
    # comments that answer each other in a circle hang below nobody
    seen = {comment.id for comment in walk}
    return (*walk, *(comment for comment in comments if comment.id not in seen))
