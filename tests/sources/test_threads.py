"""Comments in thread order, however they came."""

from __future__ import annotations

import pytest

from bot.core.models import Cid, Comment
from bot.sources.threads import in_thread_order


def came(*pairs: str) -> list[tuple[str, str | None]]:
    """Put "id" and "id<parent" in order; return ids with parents."""
    comments = []
    for pair in pairs:
        id, _, parent = pair.partition("<")
        comments.append(Comment(Cid(id), Cid(parent) if parent else None, None, pair))
    return [(c.id, c.parent) for c in in_thread_order(comments)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ((), []),
        (("a", "b", "c<a"), [("a", None), ("c", "a"), ("b", None)]),
        (("c<b", "b<a", "a"), [("a", None), ("b", "a"), ("c", "b")]),
        (("a", "b<gone"), [("a", None), ("b", None)]),
        (("a", "b<a", "a<b"), [("a", None), ("b", "a")]),
        (("a<a",), [("a", None)]),
        (("x", "a<b", "b<a", "c<b"), [("x", None), ("a", None), ("b", "a"), ("c", "b")]),
    ],
)
def test_replies_stand_below_what_they_answer(
    pairs: tuple[str, ...], expected: list[tuple[str, str | None]]
) -> None:
    """
    Each once; orphans and circles begin at the top.
    """
    assert expected == came(*pairs)


def test_a_very_deep_thread_is_put_in_order() -> None:
    """
    Depth is the site's to choose; here 20,000 levels, the deepest first.
    """
    pairs = [f"{n}<{n - 1}" for n in range(20_000, 1, -1)]

    found = came(*pairs, "1")

    assert [("1", None), ("2", "1"), ("20000", "19999")] == [*found[:2], found[-1]]
