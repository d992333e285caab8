"""
From lists that may be comments to the one that is: what the items of each hold, weighed by one rule.

An item proves to be a comment by its mark, its place, and by having words, an author, a date and a way to reply; it
proves to be something else by links, headings that lead elsewhere, and forms.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from dataclasses import dataclass

from bot.sources.comments import signs
from bot.sources.comments.candidates import Candidate, Roots, candidates
from bot.sources.comments.fields import Fields, fields_of
from bot.sources.comments.outline import Outline

ENOUGH = 4.5
"""Points from which a list counts as comments; tuned on two thirds of the sites of the benchmark."""

_AUTHOR = 2.0
_DATE = 1.5
_LOOKED_AT = 4  # candidates whose fields are read
_SAMPLE = 6  # items of each


@dataclass
class Item:
    """One comment of a page; `answers` is the place of the item around it."""

    roots: Roots
    nested: frozenset[int]  # roots of the items inside
    around: int | None
    fields: Fields


@dataclass(frozen=True)
class _Spread:
    """A candidate whose items know what lies in them."""

    candidate: Candidate
    nested: list[list[int]]
    around: list[int | None]
    base: float  # points for all but authors and dates, which are proven by reading
    points: float
    worth: float


def items_of(page: Outline) -> list[Item]:
    """Return the comments of *page* as items in document order; none where nothing proves that there are any."""
    weighed = [_weighed(page, candidate) for candidate in candidates(page)]
    weighed = sorted(
        (w for w in weighed if w.base >= ENOUGH - _AUTHOR - _DATE and w.points >= ENOUGH - _AUTHOR),
        key=lambda w: -w.worth,
    )
    best: _Spread | None = None
    best_worth = 0.0
    for spread in weighed[:_LOOKED_AT]:
        count = len(spread.candidate.items)
        some = range(0, count, max(1, count // _SAMPLE))
        sample = [_item(page, spread, at) for at in some]
        worth = _proven(spread, sample)
        if worth > best_worth:
            best, best_worth = spread, worth
    if best is None:
        return []
    return [_item(page, best, at) for at in range(len(best.candidate.items))]


def _item(page: Outline, spread: _Spread, at: int) -> Item:
    roots = spread.candidate.items[at]
    nested = frozenset(spread.nested[at])
    return Item(roots, nested, spread.around[at], fields_of(page, roots, nested))


def _weighed(page: Outline, candidate: Candidate) -> _Spread:
    """Weigh *candidate* by what is known without reading a text."""
    items = candidate.items
    nested: list[list[int]] = [[] for _ in items]
    around: list[int | None] = [None] * len(items)
    open_items: list[int] = []
    for at, roots in enumerate(items):
        while open_items and page.ends[items[open_items[-1]][-1]] <= roots[0]:
            open_items.pop()
        if open_items:
            around[at] = open_items[-1]
            nested[open_items[-1]].extend(roots)
        open_items.append(at)

    worth = 0.0
    said = authored = dated = replies = teasers = forms = linked = pingbacks = 0
    for at, roots in enumerate(items):
        words = _own(page.words, roots, nested[at])
        if words <= 0:
            continue
        said += 1
        worth += math.sqrt(min(words, 300))
        authored += _own(page.authors, roots, nested[at]) > 0
        dated += _own(page.dates, roots, nested[at]) > 0
        replies += _own(page.replies, roots, nested[at]) > 0
        teasers += _own(page.teasers, roots, nested[at]) > 0
        forms += _own(page.forms, roots, nested[at]) > 0
        linked += _own(page.linked, roots, nested[at]) > words * 0.55
        pingbacks += bool(page.signs[roots[0]] & signs.PINGBACK)
    if not said:
        return _Spread(candidate, nested, around, 0.0, 0.0, 0.0)
    place = _place(page, items[0][0])
    base = candidate.mark + place + (replies - 3.0 * linked) / said
    if candidate.mark < 3.0:  # comments that are numbered as such may well have titles and forms
        base -= (5.0 * teasers + 4.0 * forms) / said
    if candidate.mark + place <= 0.0:
        base -= 2.0
    if len(items) == 1:
        base -= 1.0 + _alone(page, items[0])
    points = base + (_AUTHOR * authored + _DATE * dated) / said
    return _Spread(candidate, nested, around, base, points, worth * max(points, 0.1))


def _own(counts: list[int], roots: Roots, nested: list[int]) -> int:
    return sum(counts[root] for root in roots) - sum(counts[inner] for inner in nested)


def _place(page: Outline, at: int) -> float:
    """Return what the surroundings of a list prove: 2 for a place called comments, much below 0 for a side bar."""
    called = 0.0
    whole = page.words[0]
    for steps, up in enumerate(page.above(at)):
        said = page.signs[up]
        tag = page.elements[up].tag
        if tag in {"html", "body"}:
            break
        if page.words[up] * 2 < whole and (tag in {"aside", "nav", "footer"} or said & signs.SIDE):
            return -6.0
        if steps < 6 and said & signs.COMMENT and not said & signs.ELSE:
            called = 2.0
    return called


def _alone(page: Outline, roots: Roots) -> float:
    """Return what speaks against an item without another: a title in it, or half of the page's words."""
    first, end = roots[0], page.ends[roots[-1]]
    at = bisect.bisect_left(page.titles, first)
    titled = at < len(page.titles) and page.titles[at] < end
    return 5.0 * titled + 3.0 * (_own(page.words, roots, []) * 2 > page.words[0])


def _proven(spread: _Spread, sample: list[Item]) -> float:
    """Weigh the list again by the fields that were read from some of its items; 0 where they prove it is none."""
    said = [item.fields for item in sample if item.fields.text]
    if not said:
        return 0.0
    authors = sum(bool(fields.author) for fields in said) / len(said)
    dates = sum(fields.dated for fields in said) / len(said)
    if authors + dates < 0.5:
        return 0.0
    texts = Counter(fields.text for fields in said)
    if len(said) > 2 and max(texts.values()) > len(said) / 2:
        return 0.0
    names = Counter(fields.author for fields in said if fields.author)
    alike = len(said) > 3 and names and max(names.values()) > 0.8 * len(said)
    points = spread.base + _AUTHOR * authors + _DATE * dates - 1.0 * bool(alike)
    if points < ENOUGH:
        return 0.0
    words = sum(math.sqrt(min(len(fields.text.split()), 300)) for fields in said)
    return words / len(sample) * len(spread.candidate.items) * points
