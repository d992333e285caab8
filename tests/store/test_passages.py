"""Searching what was read."""

from __future__ import annotations

import asyncio

from bot.core.models import PUBLIC
from bot.core.passages import Passage, passages, terms, words_of
from bot.store.database import Database, open_database
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
    await SqlShelf(database).keep_reading(SAID, READ_AT)
    index = SqlPassages(database)
    await index.keep(SAID.hash, [(p, words_of(p, SAID)) for p in passages(SAID)])
    return index


async def kept(database: Database, *some: str) -> SqlPassages:
    """
    An index of passages with these words.
    """
    await SqlShelf(database).keep_reading(SAID, READ_AT)
    index = SqlPassages(database)
    await index.keep(SAID.hash, [(Passage(None, n, n + 1), words) for n, words in enumerate(some)])
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


async def test_what_is_rare_comes_before_what_is_common(database: Database) -> None:
    """
    A word that every passage has tells nothing; where it is said three times it tells no more.
    """
    said = [
        "the bikes the bikes the bikes",
        *["the bikes of the town"] * 8,
        "the hospital and bikes",
    ]
    index = await kept(database, *said)

    assert Passage(None, 9, 10) == (await index.find(SAID.hash, ["bike", "hosp"], 10))[0]


async def test_words_are_found_whatever_stands_between_them(database: Database) -> None:
    """
    A slash, a dot or an at sign ends a word: each of them can be searched for.
    """
    index = await kept(
        database, "cars/bikes, park+ride; see town.example/lane or ask@town.example (2,000 signed)"
    )

    for word in ("cars", "bikes", "ride", "town", "exampl", "lane", "2", "000", "signe"):
        assert [Passage(None, 0, 1)] == await index.find(SAID.hash, [word], 10), word


async def test_other_scripts_are_found(database: Database) -> None:
    """
    Words without case, or without spaces between them, are found as they stand.
    """
    index = await kept(database, "Велосипедная дорожка", "自転車レーンができた", "Straße")

    for n, word in enumerate(("дорож", "自転車", "strass")):
        assert [Passage(None, n, n + 1)] == await index.find(SAID.hash, [word], 10), word


async def test_indexing_at_once_doubles_nothing(url: str) -> None:
    """
    Two who ask about a fresh reading at the same time both index it; it is there once.
    """
    async with open_database(url) as one, open_database(url) as two:
        await asyncio.gather(*(indexed(database) for database in (one, two) * 4))

        assert 1 == len(await SqlPassages(one).find(SAID.hash, ["childr"], 10))


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
