"""
What a model's replies look like: one dataclass a question, its fields are the JSON asked for (`bot.llm.wire`).

Evidence before conclusions, everywhere: words are copied first and name the view, the label says which ids belong, the
summary is written with the ids in sight, the stance needs them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.models import Cited, Stance


@dataclass(frozen=True)
class View:
    """One position in full."""

    quotes: tuple[Cited, ...]
    label: str
    comments: tuple[str, ...]
    summary: str = ""
    stance: Stance = Stance.OTHER


@dataclass(frozen=True)
class DigestReply:
    """The reply to `digest`, a thread in one call. The question comes first: every stance refers to it."""

    question: str | None
    positions: tuple[View, ...]
    unplaced: tuple[str, ...] = ()
    divide: str | None = None
    tldr: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArticleReply:
    """The reply to `article`: asked beside `map`, and where there are too few comments for positions."""

    tldr: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """Words of a comment."""

    comment: str
    words: str


@dataclass(frozen=True)
class Sighting:
    """A position as one chunk of a large thread shows it."""

    quotes: tuple[Passage, ...]
    label: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class MapReply:
    """The reply to `map`, asked of every chunk."""

    positions: tuple[Sighting, ...]
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Union:
    """Sightings that are one position."""

    members: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class MergeReply:
    """The reply to `merge`: which sightings are one position."""

    positions: tuple[Union, ...]


@dataclass(frozen=True)
class Chosen:
    """A quote by its number; the words stay in our hands."""

    quote: str
    translation: str | None = None


@dataclass(frozen=True)
class Written:
    """One merged position, worded."""

    position: str
    quotes: tuple[Chosen, ...]
    label: str
    summary: str = ""
    stance: Stance = Stance.OTHER


@dataclass(frozen=True)
class WriteReply:
    """The reply to `write`. `tldr` is for a thread without an article."""

    question: str | None
    positions: tuple[Written, ...]
    divide: str | None = None
    tldr: str = ""


@dataclass(frozen=True)
class Placed:
    """Comments that state a position which stands already."""

    position: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class DeltaReply:
    """The reply to `delta`: where new comments belong, and the positions they add."""

    placed: tuple[Placed, ...]
    positions: tuple[View, ...] = ()
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One text of a digest, by its name."""

    name: str
    text: str


@dataclass(frozen=True)
class TranslateReply:
    """The reply to `translate`."""

    texts: tuple[Line, ...]


@dataclass(frozen=True)
class SearchReply:
    """The reply to `search`: words that passages about a question would contain."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Proof:
    """Words of a passage, by its number."""

    passage: str
    words: str


@dataclass(frozen=True)
class AnswerSentence:
    """One sentence of an answer, its proof first."""

    citations: tuple[Proof, ...]
    text: str


@dataclass(frozen=True)
class AnswerReply:
    """The reply to `ask`: no sentences where the passages do not answer."""

    sentences: tuple[AnswerSentence, ...]
