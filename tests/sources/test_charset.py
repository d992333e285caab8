"""Bytes become the text their author meant, whatever was declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.charset import decode

TEXT = "L’été, où ça ? – 5 €"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode(), None),
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.encode("cp1252"), "ISO-8859-1"),  # the web means windows-1252 by it
        (TEXT.encode("cp1252"), None),
        (TEXT.encode("cp1252"), "utf-8"),  # the header lies
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-8-sig"), "iso-8859-1"),  # the mark knows better
        (TEXT.encode(), "no-such-charset"),
        (TEXT.encode(), "base64"),
        (TEXT.encode(), "a\0b"),
    ],
)
def test_the_text_survives(body: bytes, declared: str | None) -> None:
    """
    Right, missing, wrong and absurd charsets.
    """
    assert TEXT == decode(body, declared)


@pytest.mark.parametrize(
    "head",
    ['<meta charset="shift_jis">', "<META http-equiv=x content='text/html; charset=Shift_JIS'>"],
)
def test_the_pages_own_word_counts_where_the_header_is_silent(head: str) -> None:
    """
    Both spellings of <meta>.
    """
    assert decode((head + "日本").encode("shift_jis")).endswith("日本")


def test_a_letter_cut_at_the_end_is_dropped() -> None:
    """
    A page that ends inside a letter is still UTF-8; one whose only odd byte is the last is not.
    """
    assert "été au caf" == decode("été au café".encode()[:-1], "utf-8")
    assert "café" == decode("café".encode("cp1252"), "utf-8")
    assert "été" == decode("été".encode("cp1252"))


@given(st.binary(), st.one_of(st.none(), st.text()))
def test_any_bytes_are_some_text(body: bytes, declared: str | None) -> None:
    """
    Decoding never fails.
    """
    assert isinstance(decode(body, declared), str)
