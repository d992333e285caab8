"""Where each comment begins: by the rhythm of names, dates and words, and by the number the page states."""

from __future__ import annotations

from itertools import accumulate

from bot.sources.copied.lines import Line, head, is_control, is_date, looks_like_name, name_worth

MOST_CANDIDATES = 4_000
MOST_STEPS = 1_500_000
"""Of the search for N beginnings; past it the best ones are taken greedily."""

_NONE = float("-inf")

SURE = 3.0
"""Worth of a line that states who wrote when."""


def beginnings(lines: list[Line], declared: int | None) -> list[int]:
    """
    Return the indexes in *lines* at which comments begin: lines with a name.

    With *declared*, exactly that many where the text allows it: the best such choice, by dynamic programming over the
    candidates in order. Without, every line that states a name with a date, in one rhythm.
    """
    candidates = _candidates(lines)
    sure = [at for at, worth in candidates if worth >= SURE]
    if declared and declared > 0:
        if len(sure) == declared:
            return sure
        chosen = _best(lines, candidates[:MOST_CANDIDATES], declared)
        if chosen:
            return chosen
    return sure


def _candidates(lines: list[Line]) -> list[tuple[int, float]]:
    found = []
    for at, line in enumerate(lines):
        if not line.text:
            continue
        if head(line.text) is not None:
            found.append((at, SURE + 0.5))
        elif looks_like_name(line.text):
            worth = name_worth(line.text)
            if _dated_next(lines, at):
                worth += SURE
            elif not _alone(lines, at):
                continue
            found.append((at, worth))
    return found


def _dated_next(lines: list[Line], at: int) -> bool:
    """Whether the next words after a name are a date, with buttons and bullets between."""
    for line in lines[at + 1 : at + 5]:
        if not line.text or is_control(line.text):
            continue
        return is_date(line.text)
    return False


def _alone(lines: list[Line], at: int) -> bool:
    """Whether a line stands by itself, with space before and after it."""
    before = at == 0 or not lines[at - 1].text
    return before and at + 1 < len(lines) and not lines[at + 1].text


def _best(lines: list[Line], candidates: list[tuple[int, float]], wanted: int) -> list[int]:
    """
    Return *wanted* candidates, or as many as there can be, of the highest worth whose comments all have words.

    `rounds[k][i]` is the worth of the best k + 1 beginnings of which candidate i is the last, and the one before it.
    """
    words = _Words(lines)
    if not candidates:
        return []
    if len(candidates) * wanted > MOST_STEPS:
        best = sorted(candidates, key=lambda candidate: -candidate[1])[:wanted]
        return sorted(at for at, _ in best)
    # what stands before the first comment are the page's own words: there are none
    rounds = [[(w if at <= words.first else _NONE, -1) for at, w in candidates]]
    while len(rounds) < wanted:
        following = _one_more(candidates, rounds[-1], words)
        if all(worth == _NONE for worth, _ in following):
            break
        rounds.append(following)
    for k in range(len(rounds) - 1, -1, -1):
        ends = [
            (worth, i)
            for i, (worth, _) in enumerate(rounds[k])
            if worth > _NONE and words.between(candidates[i][0], len(lines))
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
    """Which lines have words, and whether any has between two."""

    def __init__(self, lines: list[Line]) -> None:
        has = [bool(x.text) and not is_control(x.text) and not is_date(x.text) for x in lines]
        self.first = next((at for at, texted in enumerate(has) if texted), 0)
        self._before = [0, *accumulate(has)]

    def between(self, head: int, end: int) -> bool:
        return self._before[end] - self._before[head + 1] > 0
