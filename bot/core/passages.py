"""A reading in stretches that can be searched and cited: comments, and paragraphs of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.models import Cid, Reading

LONGEST = (
    900  # characters of a stretch; longer texts are cut at a paragraph, a sentence, else a word
)
MOST_TERMS = 24  # of a question
SHORTEST_TERM = 3

_WORD = re.compile(r"\w+")
_BREAKS = (re.compile(r"\n\n"), re.compile(r"(?<=[.!?…])\s"), re.compile(r"\s"))


@dataclass(frozen=True)
class Passage:
    """`text[start:end]` of a comment, or of the article where `comment` is None."""

    comment: Cid | None
    start: int
    end: int


def passages(reading: Reading) -> Iterator[Passage]:
    """Return every passage of *reading*, the article's first; together they are all its words."""
    if reading.article:
        yield from (Passage(None, *span) for span in _spans(reading.article.text))
    for comment in reading.readable:
        yield from (Passage(comment.id, *span) for span in _spans(comment.text))


def words_of(passage: Passage, reading: Reading) -> str:
    """Return the words of *passage*, as they stand in *reading*."""
    return source_of(passage.comment, reading)[passage.start : passage.end]


def source_of(comment: Cid | None, reading: Reading) -> str:
    """Return the text a passage is a part of."""
    if comment is not None:
        return reading.by_id[comment].text
    return reading.article.text if reading.article else ""


def terms(question: str) -> list[str]:
    """
    Return the beginnings of words to search for: in lower case, each once.

    Endings are left off (three letters at most, four are left), which finds other forms of a word in any language that
    inflects at the end. Words that say nothing are left in: a search ranks what is rare before what is common.
    """
    found = (
        word[: max(len(word) - 3, 4)]
        for word in _WORD.findall(question.casefold())
        if len(word) >= SHORTEST_TERM
    )
    return list(dict.fromkeys(found))[:MOST_TERMS]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start <= LONGEST else _cut(text, start)
        if text[start:end].strip():
            yield start, end
        start = end


def _cut(text: str, start: int) -> int:
    window = text[start : start + LONGEST]
    for pattern in _BREAKS:
        found = [match.end() for match in pattern.finditer(window) if match.end() > LONGEST // 3]
        if found:
            return start + found[-1]
    return start + LONGEST
