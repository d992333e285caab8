"""Numbers, links and lengths of a model's own sentences."""

from __future__ import annotations

import pytest

from bot.core.prose import Proofreader, numbers, shorten
from tests.fakes import reading


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("15 millions d’euros", "15"),
        ("40,000 people", "40 000"),
        ("40.000 Leute", "40000"),
        ("3,5 %", "3.5"),
        ("opened in 2024", "2024"),
        ("300k$ par an", "300"),
        ("1 234 567", "1,234,567"),
    ],
)
def test_a_number_may_be_written_differently(source: str, said: str) -> None:
    """
    Separators of thousands and decimal signs differ between languages; the number is the same.
    """
    proof = Proofreader(reading(source, article=None))

    assert f"About {said} it is." == proof.clean(f"About {said} it is.", most=100)


@pytest.mark.parametrize("said", ["16", "1500", "150", "5"])
def test_another_number_is_not_the_same(said: str) -> None:
    """
    A figure that only resembles the source's goes with its sentence.
    """
    proof = Proofreader(reading("15 millions", article=None))

    assert "Known." == proof.clean(f"Known. It costs {said}.", most=100)
    assert 1 == proof.numbers_dropped


def test_numbers_reads_thousands_and_decimals() -> None:
    """
    What a source writes counts in both readings of its separators.
    """
    assert {"1234.5", "1", "234", "5", "1.234.5"} == numbers("1,234.5")


def test_shorten_cuts_at_a_space() -> None:
    """
    A cut text ends in an ellipsis within the limit.
    """
    assert "one two…" == shorten("one two three", 10)
    assert "one" == shorten("one", 3)
