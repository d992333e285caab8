"""Whether words stand in a comment, and where: what is shown is always the original span."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.folding import Folded, fold
from bot.core.models import Cid, Comment

MOST_WORDS = 40  # of a quote; a longer one is cut at a word
SLACK = 100  # letters that marks and spaces around a quote may take

_EDGE = " \t\n\"'.…[]()"
_WORD = re.compile(r"\S+")
_STOPS = re.compile(r"[.!?…]*")
_CLOSING = re.compile(r"(?:[\s\u00a0\u202f]?[.!?…]*[\s\u00a0\u202f]?»)?[.!?…]*")

Span = tuple[int, int]


class Quoting:
    """Finds words in *comments*; each comment is folded once."""

    def __init__(self, comments: Mapping[Cid, Comment]) -> None:
        self._comments = comments
        self._folded: dict[Cid, Folded] = {}

    def span(self, cid: Cid, words: str) -> Span | None:
        """
        Return where *words* stand in the comment, None where they do not; at most `MOST_WORDS` of them.

        Spaces, quotation marks and dashes are compared as a reader would. One short word alone can be made to say
        anything: only a comment of one word may be quoted so.
        """
        if len(words) > 2 * len(self._comments[cid].text) + SLACK:
            return (
                None  # folding a letter takes a microsecond, and a model may repeat itself for ever
            )
        if cid not in self._folded:
            self._folded[cid] = fold(self._comments[cid].text)
        folded = self._folded[cid]
        wanted = fold(words).text.strip(_EDGE)
        whole = folded.text.strip(_EDGE)
        if " " not in wanted and len(wanted) < 12 and wanted != whole:
            return None
        found = folded.find(wanted)
        return self._cut(cid, *self._widened(cid, words.strip(), *found)) if found else None

    def opening(self, cid: Cid) -> Span:
        """Return the first words of a comment: what stands in where no quote of a model's held."""
        text = self._comments[cid].text
        start = len(text) - len(text.lstrip())
        stop = re.search(r"[.!?…](?=\s|$)|\n\n", text[start:])
        end = start + stop.end() if stop else len(text.rstrip())
        return self._cut(cid, start, len(text[:end].rstrip()))

    def _widened(self, cid: Cid, words: str, start: int, end: int) -> Span:
        """Return the span with the marks at the edges of *words* that the comment has there too: `(so)`, `:-)`."""
        text = self._comments[cid].text
        head = words[: len(words) - len(words.lstrip(_EDGE))]
        tail = words[len(words.rstrip(_EDGE)) :]
        return (
            start - len(head) if text.endswith(head, 0, start) else start,
            end + len(tail) if text.startswith(tail, end) else end,
        )

    def _cut(self, cid: Cid, start: int, end: int) -> Span:
        """Return the span, at most `MOST_WORDS` long, with the full stop or quotation mark that closes it."""
        text = self._comments[cid].text
        words = list(_WORD.finditer(text, start, end))
        if len(words) > MOST_WORDS:
            return start, words[MOST_WORDS - 1].end()
        opened = text.count("«", start, end) > text.count("»", start, end)
        closing = _CLOSING if opened else _STOPS
        return start, closing.match(text, end).end()  # type: ignore[union-attr] # both match nothing too
