"""What the charges add up to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.core.money import Limits, Spender
from bot.core.usage import DAYS, Row, Sum, usage
from bot.store.database import Database
from bot.store.ledger import SqlLedger
from bot.store.purse import SqlPurse
from tests.store.test_purse import NOW, charge, charged

TODAY = NOW.date()
FIRST = TODAY.replace(day=1)


@pytest.fixture
async def ledger(database: Database) -> SqlLedger:
    """
    Anne in server 10 twice today and once last month, Bert in 10 yesterday, the command line, one failure, one held.
    """
    purse = SqlPurse(database)
    anne, bert = Spender(1, 10, 20), Spender(2, 10, 20)
    for spender, days, amount in (
        (anne, 0, 300),
        (anne, 0, 40),
        (anne, 30, 9_000),
        (bert, 1, 1_000),
        (Spender(), 0, 7),
        (Spender(1, 11, 21), 0, 5),
    ):
        made = charge(100, spender, NOW - timedelta(days=days))
        await purse.reserve(made, charged(made, Limits()))
        await purse.settle(made.id, 10, 1, amount)
    for refunded in (True, False):
        made = charge(50, anne)
        await purse.reserve(made, charged(made, Limits()))
        if refunded:
            await purse.refund(made.id)
    return SqlLedger(database)


async def test_totals_are_of_runs_that_are_over(ledger: SqlLedger) -> None:
    """
    By day, server and person; neither what was given back nor what is held is counted.
    """
    assert Sum(4, 44, 352) == await ledger.total(TODAY)
    assert Sum(5, 55, 1_352) == await ledger.total(FIRST)
    assert Sum(3, 33, 1_340) == await ledger.total(FIRST, guild=10)
    assert Sum(3, 33, 345) == await ledger.total(FIRST, person=1)
    assert Sum(0, 0, None) == await ledger.total(FIRST, guild=99)


async def test_where_most_was_spent_comes_first(ledger: SqlLedger) -> None:
    """
    By person of one server, by server of all; what is no server is one row, and rows are limited.
    """
    assert [Row(2, Sum(1, 11, 1_000)), Row(1, Sum(2, 22, 340))] == (
        await ledger.split("person", FIRST, guild=10)
    )
    assert [10, None, 11] == [row.key for row in await ledger.split("guild", FIRST)]
    assert [10] == [row.key for row in await ledger.split("guild", FIRST, most=1)]


async def test_the_last_runs_are_newest_first(ledger: SqlLedger) -> None:
    """
    One's own, wherever they were.
    """
    found = await ledger.latest(1, 3)

    assert {300, 40, 5} == {run.sum.amount for run in found}
    assert [NOW] * 3 == [run.at for run in found]
    assert [9_000] == [run.sum.amount for run in await ledger.latest(1, 9)][3:]


async def test_a_usage_has_every_day(ledger: SqlLedger) -> None:
    """
    Fourteen days, with and without runs, ending today.
    """
    found = await usage(ledger, TODAY, "site", guild=10)
    days = [str(row.key) for row in found.days]

    assert DAYS == len(days)
    assert days == sorted(days)
    assert [date(2026, 11, 11), TODAY] == [date.fromisoformat(days[at]) for at in (0, -1)]
    assert [Sum(), Sum(1, 11, 1_000), Sum(2, 22, 340)] == [row.sum for row in found.days[-3:]]
    assert {"site": [Row("town.example", Sum(3, 33, 1_340))]} == found.by


async def test_unknown_prices_are_no_prices(database: Database) -> None:
    """
    Where no run had a price there is no amount; beside one that had, the others add nothing.
    """
    purse, ledger = SqlPurse(database), SqlLedger(database)
    for amount, expected in ((None, None), (5, 5)):
        made = charge(amount)
        await purse.reserve(made, charged(made, Limits()))
        await purse.settle(made.id, 1, 1, amount)

        assert expected == (await ledger.total(TODAY)).amount
