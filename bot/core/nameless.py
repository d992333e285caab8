"""Readings without the names of those who wrote the comments, for servers that show none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.models import Comment, Reading


def without_names(reading: Reading, called: Callable[[int], str]) -> Reading:
    """
    Return *reading* with every author called by a number, from 1 in the order of their first comments.

    A number a person, not one word for all: how many people hold a view stays countable. Who had no name has none.
    """
    numbers: dict[tuple[str, str], int] = {}

    def unnamed(comment: Comment) -> Comment:
        if not comment.author:
            return comment
        # the same name in two places may be two people: see core.tally
        person = (comment.id.partition(":")[0], comment.author)
        return replace(comment, author=called(numbers.setdefault(person, len(numbers) + 1)))

    places = (
        replace(place, comments=tuple(map(unnamed, place.comments)))
        for place in reading.discussions
    )
    return replace(reading, discussions=tuple(places))
