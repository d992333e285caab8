"""Markdown as comment platforms hand it out: the writer's own words, without the signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.markdown import plain_markdown


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("", ""),
        ("One line", "One line"),
        ("One\nTwo\n\n\n  Three  ", "One\nTwo\n\nThree"),
        ("One\r\n\r\nTwo", "One\n\nTwo"),
        ("# Bees #\nhum", "Bees\nhum"),
        ("Bees\n====\nhum\n\n---\n\nloud", "Bees\n\nhum\n\nloud"),
        ("a|b\n:--|--:\n1|2", "a|b\n\n1|2"),
        ("- a\n- b\n\n    more of *b*", "- a\n- b\n\nmore of b"),
        ("#1 reason", "#1 reason"),
        ("::: spoiler The end\nThe bee did it\n:::\nWell", "The end\nThe bee did it\n\nWell"),
    ],
)
def test_paragraphs_are_set_apart_by_one_blank_line(written: str, seen: str) -> None:
    """
    Lines stay lines; rules, underlines and rulers of tables are no words.
    """
    assert seen == plain_markdown(written)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("> Bees are dull.\n\nNo, they are not.", "No, they are not."),
        (">Bees are dull.\n>> Who says?\nI do.", "I do."),
        ("Look:\n> quoted\n\nwell", "Look:\n\nwell"),
        (">!The bee did it!< and >!won!<", "The bee did it and won"),
        ("5 > 4", "5 > 4"),
        ("> only another's words", ""),
    ],
)
def test_quotes_of_others_are_not_the_writers_words(written: str, seen: str) -> None:
    """
    Lines that begin with ">" are left out; a spoiler, which begins with ">!", is not a quote.
    """
    assert seen == plain_markdown(written)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Try `*a* <b>` now", "Try *a* <b> now"),
        ("```python\nx = *a\n\n> y\n```\nDone", "x = *a\n\n> y\n\nDone"),
        ("~~~\n# no heading\n~~~", "# no heading"),
        ("```\nnever closed *a*", "never closed *a*"),
        ("So:\n\n    if a:\n        b = *c*\n\nDone", "So:\n\nif a:\n    b = *c*\n\nDone"),
        ("A line\n    that goes on", "A line\nthat goes on"),
        ("some ```three``` ticks", "some three ticks"),
    ],
)
def test_code_stays_to_the_letter(written: str, seen: str) -> None:
    """
    Between fences, backticks, or indented by four spaces after a blank line.
    """
    assert seen == plain_markdown(written)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('See [the *blog*](https://a.example/x_(y) "title").', "See the blog."),
        ("[![a bee](b.png)](https://a.example)", "a bee"),
        ("![gif](giphy|abc)", "gif"),
        ("<https://a.example/_x_>", "https://a.example/_x_"),
        ("https://a.example/_x_/*y", "https://a.example/_x_/*y"),
        ("**https://a.example**", "https://a.example"),
        ("[1] and [x] (not a link)", "[1] and [x] (not a link)"),
        (r"[wiki](https://a.example/A_\(b\)) \*no\*", "wiki *no*"),
    ],
)
def test_links_keep_their_words(written: str, seen: str) -> None:
    """
    The address of a link with words is left out; an address that is shown stays whole.
    """
    assert seen == plain_markdown(written)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("*a* **b** ***c*** _d_ __e__ ~~f~~", "a b c d e f"),
        ("**bold *both* bold**", "bold both bold"),
        ("重要**蜂**だ", "重要蜂だ"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("what the f*ck is this sh*t", "what the f*ck is this sh*t"),
        ("big ^^^so ^(very small)", "big so (very small)"),
        ("x^2", "x^2"),
        ("Tom &amp; Jerry &lt;3 &#x200B;", "Tom & Jerry <3"),
        ("a\n\n&#x200B;\n\nb", "a\n\nb"),
        ("`&amp;`", "&amp;"),
        (r"\> not a quote \# nor \_this\_", "> not a quote # nor _this_"),
        ("<details><summary>Log</summary>a<br>b</details>", "Loga\nb"),
        ("<!-- Fill in\n\nthe form -->It fails", "It fails"),
        ("an arrow <!-- that never ends", "an arrow <!-- that never ends"),
        ("a < b and <T> stays", "a < b and <T> stays"),
        ("a\x00\x08b \ud800", "ab"),
    ],
)
def test_signs_are_not_shown(written: str, seen: str) -> None:
    """
    Emphasis, raised letters, tags, entities; what only looks like a sign stays.
    """
    assert seen == plain_markdown(written)


HALF_OPEN = (
    "*a ",
    "**",
    "_a ",
    "***a ",
    "~~a ",
    "`",
    "[",
    "[a](",
    "[x](  ",
    '![a](b "',
    "<a ",
    "<!--",
    ">!",
)
OTHERS = ("\\", "(" * 9, "| ", "https://", "    a\n", "```\n")


@pytest.mark.parametrize("sign", [*HALF_OPEN, *OTHERS])
def test_a_hostile_text_is_read_in_passing(sign: str) -> None:
    """
    Two hundred thousand letters of half-open signs; time that grows with their square would be hours.
    """
    assert "\0" not in plain_markdown(sign * (200_000 // len(sign)))


@given(st.text(st.sampled_from("ab \n>`*_~[]()!<>|\\#:-=&;^\t\0"), max_size=60))
def test_any_text_is_read(written: str) -> None:
    """
    Nothing raises, and no sign of ours stays behind.
    """
    assert "\0" not in plain_markdown(written)
