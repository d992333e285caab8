"""The digester that needs no model. It claims no positions and counts no opinion, because it cannot (design §4)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from bot.core.duplicates import duplicates
from bot.core.models import Brief, Cid, Comment, Digested, Draft, Length, Reading
from bot.core.ports import Report
from bot.core.sampling import sample
from bot.extractive.languages import language_of
from bot.extractive.quotable import MOST_LETTERS
from bot.extractive.summary import best_sentences
from bot.extractive.voices import shares, voices

VERSION = "2"
"""Part of every digest's key: raise it when the choice of sentences or voices changes."""

MOST_COMPARED = 1_000
"""Comments that are compared with each other: all pairs of 10,000 would take minutes."""

LEAST_COMPARED = 50  # of a small discussion beside a large one

_SIZES = {  # sentences of the summary, points, voices
    Length.SHORT: (1, 2, 3),
    Length.STANDARD: (2, 4, 6),
    Length.DETAILED: (3, 5, 10),
}


class ExtractiveDigester:
    """Implements `core.ports.Digester` with verbatim sentences and voices."""

    label = f"extractive/{VERSION}"

    async def draft(
        self, reading: Reading, brief: Brief, report: Report, basis: Digested | None = None
    ) -> Draft:
        """Draft a digest in a thread; *brief*'s language changes nothing, verbatim is verbatim."""
        del report, basis  # it takes seconds at most
        return await asyncio.to_thread(_draft, reading, brief.length)


def _draft(reading: Reading, length: Length) -> Draft:
    lead, points, most_voices = _SIZES[length]
    article = reading.article
    told = best_sentences(article.text, article.language, lead + points) if article else []
    lines = [one.text for one in sorted(told, key=lambda one: one.at)]
    copies = {group[0]: group for group in duplicates(reading.readable)}
    compared, left_out = _compared(reading, {cid for group in copies.values() for cid in group[1:]})
    language = language_of((c.text for c in compared), article.language if article else None)
    times = {cid: len(group) for cid, group in copies.items()}
    return Draft(
        tldr=" ".join(lines[:lead]),
        points=tuple(lines[lead:]),
        voices=tuple(voices(compared, language, most_voices, reading.place_of, times)),
        looked_at=frozenset(cid for c in compared for cid in copies.get(c.id, (c.id,)))
        if left_out
        else None,
        cut=sum(len(comment.text) > MOST_LETTERS for comment in compared),
        copies=tuple(copies.values()),
    )


def _compared(reading: Reading, copies: Collection[Cid]) -> tuple[list[Comment], bool]:
    """Return the comments to compare, without *copies*, and whether some were left out."""
    places = [
        [c for c in place.comments if c.readable and c.id not in copies]
        for place in reading.discussions
    ]
    sizes = [len(place) for place in places]
    rooms = shares(sizes, MOST_COMPARED, LEAST_COMPARED)
    some = [sample(place, room, lambda _: 1) for place, room in zip(places, rooms, strict=True)]
    compared = [comment for place in some for comment in place]
    return compared, len(compared) < sum(sizes)
