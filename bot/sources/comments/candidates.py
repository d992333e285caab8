"""
Which elements of a page may be its comments: lists of marked elements, and repeated siblings.

A candidate is a list of items and how much their mark proves; `items` weighs it by what the items hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.sources.comments import signs
from bot.sources.comments.outline import Outline
from bot.sources.comments.signs import NUMBERED, meaning

Roots = tuple[int, ...]
"""The elements of one item, siblings, by their places in the outline."""

_DATA = {
    "data-comment-id": 3.0,
    "data-commentid": 3.0,
    "data-comment": 2.5,
    "thingid": 3.0,
    "data-post-id": 1.5,
    "data-postid": 1.5,
    "data-shortid": 1.5,
    "data-content": 1.5,
}
_REPEATED = frozenset(
    {"div", "li", "article", "section", "tr", "dt", "dl", "p", "table", "blockquote"}
)
_ENDS = re.compile(r"respond|form|pagina|navigation|^footer|sidebar|pager", re.IGNORECASE)
_VARYING = re.compile(r"\d+|\b(?:odd|even|alt|first|last|depth)\b")
_MOST_SIBLINGS = 5_000


@dataclass(frozen=True)
class Candidate:
    """Items in document order; `mark` is what their common mark proves, 0 (they only repeat) to 4."""

    items: tuple[Roots, ...]
    mark: float


def candidates(page: Outline) -> Iterator[Candidate]:
    """Return every list of items in *page* that may be its comments."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for at, element in enumerate(page.elements):
        if page.words[at] and element.tag not in {"html", "body"}:
            for mark in _marks(page, at):
                groups.setdefault(mark, []).append(at)
    groups.pop(("microdata", "", ""), None)
    if page.microdata:
        yield from _variants(page, page.microdata, 4.0)
    for mark, places in groups.items():
        worth = _worth(mark, len(places))
        if worth:
            yield from _variants(page, places, worth)
    for parent in range(len(page.elements)):
        if page.dates[parent] >= 2:
            for places in _siblings(page, parent):
                yield from _variants(page, places, 0.0)


def _marks(page: Outline, at: int) -> Iterator[tuple[str, str, str]]:
    element = page.elements[at]
    tag = element.tag
    for key, value in element.items():
        if key == "id" or (key == "name" and tag == "a"):
            number = (
                NUMBERED.match(value)
                if len(value) < signs.LONGEST_NAME and value[-1:].isalnum()
                else None
            )
            if number:
                yield ("id", tag, number["kind"].lower())
        elif key in _DATA and value:
            yield ("data", tag, key)
        elif key == "class" and page.signs[at] & (signs.COMMENT | signs.POST):
            for name in value[:2_000].split():
                said = meaning(name)
                if said & (signs.COMMENT | signs.POST) and not said & signs.ELSE:
                    yield ("class", tag, name.lower())


def _worth(mark: tuple[str, str, str], count: int) -> float:
    kind, _, name = mark
    if kind == "data":
        return _DATA[name]
    said = meaning(name.rstrip("-_.:"))
    if kind == "class":
        return (2.0 if count > 1 else 1.5) if said & signs.COMMENT else 1.0 if count > 1 else 0.0
    if said & signs.ELSE and not said & signs.POST:
        return 0.0
    if said & signs.COMMENT:
        return 3.5
    return 1.5 if said & signs.POST and count > 1 else 1.0 if count > 1 else 0.0


def _siblings(page: Outline, parent: int) -> Iterator[list[int]]:
    """Return the children of *parent* that are alike by tag and class."""
    groups: dict[tuple[str, str], list[int]] = {}
    for child in page.children(parent)[:_MOST_SIBLINGS]:
        if page.elements[child].tag in _REPEATED:
            groups.setdefault(_likeness(page, child), []).append(child)
    return (group for group in groups.values() if len(group) > 1)


