"""
A page in one pass: its visible elements in document order, what each is called, and what each holds.

Everything that comes later asks here and not the tree: a page has thousands of elements and dozens of lists that might
be its comments, and weighing each by walking it again took four times as long as reading the article.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from bot.sources.comments import signs
from bot.sources.comments.dates import looks_dated
from bot.sources.comments.signs import UNSEEN, meaning

MOST_ELEMENTS = 200_000
"""Of a page; what comes after is not looked at. A thread of 10,000 comments has about 150,000."""

_LONGEST_ATTRIBUTE = 2_000
_DIGIT = re.compile(r"\d")
_NO_FIELDS = frozenset({"hidden", "checkbox", "radio", "button", "submit", "image"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_MICRODATA = re.compile(r"schema\.org/(?:Comment|UserComments|Answer)\b", re.IGNORECASE)
_ITEMPROPS = {
    "author": signs.AUTHOR | signs.NAME,
    "creator": signs.AUTHOR | signs.NAME,
    "text": signs.BODY,
    "commentText": signs.BODY,
    "description": signs.BODY,
    "dateCreated": signs.DATE,
    "datePublished": signs.DATE,
    "commentTime": signs.DATE,
    "upvoteCount": signs.SCORE,
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Outline:
    """
    The visible elements of a page, by their place in document order.

    `words`, `linked`, `dates`, `authors`, `replies`, `teasers` and `forms` count what an element holds, itself
    included. Hidden elements are collected in `hidden` and are not part of anything.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.elements: list[HtmlElement] = []
        self.index: dict[HtmlElement, int] = {}
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.signs: list[int] = []
        self.words: list[int] = []
        self.linked: list[int] = []
        self.dates: list[int] = []
        self.authors: list[int] = []
        self.replies: list[int] = []
        self.teasers: list[int] = []
        self.forms: list[int] = []
        self._counts = (
            self.words, self.linked, self.dates, self.authors, self.replies, self.teasers, self.forms
        )  # fmt: skip
        self.microdata: list[int] = []
        self.hidden: list[HtmlElement] = []
        self.titles: list[int] = []
        self._read(root)
        self._sum()

    def _read(self, root: HtmlElement) -> None:
        unseen: set[HtmlElement] = set()
        index = self.index
        for element in root.iter():
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if len(index) >= MOST_ELEMENTS:
                break
            above = element.getparent()
            if above in unseen:
                unseen.add(element)
                continue
            parent = index.get(above, -1) if above is not None else -1
            bits, is_hidden = self._called(element)
            if parent >= 0:
                self._text(element.tail, parent, linked=False)
            if tag in UNSEEN or (is_hidden and parent >= 0 and tag != "body"):
                unseen.add(element)
                self._unseen(element, tag, parent, is_hidden)
            else:
                self._seen(element, tag, parent, bits)

    def _unseen(self, element: HtmlElement, tag: str, parent: int, is_hidden: bool) -> None:
        if is_hidden or tag in {"template", "noscript"}:
            self.hidden.append(element)
        if parent >= 0 and tag in {"textarea", "input"}:
            self.forms[parent] += element.get("type") not in _NO_FIELDS

    def _seen(self, element: HtmlElement, tag: str, parent: int, bits: int) -> None:
        at = len(self.elements)
        self.index[element] = at
        self.elements.append(element)
        self.parents.append(parent)
        self.ends.append(at + 1)
        self.signs.append(bits)
        for counts in self._counts:
            counts.append(0)
        self._text(element.text, at, linked=tag == "a")
        self._facts(element, tag, at, bits)

    def _called(self, element: HtmlElement) -> tuple[int, bool]:
        bits = 0
        hidden = False
        for key, value in element.items():
            if key in {"class", "id"}:
                for name in value[:_LONGEST_ATTRIBUTE].split():
                    bits |= meaning(name)
            elif key == "style":
                hidden = hidden or bool(_HIDDEN.search(value[:_LONGEST_ATTRIBUTE]))
            elif key == "hidden" or (key == "aria-hidden" and value == "true"):
                hidden = True
            elif key == "itemprop":
                bits |= _ITEMPROPS.get(value, 0)
                bits |= signs.ITEM if value == "comment" else 0
            elif key == "itemtype" and _MICRODATA.search(value[:_LONGEST_ATTRIBUTE]):
                bits |= signs.ITEM
            elif key == "rel" and "author" in value:
                bits |= signs.AUTHOR | signs.NAME
            elif key in {"datetime", "data-time", "data-at-unix"}:
                bits |= signs.DATE
        return bits, hidden

    def _text(self, text: str | None, at: int, *, linked: bool) -> None:
        if not text or text.isspace():
            return
        words = len(text.split())
        self.words[at] += words
        if linked:
            self.linked[at] += words
        if words <= 14 and len(text) <= 160 and _DIGIT.search(text) and looks_dated(text.strip()):
            self.dates[at] += 1

    def _facts(self, element: HtmlElement, tag: str, at: int, bits: int) -> None:
        if tag == "time":
            self.dates[at] = 1
        if tag == "cite" or (bits & signs.AUTHOR and not bits & signs.NOT_AUTHOR):
            self.authors[at] = 1
        if bits & signs.CONTROL:
            self.replies[at] = 1
        if tag == "h1":
            self.titles.append(at)
        if bits & signs.ITEM:
            self.microdata.append(at)
        if tag == "a" and self.parents[at] >= 0:
            above = self.parents[at]
            if self.elements[above].tag in _HEADINGS and "#" not in (element.get("href") or "#"):
                self.teasers[at] = 1

    def _sum(self) -> None:
        parents = self.parents
        for at in range(len(self.elements) - 1, 0, -1):
            parent = parents[at]
            self.ends[parent] = max(self.ends[parent], self.ends[at])
            if self.elements[at].tag == "a" and self.words[at] > self.linked[at]:
                self.linked[at] = self.words[at]
            for counts in self._counts:
                counts[parent] += counts[at]

    def above(self, at: int, most: int = 1_000) -> list[int]:
        """Return the ancestors of *at*, nearest first."""
        found: list[int] = []
        parent = self.parents[at]
        while parent >= 0 and len(found) < most:
            found.append(parent)
            parent = self.parents[parent]
        return found

    def children(self, at: int) -> list[int]:
        """Return the visible children of *at*."""
        found: list[int] = []
        child = at + 1
        while child < self.ends[at]:
            found.append(child)
            child = self.ends[child]
        return found

    def said(self, at: int) -> str:
        """Return the text of *at* in one line; for short elements."""
        return " ".join("".join(self.elements[at].itertext()).split())
