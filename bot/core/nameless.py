"""Readings without the names of those who wrote the comments, for servers that show none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.models import Comment, Reading

DISCORD = "discord"  # what its threads are called as a platform, and what the ids of their comments begin with


def without_names(reading: Reading, called: Callable[[int], str]) -> Reading:
    """
    Return *reading* with every author called by a number, from 1 in the order of their first comments.

    A number a person, not one word for all: how many people hold a view stays countable. Who had no name has none.
    What a thread of Discord hangs on stands as its article, and is a member's words like the others; other articles are
    signed.
    """
    numbers: dict[tuple[str, str], int] = {}

    def name(place: str, author: str) -> str:
        # the same name in two places may be two people: see core.tally
        return called(numbers.setdefault((place, author), len(numbers) + 1))

    def unnamed(comment: Comment) -> Comment:
        if not comment.author:
            return comment
        return replace(comment, author=name(comment.id.partition(":")[0], comment.author))

    article = reading.article
    if article and any(place.platform == DISCORD for place in reading.discussions):
        authors = tuple(name(DISCORD, author) for author in article.authors)
        article = replace(article, authors=authors)
    places = tuple(
        replace(place, comments=tuple(map(unnamed, place.comments)))
        for place in reading.discussions
    )
    return replace(reading, article=article, discussions=places)
