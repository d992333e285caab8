"""Whose words are left out, told by name and site."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.core.gaps import GapCode
from bot.core.models import PUBLIC, Cid, Comment, Discussion, Reading, State
from bot.core.tally import all_gaps
from bot.core.withholding import Author, Withholding, author_at, authors_of, without
from bot.errors import UsageError
from tests.fakes import FakeReader, nobody, reading


@dataclass
class FakeWithheld:
    """Withholds those in `authors`."""

    authors: set[Author] = field(default_factory=set)

    async def among(self, authors: frozenset[Author]) -> frozenset[Author]:
        return authors & self.authors

    async def withhold(self, author: Author) -> int:
        self.authors.add(author)
        return 0

    async def allow(self, author: Author) -> bool:
        self.authors.discard(author)
        return True


def said(
    author: str | None, *, platform: str = "page", url: str | None = "https://town.example/lane"
) -> Reading:
    comments = (
        Comment(Cid("1"), None, author, "First.", score=4, url=f"{url}#1" if url else None),
        Comment(Cid("2"), Cid("1"), "Zoe", "Second."),
    )
    place = Discussion(platform, url, None, 2, comments)
    return replace(reading("x"), discussions=(place,), hash="as read")


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("town.example", "Ann"),
        ("TOWN.example", " ann "),
        ("https://www.town.example/somewhere", "\uff21nn"),
        ("page", "@ann"),
    ],
)
def test_an_author_is_known_however_the_name_is_written(site: str, name: str) -> None:
    """
    Case, width and the sign before a name make no difference; a link stands for its site.
    """
    assert author_at(site, name) in authors_of(said("Ann"))


def test_a_site_stands_for_those_below_it() -> None:
    """
    A name at the domain is that name at each of its hosts, not the other way round, and nobody's elsewhere.
    """
    below = authors_of(said("Ann", url="https://old.town.example/lane"))
    assert author_at("town.example", "Ann") in below
    assert author_at("old.town.example", "Ann") not in authors_of(said("Ann"))
    assert author_at("hill.example", "Ann") not in below
    assert author_at("example", "Ann") not in below


def test_who_talks_elsewhere_about_an_article_is_not_of_its_site() -> None:
    """
    A reader of a forum is known by the forum, whatever page is talked about.
    """
    found = authors_of(said("ann", platform="reddit", url="https://www.reddit.com/comments/1/"))

    assert author_at("reddit", "u/Ann") in found
    assert author_at("town.example", "ann") not in found


def test_a_copied_text_is_from_everywhere() -> None:
    """
    It does not say where its comments are from: whoever is withheld at any site is left out of it.
    """
    copied = replace(said("Ann", platform="pasted", url=None), article=None)

    assert Author("*", "ann") in authors_of(copied)
    assert Author("*", "ann") not in authors_of(said("Ann"))


def test_in_discord_two_of_one_name_are_told_apart() -> None:
    """
    There the shown name, the user's name in brackets, or both name the author.
    """
    found = authors_of(said("Ann (annie_7)", platform="discord"))

    for name in ("Ann", "annie_7", "Ann (annie_7)"):
        assert author_at("discord", name) in found


async def test_words_that_are_withheld_are_not_there() -> None:
    """
    The comment keeps its place in the tree without author and words; the gap counts who asked for it.
    """
    reader, withheld = FakeReader(), FakeWithheld({author_at("town.example", "Ann")})
    reader.answers.append(said("Ann"))
    shown = await Withholding(reader, withheld).read("https://town.example/lane", PUBLIC, nobody)

    first, second = shown.discussions[0].comments
    assert (None, "", State.REMOVED, None) == (first.author, first.text, first.state, first.url)
    assert ("Zoe", Cid("1")) == (second.author, second.parent)
    assert [(GapCode.AUTHORS_OPTED_OUT, 1)] == [(g.code, g.count) for g in all_gaps(shown)]
    assert "as read" != shown.hash


async def test_of_a_file_too() -> None:
    """
    What is given as a file goes the same way.
    """
    reader, withheld = FakeReader(), FakeWithheld({Author("*", "ann")})
    reader.answers.append(replace(said("Ann", platform="pasted", url=None), article=None))
    shown = await Withholding(reader, withheld).paste(b"x", "x.txt", PUBLIC, None)

    assert ["Second."] == [comment.text for comment in shown.readable]


def test_where_nobody_asks_nothing_is_touched() -> None:
    """
    A reading without such authors is the same, its hash included.
    """
    read = said(None)

    assert read is without(read, frozenset())
    assert frozenset() == frozenset(a for a in authors_of(read) if a.name != "zoe")


def test_a_site_that_is_none_is_said() -> None:
    """
    A link that is none ends in an error of ours.
    """
    with pytest.raises(UsageError):
        author_at("ftp://town.example/", "Ann")
