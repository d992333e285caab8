"""Which readers are heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.core.models import Cid, Comment
from bot.extractive.quotable import MOST_WORDS
from bot.extractive.voices import shares, voices
from tests.fakes import comment

BIKES = (
    "The bike lane makes the way to school safe for my children.",
    "My children cycle to school, a bike lane makes that safe.",
    "A safe bike lane to school was overdue for the children.",
)
PARKING = (
    "Without parking places the shops on Mill Road will lose customers.",
    "Customers need parking places or the shops will close.",
    "The shops lose customers when the parking places go.",
)


def test_two_voices_come_from_both_sides() -> None:
    """
    Of three alike and three others alike, two voices are one of each.
    """
    said = [comment(n, text) for n, text in enumerate((*BIKES, *PARKING), 1)]

    chosen = {int(cid.partition(":")[2]) for cid in heard(said, 2)}

    assert [1, 1] == [len(chosen & {1, 2, 3}), len(chosen & {4, 5, 6})]


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pt", "nl", "tlh", ""])
def test_any_language_works(language: str) -> None:
    """
    A language without a stemmer is compared by groups of letters.
    """
    said = [comment(n, text) for n, text in enumerate(BIKES)]

    assert 3 == len(heard(said, 9, language=language))


@pytest.mark.parametrize(
    "text", ["👍👍 !!!", "Exactly.", "No, not me, never!", "https://a.example/b", "> so"]
)
def test_what_is_not_understood_by_itself_is_no_voice(text: str) -> None:
    """
    Signs, links, words of others, and a reply that says nothing without what it answers.
    """
    said = [comment(1, BIKES[0]), comment(2, text, parent="page:1")]

    assert ["page:1"] == list(heard(said, 5))


def test_no_two_voices_are_alike() -> None:
    """
    The same sentence with a word changed is not heard again, whoever says it.
    """
    said = [comment(1, BIKES[0]), comment(2, BIKES[0].replace("my", "our")), comment(3, PARKING[0])]

    assert 2 == len(heard(said, 3))


def test_a_program_is_not_heard_and_weighs_nothing() -> None:
    """
    A notice below every comment does not become what readers say most.
    """
    notice = "Your comment about parking places and shops was removed by the rules of this place."
    said = [comment(n, f"{notice} {n}", "AutoModerator") for n in range(5)]

    assert ["page:9"] == list(heard([*said, comment(9, BIKES[0])], 3))


def test_what_was_written_often_is_heard_first() -> None:
    """
    A comment stands for its copies: seven of one outweigh two of another.
    """
    said = [comment(1, BIKES[0]), comment(2, BIKES[1]), comment(3, PARKING[0])]

    assert ["page:3"] == list(heard(said, 1, copies={Cid("page:3"): 7}))


def test_nobody_is_heard_twice_before_everybody_once() -> None:
    """
    One reader writes most and best; the others are heard all the same.
    """
    said = [comment(n, text, "ann") for n, text in enumerate((*BIKES, *PARKING), 1)]
    others = [
        comment(7, "A street lamp costs less and frightens burglars."),
        comment(8, "My dog hates traffic, whatever the council builds."),
    ]

    chosen = list(heard([*said, *others], 4))

    assert {"page:7", "page:8"} <= set(chosen[:3])
    assert 4 == len(chosen)


def test_readers_without_a_name_are_not_one_reader() -> None:
    """
    Nothing says that two who give no name are the same.
    """
    said = [comment(1, BIKES[0], None), comment(2, PARKING[0], None), comment(3, "Ok", "ann")]

    assert 2 == len(heard(said, 2))


def test_a_long_comment_is_heard_in_its_telling_sentences() -> None:
    """
    Of a long comment only what is nearest to the discussion is shown, whole sentences of at most forty words.
    """
    long = "Hello everyone. " + "I had coffee this morning with a friend of mine. " * 8 + BIKES[0]
    said = [comment(1, long), comment(2, BIKES[1]), comment(3, BIKES[2])]

    words = heard(said, 3)["page:1"]

    assert words.endswith(BIKES[0])
    assert words in long
    assert MOST_WORDS >= len(words.split())


def test_a_sentence_that_leans_gives_way_to_one_that_stands() -> None:
    """
    "This" at the beginning of a piece cut from a comment points at what is not shown.
    """
    filler = "I had coffee this morning with an old friend of mine. " * 4
    leaning = "This lane is what the children of the school needed."
    standing = "A lane is what all children of the school needed."
    said = [comment(1, f"{filler}{leaning} {filler}{standing}"), comment(2, BIKES[0])]

    assert heard(said, 2)["page:1"].endswith(standing)


def test_every_place_is_heard_in_proportion() -> None:
    """
    Two discussions of one article: the small one has its voice, the large one the others, and both come at once.
    """
    said = [comment(n, text) for n, text in enumerate((*BIKES, *PARKING), 1)]
    places = {c.id: 0 for c in said[:5]} | {said[5].id: 1}

    chosen = list(heard(said, 3, places=places))

    assert {0: 2, 1: 1} == {at: sum(places[Cid(c)] == at for c in chosen) for at in (0, 1)}
    assert {0, 1} == {places[Cid(c)] for c in chosen[:2]}


def test_a_place_that_says_nothing_takes_nobody_s_turn() -> None:
    """
    Ten thumbs in one discussion cost the other no voice.
    """
    said = [comment(n, text) for n, text in enumerate((*BIKES, *PARKING), 1)]
    thumbs = [comment(n, "👍") for n in range(10, 20)]
    places = {c.id: 0 for c in said} | {c.id: 1 for c in thumbs}

    assert 4 == len(heard([*said, *thumbs], 4, places=places))


def test_the_same_comments_give_the_same_voices() -> None:
    """
    Nothing is left to chance.
    """
    said = [comment(n, text) for n, text in enumerate((*BIKES, *PARKING), 1)]

    assert heard(said, 3) == heard(said, 3)


@pytest.mark.parametrize(
    ("sizes", "room", "least", "expected"),
    [
        ([5, 3], 10, 1, [5, 3]),
        ([90, 10], 10, 1, [9, 1]),
        ([990, 5, 5], 10, 1, [8, 1, 1]),
        ([9, 8, 7, 6], 2, 1, [1, 1, 0, 0]),
        ([0, 4], 3, 1, [0, 3]),
        ([9_000, 60], 1_000, 50, [950, 50]),
        ([], 6, 1, []),
    ],
)
def test_rooms_are_shared_out(sizes: list[int], room: int, least: int, expected: list[int]) -> None:
    """
    The least for each, the largest first, the rest in proportion, and nobody gets more than he has.
    """
    assert expected == shares(sizes, room, least)


def heard(
    said: Sequence[Comment],
    most: int,
    *,
    language: str = "en",
    places: Mapping[Cid, int] | None = None,
    copies: Mapping[Cid, int] | None = None,
) -> dict[str, str]:
    places = places or dict.fromkeys((one.id for one in said), 0)
    return {str(cid): words for cid, words in voices(said, language, most, places, copies or {})}
