"""How what was found in a page is compared with what people marked in it, as the data's own harness defines it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import mean

Counts = tuple[float, float, float]
"""What is right, what is too much, what is missing."""

SHINGLE = 4
ALIKE = 0.6
"""From this F1 on two comments are the same."""

_WORD = re.compile(r"\w+")
_DATES_AND_BUTTONS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun am "
    "pm at on said says wrote writes reply delete permalink link report flag like quote comment th st nd rd ago hours "
    "days weeks months years today yesterday"
)
_AROUND = frozenset(_DATES_AND_BUTTONS.split())


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def told(text: str) -> Counter[str]:
    """Return the words of *text* without those of dates and buttons: gold has them, and no reader misses them."""
    return Counter(w for w in words(text) if w not in _AROUND and not w.isdigit())


def bags(gold: Counter[str], found: Counter[str]) -> Counts:
    both = (gold & found).total()
    return both, found.total() - both, gold.total() - both


def f1(counts: Counts) -> float:
    right, extra, missing = counts
    return 2 * right / (2 * right + extra + missing) if right + extra + missing else 1.0


def article(gold: str, found: str) -> Counts:
    """Return the counts of shingles of four words."""
    return bags(_shingles(gold), _shingles(found))


def article_f1(pages: Sequence[Counts]) -> float:
    """Return the F1 of the mean precision and the mean recall of all pages that have the one or the other."""
    precision = mean([r / (r + extra) for r, extra, _ in pages if r + extra] or [0.0])
    recall = mean([r / (r + missing) for r, _, missing in pages if r + missing] or [0.0])
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def matched(gold: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """Return for comments of *gold* the one in *found* that is the same, each once, the most alike first."""
    wanted, given = [told(one) for one in gold], [told(one) for one in found]
    pairs = sorted(
        (
            (f1(bags(a, b)), -abs(i - j), i, j)
            for i, a in enumerate(wanted)
            for j, b in enumerate(given)
            if a and b and 2 * min(a.total(), b.total()) >= ALIKE * (a.total() + b.total())
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    used: set[int] = set()
    for likeness, _, i, j in pairs:
        if likeness >= ALIKE and i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    return taken


def same_name(gold: str, found: str) -> bool:
    """Whether a name is the same, or all of it with a little around."""
    one, other = " ".join(words(gold)), " ".join(words(found))
    within = min(len(one), len(other)) >= 3 and (one in other or other in one)
    return bool(other) and (one == other or (within and len(other) <= 2 * len(one) + 10))


def squashed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _shingles(text: str) -> Counter[str]:
    said = _WORD.findall(text)
    return Counter(
        " ".join(said[at : at + SHINGLE]) for at in range(max(1, len(said) - SHINGLE + 1)) if said
    )
