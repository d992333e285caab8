"""Looking for one row, and giving up on it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select

from bot.core.cards import Card
from bot.core.models import PUBLIC, Brief
from bot.store.cards import SqlCards
from bot.store.database import Database
from bot.store.shelf import SqlShelf
from bot.store.tables import cards
from bot.store.uncut import uncut
from tests.chat.digests import digest_of
from tests.fakes import READ_AT, reading

CARD = Card(2**62, 20, "https://town.example/lane", Brief("en"), 4, "77", READ_AT)


async def test_a_row_is_as_a_query_returns_it(database: Database) -> None:
    """
    By the names of its columns, moments in UTC, whether a value is given now or stands in the query.
    """
    await SqlCards(database).put(CARD)
    await SqlCards(database).put(Card(1, 20, CARD.target, CARD.brief, 4, "78", READ_AT))
    before = READ_AT - timedelta(microseconds=1)
    named = select(cards).where(cards.c.at > bindparam("since")).order_by(cards.c.message)
    fixed = select(cards.c.at, cards.c.message.label("id")).where(
        cards.c.at > before, cards.c.message == bindparam("message")
    )

    first = await database.look(named, since=before.astimezone(UTC))
    also = await database.look(fixed, message=CARD.message)
    none = await database.look(named, since=datetime(9999, 1, 1, tzinfo=UTC))

    assert first is not None
    assert also is not None
    assert none is None
    assert (1, 20, READ_AT, UTC) == (first.message, first.channel, first.at, first.at.tzinfo)
    assert (READ_AT, CARD.message) == (also.at, also.id)


async def test_a_reading_names_its_digests(database: Database) -> None:
    """
    So the digest of a link is found with one query; one of another reading is not among them.
    """
    shelf, later = SqlShelf(database), READ_AT + timedelta(hours=1)
    said = reading("a", hash="r1")
    digested = digest_of(said)
    await shelf.keep_reading(said, later)
    before = await shelf.latest(said.target, PUBLIC)
    await shelf.keep_digest(digested.digest)
    after = await SqlShelf(database).latest(said.target, PUBLIC)

    assert before is not None
    assert after is not None
    assert (frozenset[str](), frozenset({digested.digest.key})) == (before.digests, after.digests)
    assert digested == await SqlShelf(database).digested(after, digested.digest.key)
    assert None is await shelf.digested(after, "0" * 24)


async def test_who_gives_up_does_not_cut_off_a_query() -> None:
    """
    It goes on, and how it ends is nobody's trouble.
    """
    may, ended = asyncio.Event(), list[str]()

    async def work() -> None:
        await may.wait()
        ended.append("ended")
        raise ValueError

    waiting = asyncio.ensure_future(uncut(work()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    others = asyncio.all_tasks() - {asyncio.current_task()}
    may.set()
    await asyncio.wait(others)

    assert waiting.cancelled()
    assert ["ended"] == ended
