"""Readers' voices: the few that together stand nearest to all the others, word for word."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_high

from bot.core.models import Cid, Comment
from bot.extractive.languages import leaning
from bot.extractive.quotable import MOST_WORDS, by_robot, own_words, sayings
from bot.extractive.vectors import Corpus, Vector, cosine, words_in

ALIKE = 0.85  # cosine from which two voices are one: the same sentence with a word changed
FEWEST_FEATURES = 3  # telling words: "Exactly, me too!" is understood only below what it answers
FULL = 15  # words, or as many as half the comments have: a longer voice is worth no more

# What a voice is worth that is not quite understood by itself; set by reading what was chosen of a dozen discussions.
LEANING = 0.5  # it begins with "But" or "This", does not end, or is said to somebody by name
LATER = 0.8  # something stands before it in the comment
REPLY = 0.7  # it answers somebody


@dataclass(frozen=True)
class _Voice:
    comment: Comment
    place: int
    words: str
    vector: Vector
    worth: float


def voices(
    comments: Sequence[Comment],
    language: str,
    most: int,
    place_of: Mapping[Cid, int],
    copies: Mapping[Cid, int],
) -> list[tuple[Cid, str]]:
    """
    Return (comment, words of it) of up to *most* of *comments*: of each place its share, the most telling first.

    Facility location: each next voice is the one that brings all the comments nearest to somebody chosen; a comment
    that *copies* says was written n times counts n times. Nobody is heard twice while somebody else may be. Of three
    discussions of sixty comments five such voices cover 74 % of what is said, five at random 57 %, the longest 64 %
    (`benchmarks.extractive`); more weight for length, or for what negates, changed nothing beyond chance.
    """
    heard = [comment for comment in comments if not by_robot(comment)]
    corpus = Corpus([_own(comment.text) for comment in heard], language)
    mass = [copies.get(comment.id, 1) for comment in heard]
    candidates = _candidates(heard, corpus, language, place_of)
    sizes = Counter(voice.place for voice in candidates)
    seats = dict(zip(sizes, shares(list(sizes.values()), most, 1), strict=True))
    left = [(v, corpus.likeness(v.vector)) for v in candidates if seats[v.place]]
    nearest = array("d", bytes(8 * len(heard)))
    taken: Counter[int] = Counter()
    authors: set[str | None] = set()
    chosen: list[tuple[int, _Voice]] = []
    while left:
        gains = [
            (v.comment.author not in authors, v.worth * _gain(row, nearest, mass))
            for v, row in left
        ]
        best, its = left[gains.index(max(gains))]
        taken[best.place] += 1
        chosen.append((taken[best.place], best))
        authors |= {best.comment.author} - {None}
        nearest = array("d", map(max, nearest, its))
        left = [
            (v, row)
            for v, row in left
            if taken[v.place] < seats[v.place] and cosine(v.vector, best.vector) < ALIKE
        ]
    # the first of every place come before the second of any: a card shows only the beginning
    ordered = sorted(chosen, key=lambda one: one[0])
    return [(voice.comment.id, voice.words) for _, voice in ordered]


def shares(sizes: Sequence[int], room: int, least: int) -> list[int]:
    """
    Return how many of *room* each of *sizes* gets, never more than it has.

    *least* each as far as the room goes, the largest first, and the rest in proportion (Sainte-Laguë).
    """
    given = [0] * len(sizes)
    for _ in range(min(room, sum(sizes))):
        open_ = (at for at, size in enumerate(sizes) if given[at] < size)
        at = max(open_, key=lambda at: (given[at] < least, sizes[at] / (2 * given[at] + 1)))
        given[at] += 1
    return given


def _own(text: str) -> str:
    return "\n".join(text[start:end] for start, end in own_words(text))


def _candidates(
    heard: Sequence[Comment], corpus: Corpus, language: str, place_of: Mapping[Cid, int]
) -> list[_Voice]:
    """Return the voice of each comment that has one: what of it stands nearest to the whole discussion."""
    middle = corpus.middle()
    leans = leaning(language)
    lengths = (min(words_in(comment.text), MOST_WORDS) for comment in heard)
    full = max(median_high([*lengths, FULL]), FULL)
    found = []
    for comment, own in zip(heard, corpus.vectors, strict=True):
        best: _Voice | None = None
        most = 0.0
        for saying in sayings(comment.text):
            words = comment.text[saying.start : saying.end]
            vector = corpus.vector(words)
            if len(vector) < FEWEST_FEATURES:
                continue
            worth = min(saying.words / full, 1.0)
            if not saying.whole or leans.match(words):
                worth *= LEANING
            if not saying.first:
                worth *= LATER
            if comment.parent:
                worth *= REPLY
            near = worth * (cosine(vector, middle) - cosine(vector, own))
            if best is None or near > most:
                best = _Voice(comment, place_of[comment.id], words, vector, worth)
                most = near
        if best:
            found.append(best)
    return found


def _gain(row: array[float], nearest: array[float], mass: list[int]) -> float:
    return sum(n * (here - there) for n, here, there in zip(mass, row, nearest) if here > there)  # noqa: B905 # hot
