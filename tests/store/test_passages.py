"""Searching what was read."""

from __future__ import annotations

from bot.core.models import PUBLIC
from bot.core.passages import Passage, passages, terms, words_of
from bot.store.database import Database
from bot.store.passages import SqlPassages
from bot.store.shelf import SqlShelf
from tests.fakes import READ_AT, reading

SAID = reading(
    "Where will my customers park?",
    "The café loses its parking places.",
    "Children are safe now.",
    "",
)


async def indexed(database: Database) -> SqlPassages:
    index = SqlPassages(database)
    await index.keep(SAID.hash, [(p, words_of(p, SAID)) for p in passages(SAID)])
    return index


async def find(index: SqlPassages, question: str, reading: str = SAID.hash) -> list[str]:
    return [words_of(p, SAID) for p in await index.find(reading, terms(question), 10)]


async def test_other_forms_of_a_word_are_found(database: Database) -> None:
    """
    "parked" finds "park" and "parking", whatever the case, and accents need not be typed.
    """
    index = await indexed(database)

    assert {"Where will my customers park?", "The café loses its parking places."} == set(
        await find(index, "Who PARKED?")
    )
    assert ["The café loses its parking places."] == await find(index, "cafe")
    assert ["A new bike lane opens in May."] == await find(index, "bikes")


async def test_the_most_telling_comes_first(database: Database) -> None:
    """
    A passage with more of the question's words stands before one with fewer.
    """
    index = await indexed(database)

    assert "The café loses its parking places." == (await find(index, "places parking cafés"))[0]


async def test_another_reading_is_not_searched(database: Database) -> None:
    """
    Only the reading asked about answers.
    """
    index = await indexed(database)

    assert [] == await find(index, "parking", "f" * 64)
    assert (True, False) == (await index.has(SAID.hash), await index.has("f" * 64))


async def test_nothing_in_a_question_is_a_command(database: Database) -> None:
    """
    Quotation marks, operators and column names are words like any other, or none.
    """
    index = await indexed(database)

    for question in ('" OR 1', "reading:*", "NEAR(park)", "'; drop table passages", "a AND NOT b"):
        await find(index, question)
    assert await index.has(SAID.hash)
    assert [] == await index.find(SAID.hash, ['"', "a b", "", "*"], 10)


async def test_kept_again_is_kept_once(database: Database) -> None:
    """
    Indexing a reading a second time doubles nothing.
    """
    await indexed(database)
    index = await indexed(database)

    assert [Passage(SAID.readable[2].id, 0, 22)] == await index.find(SAID.hash, ["childr"], 10)


async def test_what_is_forgotten_is_not_found(database: Database) -> None:
    """
    Forgetting a target empties the index of it.
    """
    index = await indexed(database)
    shelf = SqlShelf(database)
    await shelf.keep_reading(SAID, READ_AT)
    await shelf.forget(SAID.target, PUBLIC)

    assert [] == await find(index, "parking")
