"""What is deleted when, and what is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.models import PUBLIC, Brief
from bot.core.money import Account, Charge, Limit, Limits, Spender, accounts
from bot.core.ports import Outcome
from bot.store.database import Database
from bot.store.kept import SqlNotes
from bot.store.ledger import SqlLedger
from bot.store.orders import SqlOrders
from bot.store.purse import SqlPurse
from bot.store.retention import SqlRetention
from bot.store.shelf import SqlShelf
from bot.store.tables import charges, notes
from tests.conftest import SteadyClock
from tests.fakes import READ_AT, reading
from tests.store.residue import counts, everything
from tests.store.test_forgetting import ELSEWHERE, LINK, Keeping
from tests.store.test_orders import ORDER
from tests.store.test_shelf import DIGEST

DAYS = 30
DAY = timedelta(days=1)
NOW = READ_AT + DAYS * DAY  # what was kept at READ_AT is exactly as old as it may be


async def prune(database: Database, at: datetime, days: int = DAYS) -> int:
    return await SqlRetention(database).prune(at, days)


async def test_what_is_old_goes_for_good(
    database: Database, place: Path, clock: SteadyClock
) -> None:
    """
    Readings, digests, replies, passages, pages and orders go when they are older than so many days; not a day before.
    """
    keeping = Keeping(database, clock)
    await keeping.keep(LINK, PUBLIC, "a")
    before = await counts(database)

    assert 0 == await prune(database, NOW)
    assert before == await counts(database)
    gone = await prune(database, NOW + timedelta(seconds=1))
    assert 4 == gone  # reading, digest, page, order; replies and passages go with the reading
    assert {} == await counts(database)
    assert b"marmaladeocean" not in everything(place)


async def test_a_reading_that_was_read_again_stays(database: Database) -> None:
    """
    The age is that of the last look: an unchanged page is no older than that. Its digest is as old as it is.
    """
    shelf = SqlShelf(database)
    await shelf.keep_reading(reading("a"), READ_AT)
    await shelf.keep_digest(DIGEST)
    await shelf.keep_reading(replace(reading("a"), read_at=NOW), NOW)

    assert 1 == await prune(database, NOW + DAY)
    assert None is not await shelf.reading("r1")
    assert None is await shelf.digest(DIGEST.key)


async def test_a_newer_reading_takes_the_place_of_one_nobody_digested(database: Database) -> None:
    """
    What was read and never digested goes when there is a newer reading, a day later; what was digested stays its time.
    """
    shelf = SqlShelf(database)
    for n in range(4):
        said = replace(reading(f"{n}", hash=f"r{n}"), read_at=READ_AT + n * timedelta(hours=1))
        await shelf.keep_reading(said, READ_AT)
    await shelf.keep_digest(DIGEST)  # of r1
    there = [f"r{n}" for n in range(4)]

    assert 0 == await prune(database, READ_AT + DAY)
    assert 1 == await prune(database, READ_AT + DAY + timedelta(minutes=30))
    assert 1 == await prune(database, READ_AT + 2 * DAY)
    assert [False, True, False, True] == [await shelf.reading(r) is not None for r in there]


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A table whose rows hold digests in use, as the table of pins does.
    """
    monkeypatch.setattr("bot.store.removal.IN_USE", (notes.c.value,))


@pytest.mark.usefixtures("pinned")
async def test_what_is_pinned_stays(database: Database, clock: SteadyClock) -> None:
    """
    A digest in use stays with its reading, however old; once it is no longer in use it goes.
    """
    keeping, pins = Keeping(database, clock), SqlNotes(database)
    await keeping.keep(LINK, PUBLIC, "a")
    await keeping.keep(ELSEWHERE, PUBLIC, "b")
    await pins.put("pin", "a -")

    await prune(database, NOW + 400 * DAY)
    digest = await keeping.shelf.digest("a -")
    assert digest is not None
    assert None is not await keeping.shelf.reading(digest.reading)
    assert None is await keeping.shelf.digest("b -")
    await pins.put("pin", "another")
    await prune(database, NOW + 400 * DAY)
    assert None is await keeping.shelf.digest("a -")


async def test_orders_of_any_state_go(database: Database) -> None:
    """
    Nobody waits a month; the newer ones stay.
    """
    orders = SqlOrders(database)
    for n in range(1200):
        await orders.add(replace(ORDER, id=str(n)))
    await orders.finish("1", Outcome(digest="k"))
    later = replace(ORDER, id="later", taken_at=NOW)
    await orders.add(later)

    assert 1200 == await prune(database, NOW + timedelta(seconds=1))
    assert [(later, None)] == await orders.open()


