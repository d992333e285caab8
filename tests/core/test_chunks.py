"""What fits together in one question."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.chunks import Room, chunks
from bot.core.models import Cid, Comment, Discussion, Reading
from bot.core.sampling import sample
from tests.fakes import comment, reading


def of(*places: list[Comment]) -> Reading:
    discussions = tuple(
        Discussion(f"p{n}", None, None, None, tuple(p)) for n, p in enumerate(places)
    )
    return replace(reading(), discussions=discussions)


def words(one: Comment) -> int:
    return len(one.text.split())


def thread(*parents: int | None) -> list[Comment]:
    """Comments of ten words; the n-th answers parents[n]."""
    return [
        comment(n, "word " * 10, parent=Cid(f"page:{p}") if p is not None else None)
        for n, p in enumerate(parents)
    ]


def test_a_comment_stays_with_its_replies() -> None:
    """
    Two threads of three do not share a chunk of four: neither is cut.
    """
    made = of(thread(None, 0, 1, None, 3, 3))
    parts = chunks(made, made.readable, words, Room(40, 4))

    assert [[0, 1, 2], [3, 4, 5]] == [[int(c.id[5:]) for c in p.comments] for p in parts]
    assert [(), ()] == [p.context for p in parts]


def test_small_threads_fill_what_larger_ones_leave() -> None:
    """
    Threads of three, three, one and one comments in chunks of four: two chunks, not three, each frame paid for once.
    """
    made = of(thread(None, 0, 0, None, 3, 3, None, None))
    parts = chunks(made, made.readable, words, Room(1_000, 4))

    assert [[0, 1, 2, 6], [3, 4, 5, 7]] == [[int(c.id[5:]) for c in p.comments] for p in parts]


def test_a_cut_thread_stays_in_one_piece_as_far_as_it_goes() -> None:
    """
    A thread of six is not strewn over the holes that others leave: its parts are neighbours.
    """
    made = of(thread(None, 0, 0, None, 3, 3, None, 6, 6, 6, 6, 6))
    parts = chunks(made, made.readable, words, Room(1_000, 4))

    assert [[0, 1, 2], [3, 4, 5, 6], [7, 8, 9, 10], [11]] == [
        [int(c.id[5:]) for c in p.comments] for p in parts
    ]


def test_a_cut_thread_brings_what_it_answers() -> None:
    """
    A thread of six in chunks of three: the second half knows what its first answer answers.
    """
    made = of(thread(None, 0, 0, 0, 0, 0))
    parts = chunks(made, made.readable, words, Room(1_000, 3))

    assert [3, 3] == [len(p.comments) for p in parts]
    assert [(), (Cid("page:0"),)] == [p.context for p in parts]


def test_discussions_are_never_mixed() -> None:
    """
    Two small discussions are two chunks.
    """
    made = of([comment(1, "a")], [comment(2, "b")])

    assert 2 == len(chunks(made, made.readable, words, Room(100, 100)))


def test_a_comment_that_no_chunk_takes_is_one_of_its_own() -> None:
    """
    Nobody is left out for being long.
    """
    made = of([comment(1, "x"), comment(2, "long " * 500), comment(3, "y")])
    parts = chunks(made, made.readable, words, Room(100, 100))

    assert {1, 2, 3} == {int(c.id[5:]) for p in parts for c in p.comments}


@given(st.lists(st.none() | st.integers(0, 40), max_size=40), st.integers(1, 9))
def test_everyone_is_in_one_chunk(parents: list[int | None], most: int) -> None:
    """
    For any tree, circles among them: each comment once, no chunk larger than its room, context outside it.
    """
    made = of(thread(*parents))
    parts = chunks(made, made.readable, words, Room(10_000, most))

    assert sorted(c.id for c in made.readable) == sorted(c.id for p in parts for c in p.comments)
    for part in parts:
        assert len(part.comments) <= most
        assert not {c.id for c in part.comments} & set(part.context)


def test_all_are_read_where_the_budget_takes_all() -> None:
    """
    No sampling without need.
    """
    some = thread(None, 0, None)

    assert some == sample(some, 30, words)


def test_a_sample_has_some_of_every_branch_time_and_score() -> None:
    """
    Half the budget: half of each of two branches, and of the disliked as of the liked.
    """
    some = [
        comment(n, "word " * 10, parent=Cid(f"page:{n % 2}") if n > 1 else None, score=n % 4 - 2)
        for n in range(80)
    ]
    read = sample(some, 400, words)

    assert 38 <= len(read) <= 40
    for part in (0, 1):
        assert 18 <= sum(int(c.id[5:]) % 2 == part for c in read) <= 22
    for score in (-2, -1, 0, 1):
        assert 7 <= sum(c.score == score for c in read) <= 13
    assert read == sorted(read, key=lambda c: int(c.id[5:]))
