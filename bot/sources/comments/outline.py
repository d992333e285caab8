"""
A page in one pass: its visible elements in document order, what each is called, and what each holds.

Everything that comes later asks here and not the tree: a page has thousands of elements and dozens of lists that might
be its comments, and weighing each by walking it again took four times as long as reading the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate

from lxml.html import HtmlElement

from bot.sources.comments import signs
from bot.sources.comments.dates import is_stamp, looks_dated
from bot.sources.comments.signs import LONGEST_NAMES, UNSEEN, announces, meanings
from bot.sources.markup import count_words, written

MOST_ELEMENTS = 200_000
"""Of a page; what comes after is not looked at. A thread of 10,000 comments has about 150,000."""

_LONGEST_ATTRIBUTE = 2_000
_MOST_IN_LINE = 500  # elements
_APART = frozenset(
    {"br", "p", "div", "li", "ul", "td", "tr", "dt", "dd", "h3", "h4", "h5", "small"}
)  # in a line
_VOID = frozenset({"br", "hr", "wbr", "img"})  # hold nothing
_NO_FIELDS = frozenset({"hidden", "checkbox", "radio", "button", "submit", "image"})
_TITLE_WORDS = 3  # a name has fewer
_TITLES = frozenset({"h1", "h2", "h3", "h4"})
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
    "comment": signs.ITEM,
}
_PLAIN = frozenset({"href", "src", "alt", "title", "target", "type", "width", "height", "onclick"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def _numbered(value: str) -> int:
    return signs.MARKED if _DIGIT.search(value[:_LONGEST_ATTRIBUTE]) else 0


_ATTRIBUTES: dict[str, Callable[[str], int]] = {
    "itemprop": lambda value: _ITEMPROPS.get(value, 0),
    "itemtype": lambda value: signs.ITEM if _MICRODATA.search(value) else 0,
    "rel": lambda value: signs.AUTHOR | signs.NAME if "author" in value else 0,
    "name": _numbered,
    **dict.fromkeys(signs.DATA, lambda _: signs.MARKED),
    **dict.fromkeys(signs.STAMPS, lambda value: signs.DATE | signs.STAMP if is_stamp(value) else 0),
    "datetime": lambda _: signs.DATE | signs.STAMP,
    "data-content": lambda value: signs.DATE | signs.STAMP if is_stamp(value) else signs.MARKED,
}


def _called(element: HtmlElement) -> tuple[int, bool]:
    """Return the signs in what an element is called, and whether it is hidden."""
    bits = 0
    hidden = False
    for key, value in element.items():
        if key in _PLAIN:
            continue
        if key == "class":
            bits |= meanings(value[:LONGEST_NAMES])
        elif key == "id":
            bits |= meanings(value[:LONGEST_NAMES]) | _numbered(value)
        elif key in _ATTRIBUTES:
            bits |= _ATTRIBUTES[key](value[:_LONGEST_ATTRIBUTE])
        elif key in {"style", "hidden", "aria-hidden"}:
            hidden = hidden or _hides(element, key, value)
    return bits, hidden


def _hides(element: HtmlElement, key: str, value: str) -> bool:
    if key == "style":
        return bool(_HIDDEN.search(value[:_LONGEST_ATTRIBUTE]))
    # behind an open dialogue the whole page is aria-hidden: saved pages often are
    return key == "hidden" or (
        value == "true" and next(element.iter("h1", "article", "main"), None) is None
    )


class Outline:
    """
    The visible elements of a page, by their place in document order.

    `words`, `dates`, and what is counted only where it is asked for, count what an element holds, itself included.
    Hidden elements are collected in `hidden` and are not part of anything.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.elements: list[HtmlElement] = []
        self.index: dict[HtmlElement, int] = {}
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.signs: list[int] = []
        self.hidden: list[HtmlElement] = []
        self.veiled: set[int] = set()  # hold something that no reader sees
        self.announced: list[int] = []
        self._said: dict[int, str] = {}
        self._words: list[int] = []  # of each element itself
        self._dated: list[int] = []
        self._fields: list[int] = []
        self._read(root)
        self.ends = self._ends()
        self.before = [0, *accumulate(self._words)]
        self.words = self._sum(self._words)
        tags = zip(self.tags, self.signs, strict=True)
        times = (at for at, (tag, said) in enumerate(tags) if tag == "time" or said & signs.STAMP)
        self.dates = self._sum(self._at([*self._dated, *times]))
        self.titles = [at for at, tag in enumerate(self.tags) if tag == "h1"]
        self.headings = [at for at, tag in enumerate(self.tags) if tag in _TITLES]
        self.microdata = [at for at, said in enumerate(self.signs) if said & signs.ITEM]

    def _read(self, root: HtmlElement) -> None:
        index = self.index
        unseen: set[HtmlElement] = set()
        title = root.find(".//title")
        self.title = " ".join((title.text or "").split()) if title is not None else ""
        body = root.find("body")
        for element in (root if body is None else body).iter():
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if len(index) >= MOST_ELEMENTS:
                break
            above = element.getparent()
            if above in unseen:
                unseen.add(element)
                continue
            parent = -1 if above is None else index.get(above, -1)
            bits, is_hidden = (0, False) if tag in _VOID else _called(element)
            if parent >= 0 and (tail := element.tail) and not tail.isspace():
                self._text(tail, parent)
            if tag in UNSEEN or (is_hidden and parent >= 0 and tag != "body"):
                unseen.add(element)
                self._unseen(element, tag, parent, is_hidden)
                continue
            at = len(index)
            index[element] = at
            self.elements.append(element)
            self.tags.append(tag)
            self.parents.append(parent)
            self.signs.append(bits)
            self._words.append(0)
            if (text := element.text) and not text.isspace():
                self._text(text, at)

    def _unseen(self, element: HtmlElement, tag: str, parent: int, is_hidden: bool) -> None:
        self.veiled.add(parent)
        if is_hidden or tag in {"template", "noscript"}:
            self.hidden.append(element)
        if tag in {"textarea", "input"} and element.get("type") not in _NO_FIELDS:
            self._fields.append(parent)

    def _text(self, text: str, at: int) -> None:
        said = text.split()
        words = len(said) if text.isascii() else count_words(text)
        self._words[at] += words
        if words > 25:
            return
        if announces(said, text):
            self.announced.append(at)
        if words <= 14 and len(text) <= 160 and _DIGIT.search(text) and looks_dated(text):
            self._dated.append(at)

    @cached_property
    def authors(self) -> list[int]:
        """How many names each element holds."""
        by_name = signs.AUTHOR | signs.NOT_AUTHOR
        return self._sum(
            [
                tag == "cite" or said & by_name == signs.AUTHOR
                for tag, said in zip(self.tags, self.signs, strict=True)
            ]
        )

    @cached_property
    def replies(self) -> list[int]:
        """How many things to click each element holds: to reply, to vote."""
        return self._sum([said & signs.CONTROL > 0 for said in self.signs])

    @cached_property
    def forms(self) -> list[int]:
        """How many fields to fill each element holds."""
        return self._sum(self._at(self._fields))

    @cached_property
    def linked(self) -> list[int]:
        """How many words in links that lead elsewhere each element holds."""
        own = [0] * len(self.elements)
        for at in self._leading:
            # else a part of a comment: its date, a name
            if self.words[at] >= 3 and (self.words[at] > 12 or not self.dates[at]):
                own[at] = self.words[at]
        return self._sum(own)

    @cached_property
    def teasers(self) -> list[int]:
        """How many headings that lead elsewhere each element holds."""
        titles = [
            at
            for at in self._leading
            if self.tags[self.parents[at]] in _TITLES and self.words[at] >= _TITLE_WORDS
        ]
        return self._sum(self._at(titles))

    @cached_property
    def _leading(self) -> list[int]:
        return [
            at
            for at, tag in enumerate(self.tags)
            if tag == "a" and self.words[at] and "#" not in (self.elements[at].get("href") or "#")
        ]

    def _at(self, places: list[int]) -> list[int]:
        counts = [0] * len(self.elements)
        for at in places:
            counts[at] += 1
        return counts

    def _ends(self) -> list[int]:
        ends = list(range(1, len(self.elements) + 1))
        parents = self.parents
        for at in range(len(ends) - 1, 0, -1):
            parent = parents[at]
            ends[parent] = max(ends[parent], ends[at])
        return ends

    def _sum(self, own: list[int]) -> list[int]:
        """Return for each element the sum over what it holds: its places are a range."""
        before = [0, *accumulate(own)]
        return [before[end] - start for end, start in zip(self.ends, before, strict=False)]

    def own_words(self, at: int) -> int:
        """Return the number of words that stand in *at* itself, and not in what it holds."""
        return self._words[at]

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
        """Return the visible text of *at* in one line; for short elements."""
        if at not in self._said:
            self._said[at] = self._read_line(at)
        return self._said[at]

    def _read_line(self, at: int) -> str:
        element = self.elements[at]
        if self.ends[at] - at > _MOST_IN_LINE:
            return ""
        inside = range(at + 1, self.ends[at])
        apart = any(self.tags[i] in _APART for i in inside)
        if apart or at in self.veiled or any(i in self.veiled for i in inside):
            return " ".join(written(element, lambda e: e not in self.index).split())
        return " ".join("".join(element.itertext()).split())