async def test_notes_about_persons_go_when_they_are_of_no_use(database: Database) -> None:
    """
    That somebody was told of a budget is forgotten when it begins anew; notes about servers and commands stay.
    """
    kept = SqlNotes(database)
    for name in ("near:7:person-month:2026-02-01", "no-model:10", "commands:everywhere"):
        await kept.first(name)

    await prune(database, datetime.fromisoformat("2026-01-31T23:59:59Z"))
    assert "" == await kept.get("near:7:person-month:2026-02-01")
    await prune(database, datetime.fromisoformat("2026-02-01T00:00:00Z"))
    assert None is await kept.get("near:7:person-month:2026-02-01")
    assert ("", "") == (await kept.get("no-model:10"), await kept.get("commands:everywhere"))


TODAY = datetime.fromisoformat("2026-11-24T10:20:00Z")
HERE = Spender(user=5, guild=10, channel=20, order="o1")
LIMITS = Limits(person=Limit(day=100, month=100))


async def spend(database: Database, at: datetime, amount: int = 10) -> Charge:
    purse = SqlPurse(database)
    made = Charge(f"c{at}", HERE, "town.example", "m", amount, at)
    await purse.reserve(made, accounts(HERE, LIMITS, at))
    await purse.settle(made.id, 90, 10, amount)
    return made


def of_person(at: datetime) -> list[Account]:
    return [x for x in accounts(HERE, LIMITS, at) if x.scope == "user:5"]


async def test_charges_lose_whose_they_were_and_then_go(database: Database) -> None:
    """
    With two days to keep: what `/usage` adds up (the month, and fourteen days) is kept without person, channel, order.
    """
    dates = [
        TODAY - n * DAY for n in (0, 1, 3, 15, 23, 24, 60)
    ]  # the last two are of months before
    for at in dates:
        await spend(database, at)
    await prune(database, TODAY, days=2)

    async with database.read() as connection:
        query = select(charges.c.person, charges.c.channel, charges.c.for_order, charges.c.scopes)
        rows = (await connection.execute(query.order_by(charges.c.at.desc()))).all()
    whose = (5, 20, "o1", "operator guild:10 user:5 user:5@10")
    assert 2 * [whose] + 3 * [(None, None, None, "")] == [tuple(row) for row in rows]
    month = TODAY.date().replace(day=1)
    assert 50 == (await SqlLedger(database).total(month, guild=10)).amount


async def test_a_budget_does_not_begin_anew(database: Database) -> None:
    """
    However little is kept, what was spent today and this month is; earlier months and days are not.
    """
    for at in (TODAY, TODAY - 20 * DAY, TODAY - 40 * DAY):
        await spend(database, at)
    await SqlPurse(database).count(5, 30, TODAY)
    before = await SqlPurse(database).spent(of_person(TODAY))
    await prune(database, TODAY, days=1)

    assert [20, 10] == before == await SqlPurse(database).spent(of_person(TODAY))
    assert [0, 0] == await SqlPurse(database).spent(of_person(TODAY - 40 * DAY))
    assert [20, 0] == await SqlPurse(database).spent(of_person(TODAY - 20 * DAY))
    async with database.read() as connection:
        hours = await connection.exec_driver_sql(
            "SELECT period FROM balances WHERE scope = 'asks:5'"
        )
        assert ["2026-11-24T10"] == list(hours.scalars())


async def test_what_a_crash_left_held_is_given_back(database: Database) -> None:
    """
    A charge that never ended is ended, so that it too loses whose it was.
    """
    purse, at = SqlPurse(database), TODAY - 3 * DAY
    made = Charge("held", HERE, "town.example", "m", 60, at)
    await purse.reserve(made, accounts(HERE, LIMITS, at))
    await prune(database, TODAY, days=2)

    assert [0, 0] == await purse.spent(of_person(TODAY))
    async with database.read() as connection:
        found = (await connection.execute(select(charges.c.state, charges.c.person))).all()
    assert [("refunded", None)] == [tuple(row) for row in found]


async def test_answers_do_not_wait(database: Database) -> None:
    """
    While a hundred readings are deleted, others write: each gets a turn between two steps.
    """
    shelf, pins = SqlShelf(database), SqlNotes(database)
    words = [f"Thought number {n} about it." for n in range(300)]
    for n in range(120):
        said = replace(reading(*words, hash=f"r{n}"), target=f"https://town.example/{n}")
        await shelf.keep_reading(said, READ_AT)
    work = asyncio.ensure_future(prune(database, NOW + DAY))
    turns = 0
    while not work.done():
        await pins.put("answer", "x")
        turns += 1

    assert 120 == await work
    assert turns > 6  # one between any two steps of twenty: see removal.AT_ONCE


async def test_a_language_that_was_asked_for_later_stays(database: Database) -> None:
    """
    Of one reading's digests only the old ones go.
    """
    shelf = SqlShelf(database)
    await shelf.keep_reading(replace(reading("a"), read_at=NOW), NOW)
    made = replace(DIGEST.made, at=NOW)
    await shelf.keep_digest(DIGEST)
    await shelf.keep_digest(replace(DIGEST, key="later", brief=Brief("en"), made=made))

    assert 1 == await prune(database, NOW + DAY)
    assert [None, "later"] == [
        found and found.key
        for found in (await shelf.digest(DIGEST.key), await shelf.digest("later"))
    ]
