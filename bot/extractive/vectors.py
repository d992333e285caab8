"""
Texts as weighted bags of stems and letter groups, and how alike they are.

Pure Python: on IBM's key points scikit-learn, LSA and sentence embeddings pick quotes no better (all within noise),
for 269 MB to 5.9 GB more.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_GRAM = 4  # letters; catches word forms and compounds that stemming misses
_GRAM_WEIGHT = 0.4

_STEMMERS = {
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
    "da": "danish",
    "sv": "swedish",
    "no": "norwegian",
    "fi": "finnish",
    "ru": "russian",
    "ro": "romanian",
    "hu": "hungarian",
    "tr": "turkish",
}

Vector = dict[str, float]
"""Feature → weight; of length 1, or empty."""


@cache
def _stem(language: str) -> Callable[[str], str]:
    if language not in _STEMMERS:
        return str
    import snowballstemmer

    stemmer = snowballstemmer.stemmer(_STEMMERS[language])
    return cache(stemmer.stemWord)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of *language* that say nothing by themselves; none for an unknown language."""
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(language))


def words(text: str, language: str) -> list[str]:
    """Return the stems of the telling words of *text*, in order."""
    stem, stops = _stem(language), stop_words(language)
    found = (word.replace("’", "'") for word in _WORD.findall(text.lower()))
    # l'argument, qu'il, dell'arte: what stands before the apostrophe is an article or pronoun
    bare = (word.rpartition("'")[2] if language in {"fr", "it"} else word for word in found)
    return [stem(word) for word in bare if len(word) > 1 and word not in stops]


def vectors(texts: Sequence[str], language: str) -> list[Vector]:
    """Return one vector a text, weighted by how rare a feature is among *texts*."""
    bags = [_features(text, language) for text in texts]
    spread = Counter(feature for bag in bags for feature in bag)
    rare = {feature: math.log(1 + len(texts) / n) for feature, n in spread.items()}
    return [
        _unit({f: (1 + math.log(n)) * rare[f] * _weight(f) for f, n in bag.items()}) for bag in bags
    ]


def likeness(all_vectors: Sequence[Vector]) -> list[dict[int, float]]:
    """
    Return for each vector the cosine with every other that shares a feature with it, itself excluded.

    By an index from feature to vectors: most pairs share nothing and are never looked at.
    """
    index: dict[str, list[tuple[int, float]]] = {}
    rows: list[dict[int, float]] = [{} for _ in all_vectors]
    for here, vector in enumerate(all_vectors):
        row = rows[here]
        for feature, weight in vector.items():
            holders = index.setdefault(feature, [])
            for there, other in holders:
                row[there] = row.get(there, 0.0) + weight * other
            holders.append((here, weight))
        for there, value in row.items():
            if there < here:
                rows[there][here] = value
    return rows


def cosine(one: Vector, other: Vector) -> float:
    """Return how alike two vectors are, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(feature, 0.0) for feature, weight in one.items())


def _features(text: str, language: str) -> Counter[str]:
    bag: Counter[str] = Counter()
    for word in words(text, language):
        bag[word] += 1
        for at in range(len(word) - _GRAM + 1):
            bag["~" + word[at : at + _GRAM]] += 1
    return bag


def _weight(feature: str) -> float:
    return _GRAM_WEIGHT if feature.startswith("~") else 1.0


def _unit(weights: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {feature: weight / length for feature, weight in weights.items()} if length else {}
