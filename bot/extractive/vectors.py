"""
Texts as weighted bags of stems, and how alike they are.

Pure Python: on IBM's key points scikit-learn, LSA and sentence embeddings pick quotes no better (all within noise),
for 269 MB to 5.9 GB more. Nor do groups of letters beside the stems, which take four times as long.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from bot.extractive.languages import STEMMERS, stop_words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
# l'argument, qu'il, dell'arte: an article or a pronoun
_ELIDED = re.compile(r"\w{1,6}['’](?=\w\w)")
_ELIDING = frozenset({"fr", "it", "ca"})
_GROUP = 4  # letters, in languages without a stemmer: what the forms of a word have in common
_DENSE = "\u2e80"  # scripts from here on write no spaces, and a word in two letters
_EVERYWHERE = 0.1  # what a feature weighs that every text has: next to nothing, so that only what differs counts

Vector = dict[str, float]
"""Feature → weight; of length 1, or empty."""


class Words:
    """What texts of one language may have in common. For one thread: snowball's stemmers keep state."""

    def __init__(self, language: str) -> None:
        import snowballstemmer

        self._stops = stop_words(language)
        self._elides = language in _ELIDING
        self._stem: Callable[[str], str] | None = None
        if language in STEMMERS:
            self._stem = cache(snowballstemmer.stemmer(STEMMERS[language]).stemWord)

    def features(self, text: str) -> Iterator[str]:
        """Yield the stems of the telling words of *text*, groups of letters where there is no stemmer."""
        for word in _WORD.findall(text.lower()):
            bare = _ELIDED.sub("", word, count=1) if self._elides else word.replace("’", "'")
            if len(bare) < 2 or bare in self._stops:
                continue
            if self._stem:
                yield self._stem(bare)
            else:
                size = 2 if bare[0] >= _DENSE else _GROUP
                yield from (bare[at : at + size] for at in range(max(len(bare) - size, 0) + 1))


def words_in(text: str) -> int:
    """Return how many words *text* has; where a script writes no spaces, two letters are one."""
    spaced = len(text.split())
    return spaced if text.isascii() else max(spaced, sum(c >= _DENSE for c in text) // 2)


class Corpus:
    """Texts that are compared with each other; a feature weighs the more the fewer of them have it."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self._words = Words(language)
        bags = [Counter(self._words.features(text)) for text in texts]
        held = Counter(feature for bag in bags for feature in bag)
        self._rare = {f: math.log(len(texts) / n) + _EVERYWHERE for f, n in held.items()}
        self.vectors = [self._vector(bag) for bag in bags]
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for at, vector in enumerate(self.vectors):
            for feature, weight in vector.items():
                self._holders.setdefault(feature, []).append((at, weight))

    def middle(self) -> Vector:
        """Return the sum of all vectors: what the texts are about together."""
        total: Vector = {}
        for vector in self.vectors:
            for feature, weight in vector.items():
                total[feature] = total.get(feature, 0.0) + weight
        return total

    def vector(self, text: str) -> Vector:
        """Return the vector of another text, weighted as those of the corpus."""
        return self._vector(Counter(self._words.features(text)))

    def likeness(self, vector: Vector) -> array[float]:
        """
        Return the cosine of *vector* with each text of the corpus.

        By an index from feature to texts: most pairs share nothing and are never looked at.
        """
        row = array("d", bytes(8 * len(self.vectors)))
        for feature, weight in vector.items():
            for at, other in self._holders.get(feature, ()):
                row[at] += weight * other
        return row

    def _vector(self, bag: Counter[str]) -> Vector:
        weights = {f: (1 + math.log(n)) * self._rare.get(f, 0.0) for f, n in bag.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {f: weight / length for f, weight in weights.items() if weight}


def cosine(one: Vector, other: Vector) -> float:
    """Return how alike two vectors are, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(feature, 0.0) for feature, weight in one.items())
