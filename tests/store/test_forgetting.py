"""Forgetting a target: every trace of it, and of nothing else."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.models import PUBLIC, Audience, Cid
from bot.core.pages import CachedPage
from bot.core.passages import Passage
from bot.core.ports import Order, Outcome
from bot.store.belongings import audience_key
from bot.store.database import Database, open_database
from bot.store.kept import SqlPages, SqlReplies
from bot.store.orders import SqlOrders
from bot.store.passages import SqlPassages
from bot.store.shelf import SqlShelf
from tests.conftest import SteadyClock, sqlite_url
from tests.fakes import READ_AT, reading
from tests.store.residue import counts, everything, samples
from tests.store.test_orders import ORDER
from tests.store.test_shelf import DIGEST

LINK = "https://town.example/lane"
ELSEWHERE = "https://hill.example/tram"
WORDS = "Zebrafishquarks cross beside the marmaladeocean, and nobody asked them."
AUDIENCES = (PUBLIC, Audience(guild=1), Audience(guild=1, channel=2), Audience(user=0))


class Keeping:
    """Keeps everything there can be of a target."""

    def __init__(self, database: Database, clock: SteadyClock) -> None:
        self.shelf = SqlShelf(database)
        self.replies = SqlReplies(database, clock)
        self.pages = SqlPages(database, clock)
        self.passages = SqlPassages(database)
        self.orders = SqlOrders(database)
        self.random = random.Random(3)

    async def keep(self, target: str, audience: Audience, name: str, words: str = WORDS) -> None:
        noise = " ".join(self.random.choices(words.split() + list("abcdefgh"), k=400))
        said = replace(
            reading(words, noise, hash=f"{name} {audience_key(audience)}".encode().hex()),
            target=target,
            audience=audience,
        )
        await self.shelf.keep_reading(said, READ_AT)
        key = f"{name} {audience_key(audience)}"
        await self.shelf.keep_digest(replace(DIGEST, key=key, reading=said.hash, tldr=words))
        await self.replies.put(f"request of {key}", f'{{"tldr": "{words} {noise}"}}', said.hash)
        await self.passages.keep(said.hash, [(Passage(Cid("page:1"), 0, len(words)), words)])
        order = replace(ORDER, id=key, target=target, audience=audience)
        await self.answered(order)
        page = CachedPage(target, "text/html", None, (words + noise).encode(), '"1"', None)
        await self.pages.put(f"{target}?page={name}", page, target)

    async def answered(self, order: Order) -> None:
        await self.orders.add(order)
        await self.orders.finish(order.id, Outcome(digest="k"))
        await self.orders.delivered(order.id)


async def test_nothing_of_it_is_left_in_the_file(place: Path, clock: SteadyClock) -> None:
    """
    After forgetting a link for everybody no row is left, and none of its bytes: not in free pages, index or log.
    """
    everywhere = (
        "SELECT body FROM readings",
        "SELECT body FROM digests",
        "SELECT body FROM replies",
        "SELECT body FROM pages",
        "SELECT body FROM orders",
        "SELECT words FROM passages",
    )
    async with open_database(sqlite_url(place)) as database:
        keeping = Keeping(database, clock)
        for audience in AUDIENCES:
            await keeping.keep(LINK, audience, "a")
        told = await asyncio.to_thread(samples, place, *everywhere)
        before = everything(place)
        gone = await keeping.shelf.forget(LINK, None)
        after = everything(place)
        left = await counts(database)

    assert 3 * len(AUDIENCES) == gone
    assert {} == left
    assert len(told) > 50
    assert all(sample in before for sample in told)
    assert [] == [sample for sample in told if sample in after]
    for word in (
        b"zebrafishquarks",
        b"ebrafishquarks",
        b"marmaladeocean",
        b"armaladeocean",
        LINK.encode(),
    ):
        assert (True, False) == (word in before, word in after), word


async def test_what_belongs_to_another_link_stays(database: Database, clock: SteadyClock) -> None:
    """
    Another link's readings, digests, replies, orders and pages are as they were.
    """
    keeping = Keeping(database, clock)
    await keeping.keep(ELSEWHERE, PUBLIC, "b")
    before = await counts(database)
    await keeping.keep(LINK, PUBLIC, "a")

    await keeping.shelf.forget(LINK, None)
    assert before == await counts(database)
    shelved = await keeping.shelf.latest(ELSEWHERE, PUBLIC)
    assert shelved is not None
    assert await keeping.passages.has(shelved.hash)


async def test_one_audience_is_forgotten_alone(database: Database, clock: SteadyClock) -> None:
    """
    What a server may see goes; what others read of the same link stays, and their answered orders with it.
    """
    keeping = Keeping(database, clock)
    for audience in AUDIENCES:
        await keeping.keep(LINK, audience, "a")

    assert 3 == await keeping.shelf.forget(LINK, Audience(guild=1))
    assert None is await keeping.shelf.latest(LINK, Audience(guild=1))
    for audience in (PUBLIC, Audience(guild=1, channel=2), Audience(user=0)):
        assert None is not await keeping.shelf.latest(LINK, audience)
    left = await counts(database)
    assert (3, 3, 3, 3) == (left["readings"], left["digests"], left["replies"], left["orders"])


async def test_an_order_under_way_outlives_one_audience(database: Database) -> None:
    """
    Somebody else waits for an answer: only what an operator forgets for all takes their order away.
    """
    shelf, orders = SqlShelf(database), SqlOrders(database)
    await orders.add(ORDER)

    assert 0 == await shelf.forget(ORDER.target, PUBLIC)
    assert [(ORDER, None)] == await orders.open()
    assert 1 == await shelf.forget(ORDER.target, None)
    assert [] == await orders.open()


async def test_a_reply_goes_with_any_reading_it_was_used_for(
    database: Database, clock: SteadyClock
) -> None:
    """
    The same question about two readings has one reply; it knows both.
    """
    shelf, replies = SqlShelf(database), SqlReplies(database, clock)
    for target, hash in ((LINK, "r1"), (ELSEWHERE, "r2")):
        await shelf.keep_reading(replace(reading("a", hash=hash), target=target), READ_AT)
    await replies.put("request", "said", "r1")
    await replies.serves("request", "r2")
    await replies.serves("request", "r2")

    await shelf.forget(ELSEWHERE, None)
    assert None is await replies.get("request")


async def test_a_page_goes_with_any_target_it_was_used_for(
    database: Database, clock: SteadyClock
) -> None:
    """
    A page that was downloaded for one link and used for another knows both.
    """
    pages = SqlPages(database, clock)
    await pages.put(LINK, CachedPage(LINK, "text/html", None, b"words", '"1"', None), LINK)
    await pages.serves(LINK, ELSEWHERE)

    await SqlShelf(database).forget(ELSEWHERE, None)
    assert None is await pages.get(LINK)


async def test_many_readings_are_forgotten_in_steps(database: Database) -> None:
    """
    However many there are, none is left.
    """
    shelf = SqlShelf(database)
    for n in range(45):
        said = reading(f"Thought {n}.", hash=f"r{n}")
        await shelf.keep_reading(replace(said, read_at=READ_AT + timedelta(hours=n)), READ_AT)

    assert 45 == await shelf.forget(LINK, PUBLIC)
    assert None is await shelf.latest(LINK, PUBLIC)


@pytest.mark.parametrize("what", ["reading", "digest"])
async def test_what_another_process_forgot_is_gone_here_too(url: str, what: str) -> None:
    """
    A value that is held parsed in memory is not handed out once its row is gone.
    """
    async with open_database(url) as ours, open_database(url) as theirs:
        shelf = SqlShelf(ours)
        await shelf.keep_reading(reading("a"), READ_AT)
        await shelf.keep_digest(DIGEST)
        assert None is not await shelf.reading("r1")
        await SqlShelf(theirs).forget(LINK, None)

        assert None is await (
            shelf.reading("r1") if what == "reading" else shelf.digest(DIGEST.key)
        )


async def test_a_run_that_ends_later_brings_nothing_back(
    database: Database, clock: SteadyClock
) -> None:
    """
    What is made of a reading after it was forgotten is not kept.
    """
    keeping = Keeping(database, clock)
    said = reading("a")
    await keeping.shelf.keep_reading(said, READ_AT)
    await keeping.shelf.forget(LINK, None)

    await keeping.shelf.keep_digest(DIGEST)
    await keeping.replies.put("request", "said", said.hash)
    await keeping.passages.keep(said.hash, [(Passage(None, 0, 3), "words")])
    assert {} == await counts(database)
    assert None is await keeping.shelf.digest(DIGEST.key)
