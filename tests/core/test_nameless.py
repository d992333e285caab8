"""Readers without their names are still people."""

from __future__ import annotations

from dataclasses import replace

from bot.core.models import Cid, Discussion
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
