"""Readers without their names are still people."""

from __future__ import annotations

from dataclasses import replace

from bot.core.models import Article, Cid, Discussion
from bot.core.nameless import without_names
from bot.core.tally import count_authors
from tests.fakes import comment, reading


def test_everybody_is_called_by_a_number_of_their_own() -> None:
    """
    The same person has the same number in one place; a name in another place, and no name, stay what they are.
    """
    here = tuple(comment(n, "Words.", name) for n, name in enumerate(["Ann", "Bob", "Ann", None]))
    there = tuple(replace(one, id=Cid(one.id.replace("page", "hn"))) for one in here[:1])
    read = replace(
        reading(),
        discussions=(
            Discussion("page", None, None, None, here),
            Discussion("hackernews", None, None, None, there),
        ),
    )

    shown = without_names(read, lambda n: f"reader {n}")

    assert ["reader 1", "reader 2", "reader 1", None] == [
        one.author for one in shown.discussions[0].comments
    ]
    assert ["reader 3"] == [one.author for one in shown.discussions[1].comments]
    assert count_authors(read.by_id, read) == count_authors(shown.by_id, shown)
    assert [one.text for one in read.readable] == [one.text for one in shown.readable]


def test_in_discord_who_opened_a_thread_is_one_of_its_people() -> None:
    """
    The first message stands as an article: its author has a number too, the same below their answers.
    """
    said = tuple(comment(n, "Words.", name) for n, name in enumerate(["Bob", "Ann"]))
    said = tuple(replace(one, id=Cid(one.id.replace("page", "discord"))) for one in said)
    place = Discussion("discord", None, "A thread", None, said)
    article = replace(reading().article or Article(None, None, ""), authors=("Ann",))

    shown = without_names(
        replace(reading(), article=article, discussions=(place,)), lambda n: f"reader {n}"
    )

    assert shown.article is not None
    assert ("reader 1",) == shown.article.authors
    assert ["reader 2", "reader 1"] == [one.author for one in shown.discussions[0].comments]


def test_who_wrote_an_article_of_the_web_stays_named() -> None:
    """
    Those who sign what they publish are no readers.
    """
    article = replace(reading().article or Article(None, None, ""), authors=("Ann",))

    shown = without_names(replace(reading("One."), article=article), lambda n: f"reader {n}")

    assert shown.article == article
