"""Sightings become positions; no id is lost on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.merging import Sighted, merged
from bot.core.models import Cited
from bot.core.shapes import Union


def sighted(label: str, *comments: str, place: int = 0) -> Sighted:
    return Sighted(label, comments, (Cited(comments[0], label),), place, (label,))


SOME = [
    sighted("Too dear", "0:1", "0:2"),
    sighted("Unsafe", "0:3"),
    sighted("It costs", "1:1", "0:2"),
]


def test_members_bring_all_their_comments_and_quotes() -> None:
    """
    The union of ids, each once; the wordings are remembered.
    """
    one, other = merged(SOME, [Union(("1", "[3]"), "It costs too much.")])

    assert ("It costs too much.", ("0:1", "0:2", "1:1")) == (one.label, one.comments)
    assert ("Too dear", "It costs") == one.labels
    assert 2 == len(one.quotes)
    assert SOME[1] == other


def test_what_is_named_nowhere_stays() -> None:
    """
    A merge that forgets, repeats and invents numbers loses and doubles nobody.
    """
    made = merged(SOME, [Union(("1", "1", "99", "x", ""), "A"), Union(("1", "2"), "B")])

    assert [("A", ("0:1", "0:2")), ("B", ("0:3",)), ("It costs", ("1:1", "0:2"))] == [
        (one.label, one.comments) for one in made
    ]


def test_a_label_that_never_ends_is_cut() -> None:
    """
    What is asked next holds 300 letters of it, not all that a model repeats.
    """
    (made, *_) = merged(SOME, [Union(("1", "3"), "too dear " * 10_000)])

    assert 250 < len(made.label) <= 300


def test_discussions_stay_apart() -> None:
    """
    One view in two discussions is a position in each.
    """
    some = [sighted("Good", "0:1"), sighted("Good", "1:1", place=1)]

    assert [0, 1] == [one.place for one in merged(some, [Union(("1", "2"), "Good")])]


@given(
    st.lists(
        st.builds(
            Union, st.lists(st.sampled_from(["1", "2", "3", "4", "-1", "³"])).map(tuple), st.text()
        )
    )
)
def test_no_reply_loses_an_id(unions: list[Union]) -> None:
    """
    Whatever a model answers, the ids that go in come out.
    """
    made = merged(SOME, unions)

    assert {ref for one in SOME for ref in one.comments} == {
        ref for one in made for ref in one.comments
    }
