"""Where public cards stand, and what readers say is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.cards import Card
from bot.core.flags import Flag, Flagged
from bot.core.models import PUBLIC, Brief, Cid, Length, Quote
from bot.store.cards import SqlCards
from bot.store.database import Database
from bot.store.flags import SqlFlags
from bot.store.shelf import SqlShelf
from tests.chat.digests import KEY, MADE, digest_of
from tests.fakes import READ_AT, reading

LANE = "https://town.example/lane"
CARD = Card(2**62, 20, LANE, Brief("en"), 4, "77", READ_AT)
FLAG = Flag(KEY, "p1", Quote(Cid("page:1"), 3, 9), 2**62, READ_AT, "she did not say that")


async def test_the_newest_card_of_the_same_is_found(database: Database) -> None:
    """
    In the channel, of the link, in the language and length, not older than asked for.
    """
    cards = SqlCards(database)
    newer = replace(CARD, message=2, at=READ_AT + timedelta(minutes=1))
    others = (
        replace(CARD, message=3, channel=21),
        replace(CARD, message=4, target=LANE + "/2"),
        replace(CARD, message=5, brief=Brief("fr")),
        replace(CARD, message=6, brief=Brief("en", Length.SHORT)),
    )
    for card in (newer, CARD, *others):
        await cards.put(card)

    assert newer == await cards.find(20, LANE, Brief("en"), READ_AT)
    assert None is await cards.find(20, LANE, Brief("en"), READ_AT + timedelta(hours=1))
    assert CARD == await cards.get(CARD.message)


async def test_a_card_that_changes_takes_the_place_of_what_was_known(database: Database) -> None:
    """
    One row a message; forgotten ones are gone, unknown ones are no matter.
    """
    cards = SqlCards(database)
    french = replace(CARD, brief=Brief("fr"), at=READ_AT + timedelta(minutes=1))
    await cards.put(CARD)
    await cards.put(french)
    assert french == await cards.get(CARD.message)

    await cards.drop([1, CARD.message])
    await cards.drop([CARD.message])
    await cards.drop([])
    assert None is await cards.get(CARD.message)


async def test_a_flag_counts_once_a_person_and_thing(database: Database) -> None:
    """
    The last word stands; the position itself is another thing than its quote.
    """
    flags = SqlFlags(database)
    again = replace(FLAG, note="", at=READ_AT + timedelta(minutes=3))
    itself = replace(FLAG, quote=None, at=READ_AT + timedelta(minutes=2))
    other = replace(FLAG, digest="b" * 24, person=8, at=READ_AT + timedelta(minutes=1))
    for flag in (FLAG, itself, other, again, replace(FLAG, position="p2")):
        await flags.put(flag)

    assert [itself, again] == await flags.of([KEY], "p1")
    assert [other, itself, again] == await flags.of([KEY, "b" * 24], "p1")
    assert [] == await flags.of([], "p1")


async def test_flags_are_counted_by_what_made_the_digest(database: Database) -> None:
    """
    A quote that two readers flag is one thing; digests of another model, or that are gone, do not count.
    """
    flags, shelf = SqlFlags(database), SqlShelf(database)
    said = reading("Yes.")
    await shelf.keep_reading(said, READ_AT)
    for key, label in (("a", "llm/m/p"), ("b", "llm/m/p"), ("c", "llm/n/p")):
        made = digest_of(said, key=key * 24, made=replace(MADE, label=label))
        await shelf.keep_digest(made.digest)
    itself = replace(FLAG, quote=None)
    for flag in (FLAG, replace(FLAG, person=8), itself, replace(itself, position="p2")):
        await flags.put(flag)
    for key in ("c", "d"):
        await flags.put(replace(FLAG, digest=key * 24))

    assert Flagged(digests=2, flagged=1, positions=2, quotes=1) == await flags.count("llm/m/p")
    assert Flagged(digests=0, flagged=0, positions=0, quotes=0) == await flags.count("llm/x/p")


async def test_forgetting_a_link_forgets_its_cards_and_flags(database: Database) -> None:
    """
    What was said of its digests goes with them; others stay.
    """
    cards, flags, shelf = SqlCards(database), SqlFlags(database), SqlShelf(database)
    said = reading("Yes.")
    await shelf.keep_reading(said, READ_AT)
    await shelf.keep_digest(digest_of(said).digest)
    elsewhere = replace(FLAG, digest="b" * 24)
    for flag in (FLAG, elsewhere):
        await flags.put(flag)
    for card in (CARD, replace(CARD, message=2, target=LANE + "/2")):
        await cards.put(card)
    await shelf.forget(LANE, PUBLIC)

    assert [elsewhere] == await flags.of([KEY, "b" * 24], "p1")
    assert (None, 2) == (await cards.get(CARD.message), (await cards.get(2) or CARD).message)
