"""The comments of a page as items: of all lists that may be comments those that are, the best first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from bot.sources.comments.candidates import Roots, candidates
from bot.sources.comments.declared import counted, declared
from bot.sources.comments.outline import Outline
from bot.sources.comments.places import Places
from bot.sources.comments.weighing import Item, Proof, Spread, item_of, proven, spread

_LOOKED_AT = 4  # lists whose fields are read, each time that one is looked for
_MOST_LISTS = 5


@dataclass(frozen=True)
class ItemList:
    """Comments that stand together, in document order; `title` and `stated` are what the heading over them says."""

    items: list[Item]
    title: str | None
    stated: int | None


def lists_of(page: Outline) -> list[ItemList]:
    """Return the comments of *page* in document order; none where nothing proves that there are any."""
    places = Places(page)
    marks: dict[tuple[Roots, ...], float] = {}
    for candidate in candidates(page, places):
        marks[candidate.items] = max(candidate.mark, marks.get(candidate.items, 0.0))
    stated = declared(page)
    spreads = [spread(page, places, items, mark, stated) for items, mark in marks.items()]
    spreads = sorted((s for s in spreads if s.hoped > 0), key=lambda s: -s.hoped)
    lists: list[ItemList] = []
    while spreads and len(lists) < _MOST_LISTS:
        best = max((proven(page, s) for s in spreads[:_LOOKED_AT]), key=lambda proof: proof.worth)
        if best.worth <= 0:
            break
        lists.extend(_split(page, places, _items(page, best)))
        # one list is enough to look for; another must stand in a place for comments
        spreads = [s for s in spreads if s.place > 0 and not _overlap(page, s, best.spread)]
    return sorted(lists, key=lambda some: some.items[0].roots)


def _items(page: Outline, proof: Proof) -> list[Item]:
    count = len(proof.spread.items)
    return [
        proof.read.get(at) or item_of(page, proof.spread, at, proof.names) for at in range(count)
    ]


def _overlap(page: Outline, one: Spread, other: Spread) -> bool:
    """Whether two lists share some of the page: from the beginning of the first item to the end of the last."""
    return (
        one.items[0][0] < page.ends[other.items[-1][-1]]
        and other.items[0][0] < page.ends[one.items[-1][-1]]
    )


def _split(page: Outline, places: Places, items: list[Item]) -> list[ItemList]:
    """Return *items* as one list, or as several where headings that announce comments stand between them."""
    cuts: list[tuple[int, str | None]] = []
    end = 0
    for at, item in enumerate(items):
        if item.around is None:
            title = places.heading(end, item.roots[0])
            if title or not cuts:
                cuts.append((at, title))
        end = max(end, page.ends[item.roots[-1]])
    lists = []
    for (start, title), (stop, _) in pairwise([*cuts, (len(items), None)]):
        some = [replace(item, around=_from(start, item.around)) for item in items[start:stop]]
        lists.append(ItemList(some, title, counted(title) if title else None))
    return lists


def _from(start: int, around: int | None) -> int | None:
    return None if around is None else around - start
