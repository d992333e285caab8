"""Pages that nobody wrote: an article and comments come out, or an error of ours, in time."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from bot.core.export import reading_json
from bot.core.links import canonical
from bot.core.models import Reading
from bot.errors import ChorusError
from bot.sources.markdown import plain_markdown
from bot.sources.markup import plain
from bot.sources.pasted import read_text
from bot.sources.platform import Keys
from bot.sources.platforms import platforms
from bot.sources.webpage import read_page
from bot.store.codec import Codec
from tests.fuzz.answers import html_of_tests
from tests.fuzz.limits import examples, quick
from tests.fuzz.markup import broken, pages, pieces
from tests.fuzz.texts import addresses, copied, phrases

READING = Codec(Reading)
URL = "https://blog.example/bees"
ARTICLE = "<article><h1>Bees</h1>" + "<p>They hum while they work, and work while they hum.</p>" * 9

KNOWN = st.sampled_from(html_of_tests())
"""What names a discussion, and what looks like that, as the tests of sources have it."""

SIGNS = st.one_of(
    st.sampled_from(
        [
            "*",
            "**",
            "_",
            "~~",
            "`",
            "``",
            "```",
            "[",
            "](",
            ")",
            "![",
            "<",
            "<a ",
            "<!--",
            "-->",
            "> ",
            ">!",
            "!<",
        ]
    ),
    st.sampled_from(
        [
            "\\",
            "^",
            "|",
            ":::",
            "# ",
            "- ",
            "1. ",
            "&#0;",
            "&amp",
            "https://",
            "  ",
            "    ",
            "\t",
            "\n",
            "a",
            "\0",
        ]
    ),
    phrases,
)


def kept(reading: Reading) -> None:
    """Keep *reading* and print it, as Chorus does with every one."""
    READING.load(READING.dump(reading))
    json.dumps(reading_json(reading), ensure_ascii=False).encode()


@examples(0.6)
@given(pages, st.one_of(st.just(URL), addresses))
def test_any_page_is_read_or_refused(page: str, url: str | None) -> None:
    """
    Trees of real tags, lists of comments, odd data, broken and unclosed markup, controls and lone surrogates.
    """
    with quick(), suppress(ChorusError):
        kept(read_page(page, url))


@examples(0.1)
@given(
    st.one_of(pieces, broken, phrases).filter(bool), st.sampled_from(["", ARTICLE, "<pre>", "<ul>"])
)
def test_a_page_of_one_thing_takes_no_longer_than_its_length(unit: str, before: str) -> None:
    """
    The same markup some ten thousand times over: whatever is read twice as long takes about twice the time.
    """
    page = before + unit * (40_000 // len(unit))
    with quick(), suppress(ChorusError):
        kept(read_page(page, URL))


@examples(1)
@given(st.one_of(pages, st.builds("{}{}".format, st.just("<pre>"), st.text(" \n\t", min_size=99))))
def test_any_fragment_is_text(fragment: str) -> None:
    """
    A comment's HTML, as platforms hand it out.
    """
    with quick():
        plain(fragment).encode()


@examples(0.25)
@given(
    st.one_of(broken, pieces, phrases, st.sampled_from([" ", "\n", "\t", "\xa0", "> "])).filter(
        bool
    )
)
def test_a_fragment_of_one_thing_takes_no_longer_than_its_length(unit: str) -> None:
    """
    On the event loop, where others wait: a comment of 200,000 letters.
    """
    for fragment in (unit * (200_000 // len(unit)), "<pre>" + unit * (200_000 // len(unit)) + "x"):
        with quick():
            plain(fragment)


@examples(0.5)
@given(st.lists(st.one_of(KNOWN, KNOWN, pages), max_size=4).map("".join), addresses)
def test_any_page_names_discussions_or_none(page: str, url: str | None) -> None:
    """
    What looks like a platform's embed and is none, between pieces that name one.
    """
    for platform in platforms(Keys()):
        with quick(), suppress(ChorusError):
            link = platform.named_in(page, url or URL)
            assert link is None or canonical(link)


@examples(0.3)
@given(KNOWN, st.integers(1, 60), st.integers(0, 200))
def test_a_page_of_one_embed_takes_no_longer_than_its_length(
    known: str, length: int, start: int
) -> None:
    """
    Pieces of what names a discussion, thousands of times over.
    """
    unit = known[start % len(known) :][:length]
    page = known + unit * (200_000 // len(unit))
    for platform in platforms(Keys()):
        with quick():
            platform.named_in(page, URL)


@examples(0.5)
@given(st.lists(SIGNS, min_size=1, max_size=6).map("".join), st.sampled_from(["", "x", "\n"]))
def test_markdown_of_one_thing_takes_no_longer_than_its_length(unit: str, end: str) -> None:
    """
    Signs that open, over and over, and what might close them.
    """
    for text in (unit, unit * (100_000 // len(unit)) + end):
        with quick():
            plain_markdown(text).encode()


@examples(1)
@given(copied)
def test_any_copied_text_is_read_or_refused(text: str) -> None:
    """
    Names, dates, counts and controls of pages in any order, and letters of any kind.
    """
    with quick(), suppress(ChorusError):
        kept(read_text(text, URL))


@examples(0.15)
@given(
    st.lists(
        st.one_of(phrases, st.sampled_from(["", " ", "\t", "-", "1", "."])), min_size=1, max_size=3
    ),
    st.sampled_from(["\n", " ", "", "\n\n"]),
)
def test_a_text_of_one_thing_takes_no_longer_than_its_length(
    lines: list[str], between: str
) -> None:
    """
    The same lines over and over.
    """
    unit = between.join(lines) + between
    if unit:
        with quick(), suppress(ChorusError):
            kept(read_text(unit * (60_000 // len(unit)), URL))
