"""Copies."""

from __future__ import annotations

import time
from random import Random
from string import ascii_lowercase

import pytest

from bot.core.duplicates import duplicates
from bot.core.models import Comment
from tests.fakes import comment

CAMPAIGN = (
    "Dear council, the lane takes the parking our customers need, and the shops of the old town "
    "will close one after the other if you build it. Please think again."
)


def test_copies_are_grouped_whatever_their_case_and_punctuation() -> None:
    """
    The same words are one group, in order of the first.
    """
    said = [
        comment(1, "Stop this lane now, it ruins us!"),
        comment(2, "Lovely."),
        comment(3, "STOP THIS LANE NOW – it ruins us"),
    ]

    assert (("page:1", "page:3"),) == duplicates(said)


def test_two_short_comments_alike_are_two_voices() -> None:
    """
    Two people may both say "me too".
    """
    assert () == duplicates([comment(1, "Me too!"), comment(2, "me too")])


@pytest.mark.parametrize(
    "changed",
    [
        CAMPAIGN + " Kind regards, Anna",
        "Hello! " + CAMPAIGN,
        CAMPAIGN.replace("old town", "upper village"),
        CAMPAIGN.replace("Dear council", "Dear mayor"),
        CAMPAIGN.replace("customers", "custmers"),
    ],
)
def test_a_campaign_is_one_text(changed: str) -> None:
    """
    A signature, a greeting, a swapped word or a slip of the pen makes no new text.
    """
    assert (("page:1", "page:2"),) == duplicates([comment(1, CAMPAIGN), comment(2, changed)])


@pytest.mark.parametrize(
    "changed",
    [
        CAMPAIGN.replace("will close", "will not close"),
        CAMPAIGN.replace("need", "don't need"),
        CAMPAIGN.replace("one after", "3 after"),
        "I do not agree that " + CAMPAIGN,
    ],
)
def test_a_copy_that_says_the_opposite_is_none(changed: str) -> None:
    """
    A negation or a number more is another comment, however alike the rest.
    """
    assert () == duplicates([comment(1, CAMPAIGN), comment(2, changed)])


def test_likeness_does_not_travel() -> None:
    """
    Each member is like the first: a chain of small changes does not end in the same group.
    """
    words = CAMPAIGN.split()
    chain = [["and"] * 3 * n + words[3 * n :] for n in range(6)]
    said = [comment(n, " ".join(text)) for n, text in enumerate(chain)]

    assert ("page:0", "page:1") == duplicates(said[:2])[0]
    assert not any({"page:0", "page:5"} <= set(group) for group in duplicates(said))


def letters(count: int, opening: str) -> list[Comment]:
    """Comments that begin alike and go on in twenty words nobody else has."""
    dice = Random(1)
    return [
        comment(
            n, f"{opening} {' '.join(''.join(dice.sample(ascii_lowercase, 6)) for _ in range(20))}"
        )
        for n in range(count)
    ]


def test_what_everybody_says_is_not_compared_with_everybody() -> None:
    """
    Eight times the comments, all with one phrase in them, are about eight times the work, not sixty-four times.
    """

    def seconds(count: int) -> float:
        said = letters(count, "as I have said before and will say again at the next meeting")
        tries = []
        for _ in range(3):
            started = time.process_time()
            duplicates(said)
            tries.append(time.process_time() - started)
        return min(tries)

    assert seconds(3_200) < 24 * seconds(400)


def test_a_copy_is_found_beside_a_phrase_that_everybody_uses() -> None:
    """
    Hundreds of letters that begin alike do not hide the one that was sent twice.
    """
    some = letters(300, "Dear council, I live on Mill Road and write to you about the lane.")
    twice = comment(900, some[217].text + " Yours, Ada")

    assert (("page:217", "page:900"),) == duplicates([*some, twice])
