"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extractive.sentences import ending, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Version 2.5 is out. Good", ["Version 2.5 is out.", "Good"]),
        ("No stop\n\nNext paragraph", ["No stop", "Next paragraph"]),
        ("Wait… what?", ["Wait…", "what?"]),
        ("i think so. it is bad. we should go", ["i think so.", "it is bad.", "we should go"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says_so(text: str, expected: list[str]) -> None:
    """
    Decimals do not end a sentence; paragraphs do, and so do full stops before a small letter.
    """
    assert expected == cut(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Smith met Dr. Who. They left.", ["Mr. Smith met Dr. Who.", "They left."]),
        ("J. R. Smith of the U.S. Senate. Yes.", ["J. R. Smith of the U.S. Senate.", "Yes."]),
        ("He threatened Rep. Omar on Dec. 9. So", ["He threatened Rep. Omar on Dec. 9. So"]),
        ("Pens, ink, etc. are sold. We bought", ["Pens, ink, etc. are sold.", "We bought"]),
        ("Pens, ink, etc. The shop", ["Pens, ink, etc.", "The shop"]),
        ("There is no. It says no. 5 twice.", ["There is no.", "It says no. 5 twice."]),
        ("M. Dupont, p. 12, et Mme. Roy. Fin.", ["M. Dupont, p. 12, et Mme. Roy.", "Fin."]),
        ("Am 3. Mai kam z.B. Dr. Au. Ja.", ["Am 3. Mai kam z.B. Dr. Au.", "Ja."]),
        ("Das gilt ca. 30 Leuten usw. Dann", ["Das gilt ca. 30 Leuten usw.", "Dann"]),
        ("El Sr. Gil vino, pág. 7 dice. Sí.", ["El Sr. Gil vino, pág. 7 dice.", "Sí."]),
        ("Il sig. Rossi, l'avv. Neri ecc. Fine", ["Il sig. Rossi, l'avv. Neri ecc.", "Fine"]),
        ("A sra. Lima viu o art. 5. Fim", ["A sra. Lima viu o art. 5. Fim"]),
        ("Dhr. Jansen bijv. gaat. Mooi.", ["Dhr. Jansen bijv. gaat.", "Mooi."]),
    ],
)
def test_abbreviations_end_nothing(text: str, expected: list[str]) -> None:
    """
    In seven languages: titles always go on, numbers go on after what is counted, "etc." before a small letter.

    A figure of two digits at the end is taken for a date: two sentences in one are better than half of one.
    """
    assert expected == cut(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("« C’est fini\u202f! » Elle part.", ["« C’est fini\u202f! »", "Elle part."]),
        ("“How?” he asked. “So.” Yes.", ["“How?” he asked.", "“So.”", "Yes."]),
        ("„Nein.“ Er ging. »Gut.« Ja.", ["„Nein.“", "Er ging.", "»Gut.«", "Ja."]),
        ("She left (really?) and came. Good.", ["She left (really?) and came.", "Good."]),
    ],
)
def test_a_sentence_ends_with_its_quotation_marks(text: str, expected: list[str]) -> None:
    """
    Closing marks belong to the sentence, and one that goes on in small letters has not ended.
    """
    assert expected == cut(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two things:\n- The lane.\n- The cars", ["Two things:", "- The lane.", "- The cars"]),
        ("1. The lane is good\n2. So is the park", ["1. The lane is good", "2. So is the park"]),
        (
            "これは紙です。はい！「そう。」彼は。",
            ["これは紙です。", "はい！", "「そう。」", "彼は。"],
        ),
        ("هل هذا صحيح؟ نعم.", ["هل هذا صحيح؟", "نعم."]),
    ],
)
def test_lists_and_other_scripts_are_cut_too(text: str, expected: list[str]) -> None:
    """
    An item's number does not stand alone; full stops of scripts without spaces need none.
    """
    assert expected == cut(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Really?!”", "?!"), ("« Non\u202f! »", "!"), ("(So.)", "."), ("A heading", ""), ("", "")],
)
def test_what_a_sentence_ends_with_is_known(text: str, expected: str) -> None:
    """
    Quotation marks and brackets behind the last sign are passed over.
    """
    assert expected == ending(text)


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


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]
