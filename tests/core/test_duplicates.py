"""Copies."""

from __future__ import annotations

from bot.core.duplicates import duplicates
from tests.fakes import comment


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
