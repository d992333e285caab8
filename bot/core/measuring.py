"""
How good a digest is, in figures that need no judge.

Some hold a draft against what was read (what the model said before it was checked), some the digest, some several
digests of one reading against each other, some a digest against the positions people found in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from itertools import combinations
from typing import Any

from bot.core.grounding import FEWEST
from bot.core.models import Cid, Digest, Draft, Position, Reading, Stance
from bot.core.quoting import Quoting

MATCH = 0.5  # F1 from which a position is that of the gold; below, half of it is something else
PASSAGE = 80  # letters a language is told from: of real comments cut to 40 all were told right, to 20 one in seven not

_SIDES = (
    {Stance.SUPPORTS: "for", Stance.OPPOSES: "against"},
    {Stance.SUPPORTS: "against", Stance.OPPOSES: "for"},
)

Members = frozenset[Cid]
Detect = Callable[[str], str]
"""Returns the code of the language a text is in."""


@dataclass(frozen=True)
class Rate:
    """So much of so much. Rates add up, so that a long thread counts for more than a short one."""

    part: float = 0
    of: float = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.part + other.part, self.of + other.of)

    @property
    def share(self) -> float | None:
        """0 to 1; None where there was nothing to measure."""
        return self.part / self.of if self.of else None


@dataclass(frozen=True)
class GoldPosition:
    """
    A view people found in a reading.

    `core` are the comments that hold it, `also_ok` those that may be counted to it or not. `stance` is "for" or
    "against" the matter at hand, or anything else for neither.
    """

    core: Members
    also_ok: Members = frozenset()
    stance: str | None = None


Gold = tuple[GoldPosition, ...]


@dataclass(frozen=True)
class Figures:
    """
    What was measured of one digest, or of many together.

    Rates of 0 of 0 were not measured. Tokens, seconds and US dollars are sums; `cost` is None where a price is unknown,
    `repairs` (replies asked for again) where they are counted for a model only.
    One more figure is one more field here and one more column in `bot.evaluation`.
    """

    quotes_before: Rate = field(default_factory=Rate)  # quotes proposed that stand in their comment
    quotes_after: Rate = field(default_factory=Rate)  # quotes shown that stand in their comment
    placed: Rate = field(default_factory=Rate)  # comments that are in a position
    ids_valid: Rate = field(default_factory=Rate)  # comments named that exist
    stability: Rate = field(
        default_factory=Rate
    )  # agreement of digests of other orders; of: readings
    language: Rate = field(default_factory=Rate)  # letters of prose in the language asked for
    coverage: Rate = field(default_factory=Rate)  # gold positions found
    precision: Rate = field(default_factory=Rate)  # positions that are in the gold
    f1: Rate = field(default_factory=Rate)  # comments in the positions that were found
    lone_views: Rate = field(default_factory=Rate)  # gold positions of one comment that were found
    stance: Rate = field(default_factory=Rate)  # found positions on the right side
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0
    cost: Decimal | None = Decimal(0)
    repairs: int | None = None

    def __add__(self, other: Figures) -> Figures:
        def both(name: str) -> Any:
            one, two = getattr(self, name), getattr(other, name)
            return None if one is None or two is None else one + two

        return Figures(**{each.name: both(each.name) for each in fields(self)})


def quotes_before(draft: Draft, reading: Reading) -> Rate:
    """Return how many of the quotes a model proposed stand in the comment they cite."""
    readable = {comment.id: comment for comment in reading.readable}
    quoting = Quoting(readable)
    found = 0
    for cited in draft.proposed:
        cid = draft.ids.get(cited.comment)
        found += cid in readable and quoting.span(cid, cited.words) is not None
    return Rate(found, len(draft.proposed))


def quotes_after(digest: Digest, reading: Reading) -> Rate:
    """Return how many of the quotes shown with positions are words of a comment that is in the position."""
    texts = {comment.id: comment.text for comment in reading.readable}
    found = [
        quote.comment in position.comments
        and 0 <= quote.start < quote.end <= len(texts.get(quote.comment, ""))
        for position in digest.positions
        for quote in position.quotes
    ]
    return Rate(sum(found), len(found))


def placed(digest: Digest, reading: Reading) -> Rate:
    """Return how many comments are in a position, where there are enough for positions."""
    if len(reading.readable) < FEWEST:
        return Rate()
    return Rate(len({c for p in digest.positions for c in p.comments}), len(reading.readable))


def ids_valid(draft: Draft, reading: Reading) -> Rate:
    """Return how many of the comments that a model's positions name can be read there."""
    readable = {comment.id for comment in reading.readable}
    named = [draft.ids.get(ref) in readable for claim in draft.claims for ref in claim.comments]
    return Rate(sum(named), len(named))


