"""Authors who want their words left out: kept without their names, and out of everything that was kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.core.models import PUBLIC
from bot.core.withholding import Author, author_at
from bot.store.database import Database
from bot.store.withheld import SqlWithheld
from tests.conftest import SteadyClock
from tests.fakes import READ_AT, reading
from tests.store.residue import counts, everything
from tests.store.test_forgetting import ELSEWHERE, LINK, Keeping

ANN = author_at("town.example", "Annabelleperkins")


async def test_names_are_not_kept(database: Database, place: Path) -> None:
    """
    The database knows an author again, and cannot say a name.
    """
    withheld = SqlWithheld(database)
    bob = author_at("town.example", "Bob")
    assert frozenset() == await withheld.among(frozenset({ANN}))
    await withheld.withhold(ANN)
    await withheld.withhold(ANN)

    assert {ANN} == await withheld.among(frozenset({ANN, bob}))
    assert {Author("*", ANN.name)} == await withheld.among(frozenset({Author("*", ANN.name)}))
    assert frozenset() == await withheld.among(frozenset({Author("hill.example", ANN.name)}))
    assert b"nnabelleperkins" not in everything(place).lower()


async def test_their_words_go_from_what_is_kept(
    database: Database, place: Path, clock: SteadyClock
) -> None:
    """
    Readings that hold some go with digests, replies, index and pages; others stay as they are.
    """
    keeping = Keeping(database, clock)
    await keeping.keep(ELSEWHERE, PUBLIC, "b")
    before = await counts(database)
    await keeping.keep(LINK, PUBLIC, "a")
    shelved = await keeping.shelf.latest(LINK, PUBLIC)
    assert shelved is not None
    kept = await keeping.shelf.reading(shelved.hash)
    assert kept is not None
    spot = kept.discussions[0]
    named = tuple(replace(comment, author="Annabelleperkins") for comment in spot.comments)
    theirs = replace(kept, discussions=(replace(spot, comments=named),))
    await keeping.shelf.keep_reading(theirs, READ_AT)
    assert 2 == await SqlWithheld(database).withhold(ANN)

    assert None is await keeping.shelf.latest(LINK, PUBLIC)
    left = await counts(database)
    beside = {"withheld": 1, "notes": 1, "orders": 2}  # the order says a link, and no words
    assert {**before, **beside} == left


async def test_of_many_readings_none_is_passed_over(database: Database) -> None:
    """
    However many are kept, every one is looked at.
    """
    keeping = Keeping(database, SteadyClock())
    for n in range(45):
        said = reading("Words.", hash=f"r{n:02}")
        spot = said.discussions[0]
        named = tuple(replace(c, author="annabelleperkins") for c in spot.comments)
        if n % 2:
            said = replace(said, discussions=(replace(spot, comments=named),))
        await keeping.shelf.keep_reading(replace(said, target=f"{LINK}/{n}"), READ_AT)

    assert 22 == await SqlWithheld(database).withhold(ANN)


async def test_it_can_be_taken_back(database: Database) -> None:
    """
    Who allows it is read again; once.
    """
    withheld = SqlWithheld(database)
    await withheld.withhold(ANN)

    assert [True, False] == [await withheld.allow(ANN), await withheld.allow(ANN)]
    assert frozenset() == await withheld.among(frozenset({ANN}))
