"""What counts as the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.folding import fold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("commence à nous les briser menu menu\u202f!", "commence à nous les briser menu menu !"),
        ("l’argument de Niel", "l'argument de Niel"),
        ("Entre ce qui est fait…", "Entre ce qui est fait..."),
        ("un «\u00a0vrai\u00a0» débat", 'un " vrai " débat'),
        ("caf\u0065\u0301 noir", "café noir"),
        ("soft\u00adware\u200b rocks", "software rocks"),
        ("one\n\ntwo", "one two"),
        ("a — b", "a - b"),
        ("‹c› forged", "<c> forged"),
    ],
)
def test_typography_makes_no_difference(text: str, words: str) -> None:
    """
    Spaces, quotes, dashes, accents and invisible letters are compared by what they mean.
    """
    assert (0, len(text)) == fold(text).find(fold(words).text)


@pytest.mark.parametrize(("text", "words"), [("party time", "art"), ("non-lieu", "no")])
def test_half_a_word_is_not_found(text: str, words: str) -> None:
    """
    Words are found whole: "art" is not in "party".
    """
    assert None is fold(text).find(fold(words).text)


def test_the_second_place_is_found_when_the_first_is_half_a_word() -> None:
    """
    A half word before a whole one does not hide it.
    """
    assert (6, 9) == fold("party art").find("art")


@given(st.text())
def test_any_text_is_found_in_itself(text: str) -> None:
    """
    Folding keeps where every letter came from: a text's own words lead back into it.
    """
    folded = fold(text)
    span = folded.find(folded.text)

    assert len(folded.text) == len(folded.origin)
    if folded.text:
        assert span is not None
        assert folded.text == fold(text[slice(*span)]).text
