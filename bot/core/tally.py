"""Counts. The only place where readers are counted: from ids, never from a model's word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.gaps import Gap
from bot.core.models import Cid, Digest, Position, Quote, Reading, Stance


@dataclass(frozen=True)
class Tally:
    """How many hold a view. `share` is of the readable comments; shares may sum to more than 1."""

    comments: int
    authors: int
    share: float


def tally(position: Position, reading: Reading) -> Tally:
    """Count the distinct comments and authors of *position*."""
    ids = set(position.comments)
    readable = len(reading.readable)
    return Tally(len(ids), count_authors(ids, reading), len(ids) / readable if readable else 0.0)


def count_authors(ids: Iterable[Cid], reading: Reading) -> int:
    """
    Count the people behind *ids*.

    A name counts once in each place (the prefix of an id): the same name on two sites may be two people. A comment
    without a name counts as a person of its own.
    """
    comments = (reading.by_id[cid] for cid in ids)
    return len({(c.id.partition(":")[0], c.author) if c.author else c.id for c in comments})


def stance_split(position: Position) -> dict[Stance, int]:
    """Count the comments of *position* by their stance; only stances that occur."""
    split: dict[Stance, int] = {}
    for stance in position.stances:
        split[stance] = split.get(stance, 0) + 1
    return split


def quoted(quote: Quote, reading: Reading) -> str:
    """Return the words *quote* points at."""
    return reading.by_id[quote.comment].text[quote.start : quote.end]


@dataclass(frozen=True)
class Coverage:
    """
    How much was read. `declared` is what the places state, None where none states a number.

    `found` are the comments with words; deleted ones are not among them, they are a gap of their own.
    """

    read: int
    found: int
    declared: int | None
    article_complete: bool


def coverage(reading: Reading, digest: Digest | None = None) -> Coverage:
    """Return how much of *reading* the digest (or, without one, the reading itself) rests on."""
    left_out = sum(gap.count or 0 for gap in digest.gaps if gap.code == "sampled") if digest else 0
    declared = [place.declared for place in reading.discussions if place.declared is not None]
    found = len(reading.readable)
    return Coverage(
        read=found - left_out,
        found=found,
        declared=sum(declared) if declared else None,
        article_complete=reading.article is not None and not reading.article.gaps,
    )


def all_gaps(reading: Reading, digest: Digest | None = None) -> tuple[Gap, ...]:
    """Return everything that is missing: of the article, of each place, of the digest; each once."""
    found = [*(reading.article.gaps if reading.article else ())]
    found += [gap for place in reading.discussions for gap in place.gaps]
    found += digest.gaps if digest else ()
    return tuple(dict.fromkeys(found))
