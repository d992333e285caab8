"""The law of copied text: nothing lost, nothing invented."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.gaps import GapCode
from bot.errors import UnreadableError
from bot.sources.copied.page import MOST_TEXTS, Role
from bot.sources.copied.segmentation import Segmentation, segment
from bot.sources.pasted import read_text
from tests.sources.copied.rendering import OF_HANDLES, OF_NAMES, Render, Spoken

ARTICLE = (
    "The harbour froze on Monday night, for the first time since the war, and by noon on Tuesday the ferry "
    "company had sent its crews home and put a note on the door.\n\nNobody had seen it."
)
WORDS = [
    *("the", "ferry", "never", "12", "u/maple", "reply", "Reply", "ago", "•", "—", "@anna", "Nov", "2023,", "3h"),
    *("日本", "ça", "😀", "says", "|", "Upvote", "x=1", "Ärger", "https://harbour.example/a?b=1", "“so", "called”"),
    *("лодка", "[1]", "permalink", "Comments", "(10)", "OP", "14:03", "Antworten", "il", "y", "a", "vor", "Today"),
]  # fmt: skip
lines = st.lists(st.sampled_from(WORDS), min_size=3, max_size=6).map(
    lambda words: f"So {' '.join(words)} it is."
)
bodies = st.tuples(
    lines, st.lists(st.tuples(st.sampled_from(["\n", "\n\n"]), lines), max_size=3)
).map(lambda parts: parts[0] + "".join(gap + line for gap, line in parts[1]))
handles = st.integers(1, 99_999).map(lambda number: f"{'abcdefghij'[number % 10] * 3}_{number}")
few = settings(max_examples=25)
names = st.sampled_from(
    ["Nia 🌵", "Bo Rask", "Фёдор", "日本の台所", "Brian (Aviary Tech)", "O'Neil", "müller 99", "v...", "x"]
)  # fmt: skip


def threads(authors: st.SearchStrategy[str]) -> st.SearchStrategy[list[Spoken]]:
    one = st.builds(
        Spoken,
        authors,
        bodies,
        st.none() | st.integers(1, 999),
        st.integers(2, 9),
    )
    return st.lists(one, min_size=2, max_size=5, unique_by=lambda spoken: spoken.author)


def read(text: str) -> list[tuple[str | None, str]]:
    return [(one.author, one.text) for one in read_text(text, None).discussions[0].comments]


def words_of(found: Segmentation) -> list[str]:
    text = found.page.source
    return [text[s.start : s.end].strip() for s in found.spans if s.role is Role.WORDS]


def hold(text: str) -> Segmentation:
    """Check what must be true of the segmentation of any text, and return it."""
    found = segment(text)
    spans = found.spans
    assert text == "".join(text[span.start : span.end] for span in spans)
    assert all(one.end == two.start for one, two in pairwise(spans))
    if spans:
        assert (0, len(text)) == (spans[0].start, spans[-1].end)
    return found


@pytest.mark.parametrize("render", OF_HANDLES, ids=lambda render: render.__name__)
@few
@given(thread=threads(handles))
def test_every_comment_is_found(render: Render, thread: list[Spoken]) -> None:
    """
    Whatever people write, each comment is read with its author and its words, letter for letter, and nothing else is.
    """
    text = render(thread)
    found = hold(text)

    assert [(one.author, one.text) for one in thread] == read(text)
    assert [line for one in thread for line in one.text.split("\n") if line] == words_of(found)


@pytest.mark.parametrize("render", OF_NAMES, ids=lambda render: render.__name__)
@few
@given(thread=threads(names))
def test_every_comment_is_found_whatever_the_names(render: Render, thread: list[Spoken]) -> None:
    """
    Names with spaces, pictures and letters of any script.
    """
    text = render(thread)
    found = hold(text)

    assert [(one.author, one.text) for one in thread] == read(text)
    assert [line for one in thread for line in one.text.split("\n") if line] == words_of(found)


@pytest.mark.parametrize("render", OF_HANDLES, ids=lambda render: render.__name__)
@few
@given(thread=threads(handles))
def test_an_article_in_front_is_kept(render: Render, thread: list[Spoken]) -> None:
    """
    The article stays whole and is nobody's comment; a bare thread has none.
    """
    text = f"A harbour in ice\n\n{ARTICLE}\n\n{render(thread)}"
    reading = read_text(text, None)
    hold(text)

    assert reading.article is not None
    assert ("A harbour in ice", ARTICLE) == (reading.article.title, reading.article.text)
    assert [(one.author, one.text) for one in thread] == read(text)
    assert read_text(render(thread), None).article is None


pieces = st.sampled_from(
    [
        *("ann", "bob_2", "u/ann avatar", "u/ann", "@ann", "•", "3h ago", "il y a 2 ans (modifié)", "12", "Reply"),
        *("[–]ann 12 points 3 hours ago", "permalinkembedsave", "ann 3 hours ago | parent | next [–]", "reply"),
        *("Nia — Today at 10:12", " — Today at 10:12", "[10:13] Bo: hi", "[10:14]", "(edited)", "level 2", "Promoted"),
        *("12 June 2024", "Nov 2023", "Ann says:", "ann:", "Comments (3)", "5", "comments", "2 more replies", "Share"),
        *("What a long day it was.", "T (a.example)", "9 points by x 2 hours ago | hide | 4 comments", "", "", "\t"),
        *("\r", "Upvote", "İstanbul", "\ud800", "\x00", "\u2028", "ß" * 30, "Welcome, Lee.", "Suggested Topics"),
        *("[deleted]", ARTICLE),
    ]
)  # fmt: skip


@given(st.text() | st.lists(pieces, max_size=40).map("\n".join))
def test_nothing_is_lost_and_nothing_breaks(text: str) -> None:
    """
    Of any text, the parts give back the whole; every word of a comment stands in the text, once, in order.
    """
    found = hold(text)
    try:
        reading = read_text(text, None)
    except UnreadableError:
        return
    place = 0
    for comment in reading.by_id.values():
        for line in filter(None, comment.text.split("\n")):
            place = text.index(line, place) + len(line)
    said = [line for one in reading.readable for line in one.text.split("\n") if line]
    assert said == [line for line in words_of(found) if line in said]


HOSTILE = {
    "heads": "u/ann\n3h ago\nhello\n",
    "names": "Comments (900)\n\n" + "ann\n\nSo it is.\n\n" * 100,
    "votes": "[–]a " + "1 points " * 5 + "\n",
    "dashes": "a — Today at 10:11\n",
    "verbs": "a says said says said says\n",
    "digits": "1 234 567 890 " * 5 + "\n",
    "quotes": "ann\n3 May 2024\n" + "x" * 300 + "\nann:\n" + "x" * 300 + "\nReply\n",
    "titles": "T (a.b)\n12 points by x 3 hours ago | hide |\n",
    "blank lines": " \n \n" * 10 + "x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_five_megabytes_of_anything_end_soon(name: str) -> None:
    """
    Every pattern is linear, every loop bounded: what is past the bounds is said to be unread.
    """
    text = (HOSTILE[name] * (5_000_000 // len(HOSTILE[name]) + 1))[:5_000_000]
    start = time.process_time()
    found = segment(text)
    took = time.process_time() - start

    assert took < 6  # one to two seconds on an idle machine
    assert len(text) == found.page.bounds[-1] + found.page.unread


def test_what_is_past_the_limit_is_said_to_be_unread() -> None:
    """
    A text of too many lines is read from its beginning; the parts still give back the whole.
    """
    text = "@ann\n2 days ago\nSo it is.\nReply\n" * (MOST_TEXTS // 4 + 10)
    found = hold(text)
    gaps = read_text(text, None).discussions[0].gaps

    assert Role.UNREAD is found.spans[-1].role
    assert [10 * len("@ann\n2 days ago\nSo it is.\nReply\n")] == [
        gap.count for gap in gaps if gap.code is GapCode.TEXT_CUT
    ]


def captured(shared: Path) -> list[Spoken]:
    """Return the comments of a real thread of 543, depth first, without the deleted ones."""
    listing: Any = json.loads((shared / "fixtures/reddit/comments_3hahrw.json").read_text("utf-8"))
    thread: list[Spoken] = []
    open_ = list(reversed(listing[1]["data"]["children"]))
    while open_:
        child = open_.pop()
        data = child["data"]
        if child["kind"] != "t1":
            continue
        text = "\n".join(line.strip() for line in data["body"].strip().splitlines())
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
        if data["author"] != "[deleted]":
            thread.append(Spoken(data["author"], text, data["score"], len(thread) % 20 + 1))
        if data["replies"]:
            open_ += reversed(data["replies"]["data"]["children"])
    return thread


@pytest.mark.parametrize("render", [*OF_HANDLES, *OF_NAMES], ids=lambda render: render.__name__)
def test_what_real_people_wrote(render: Render, shared: Path) -> None:
    """
    A real thread, copied from each place: 460 comments of 460, but for a name of digits and short lines in plain text.
    """
    thread = captured(shared)
    text = render(thread)
    found = read(text)
    hold(text)
    right = sum(found.count(one) > 0 for one in [(one.author, one.text) for one in thread])

    assert 460 == len(thread)
    assert right >= {"seed": 452, "discourse_in_print": 458, "discourse": 459, "blog": 459}.get(
        render.__name__, 460
    )
