"""Text from outside acts on nothing, and stays readable."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.escape import label, link, markdown, outside, units, visible


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


@pytest.mark.parametrize(
    "text",
    [
        "\u05d1\u05bc\u05b8\u05c1\u0591",  # Hebrew: a letter with dagesh, vowel, dot and accent
        "\u0928\u093c\u0947\u0902",  # Hindi
        "\u0e17\u0e35\u0e48",  # Thai
        "1\ufe0f\u20e3",  # an emoji made of a digit
    ],
)
def test_marks_that_writing_needs_stay(text: str) -> None:
    """
    Letters of other scripts carry more of them.
    """
    assert unicodedata.normalize("NFC", text) == visible(outside(text)).replace("\\", "")


def test_what_stands_far_behind_is_found() -> None:
    """
    Ten thousand letters that nobody sees do not hide those after them.
    """
    assert "hello" == outside("\u200b" * 10_000 + "hello", 20)
    assert outside("e" + "\u0301" * 10_000 + "hello", 20).endswith("hello")


@given(st.text(max_size=400), st.integers(1, 100))
def test_a_label_has_letters_and_fits(text: str, most: int) -> None:
    """
    Never empty, never longer, on one line.
    """
    made = label(text, most)

    assert 1 <= units(made) <= max(most, 1)
    assert made.strip()
    assert "\n" not in made


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# a\nb", r"\# a b"),
        ("- a\n\n12. b", "\\- a\n\n12\\. b"),
        ("<b>&amp;</b>", r"\<b\>\&amp;\</b\>"),
        ("[a](b) *c* `d`", r"\[a\](b) \*c\* \`d\`"),
        ("a\u202eb\x1b[1m", r"ab\[1m"),
    ],
)
def test_a_markdown_file_says_it_letter_for_letter(text: str, written: str) -> None:
    """
    Paragraphs stay, markup does not act.
    """
    assert written == markdown(text)


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


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.gg/abc",
        "http://DISCORD.gg/abc",
        "https://www.discord.com/invite/abc",
        "https://discordapp.com//invite/abc",
        "https://ptb.discord.com/invite/abc",
        "https://dsc.gg/abc",
    ],
)
def test_no_link_smuggles_an_invitation(url: str) -> None:
    """
    The words stand alone where the address would invite to a server.
    """
    assert "Click me" == link("Click me", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/channels/1/2",
        "https://town.example/discord.gg/abc",
        "https://notdiscord.gg.example/abc",
        "https://discord.com/blog/invite",
    ],
)
def test_other_links_stay(url: str) -> None:
    """
    Discord's own threads and what only reads like an invitation are linked.
    """
    assert f"[Click me](<{url}>)" == link("Click me", url)
