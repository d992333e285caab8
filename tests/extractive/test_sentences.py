"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extractive.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Smith met Dr. Who. They left.", ["Mr. Smith met Dr. Who.", "They left."]),
        ("Das ist z.B. gut. Ja.", ["Das ist z.B. gut.", "Ja."]),
        ("« C’est fini\u202f! » Elle part.", ["« C’est fini\u202f! »", "Elle part."]),
        ("Version 2.5 is out. Good", ["Version 2.5 is out.", "Good"]),
        ("No stop\n\nNext paragraph", ["No stop", "Next paragraph"]),
        ("Wait… what?", ["Wait…", "what?"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says_so(text: str, expected: list[str]) -> None:
    """
    Abbreviations and decimals do not end a sentence; paragraphs do.
    """
    assert expected == [text[start:end] for start, end in sentences(text)]


@given(st.text())
def test_nothing_is_lost_or_invented(text: str) -> None:
    """
    Spans follow each other, and only space lies between them.
    """
    last = 0
    for start, end in sentences(text):
        assert last <= start < end
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()
