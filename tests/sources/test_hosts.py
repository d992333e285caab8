"""Manners: what a host asks for, however it says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.hosts import retry_after

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
DAY = 86_400


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, None),
        ("0", 0),
        (" 120 ", 120),
        ("Thu, 15 Jan 2026 12:02:00 GMT", 120),
        ("Thu, 15 Jan 2026 13:02:00 +0100", 120),
        ("Thu, 15 Jan 2026 12:02:00", 120),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
        ("31536000", DAY),
        ("9" * 5_000, DAY),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
        ("Thu, 15 Jan 2026 12:02:00 +9999", None),
        ("Thu, 15 Jan 2026 12:02:00 +99999999999999999999", None),
        ("Thu, 15 Jan 99999999999999999999 12:02:00 GMT", None),
    ],
)
def test_a_rest_is_read_in_both_forms(said: str | None, seconds: int | None) -> None:
    """
    Seconds or a date (RFC 9110 §10.2.3); a day at most; what is neither says nothing.
    """
    assert seconds == retry_after(said, NOW)


@given(
    st.one_of(
        st.text(),
        st.builds(
            "{}, {} Jan {} {}:{}:{} {}".format,
            st.text(max_size=3),
            st.integers(),
            st.integers(),
            st.integers(),
            st.integers(),
            st.integers(),
            st.one_of(st.text(max_size=5), st.integers().map("{:+}".format)),
        ),
    )
)
def test_any_header_is_a_rest_or_none(said: str) -> None:
    """
    Never an error, never less than nothing, never more than a day.
    """
    seconds = retry_after(said, NOW)

    assert seconds is None or 0 <= seconds <= DAY
