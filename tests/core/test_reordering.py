"""The same comments in another order, every reply after what it answers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.models import Cid, Comment, Discussion, Reading
from bot.core.reordering import Arrange, backwards, reordered, rotated
from tests.fakes import comment, reading


def thread(*answers: int) -> Reading:
    """Comments 1, 2, …; each answers the one given, 0 for none."""
    some = tuple(
        comment(n, f"Words of {n}.", parent=Cid(f"page:{at}") if at else None)
        for n, at in enumerate(answers, 1)
    )
    return replace(reading(), discussions=(Discussion("page", None, None, None, some),))


def order(of: Reading) -> list[int]:
    return [int(c.id.removeprefix("page:")) for c in of.readable]


def test_a_flat_list_backwards() -> None:
    """
    The last comes first.
    """
    assert [4, 3, 2, 1] == order(reordered(thread(0, 0, 0, 0), backwards))


def test_a_flat_list_rotated_by_a_third() -> None:
    """
    The first two of six come last; of two, the first.
    """
    assert [3, 4, 5, 6, 1, 2] == order(reordered(thread(0, 0, 0, 0, 0, 0), rotated))
    assert [2, 1] == order(reordered(thread(0, 0), rotated))


def test_replies_move_with_what_they_answer() -> None:
    """
    1 has replies 2 and 4, 2 has 5; 3 has 6: backwards, each branch is turned and stays together.
    """
    some = thread(0, 1, 0, 1, 2, 3)

    assert [3, 6, 1, 4, 2, 5] == order(reordered(some, backwards))
    assert some.by_id == reordered(some, backwards).by_id


def test_circles_and_unknown_parents_lose_nobody() -> None:
    """
    2 and 3 answer each other, 4 itself, 5 a comment that is not there.
    """
    assert [5, 1, 2, 3, 4] == order(reordered(thread(0, 3, 2, 4, 99), backwards))


def test_places_keep_their_comments() -> None:
    """
    Discussions are turned each for itself.
    """
    one, two = thread(0, 0), thread(0, 0)
    other = tuple(replace(c, id=Cid(f"hn:{n}")) for n, c in enumerate(two.readable))
    both = replace(one, discussions=(*one.discussions, Discussion("hn", None, None, None, other)))

    assert ["page:2", "page:1", "hn:1", "hn:0"] == [
        c.id for c in reordered(both, backwards).readable
    ]


def test_another_order_is_another_reading() -> None:
    """
    Its digest is not the other one's.
    """
    some = thread(0, 0)

    assert reordered(some, backwards).hash != reordered(some, lambda same: same).hash


def test_a_chain_of_thousands() -> None:
    """
    Depth is no matter.
    """
    some = thread(*range(5_000))

    assert list(range(1, 5_001)) == order(reordered(some, backwards))


@given(st.lists(st.integers(0, 12), max_size=12), st.sampled_from([backwards, rotated]))
def test_the_same_comments_each_once(answers: list[int], arrange: Arrange) -> None:
    """
    Whatever answers what: all are there, unchanged.
    """
    some = thread(*answers)
    found = reordered(some, arrange).discussions[0].comments

    def by_id(comments: tuple[Comment, ...]) -> list[Comment]:
        return sorted(comments, key=lambda c: c.id)

    assert by_id(some.discussions[0].comments) == by_id(found)
