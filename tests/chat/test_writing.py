"""Digests and readings as text and Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.sentences import Sentences
from bot.chat.writing import digest_text, reading_text
from bot.core.grounding import ground
from bot.core.models import (
    Brief,
    Changes,
    Cid,
    Comment,
    Digested,
    Discussion,
    Draft,
    Engine,
    Lead,
    Made,
    Quote,
    Share,
)
from tests.chat.digests import digest_of, position
from tests.fakes import READ_AT, reading

LEADS = (
    Lead("hackernews", "https://news.ycombinator.com/item?id=1", "A lane for\nMarlow", 1312),
    Lead("discourse", "https://www.forum.example/t/7", "The lane", None),
)
SAID = replace(reading("Yes.", "No."), leads=LEADS)
MADE = Made(Engine.EXTRACTIVE, None, "", 0, 0, None, 0.1, READ_AT)
DIGESTED = Digested(SAID, ground(Draft("A lane.", ()), SAID, Brief("en"), key="a" * 24, made=MADE))


@pytest.mark.parametrize(("markdown", "sign"), [(False, "•"), (True, "-")])
def test_leads_are_listed_with_their_counts(markdown: bool, sign: str) -> None:
    """
    Each discussion elsewhere is a line: its place, how many comments, its title where it says more, its address.
    """
    said = digest_text(DIGESTED, Sentences.of("en"), markdown=markdown)

    lines = [" ".join(line.split()) for line in said.replace("\n  ", " ").splitlines()]
    first = lines.index(f"{sign} Hacker News · 1,312 comments · A lane for Marlow · {LEADS[0].url}")
    assert f"{sign} forum.example · {LEADS[1].url}" == lines[first + 1]
    assert any("Also discussed elsewhere" in line for line in lines[:first])


def test_a_reading_lists_its_leads_in_the_readers_language() -> None:
    """
    What was read says where else it is discussed.
    """
    said = reading_text(SAID, Sentences.of("fr"))

    assert "Aussi discuté ailleurs" in said
    assert "1\u202f312 commentaires" in said


def test_an_address_that_is_none_is_named_by_its_platform() -> None:
    """
    A broken address is shown, not fallen over.
    """
    broken = replace(SAID, leads=(Lead("page", "https://[", None, 1),))

    assert "page · 1 comment · https://[" in reading_text(broken, Sentences.of("en"))


CHANGES = Changes(READ_AT, 37, 0, (Share("p1", 0.2, 0.35), Share("p2", None, 0.1)), ("Old",), 2)


@pytest.mark.parametrize(("markdown", "sign"), [(False, "•"), (True, "-")])
def test_what_has_changed_is_listed(markdown: bool, sign: str) -> None:
    """
    New comments, new positions, those that are gone, shares then and now, quotes that are gone.
    """
    held = [position(n, [Cid("page:1")], f"View {n}") for n in (1, 2)]
    card = digest_of(SAID, held, changes=CHANGES)
    said = digest_text(card, Sentences.of("en"), markdown=markdown)
    head = said[said.index("What has changed since January 15, 2026") :]

    assert [
        f"{sign} 37 new comments",
        f"{sign} New: View 2",
        f"{sign} No longer held: Old",
        f"{sign} View 1: 20% → 35%",
        f"{sign} 2 quotes shown then have been edited or deleted.",
    ] == [line for line in head.splitlines() if line.startswith(f"{sign} ")][:5]


def test_it_is_said_in_the_readers_language() -> None:
    """
    In French as in English.
    """
    card = digest_of(SAID, [position(1, [Cid("page:1")])], changes=CHANGES)
    said = digest_text(card, Sentences.of("fr"), markdown=False)

    assert "37 nouveaux commentaires" in said
    assert "Ce qui a changé depuis" in said
    assert "Lu\u00a0: 2 commentaires sur 2 · 15 janvier 2026" in said


@pytest.mark.parametrize("markdown", [False, True])
def test_several_discussions_are_apart(markdown: bool) -> None:
    """
    A heading each, with its number of comments; a position counts against its own.
    """
    other = tuple(Comment(Cid(f"hn:{n}"), None, f"u{n}", f"Elsewhere {n}.") for n in range(4))
    place = Discussion("hackernews", "https://news.ycombinator.com/item?id=1", None, 4, other)
    both = replace(SAID, discussions=(*SAID.discussions, place), leads=())
    card = digest_of(
        both, [position(1, [Cid("hn:1")], "There"), position(2, [Cid("page:1")], "Here")]
    )
    said = digest_text(card, Sentences.of("en"), markdown=markdown)
    order = [
        "town.example · 2 comments",
        "Here",
        "1 of 2",
        "Hacker News · 4 comments",
        "There",
        "1 of 4",
    ]
    places = [said.find(part) for part in order]

    assert -1 not in places, order[places.index(-1)]
    assert sorted(places) == places


@pytest.mark.parametrize(
    ("markdown", "shown"), [(False, "(La *voie*)"), (True, "> *La \\*voie\\**")]
)
def test_a_translation_stands_beside_its_quote(markdown: bool, shown: str) -> None:
    """
    Below the words themselves.
    """
    quote = Quote(Cid("page:1"), 0, 3, "La *voie*")
    card = digest_of(SAID, [position(1, [Cid("page:1")], quotes=[quote])])
    said = digest_text(card, Sentences.of("en"), markdown=markdown)

    assert said.index("Yes") < said.index(shown) < said.index("reader1")


def test_a_terminal_obeys_nothing_in_a_text() -> None:
    """
    What commands a terminal or turns letters is taken out; paragraphs stay.
    """
    hostile = replace(
        SAID,
        discussions=(
            replace(
                SAID.discussions[0],
                comments=(
                    Comment(Cid("page:1"), None, "\x1b]0;x\x07Ann", "\x1b[2Jgone\n\n\u202etxt"),
                ),
            ),
        ),
    )
    said = reading_text(hostile, Sentences.of("en"))

    assert not set("\x1b\x07\u202e") & set(said)
    assert "[2Jgone\n\ntxt" in said
