"""
Which elements of a page may be its comments: lists of marked elements, and repeated siblings.

A candidate is a list of items and how much their mark proves; `items` weighs it by what the items hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.sources.comments import signs
from bot.sources.comments.outline import Outline
from bot.sources.comments.places import Places
from bot.sources.comments.signs import NUMBERED, elsewhere, meaning

Roots = tuple[int, ...]
"""The elements of one item, siblings, by their places in the outline."""

_Mark = tuple[str, str, str]  # id, data or class; the tag; the name without its number

NUMBERS = 3.0
"""From this mark on, items are numbered as comments: a title, a form or a footer around them proves nothing."""

_REPEATED = frozenset(
    {"div", "li", "article", "section", "tr", "dt", "dl", "p", "table", "blockquote"}
)
_ENDS = re.compile(r"respond|form|pagina|navigation|^footer|sidebar|pager", re.IGNORECASE)
_VARYING = re.compile(r"\d+|\b(?:odd|even|alt|alternate|first|last|depth)\b")
_MOST_SIBLINGS = 5_000
_MOST_HEADINGS = 12
_HEADING_WORDS = 30


@dataclass(frozen=True)
class Candidate:
    """Items in document order; `mark` is what their common mark proves, 0 (they only repeat) to 4."""

    items: tuple[Roots, ...]
    mark: float


def candidates(page: Outline, places: Places) -> Iterator[Candidate]:
    """
    Return every list of items in *page* that may be its comments.

    Nothing is returned from side bars; and of what only repeats, what stands in a place for comments.
    """
    if page.microdata:
        yield from _variants(page, page.microdata, 4.0)
    for mark, marked in _groups(page).items():
        worth = _worth(mark, len(marked))
        if worth and places.worth(marked[0], numbered=worth >= NUMBERS) >= 0:
            yield from _variants(page, marked, worth)
    yield from _under_headings(page)
    for parent, dates in enumerate(page.dates):
        for siblings in _siblings(page, parent) if dates >= 2 else ():
            if places.worth(siblings[0], numbered=False) > 0:
                yield from _variants(page, siblings, 0.0)
                yield from _nested(page, siblings)


def _groups(page: Outline) -> dict[_Mark, list[int]]:
    groups: dict[_Mark, list[int]] = {}
    any_mark = signs.MARKED | signs.COMMENT | signs.POST
    for at, said in enumerate(page.signs):
        if said & any_mark and (page.words[at] or page.tags[at] == "a"):
            for mark in _marks(page, at):
                groups.setdefault(mark, []).append(at)
    return groups


def _under_headings(page: Outline) -> Iterator[Candidate]:
    """Return what stands alone under a line that announces comments: the one dated element after it."""
    for line in page.announced[:_MOST_HEADINGS]:
        for up in (line, *page.above(line, 4)):
            parent = page.parents[up]
            if page.words[up] > _HEADING_WORDS or parent < 0:
                break
            after = [at for at in page.children(parent) if at > up and page.dates[at]]
            if after:
                if len(after) == 1:
                    yield Candidate(((after[0],),), 0.0)
                break


def _marks(page: Outline, at: int) -> Iterator[_Mark]:
    element = page.elements[at]
    tag = element.tag
    if tag in {"html", "body"}:
        return
    for key, value in element.items():
        if key == "id" or (key == "name" and tag == "a"):
            number = (
                NUMBERED.match(value)
                if len(value) < signs.LONGEST_NAME and value[-1:].isalnum()
                else None
            )
            if number:
                yield ("id", tag, number["kind"].lower())
        elif key in signs.DATA and value:
            yield ("data", tag, key)
        elif key == "class" and page.signs[at] & (signs.COMMENT | signs.POST):
            for name in value[:2_000].split():
                said = meaning(name)
                if said & (signs.COMMENT | signs.POST) and not said & signs.ELSE:
                    yield ("class", tag, name.lower())


def _worth(mark: _Mark, count: int) -> float:
    kind, _, name = mark
    if kind == "data":
        return signs.DATA[name]
    said = meaning(name.rstrip("-_.:"))
    if kind == "class":
        return (2.0 if count > 1 else 1.5) if said & signs.COMMENT else 1.0 if count > 1 else 0.0
    if elsewhere(name.rstrip("-_.:")) or "form" in name:
        return 0.0
    if said & signs.COMMENT:
        return 3.5
    return 1.5 if said & signs.POST and count > 1 else 1.0 if count > 1 else 0.0


def _siblings(page: Outline, parent: int) -> Iterator[list[int]]:
    """Return the children of *parent* that are alike by tag and class."""
    groups: dict[tuple[str, str], list[int]] = {}
    for child in page.children(parent)[:_MOST_SIBLINGS]:
        if page.tags[child] in _REPEATED:
            groups.setdefault(_likeness(page, child), []).append(child)
    for group in groups.values():
        while len(group) > 1 and not page.dates[group[0]] and page.dates[group[1]]:
            group.pop(0)  # the heading of a table
        if len(group) > 1:
            yield group


def _nested(page: Outline, siblings: list[int]) -> Iterator[Candidate]:
    """Return alike *siblings* with those that are alike in them: answers."""
    kind = _likeness(page, siblings[0])
    inside = [
        at
        for sibling in siblings
        for at in range(sibling, page.ends[sibling])
        if _likeness(page, at) == kind
    ]
    if kind[1] and len(inside) > len(siblings):
        yield Candidate(tuple((at,) for at in inside), 0.0)


def _likeness(page: Outline, at: int) -> tuple[str, str]:
    element = page.elements[at]
    return str(element.tag), _first((element.get("class") or "")[:200])


@lru_cache(maxsize=5_000)
def _first(names: str) -> str:
    return next(iter(_VARYING.sub("", names).split()), "")


def _variants(page: Outline, marks: list[int], worth: float) -> Iterator[Candidate]:
    """
    Return the items that *marks* may stand for.

    A mark is the item itself; or a part of it, whose largest ancestor without another mark is the item; or the head
    of a run of siblings that goes on until the next mark (dt and dd, an anchor and what follows it).
    """
    marks = list(dict.fromkeys(marks))
    yield Candidate(tuple((mark,) for mark in marks), worth)
    roots = marks
    nested = any(page.ends[a] > b for a, b in pairwise(marks))
    if len(marks) > 1 and not nested and page.tags[marks[0]] != "dt":
        roots = _climbed(page, marks)
        if roots != marks:
            yield Candidate(tuple((root,) for root in roots), worth)
    if page.tags[roots[0]] == "li":
        return  # a list's items are whole
    runs = _runs(page, _terms(page, roots))
    if any(len(run) > 1 for run in runs):
        yield Candidate(tuple(runs), worth)
    if worth < 2.0 and len(roots) > 1 and len({page.parents[root] for root in roots}) == 1:
        yield from _signed(page, roots, worth)


def _climbed(page: Outline, marks: list[int]) -> list[int]:
    """Return the children of the marks' common parent that hold one mark each; *marks* where they are not alike."""
    if len({page.parents[mark] for mark in marks}) == 1:
        return marks
    holds: Counter[int] = Counter()
    for mark in marks:
        holds.update(page.above(mark, 40))
    roots = []
    for mark in marks:
        root = mark
        for up in page.above(mark, 40):
            if holds[up] > 1 or page.tags[up] in {"body", "html"}:
                break
            root = up
        roots.append(root)
    kinds = Counter((page.parents[root], *_likeness(page, root)) for root in roots)
    return roots if kinds.most_common(1)[0][1] >= 0.6 * len(roots) else marks


def _terms(page: Outline, roots: list[int]) -> list[int]:
    """Return the term before each definition: what is said of it begins there."""
    if page.tags[roots[0]] != "dd":
        return roots
    terms = []
    term = None
    for child in page.children(page.parents[roots[0]]):
        term = child if page.tags[child] == "dt" else term
        if child in roots and term is not None:
            terms.append(term)
    return list(dict.fromkeys(terms)) or roots


def _runs(page: Outline, heads: list[int]) -> list[Roots]:
    heads_set = set(heads)
    runs: list[Roots] = []
    longest = 1
    for head in heads:
        run = [head]
        parent = page.parents[head]
        at = page.ends[head]
        end = page.ends[parent] if parent >= 0 else at
        kind = _likeness(page, head)
        last = head == heads[-1]
        while at < end and len(run) < (max(longest, 4 if len(heads) == 1 else 0) if last else 60):
            if at in heads_set or page.tags[at] in {"form", "h1", "h2"} or _ends(page, at):
                break
            if kind[1] and kind == _likeness(page, at):
                break  # another like it, without the mark: an event among comments
            if page.tags[at] != "dd" and any(
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
        if page.tags[child] in {"h1", "h2", "h3", "h4", "form"}:
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
