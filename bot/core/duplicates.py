"""
Comments that say the same in nearly the same words: copied, sent twice, or part of a campaign.

They are collapsed before anything is paid for them and shown as ×N. Two texts that differ in a number or a negation are
never one: a copy with "not" in it says the opposite.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from bot.core.models import Cid, Comment

SHORTEST = 20  # characters; "me too" from two people is two voices, not a copy
FEWEST_WORDS = 8  # below, only the very same words are a copy
ALIKE = 0.7  # of the word triples of both texts together: a changed word costs three of them
SKETCH = 8  # triples by which copies are found; those of two texts that share none are not compared
MOST_MET = 16  # texts found by one triple; what more have in common is a phrase everybody uses, and tells no copies

_NOT_WORD = re.compile(r"[\W_]+")
# English, French, German, Spanish, Italian, Portuguese, Dutch, and the "t" that is left of "don't"
_NEGATIONS = frozenset(
    """
    no not never none nobody nothing without cannot against t n ne pas non jamais aucun aucune sans rien contre
    nicht nie kein keine keinen keiner keinem ohne nichts gegen nunca nadie nada sin ni contra mai nessuno nessuna
    senza niente contro não nem sem niet geen nooit zonder niets tegen
    """.split()  # noqa: SIM905 # a list of fifty strings is no better read
)


def duplicates(comments: Iterable[Comment]) -> tuple[tuple[Cid, ...], ...]:
    """
    Return the groups of comments whose words are (nearly) the same, in order of their first comment.

    Case, punctuation and spacing do not count. Texts under `SHORTEST` letters are never grouped. Every member is like
    the group's first: likeness does not travel from one to the next.
    """
    groups: dict[str, list[Cid]] = {}
    for comment in comments:
        words = _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", comment.text).casefold()).strip()
        if len(words) >= SHORTEST:
            groups.setdefault(words, []).append(comment.id)
    leaders: list[_Text] = []
    index: dict[int, tuple[int, ...]] = {}
    joined: list[list[Cid]] = []
    numbers: dict[str, int] = {}
    for words, ids in groups.items():
        text = _text(words.split(), numbers)
        at = _leader(text, leaders, index)
        if at is not None:
            joined[at] += ids
            continue
        for sign in text.signs:
            met = index.get(sign, ())
            if len(met) < MOST_MET:
                index[sign] = (*met, len(leaders))
        leaders.append(text)
        joined.append(list(ids))
    return tuple(tuple(group) for group in joined if len(group) > 1)


@dataclass(frozen=True, slots=True)
class _Text:
    # every three words in a row, each word by its number; half a million of them as objects would be 40 MB, and make
    # the garbage collector hold up the event loop
    triples: array[int]
    decisive: tuple[str, ...]  # the words that turn a text into another one
    signs: tuple[int, ...]  # what it is found by; texts of other decisive words have others


def _text(words: list[str], numbers: dict[str, int]) -> _Text:
    some = [numbers.setdefault(word, len(numbers)) for word in words]
    # hashes of numbers are the same in every run (those of strings are not), and scattered over 64 bits, so that the
    # smallest are a fair sample (min-wise hashing, Broder 1997)
    triples = frozenset(map(hash, zip(some, some[1:], some[2:], strict=False)))
    decisive = tuple(sorted(w for w in words if w in _NEGATIONS or any(map(str.isdigit, w))))
    sketch = nsmallest(SKETCH, triples) if len(words) >= FEWEST_WORDS else []
    signs = tuple(hash((triple, decisive)) for triple in sketch)
    return _Text(array("q", triples), decisive, signs)


def _leader(text: _Text, leaders: list[_Text], index: dict[int, tuple[int, ...]]) -> int | None:
    """Return the first of *leaders* that *text* is a copy of."""
    near = sorted({at for sign in text.signs for at in index.get(sign, ())})
    triples = frozenset(text.triples)
    same = (at for at in near if leaders[at].decisive == text.decisive)
    return next((at for at in same if _alike(triples, leaders[at].triples)), None)


def _alike(one: frozenset[int], other: array[int]) -> bool:
    shared = len(one.intersection(other))
    return shared >= ALIKE * (len(one) + len(other) - shared)
