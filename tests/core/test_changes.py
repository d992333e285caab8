"""What is different since the digest before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.changes import changes
from bot.core.grounding import ground
from bot.core.models import (
    Brief,
    Cid,
    Cited,
    Claim,
    Digested,
    Draft,
    Engine,
    Made,
    Reading,
    Share,
    State,
)
from tests.fakes import READ_AT, comment, reading

TEXTS = ("Parking is gone.", "Where to park?", "Safe for children.", "Children cycle now.")


def digested(of: Reading, *claims: Claim) -> Digested:
    ids = {comment.id.removeprefix("page:"): comment.id for comment in of.readable}
    made = Made(Engine.LLM, "m", "p", 0, 0, None, 0.0, READ_AT)
    draft = Draft("x", (), claims=claims, ids=ids)
    return Digested(of, ground(draft, of, Brief("en"), key="k", made=made))


def claim(label: str, *ids: str, key: str | None = None) -> Claim:
    return Claim(label, "", "other", ids, (Cited(ids[0], TEXTS[int(ids[0]) - 1]),), key)


BEFORE = digested(reading(*TEXTS), claim("Cars lose", "1", "2"), claim("Good for children", "3"))


def test_shares_then_and_now() -> None:
    """
    A position is known again by its key; a new one has no share then.
    """
    now = reading(*TEXTS, "No place to park!", hash="r2")
    first = BEFORE.digest.positions[0]
    after = digested(
        now, claim("Cars lose", "1", "2", "5", key=first.key), claim("They cycle", "4")
    ).digest
    said = changes(BEFORE, now, after)

    assert (READ_AT, 1, 0, 0) == (
        said.since,
        said.comments_new,
        said.comments_gone,
        said.quotes_gone,
    )
    assert (
        Share(after.positions[0].key, 0.5, pytest.approx(0.6)),  # type: ignore[arg-type] # compares to a float
        Share(after.positions[1].key, None, pytest.approx(0.2)),  # type: ignore[arg-type] # compares to a float
    ) == said.shares
    assert ("Good for children",) == said.positions_gone


def test_a_position_is_known_by_its_comments_after_a_full_run() -> None:
    """
    Newly worded, other key, the same readers: the same position.
    """
    now = reading(*TEXTS, hash="r2")
    after = digested(now, claim("Parking is missed", "2", "1"), claim("Safety", "3")).digest

    assert [0.5, 0.25] == [share.then for share in changes(BEFORE, now, after).shares]
    assert () == changes(BEFORE, now, after).positions_gone


def test_what_is_gone() -> None:
    """
    A deleted comment is one gone, and its quote with it; so is the quote of one that was edited.
    """
    made = reading(*TEXTS, hash="r2")
    comments = (
        comment(1, "", state=State.DELETED),
        *made.discussions[0].comments[1:2],
        comment(3, "I was wrong."),
        comment(4, TEXTS[3]),
    )
    now = replace(made, discussions=(replace(made.discussions[0], comments=comments),))
    said = changes(BEFORE, now, digested(now, claim("Cars lose", "2")).digest)

    assert (0, 1, 2) == (said.comments_new, said.comments_gone, said.quotes_gone)
    assert Cid("page:1") not in {c.id for c in now.readable}
