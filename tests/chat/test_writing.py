"""Digests and readings as text and Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.sentences import Sentences
from bot.chat.writing import digest_text, reading_text
from bot.core.grounding import ground
from bot.core.models import Brief, Digested, Draft, Engine, Lead, Made
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
