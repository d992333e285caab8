"""Comments that say the same in the same words: copied, or sent twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.core.models import Cid, Comment

SHORTEST = 20  # characters; "me too" from two people is two voices, not a copy

_NOT_WORD = re.compile(r"[\W_]+")


def duplicates(comments: Iterable[Comment]) -> tuple[tuple[Cid, ...], ...]:
    """
    Return the groups of comments whose words are the same, in order of their first comment.

    Case, punctuation and spacing do not count. Texts under `SHORTEST` letters are never grouped.
    """
    groups: dict[str, list[Cid]] = {}
    for comment in comments:
        words = _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", comment.text).casefold()).strip()
        if len(words) >= SHORTEST:
            groups.setdefault(words, []).append(comment.id)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
