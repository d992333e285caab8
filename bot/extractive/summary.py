"""The sentences of an article that say most of it."""

from __future__ import annotations

import re

from bot.extractive.sentences import sentences
from bot.extractive.vectors import Vector, cosine, likeness, vectors

MOST_SENTENCES = 250  # of a longer article only the first; the news is at the head
SHORTEST, LONGEST = 6, 60  # words

_LEANS_BACK = re.compile(  # a sentence that begins so needs the one before it
    r"^(?:(?:this|that|these|those|he|she|it|they|but|and|so|however|moreover|also|"
    r"cette?|ces|il|elle|ils|elles|mais|et|or|donc|sauf|ainsi|du côté|dans ce cadre|"
    r"dies\w*|er|sie|es|aber|und|doch|so|damit|est[aeo]s?|pero|y|ell[ao]s?|quest[aeio]|ma|e|ed|"
    r"mas|isso|deze|dit|dat|maar|en)\b|[«\"“'])",
    re.IGNORECASE,
)
_TELLING = re.compile(r"\d|(?<=[\w,] )[A-ZÀ-Ý]\w+")
DAMPING, ROUNDS = 0.85, 30


def best_sentences(text: str, title: str, language: str, most: int) -> list[str]:
    """
    Return up to *most* sentences of *text*, verbatim, in order of their worth.

    Continuous LexRank (Erkan and Radev 2004) plus likeness to the title, early place, figures and names, minus what
    leans on the sentence before or asks; each next one must not repeat those chosen (MMR).
    """
    spans = [
        span
        for span in sentences(text)[:MOST_SENTENCES]
        if SHORTEST <= len(text[slice(*span)].split()) <= LONGEST
    ]
    if not spans:
        return []
    texts = [" ".join(text[slice(*span)].split()) for span in spans]
    *bags, head = vectors([*texts, title], language)
    ranks = _rank(likeness(bags))
    worth = [
        rank + _manner(texts[at], at, len(texts)) + 0.5 * cosine(bags[at], head)
        for at, rank in enumerate(ranks)
    ]
    return [texts[at] for at in _spread(worth, bags, most)]


def _rank(alike: list[dict[int, float]]) -> list[float]:
    """Return LexRank scores, the highest 1."""
    n = len(alike)
    totals = [sum(row.values()) or 1.0 for row in alike]
    scores = [1.0 / n] * n
    for _ in range(ROUNDS):
        scores = [
            (1 - DAMPING) / n
            + DAMPING * sum(value * scores[other] / totals[other] for other, value in row.items())
            for row in alike
        ]
    top = max(scores)
    return [score / top for score in scores]


def _manner(sentence: str, at: int, of: int) -> float:
    score = 0.3 * (1 - at / of)
    score += 0.05 * min(len(_TELLING.findall(sentence)), 4)
    score -= 0.4 if _LEANS_BACK.match(sentence) else 0.0
    score -= 0.5 if sentence.rstrip('»”" \u00a0\u202f').endswith("?") else 0.0
    return score


def _spread(worth: list[float], bags: list[Vector], most: int) -> list[int]:
    chosen: list[int] = []
    left = set(range(len(worth)))
    while left and len(chosen) < most:
        best = max(
            left,
            key=lambda at: (
                worth[at] - 0.8 * max((cosine(bags[at], bags[c]) for c in chosen), default=0.0),
                -at,
            ),
        )
        chosen.append(best)
        left.discard(best)
    return chosen
