"""Known markups: one conversation of three as each of them writes it, by hand, in pages/."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.models import Discussion
from bot.sources.webpage import read_page

PAGES = Path(__file__).parent / "pages"
FLAT = frozenset(
    {"blogger_old", "github", "phpbb", "repeated", "reviews", "signed", "vbulletin", "xenforo"}
)  # where nothing says who answers whom
TITLED = frozenset({"drupal"})  # where comments have titles
DAY_OR_MONTH = frozenset({"drupal", "vbulletin"})  # 05/07/2024
UNNUMBERED = frozenset({"microdata", "repeated", "reviews", "signed"})
NAMES = sorted(page.stem for page in PAGES.glob("*.html"))


def conversation(name: str) -> Discussion:
    html = (PAGES / f"{name}.html").read_text("utf-8")
    (found,) = read_page(html, "https://town.example/pool").discussions
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_three_are_read(name: str) -> None:
    """
    Names and words, without headings, signatures, ranks, buttons, pingbacks and what stands in side bars.
    """
    comments = conversation(name).comments

    titles = ["Money\n\n", "The neighbours\n\n", "Books\n\n"] if name in TITLED else [""] * 3
    assert [
        ("Ann", f"{titles[0]}First things first: who pays?"),
        ("Bob", f"{titles[1]}The neighbours did.\n\nAll of it, in two years."),
        ("Cleo", f"{titles[2]}I would rather have a library."),
    ] == [(one.author, one.text) for one in comments]


@pytest.mark.parametrize("name", NAMES)
def test_times_are_what_the_page_says_if_it_says_one_thing(name: str) -> None:
    """
    A machine's time is read; "05/07/2024" is May or July, and none.
    """
    comments = conversation(name).comments

    expected = [
        datetime(2024, 5, 7, 10, 0, tzinfo=UTC),
        datetime(2024, 5, 8, 11, 30, tzinfo=UTC),
        datetime(2024, 5, 9, 7, 5, tzinfo=UTC),
    ]
    assert ([None] * 3 if name in DAY_OR_MONTH else expected) == [one.posted_at for one in comments]


@pytest.mark.parametrize("name", NAMES)
def test_bob_answers_ann(name: str) -> None:
    """
    By nesting, indents or depth, where the markup has any; in a flat forum nobody answers anybody.
    """
    ann, bob, cleo = conversation(name).comments

    assert [None, None if name in FLAT else ann.id, None] == [ann.parent, bob.parent, cleo.parent]


@pytest.mark.parametrize("name", sorted(set(NAMES) - UNNUMBERED))
def test_comments_keep_their_page_s_ids_and_links(name: str) -> None:
    """
    What a page numbers can be linked to, and keeps its id from one reading to the next.
    """
    comments = conversation(name).comments

    ids = [f"aaaaa{n}" if name == "lobsters" else str(100 + n) for n in (1, 2, 3)]
    assert [f"page:{number}" for number in ids] == [one.id for one in comments]
    assert all(number in (one.url or "") for number, one in zip(ids, comments, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing(name: str) -> None:
    """
    A count that is stated is three, and kept.
    """
    place = conversation(name)

    assert place.declared in {3, None}
    assert () == place.gaps
