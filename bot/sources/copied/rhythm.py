"""Names in lines of their own, without a time: where each comment begins, by the number of comments the page states."""

from __future__ import annotations

from itertools import accumulate

from bot.sources.copied.dated import PLAIN
from bot.sources.copied.names import name_worth
from bot.sources.copied.page import Page

MOST_CANDIDATES = 4_000
MOST_STEPS = 1_000_000
"""Of the search for N beginnings; past it the best ones are taken greedily."""
FEWEST = 3
"""One in so many of the comments announced must be there, for a name to be one."""
LEAST_WORTH = 0.4
"""On average, of names: headings inside an article come to 0.2 to 0.4, the seed's ten readers to 0.8."""

_NONE = float("-inf")


def beginnings(page: Page, start: int, wanted: int) -> list[int]:
    """
    Return the texts from *start* on at which comments begin: names that stand alone.

    Exactly *wanted* where the text allows it: the best such choice, by dynamic programming over the candidates in
    order. None where there are too few, or what stands alone hardly looks like names.
    """
    worth = {
        at: name_worth(page.texts[at])
        for at in range(start, len(page))
        if _alone(page, at, first=at == start)
    }
    candidates = [(at, value) for at, value in worth.items() if value > 0][:MOST_CANDIDATES]
    chosen = _best(_Words(page), candidates, start, wanted)
    if len(chosen) * FEWEST < wanted:
        return []
    return chosen if sum(worth[at] for at in chosen) >= LEAST_WORTH * len(chosen) else []


def _alone(page: Page, at: int, *, first: bool) -> bool:
    """Whether a text stands by itself: a blank line before it, where it is not the first, and one after."""
    return at + 1 < len(page) and page.after_blank(at + 1) and (first or page.after_blank(at))


def _best(words: _Words, candidates: list[tuple[int, float]], start: int, wanted: int) -> list[int]:
    """
    Return *wanted* candidates, or as many as there can be, of the highest worth whose comments all have words.

    `rounds[k][i]` is the worth of the best k + 1 beginnings of which candidate i is the last, and the one before it.
    """
    if not candidates:
        return []
    if len(candidates) * wanted > MOST_STEPS:
        best = sorted(candidates, key=lambda candidate: -candidate[1])[:wanted]
        return sorted(at for at, _ in best)
    # what stands before the first comment are the page's own words: there are none
    first = words.first(start)
    rounds = [[(worth if at <= first else _NONE, -1) for at, worth in candidates]]
    while len(rounds) < wanted:
        following = _one_more(candidates, rounds[-1], words)
        if all(worth == _NONE for worth, _ in following):
            break
        rounds.append(following)
    for k in range(len(rounds) - 1, -1, -1):
        ends = [
            (worth, i)
            for i, (worth, _) in enumerate(rounds[k])
            if worth > _NONE and words.between(candidates[i][0], words.end)
        ]
        if ends:
            chosen = [max(ends)[1]]
            for back in range(k, 0, -1):
                chosen.append(rounds[back][chosen[-1]][1])
            return [candidates[i][0] for i in reversed(chosen)]
    return []


def _one_more(
    candidates: list[tuple[int, float]], last: list[tuple[float, int]], words: _Words
) -> list[tuple[float, int]]:
    """Return the best choices with one beginning more than *last*."""
    following = []
    top, top_at, ready = _NONE, -1, 0
    for here, (at, worth) in enumerate(candidates):
        while ready < here and words.between(candidates[ready][0], at):
            if last[ready][0] > top:
                top, top_at = last[ready][0], ready
            ready += 1
        following.append((top + worth, top_at) if top_at >= 0 else (_NONE, -1))
    return following


class _Words:
    """Which texts are words, and whether any stands between two."""

    def __init__(self, page: Page) -> None:
        said = [PLAIN.tail.fullmatch(text) is None for text in page.low]
        self._before = [0, *accumulate(said)]
        self._said = said
        self.end = len(said)

    def first(self, start: int) -> int:
        """Return the first text with words from *start* on."""
        return next((at for at in range(start, self.end) if self._said[at]), start)

    def between(self, head: int, end: int) -> bool:
        """Whether there are words behind text *head* and before *end*."""
        return self._before[end] - self._before[head + 1] > 0