def _likeness(page: Outline, at: int) -> tuple[str, str]:
    names = (page.elements[at].get("class") or "")[:200].split()
    return str(page.elements[at].tag), _VARYING.sub("", names[0]) if names else ""


def _variants(page: Outline, marks: list[int], worth: float) -> Iterator[Candidate]:
    """
    Return the items that *marks* may stand for.

    A mark is the item itself; or a part of it, whose largest ancestor without another mark is the item; or the head
    of a run of siblings that goes on until the next mark (dt and dd, an anchor and what follows it).
    """
    marks = list(dict.fromkeys(marks))
    yield Candidate(tuple((mark,) for mark in marks), worth)
    roots = marks
    if len(marks) > 1 and not any(page.ends[a] > b for a, b in pairwise(marks)):
        roots = _climbed(page, marks)
        if roots != marks:
            yield Candidate(tuple((root,) for root in roots), worth)
    if page.elements[roots[0]].tag == "li":
        return  # a list's items are whole
    runs = _runs(page, roots)
    if any(len(run) > 1 for run in runs):
        yield Candidate(tuple(runs), worth)
    if worth < 2.0 and len(roots) > 1 and len({page.parents[root] for root in roots}) == 1:
        yield from _signed(page, roots, worth)


def _climbed(page: Outline, marks: list[int]) -> list[int]:
    """Return the children of the marks' common parent that hold one mark each; *marks* where they are not alike."""
    holds: Counter[int] = Counter()
    for mark in marks:
        holds.update(page.above(mark, 40))
    roots = []
    for mark in marks:
        root = mark
        for up in page.above(mark, 40):
            if holds[up] > 1 or page.elements[up].tag in {"body", "html"}:
                break
            root = up
        roots.append(root)
    kinds = Counter((page.parents[root], *_likeness(page, root)) for root in roots)
    return roots if kinds.most_common(1)[0][1] >= 0.6 * len(roots) else marks


def _runs(page: Outline, heads: list[int]) -> list[Roots]:
    heads_set = set(heads)
    runs: list[Roots] = []
    longest = 1
    for head in heads:
        run = [head]
        parent = page.parents[head]
        at = page.ends[head]
        end = page.ends[parent] if parent >= 0 else at
        last = head == heads[-1]
        while at < end and len(run) < (max(longest, 4 if len(heads) == 1 else 0) if last else 60):
            if at in heads_set or page.elements[at].tag in {"form", "h1", "h2"} or _ends(page, at):
                break
            if page.elements[at].tag != "dd" and any(
                at <= other < page.ends[at] for other in heads[len(runs) + 1 : len(runs) + 2]
            ):
                break
            run.append(at)
            at = page.ends[at]
        longest = max(longest, len(run))
        runs.append(tuple(run))
    return runs


def _signed(page: Outline, marks: list[int], worth: float) -> Iterator[Candidate]:
    """Return the runs that end at a mark: words first, then who wrote them and when."""
    if any(page.words[mark] > 20 for mark in marks):
        return
    last = page.ends[marks[-1]]
    if last < page.ends[page.parents[marks[-1]]] and page.words[last] > 3 and not _ends(page, last):
        return  # something follows the last mark: marks are heads
    runs: list[Roots] = []
    run: list[int] = []
    begun = False  # where no heading says it, the first words may begin anywhere: the mark's neighbour is taken
    for child in page.children(page.parents[marks[0]]):
        if child > marks[-1]:
            break
        if page.elements[child].tag in {"h1", "h2", "h3", "h4", "form"}:
            run = []
            begun = True
            continue
        run.append(child)
        if child in marks:
            runs.append(tuple(run if begun else run[-2:]))
            run = []
            begun = True
    yield Candidate(tuple(runs), worth)


def _ends(page: Outline, at: int) -> bool:
    element = page.elements[at]
    return page.forms[at] > 0 or any(
        _ENDS.search(name)
        for name in f"{element.get('id') or ''} {element.get('class') or ''}".split()
    )
