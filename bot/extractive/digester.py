"""The digester that needs no model. It claims no positions and counts no opinion, because it cannot (design §4)."""

from __future__ import annotations

import asyncio

from bot.core.models import Brief, Digested, Draft, Length, Reading
from bot.core.ports import Report
from bot.extractive.summary import best_sentences
from bot.extractive.voices import sample, voices

VERSION = "1"
"""Part of every digest's key: raise it when the choice of sentences or voices changes."""

_SIZES = {  # sentences of the summary, points, voices
    Length.SHORT: (1, 2, 3),
    Length.STANDARD: (2, 3, 6),
    Length.DETAILED: (2, 6, 10),
}


class ExtractiveDigester:
    """Implements `core.ports.Digester` with verbatim sentences and voices."""

    label = f"extractive/{VERSION}"

    async def draft(
        self, reading: Reading, brief: Brief, report: Report, basis: Digested | None = None
    ) -> Draft:
        """Draft a digest in a thread; *brief*'s language changes nothing, verbatim is verbatim."""
        del report, basis  # it takes less than a second
        return await asyncio.to_thread(_draft, reading, brief.length)


def _draft(reading: Reading, length: Length) -> Draft:
    lead, points, most_voices = _SIZES[length]
    article = reading.article
    language = (article.language if article else None) or "en"
    best: list[str] = []
    if article:
        best = best_sentences(article.text, article.title or "", language, lead + points)
        text = " ".join(article.text.split())
        place = {sentence: text.find(sentence) for sentence in best}
        best = sorted(best[:lead], key=place.__getitem__) + sorted(
            best[lead:], key=place.__getitem__
        )
    compared = sample(reading.readable)
    return Draft(
        tldr=" ".join(best[:lead]),
        points=tuple(best[lead:]),
        voices=tuple(voices(compared, language, most_voices)),
        looked_at=frozenset(comment.id for comment in compared)
        if len(compared) < len(reading.readable)
        else None,
    )
