"""What was shown where: earlier digests are found again by those who may see them, and by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.models import Digested

MOST_TITLE, MOST_TLDR = 300, 400
MOST_WORDS = 4_000  # searched of one digest: title, address, summary, labels


@dataclass(frozen=True)
class Spot:
    """
    Where a digest was shown. `guild` is None in direct messages.

    `home` is the channel whose readers may see what is shown in `channel`: the one that a public thread stands in, else
    the channel itself. With `person` nobody else has seen it.
    """

    guild: int | None
    channel: int
    home: int
    person: int | None = None


@dataclass(frozen=True)
class Entry:
    """A digest that was shown; `digest` is its key."""

    digest: str
    target: str
    title: str
    tldr: str
    language: str
    channel: int
    at: datetime


@dataclass(frozen=True)
class Looker:
    """Who looks, and where they are; `readable` are the channels of the server that they may read."""

    person: int
    guild: int | None
    channel: int
    readable: frozenset[int]


class Archive(Protocol):
    """What was shown, as the store keeps it: per place, person, link and language the last digest."""

    async def put(self, spot: Spot, entry: Entry, *, words: str, bound: bool) -> None:
        """Note a digest; *words* are searched, *bound* says that what was read is for readers of its home only."""
        ...

    async def find(self, looker: Looker, search: str, most: int, skip: int = 0) -> list[Entry]:
        """
        Return what *looker* may see of their server (or conversation) with every word of *search*.

        A word is found inside others, without regard to case and accents. Newest first, each link once.
        """
        ...

    async def newest(self, looker: Looker) -> str | None:
        """Return the key of the digest that *looker* saw last in their channel."""
        ...


def entry_of(digested: Digested, channel: int, at: datetime) -> Entry:
    """Return what is noted of a digest."""
    reading, digest = digested.reading, digested.digest
    title = reading.title or reading.url or ""
    return Entry(
        digest=digest.key,
        target=reading.target,
        title=title[:MOST_TITLE],
        tldr=digest.tldr[:MOST_TLDR],
        language=digest.brief.language,
        channel=channel,
        at=at,
    )


def words_of(digested: Digested) -> str:
    """Return what a digest is found by: title, address, summary and the labels of its positions."""
    reading, digest = digested.reading, digested.digest
    labels = (position.label for position in digest.positions)
    parts = (reading.title or "", reading.url or "", digest.tldr, *digest.points, *labels)
    return "\n".join(parts)[:MOST_WORDS]


def is_bound(digested: Digested) -> bool:
    """Whether what was read may be read by some only."""
    return digested.reading.audience.channel is not None
