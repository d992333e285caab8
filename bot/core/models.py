"""
What an article, a comment, a position and a digest are.

Every type is frozen and made of plain values, so that the store can keep it as JSON. Quotes are spans of a comment and
counts are functions of ids: a wrong quote or a wrong count cannot be expressed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NewType

from bot.core.gaps import Gap

Cid = NewType("Cid", str)
"""A comment's id, unique in its reading: `hn:123`, `page:7`. Ids of the source alone would collide."""


class State(StrEnum):
    """What became of a comment at its source."""

    OK = "ok"
    DELETED = "deleted"
    REMOVED = "removed"
    HIDDEN = "hidden"


class Stance(StrEnum):
    """How a view stands to the digest's question."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    MIXED = "mixed"
    OTHER = "other"


@dataclass(frozen=True)
class Comment:
    """One reader's words: plain text, a blank line between paragraphs. Not-OK ones keep their place in the tree."""

    id: Cid
    parent: Cid | None
    author: str | None
    text: str
    posted_at: datetime | None = None  # aware, UTC
    score: int | None = None
    url: str | None = None
    state: State = State.OK

    @property
    def readable(self) -> bool:
        """Whether there are words that may be read, counted and quoted."""
        return self.state is State.OK and bool(self.text.strip())


@dataclass(frozen=True)
class Article:
    """The text the readers talk about: paragraphs separated by a blank line."""

    url: str | None
    title: str | None
    text: str
    site: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None  # aware, UTC; a bare date is midnight
    language: str | None = None  # ISO 639-1
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Discussion:
    """The comments of one place. `declared` is the number the place itself states."""

    platform: str  # "page", "hackernews", "discourse", "pasted"
    url: str | None
    title: str | None
    declared: int | None
    comments: tuple[Comment, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Lead:
    """A discussion discovered elsewhere and not read."""

    platform: str
    url: str
    title: str | None
    comments: int | None


@dataclass(frozen=True)
class Audience:
    """Who may see what was read; all None is the public web. Part of a reading and of every key."""

    guild: int | None = None
    channel: int | None = None
    user: int | None = None


PUBLIC = Audience()
LOCAL = Audience(user=0)  # whoever sits at the command line


@dataclass(frozen=True)
class Reading:
    """Everything that was read for one target, undigested. `article` is None for a bare thread."""

    target: str  # a canonical link, or "paste:<sha256>"
    article: Article | None
    discussions: tuple[Discussion, ...]
    read_at: datetime
    hash: str  # of content, target and audience: see core.fingerprint
    leads: tuple[Lead, ...] = ()
    audience: Audience = PUBLIC
    adult: bool = False  # its source says that it is for adults only; most say nothing

    @cached_property
    def by_id(self) -> dict[Cid, Comment]:
        """Every comment found, deleted ones included, by id."""
        return {comment.id: comment for place in self.discussions for comment in place.comments}

    @cached_property
    def readable(self) -> tuple[Comment, ...]:
        """The comments that can be read, in the order of their places."""
        return tuple(c for place in self.discussions for c in place.comments if c.readable)

    @cached_property
    def place_of(self) -> dict[Cid, int]:
        """Which discussion each comment belongs to, by its place in `discussions`."""
        return {c.id: at for at, place in enumerate(self.discussions) for c in place.comments}

    @cached_property
    def readable_in(self) -> tuple[int, ...]:
        """How many comments can be read in each discussion, by its place in `discussions`."""
        return tuple(sum(c.readable for c in place.comments) for place in self.discussions)

    @property
    def title(self) -> str | None:
        """The article's title, else the first discussion's."""
        if self.article and self.article.title:
            return self.article.title
        return next((place.title for place in self.discussions if place.title), None)

    @property
    def url(self) -> str | None:
        """Where a person can open it."""
        if self.article and self.article.url:
            return self.article.url
        return next((place.url for place in self.discussions if place.url), None)


class Length(StrEnum):
    """How much a digest says."""

    SHORT = "short"
    STANDARD = "standard"
    DETAILED = "detailed"


class Engine(StrEnum):
    """Who writes the digest. AUTO: the model where one is configured, extracts where not or when it fails."""

    AUTO = "auto"
    LLM = "llm"
    EXTRACTIVE = "extractive"


@dataclass(frozen=True)
class Brief:
    """What was asked for. An empty `language` means the language of what is read."""

    language: str = ""
    length: Length = Length.STANDARD
    engine: Engine = Engine.AUTO


@dataclass(frozen=True)
class Quote:
    """Words of a comment: `text[start:end]` of the comment with this id."""

    comment: Cid
    start: int
    end: int
    translation: str | None = None


@dataclass(frozen=True)
class Position:
    """A view readers hold. `stances[i]` is how `comments[i]` stands to the digest's question."""

    key: str
    label: str
    summary: str
    stance: Stance
    comments: tuple[Cid, ...]
    stances: tuple[Stance, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Cited:
    """Words that are said to be in the comment `comment`, unverified; `translation` where languages differ."""

    comment: str
    words: str
    translation: str | None = None


@dataclass(frozen=True)
class Claim:
    """A model's word about one position, unverified, as it came. `key` is that of a position that stands already."""

    label: str
    summary: str
    stance: str
    comments: tuple[str, ...]
    quotes: tuple[Cited, ...]
    key: str | None = None


@dataclass(frozen=True)
class Made:
    """How a digest came to be. `cost` in US dollars, None where the price is unknown."""

    engine: Engine
    model: str | None
    prompts: str
    tokens_in: int
    tokens_out: int
    cost: Decimal | None
    seconds: float
    at: datetime
    label: str = (
        ""  # the digester's, part of the key: a digest goes on only from one of its own kind
    )


@dataclass(frozen=True)
class Draft:
    """
    What a digester says before it is checked. `ids` maps the ids shown to the model to comments.

    `looked_at` are the comments that were read where not all were (sampling); `cut` how many of them only in part.
    `basis` is the key of the digest this one goes on from, `grown` how many comments were placed since a full run.
    `proposed` are all quotes a model gave for a whole thread, those that were not chosen included; `dropped` how many
    of them were found not to stand in their comments before anything was chosen.
    """

    tldr: str
    points: tuple[str, ...]
    question: str | None = None
    claims: tuple[Claim, ...] = ()
    divide: str | None = None
    voices: tuple[tuple[Cid, str], ...] = ()  # (comment, words), where there are no positions
    ids: dict[str, Cid] = field(default_factory=dict)
    proposed: tuple[Cited, ...] = ()
    dropped: int = 0
    looked_at: frozenset[Cid] | None = None
    cut: int = 0
    copies: tuple[tuple[Cid, ...], ...] | None = (
        None  # groups of duplicates, where they are known already
    )
    basis: str | None = None
    grown: int = 0
    gaps: tuple[Gap, ...] = ()
    model: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = None


@dataclass(frozen=True)
class Share:
    """The share of one position, 0 to 1, before and now; `then` is None for a new position."""

    position: str  # its key
    then: float | None
    now: float


@dataclass(frozen=True)
class Changes:
    """What is different from the digest made at `since`: counted in code, from ids and spans."""

    since: datetime
    comments_new: int
    comments_gone: int  # deleted or removed at the source
    shares: tuple[Share, ...]  # of every position that stands now
    positions_gone: tuple[str, ...]  # labels of those that nobody holds any more
    quotes_gone: int  # quotes shown then, of comments edited or deleted since


@dataclass(frozen=True)
class Digest:
    """A checked digest of one reading. Everything it says about readers is a function of ids and spans."""

    key: str
    reading: str  # the reading's hash
    basis: str | None  # the digest it was refreshed or translated from
    brief: Brief
    tldr: str
    points: tuple[str, ...]
    question: str | None
    positions: tuple[Position, ...]
    divide: str | None
    unplaced: tuple[Cid, ...]
    duplicates: tuple[tuple[Cid, ...], ...]
    voices: tuple[Quote, ...]
    gaps: tuple[Gap, ...]
    made: Made
    changes: Changes | None = None
    grown: int = 0  # comments placed by deltas since the last full run


@dataclass(frozen=True)
class Digested:
    """
    A digest together with what it is about.

    `newer` counts the comments that a later reading of the same has besides.
    """

    reading: Reading
    digest: Digest
    newer: int = 0
