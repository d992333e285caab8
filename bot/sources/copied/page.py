"""A copied text as lines, and what each part of it turned out to be. The parts concatenate back to the text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

MOST_LETTERS = 5_000_000
MOST_LINES = 200_000
MOST_TEXTS = 40_000
"""Lines that are not blank. What stands beyond is left unread, and said to be: threads of 5,000 comments fit."""

_SPACE = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u00a0\u202f\u200b\u200e\u200f\ufeff"


class Role(StrEnum):
    """What a part of the text is for. Every letter has exactly one, so that nothing is lost."""

    BLANK = "blank"
    TITLE = "title"
    BYLINE = "byline"
    DATE = "date"
    BODY = "body"
    COUNT = "count"  # "Comments (10)"
    AUTHOR = "author"  # the line that says who wrote a comment, and when
    META = "meta"  # of a comment: date, votes, buttons
    WORDS = "words"  # of a comment
    QUOTE = "quote"  # in a comment: words of another comment, repeated
    NOISE = "noise"
    UNREAD = "unread"  # past the limits


@dataclass(frozen=True)
class Span:
    """`source[start:end]` is for *role*."""

    start: int
    end: int
    role: Role


class Page:
    """
    A text's lines, numbered without the blank ones.

    What people copy differs in blank lines from one browser to the next: patterns look at `flat`, where there are
    none, and where all is lower case. `low` are its lines, each as long as the one in `texts`, as it was copied.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.bounds = [0]
        """Where each line begins, blank or not, and where the last one ends."""
        self.texts: list[str] = []
        self.lines: list[int] = []  # of each text: the number of its line
        self._begins: list[int] = []  # of each text: where it begins in the source
        end = 0
        for at, raw in enumerate(source[:MOST_LETTERS].splitlines(keepends=True)[:MOST_LINES]):
            if text := raw.strip(_SPACE):
                if len(self.texts) == MOST_TEXTS:
                    break
                self.texts.append(text)
                self.lines.append(at)
                self._begins.append(end + raw.find(text[0]))
            end += len(raw)
            self.bounds.append(end)
        self.low = [_lower(text) for text in self.texts]
        self.flat = "\n".join(self.low)
        lengths = accumulate((len(text) + 1 for text in self.texts), initial=0)
        self.offsets = list(lengths)
        """Where each text begins in `flat`; one more for the end."""

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def unread(self) -> int:
        """How many letters stand past the limits."""
        return len(self.source) - self.bounds[-1]

    def text_at(self, offset: int) -> int:
        """Return the number of the text that holds *offset* of `flat`."""
        return bisect_right(self.offsets, offset) - 1

    def begins(self, at: int) -> int:
        """Return where text *at* begins in the source."""
        return self._begins[at]

    def original(self, start: int, end: int) -> str:
        """Return what `flat[start:end]`, a part of one line, is in the source."""
        at = self.text_at(start)
        return self.texts[at][start - self.offsets[at] : end - self.offsets[at]]

    def after_blank(self, at: int) -> bool:
        """Whether a blank line, or nothing, stands before text *at*."""
        return at == 0 or self.lines[at] - self.lines[at - 1] > 1

    def spans(self, roles: list[Role], parts: dict[int, list[Span]]) -> tuple[Span, ...]:
        """Return the whole source in order: *roles* of texts, *parts* of those which are for more than one thing."""
        found: list[Span] = []
        at = 0
        for line, (start, end) in enumerate(pairwise(self.bounds)):
            if at == len(self.lines) or self.lines[at] != line:
                found.append(Span(start, end, Role.BLANK))
                continue
            place = start
            for part in parts.get(at, ()):
                found += [
                    Span(place, part.start, roles[at]),
                    Span(part.start, part.end, part.role),
                ]
                place = part.end
            found.append(Span(place, end, roles[at]))
            at += 1
        found.append(Span(self.bounds[-1], len(self.source), Role.UNREAD))
        return tuple(span for span in found if span.start < span.end)


def _lower(text: str) -> str:
    """Return *text* in lower case where that is as long: İ becomes two letters, and positions would be wrong."""
    low = text.lower()
    return low if len(low) == len(text) else text