def language(digest: Digest, detect: Detect) -> Rate:
    """Return how many letters of summary, labels and reasons are in the language the digest was asked in."""
    wanted = digest.brief.language.partition("-")[0]
    texts = [digest.tldr, *(f"{p.label}. {p.summary}" for p in digest.positions)]
    passages = list(_passages(texts))
    right = [len(text) for text in passages if detect(text) == wanted]
    return Rate(sum(right), sum(map(len, passages)))


def _passages(texts: Iterable[str]) -> Iterator[str]:
    """Join short texts until they are long enough to tell their language; what is left at the end stands alone."""
    joined = ""
    for text in filter(None, map(str.strip, texts)):
        joined = f"{joined} {text}".strip()
        if len(joined) >= PASSAGE:
            yield joined
            joined = ""
    if joined:
        yield joined


def stability(digests: Sequence[Digest]) -> Rate:
    """Return how far *digests* of one reading in several orders agree: the mean over their pairs, of one reading."""
    held = [[frozenset(p.comments) for p in digest.positions] for digest in digests]
    pairs = [agreement(one, other) for one, other in combinations(held, 2) if one or other]
    return Rate(sum(pairs) / len(pairs), 1) if pairs else Rate()


def agreement(some: Sequence[Members], others: Sequence[Members]) -> float:
    """
    Return how far two lists of positions hold the same comments together, 0 to 1.

    Each position counts by its size with the F1 of the one most like it on the other side; the mean of both directions.
    """
    return (_found_again(some, others) + _found_again(others, some)) / 2


def _found_again(some: Sequence[Members], others: Sequence[Members]) -> float:
    best = (len(one) * max((_f1(one, two) for two in others), default=0) for one in some)
    size = sum(map(len, some))
    return sum(best) / size if size else 0


def against_gold(digest: Digest, gold: Gold) -> Figures:
    """
    Return coverage, precision, f1, lone_views and stance; nothing measured where there is no gold.

    A position is that of the gold which it is most like, if its F1 is `MATCH` or more: one that throws two views
    together covers one of them. The F1 of comments is taken over the gold that is covered.
    """
    if not gold:
        return Figures()
    found: dict[GoldPosition, list[Position]] = {}
    for position in digest.positions:
        held = frozenset(position.comments)
        view = max(gold, key=lambda view: _f1(held, view.core, view.also_ok))
        if _f1(held, view.core, view.also_ok) >= MATCH:
            found.setdefault(view, []).append(position)
    lone = [view for view in gold if len(view.core) == 1]
    matched = [(position.stance, view.stance) for view in found for position in found[view]]
    counted = (
        _overlap(frozenset(c for p in some for c in p.comments), view.core, view.also_ok)
        for view, some in found.items()
    )
    return Figures(
        coverage=Rate(len(found), len(gold)),
        precision=Rate(len(matched), len(digest.positions)),
        f1=sum(counted, Rate()),
        lone_views=Rate(sum(view in found for view in lone), len(lone)),
        stance=Rate(_right_sides(matched), len(matched)),
    )


def _right_sides(pairs: Sequence[tuple[Stance, str | None]]) -> int:
    """
    Count the stances that are those of the gold.

    A digest asks its own question: "keep it?" turns every answer to "abolish it?" round, and neither is wrong. So the
    side is taken by which more of its stances are right, for the digest as a whole.
    """
    neither = sum(
        ours not in _SIDES[0] and theirs not in {"for", "against"} for ours, theirs in pairs
    )
    taken = (
        sum(ours in side and side[ours] == theirs for ours, theirs in pairs) for side in _SIDES
    )
    return neither + max(taken)


def _overlap(held: Members, core: Members, also_ok: Members = frozenset()) -> Rate:
    """Return the F1 of *held* against *core*, 2·both of all in both; those of *also_ok* count neither way."""
    held -= also_ok - core
    return Rate(2 * len(held & core), len(held) + len(core))


def _f1(held: Members, core: Members, also_ok: Members = frozenset()) -> float:
    return _overlap(held, core, also_ok).share or 0
