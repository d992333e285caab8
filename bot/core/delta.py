"""A refresh that asks only about what is new: standing positions take new and edited comments in, or new ones arise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.models import Cited, Claim, Comment, Digest, Digested, Engine, Reading
from bot.core.register import Register
from bot.core.shapes import DeltaReply
from bot.core.sheets import flat
from bot.core.tally import quoted

MOST_NEW = (
    0.2  # of the comments; from there on positions found in the old ones would bend the new ones
)
MOST_LOST = (
    0.05  # by which the share of unplaced comments may grow: the positions no longer fit the talk
)
SAME_ARTICLE = (
    0.9  # of its paragraphs; dates and counters in a page change without a word being new
)


def new_or_edited(before: Reading, reading: Reading) -> list[Comment]:
    """Return the comments of *reading* that *before* had not, or with other words."""
    old = {comment.id: comment.text for comment in before.readable}
    return [comment for comment in reading.readable if old.get(comment.id) != comment.text]


def suffices(basis: Digested, reading: Reading, new: Sequence[Comment]) -> bool:
    """Whether a delta will do: *basis* has positions, and most comments were read for the last full run."""
    digest = basis.digest
    grown = digest.grown + len(new)
    return (
        digest.made.engine is Engine.LLM
        and bool(digest.positions)
        and grown <= MOST_NEW * len(reading.readable)
    )


def same_article(before: Reading, reading: Reading) -> bool:
    """Whether summary and points of the article still hold."""
    one, other = (
        set(r.article.text.split("\n\n")) if r.article else set() for r in (before, reading)
    )
    return len(one & other) >= SAME_ARTICLE * len(one | other)


def listed(digest: Digest) -> str:
    """Return the question and the positions of *digest* as lines for a model: number, label, reasons."""
    lines = [
        f"[P{n}] {flat(p.label)} {flat(p.summary)}".rstrip()
        for n, p in enumerate(digest.positions, 1)
    ]
    return "\n".join([f"Question: {flat(digest.question or 'none')}", *lines])


def claims(
    basis: Digested,
    reading: Reading,
    new: Iterable[Comment],
    replies: Sequence[DeltaReply],
    register: Register,
) -> list[Claim]:
    """
    Return the positions of *basis* as claims about *reading*, with the *new* comments where *replies* place them.

    Comments that are gone, or say something else now, leave their positions; a position nobody holds any more goes.
    `replies[n]` is about sheet n.
    """
    moved = {comment.id for comment in new}
    here = {comment.id: comment for comment in reading.readable if comment.id not in moved}
    placed: dict[str, list[str]] = {}
    for sheet, reply in enumerate(replies):
        for one in reply.placed:
            refs = register.refs(one.comments, sheet)
            placed.setdefault(one.position.strip("[] "), []).extend(refs)
    grown = []
    for n, position in enumerate(basis.digest.positions, 1):
        stay = [register.own(cid) for cid in position.comments if cid in here]
        grown.append(
            Claim(
                label=position.label,
                summary=position.summary,
                stance=position.stance.value,
                comments=(*stay, *placed.get(f"P{n}", ())),
                quotes=tuple(
                    Cited(register.own(q.comment), words, q.translation)
                    for q, words in ((q, quoted(q, basis.reading)) for q in position.quotes)
                    if q.comment in here and words in here[q.comment].text
                ),
                key=position.key,
            )
        )
    arisen = (register.claim(v, sheet) for sheet, r in enumerate(replies) for v in r.positions)
    return [claim for claim in (*grown, *arisen) if claim.comments]


def outgrown(
    basis: Digested, reading: Reading, claims: Iterable[Claim], register: Register
) -> bool:
    """Whether so many comments are in none of *claims* that the positions no longer fit the talk."""
    placed = {register.ids.get(ref) for claim in claims for ref in claim.comments}
    unplaced = sum(comment.id not in placed for comment in reading.readable)
    before = len(basis.digest.unplaced) / max(len(basis.reading.readable), 1)
    return unplaced / max(len(reading.readable), 1) > before + MOST_LOST
