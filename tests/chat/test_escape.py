"""Text from outside acts on nothing, and stays readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.escape import link, outside


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("hello @everyone", r"@everyone"),
        ("hello @here", r"@here"),
        ("<@123> and <@&456> and <#789>", r"(?<!\\)<[@#]"),
        ("<:smile:123456>", r"(?<!\\)<:"),
        ("[click](https://evil.example)", r"(?<!\\)\[click(?<!\\)\]\("),
        ("see https://evil.example now", r"https://evil"),
        ("join discord.gg/abc", r"discord\.gg"),
        ("# big", r"^#"),
        ("> quote", r"^>"),
        ("- item", r"^-"),
        ("1. item", r"^1\. "),
        ("-# small", r"^-#"),
        ("```js\ncode```", r"```"),
        ("||secret||", r"(?<!\\)\|(?<!\\)\|"),
        ("**bold** _it_ ~~no~~", r"(?<!\\)(\*\*|_|~~)"),
        ("line\n# next", r"\n"),
        ("\u202egnirts", "\u202e"),
        ("a\u200bb", "a\u200bb"),
    ],
)
def test_nothing_acts(text: str, acts: str) -> None:
    """
    No ping, no heading, no hidden link, no invite, no turned letters.
    """
    assert not re.search(acts, outside(text))


def test_it_stays_readable() -> None:
    """
    With the signs Discord hides taken away, the words are there.
    """
    shown = re.sub(r"\\(?=[^\w\s])|\u200b", "", outside("I said *no* [twice] to <them> @home!"))

    assert "I said *no* [twice] to <them> @home!" == shown


def test_piled_marks_are_cut_to_what_languages_need() -> None:
    """
    Zalgo becomes a letter again; Vietnamese keeps its two marks.
    """
    assert len(outside("a" + "\u0301" * 10_000)) <= 3
    assert "\u1ec7" == outside("e\u0323\u0302")


def test_shortened_before_escaped() -> None:
    """
    A cut never leaves half an escape.
    """
    assert not outside("*" * 100, 10).endswith("\\")


def test_links_are_shown_only_where_they_can_be() -> None:
    """
    An address that could break out of its place is left away; words cannot break out of theirs.
    """
    assert "[Ann](<https://a.example/#c1>)" == link("Ann", "https://a.example/#c1")
    assert "Ann" == link("Ann", "https://a.example/)[x](https://evil.example")
    assert "Ann" == link("Ann", "javascript:alert(1)")
    assert "Ann" == link("Ann", None)
    assert r"[A\](x](<https://a.example/>)" == link("A](x", "https://a.example/")


@given(st.text())
def test_any_text_is_one_safe_line(text: str) -> None:
    """
    Whatever comes in: one line, no live mention, no mask.
    """
    safe = outside(text)

    assert "\n" not in safe
    assert not re.search(r"@(everyone|here)|(?<!\\)(?:\\\\)*[\[<`|*_~#>]", safe)
