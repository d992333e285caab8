"""
What proves that a list of elements is comments, weighed by one rule.

An item proves to be a comment by its mark, its place, and by having words, an author, a date and a way to reply; it
proves to be something else by links, headings that lead elsewhere, and forms. Items count by the root of their words:
ten lines of chat are not outweighed by one long article.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from bot.sources.comments import signs
from bot.sources.comments.candidates import NUMBERS, Roots
from bot.sources.comments.fields import Fields, fields_of, own_of
from bot.sources.comments.names import Path, column
from bot.sources.comments.outline import Outline
from bot.sources.comments.places import Places

ENOUGH = 4.5
"""Points from which a list counts as comments; tuned on two thirds of the sites of the benchmark."""

_AUTHOR = 2.0
_UNNAMED = 1.0  # for an author whom nothing calls so
_DATE = 1.5
_SAMPLE = 6  # items of each


@dataclass(frozen=True)
class Item:
    """One comment of a page; `around` is the place in its list of the item around it."""

    roots: Roots
    nested: frozenset[int]  # roots of the items inside
    around: int | None
    fields: Fields


@dataclass(frozen=True)
class Spread:
    """A candidate whose items know what lies in them, and how much each proves without its author and date."""

    items: tuple[Roots, ...]
    nested: list[list[int]]
    around: list[int | None]
    mark: float
    place: float
    counted: bool  # whether there are as many as the page says
    weights: list[float]
    base: list[float]
    hoped: float  # the points of all items, if each had an author


@dataclass(frozen=True)
class Proof:
    """A list some of whose items were read; `names` is where they keep names that nothing calls so."""

    spread: Spread
    read: dict[int, Item]
    names: Path | None
    worth: float


def item_of(page: Outline, spread: Spread, at: int, names: Path | None) -> Item:
    """Return the item *at* a place of a list, read."""
    roots = spread.items[at]
    nested = frozenset(spread.nested[at])
    return Item(roots, nested, spread.around[at], fields_of(page, roots, nested, names))


def spread(
    page: Outline, places: Places, items: tuple[Roots, ...], mark: float, stated: int | None
) -> Spread:
    """Weigh the items of a candidate by what is known without reading a text."""
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

    place = places.worth(items[0][0], numbered=mark >= NUMBERS)
    common = mark + place - 2.0 * (mark + place <= 0.0)
    if len(items) == 1:
        common -= 1.0 + 2.0 * (mark < NUMBERS and place <= 0.0)
    pingbacks = sum(is_pingback(page, roots) for roots in items)
    counted = stated in {len(items), len(items) - pingbacks}
    common += counted
    weights = []
    base = []
    hoped = 0.0
    for at, roots in enumerate(items):
        words = _own(page.words, roots, nested[at])
        points = common
        if words > 0:
            points += _own(page.replies, roots, nested[at]) > 0
            points -= 3.0 * (_own(page.linked, roots, nested[at]) > words * 0.55)
            if mark < NUMBERS:  # comments that are numbered as such may well have titles and forms
                points -= 5.0 * (_own(page.teasers, roots, nested[at]) > 0)
                points -= 4.0 * (_own(page.forms, roots, nested[at]) > 0)
            if mark < NUMBERS or len(items) == 1:
                points -= _article(page, roots, words)
        weight = math.sqrt(min(max(words, 0), 300))
        dated = _own(page.dates, roots, nested[at]) > 0
        weights.append(weight)
        base.append(points)
        hoped += weight * (points + _AUTHOR + _DATE * dated - ENOUGH)
    return Spread(items, nested, around, mark, place, counted, weights, base, hoped)


def is_pingback(page: Outline, roots: Roots) -> bool:
    """Whether an item, or the element right around it, is called a pingback: another page's link, and no comment."""
    return any(page.signs[at] & signs.PINGBACK for at in (*roots, *page.above(roots[0], 1)))


def _own(counts: list[int], roots: Roots, nested: list[int]) -> int:
    return sum(counts[root] for root in roots) - sum(counts[inner] for inner in nested)


def _article(page: Outline, roots: Roots, words: int) -> float:
    """Return what speaks for an item being the article: the title is in it, or half of the page's words."""
    first, end = roots[0], page.ends[roots[-1]]
    at = bisect_left(page.titles, first)
    titled = at < len(page.titles) and page.titles[at] < end
    return 5.0 * titled + 3.0 * (words * 2 > page.words[0])


def proven(page: Outline, spread: Spread) -> Proof:
    """Weigh the list again by the fields that are read from some of its items."""
    count = len(spread.items)
    some = range(0, count, max(1, count // _SAMPLE))
    read = {at: item_of(page, spread, at, None) for at in some}
    names: Path | None = None
    if sum(bool(item.fields.author) for item in read.values()) < 0.8 * len(read):
        owns = [own_of(page, spread.items[at], frozenset(spread.nested[at])) for at in some]
        names = column(page, owns)
        if names:
            read = {at: item_of(page, spread, at, names) for at in some}
    fields = [(at, item.fields) for at, item in read.items()]
    worth = _worth(spread, fields, _AUTHOR if names is None else _UNNAMED)
    return Proof(spread, read, names, worth)


def _worth(spread: Spread, read: list[tuple[int, Fields]], author: float) -> float:
    """Return what a list proves to be by the fields read from some items; 0 where they prove that it is none."""
    said = [fields for _, fields in read if fields.text]
    if not said or len(said) < 0.6 * len(read):
        return 0.0
    fewest = 0.51 if spread.mark >= 2.0 else 0.99 if spread.mark else 1.2
    counted = spread.counted and spread.mark >= 2.0 and len(said) > 1
    if not counted and sum(bool(f.author) + f.dated for f in said) < fewest * len(said):
        return 0.0
    if len(spread.items) == 1 and spread.mark < NUMBERS and not said[0].dated:
        return 0.0
    texts = Counter(fields.text for fields in said)
    if len(said) > 2 and max(texts.values()) > len(said) / 2:
        return 0.0
    names = Counter(fields.author for fields in said if fields.author)
    alike = len(said) > 2 and names and max(names.values()) > 0.8 * len(said)
    told = [
        (
            spread.weights[at],
            spread.base[at]
            + author * bool(f.author)
            + _DATE * f.dated
            - 3.0 * bool(alike)
            - ENOUGH,
        )
        for at, f in read
        if f.text
    ]
    weight = sum(weight for weight, _ in told)
    return sum(spread.weights) * sum(w * points for w, points in told) / weight if weight else 0.0
