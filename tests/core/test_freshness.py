"""How long a reading is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.freshness import fresh_until
from tests.fakes import READ_AT, comment, reading


@pytest.mark.parametrize(
    ("quiet", "fresh"),
    [
        (timedelta(minutes=5), timedelta(minutes=10)),
        (timedelta(hours=10), timedelta(hours=1)),
        (timedelta(days=400), timedelta(days=1)),
        (timedelta(minutes=-5), timedelta(minutes=10)),
    ],
)
def test_the_longer_the_quiet_the_longer_a_reading_is_used(
    quiet: timedelta, fresh: timedelta
) -> None:
    """
    Ten minutes while comments still come, growing to a day.
    """
    page = reading("x").discussions[0]
    said = replace(page, comments=(comment(1, "x", posted_at=READ_AT - quiet),))

    assert READ_AT + fresh == fresh_until(replace(reading(), discussions=(said,)))


def test_without_any_time_an_hour() -> None:
    """
    A page that gives no times is asked again after an hour.
    """
    assert READ_AT + timedelta(hours=1) == fresh_until(reading("x"))
