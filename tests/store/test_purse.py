"""Budgets are spent to the last millionth and not one further."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.money import Account, Charge, Limit, Limits, Spender, accounts
from bot.errors import OverBudget, TooManyAsks
from bot.store.database import Database, open_database
from bot.store.purse import SqlPurse

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=UTC)
HERE = Spender(user=5, guild=10, channel=20, roles=(7, 8))
_ids = count()


def charge(amount: int | None, spender: Spender = HERE, at: datetime = NOW) -> Charge:
    return Charge(f"c{next(_ids)}", spender, "town.example", "m", amount, at)


def charged(charge: Charge, limits: Limits) -> list[Account]:
    return accounts(charge.spender, limits, charge.at)


async def balances(database: Database) -> dict[tuple[str, str], int]:
    """What is spent, by scope and period."""
    return {
        name: spent for name, spent in (await counts(database)).items() if "asks" not in name[0]
    }


async def asked(database: Database, user: int) -> int:
    """How often somebody has asked."""
    return sum(n for (scope, _), n in (await counts(database)).items() if scope == f"asks:{user}")


async def counts(database: Database) -> dict[tuple[str, str], int]:
    async with database.read() as connection:
        rows: Any = await connection.exec_driver_sql("SELECT scope, period, spent FROM balances")
        return {(scope, period): spent for scope, period, spent in rows if spent}


async def sums(database: Database) -> dict[tuple[str, str], int]:
    """What the charges add up to, each in its scopes and periods."""
    found: Counter[tuple[str, str]] = Counter()
    async with database.read() as connection:
        rows: Any = await connection.exec_driver_sql("SELECT scopes, day, amount FROM charges")
        for scopes, day, amount in rows:
            for scope in scopes.split():
                found[scope, day] += amount or 0
                found[scope, day[:7]] += amount or 0
    return {name: amount for name, amount in found.items() if amount}


async def test_a_run_is_charged_everywhere_it_belongs(database: Database) -> None:
    """
    Day and month of operator, server, person, member, and of a role that has a limit.
    """
    purse = SqlPurse(database)
    made = charge(30)
    await purse.reserve(made, charged(made, Limits(roles=((7, Limit(day=100)), (9, Limit(1))))))

    scopes = ("operator", "guild:10", "user:5", "user:5@10", "role:7@10")
    assert {(s, p): 30 for s in scopes for p in ("2026-11-24", "2026-11")} == (
        await balances(database)
    )


@pytest.mark.parametrize(
    ("limits", "budget", "resets"),
    [
        (Limits(operator=Limit(day=99)), "operator-day", "2026-11-25"),
        (Limits(guild=Limit(month=99)), "guild-month", "2026-12-01"),
        (Limits(person=Limit(day=99)), "person-day", "2026-11-25"),
        (Limits(member=Limit(month=99)), "member-month", "2026-12-01"),
        (Limits(roles=((8, Limit(day=99)),)), "role-day", "2026-11-25"),
        # the one that stays shut longest is named
        (Limits(operator=Limit(day=99), guild=Limit(1, 99)), "guild-month", "2026-12-01"),
    ],
)
async def test_over_any_budget_nothing_is_held(
    database: Database, limits: Limits, budget: str, resets: str
) -> None:
    """
    One limit without room refuses the whole: no other balance has moved.
    """
    purse = SqlPurse(database)
    first, second = charge(50), charge(50)
    await purse.reserve(first, charged(first, limits if limits.guild.day is None else Limits()))
    before = await balances(database)

    with pytest.raises(OverBudget) as refused:
        await purse.reserve(second, charged(second, limits))

    assert {"budget": budget, "resets": resets} == refused.value.facts
    assert before == await balances(database)
    assert before == await sums(database)


async def test_the_last_millionth_can_be_spent(database: Database) -> None:
    """
    A limit is what may be spent, not what must be left; and a first charge above it is refused.
    """
    purse = SqlPurse(database)
    limits = Limits(operator=Limit(day=100))
    for amount in (100, None, 0):
        made = charge(amount)
        await purse.reserve(made, charged(made, limits))
    for spender in (HERE, Spender()):
        one = charge(101 if spender == HERE else 1, spender)
        with pytest.raises(OverBudget):
            await purse.reserve(one, charged(one, limits))


async def test_a_new_day_has_a_new_budget(database: Database) -> None:
    """
    A day starts anew at midnight UTC, while its month goes on.
    """
    purse = SqlPurse(database)
    limits = Limits(operator=Limit(day=10, month=25))
    for at in (NOW, NOW + timedelta(hours=13, minutes=40)):
        made = charge(10, at=at)
        await purse.reserve(made, charged(made, limits))
        await purse.settle(made.id, 1, 1, 10)
    third = charge(10, at=NOW + timedelta(days=2))
    with pytest.raises(OverBudget) as refused:
        await purse.reserve(third, charged(third, limits))

    assert "operator-month" == refused.value.facts["budget"]
    assert {10, 20} == set((await balances(database)).values())


@pytest.mark.parametrize("spent", [0, 3, 10, 40, None])
async def test_what_was_really_spent_is_what_counts(database: Database, spent: int | None) -> None:
    """
    Less than held comes back, more is taken over the limit too; once, however often it is said.
    """
    purse = SqlPurse(database)
    made = charge(10)
    await purse.reserve(made, charged(made, Limits(guild=Limit(day=10))))
    for _ in range(2):
        await purse.settle(made.id, 7, 8, spent)
    await purse.refund(made.id)

    assert (spent or 0) == (await balances(database)).get(("guild:10", "2026-11-24"), 0)
    assert await sums(database) == await balances(database)


async def test_a_settlement_belongs_to_the_day_it_was_held_in(database: Database) -> None:
    """
    A run over midnight is charged where its reservation was.
    """
    purse = SqlPurse(database)
    made = charge(10, at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
    await purse.reserve(made, charged(made, Limits()))
    await purse.settle(made.id, 1, 1, 4)

    assert {"2026-11-30", "2026-11"} == {period for _, period in await balances(database)}


async def test_two_hundred_at_once_spend_a_budget_for_ten_exactly(url: str) -> None:
    """
    Over two engines on one database: ten are let through, a hundred and ninety hear when it starts anew.
    """
    limits = Limits(guild=Limit(day=100))
    async with open_database(url) as one, open_database(url) as two:
        purses = (SqlPurse(one), SqlPurse(two))

        async def go(n: int) -> str:
            made = charge(10, replace(HERE, user=n))
            try:
                await purses[n % 2].reserve(made, charged(made, limits))
            except OverBudget as error:
                return str(error.facts["resets"])
            return "granted"

        heard = Counter(await asyncio.gather(*map(go, range(200))))

        assert {"granted": 10, "2026-11-25": 190} == heard
        assert 100 == (await balances(one))["guild:10", "2026-11-24"]
        assert await sums(two) == await balances(two)


async def test_nobody_waits_in_a_circle(url: str) -> None:
    """
    Two engines at once over the turn of a month: what a crash left is given back, runs are held, settled and refunded.
    """
    async with open_database(url) as one, open_database(url) as two:
        purses, december = (SqlPurse(one), SqlPurse(two)), datetime(2026, 12, 1, 2, tzinfo=UTC)
        for n in range(20):
            left = charge(10, replace(HERE, user=n % 3), december - timedelta(hours=4 - n % 4))
            await purses[n % 2].reserve(left, charged(left, Limits()))

        async def go(n: int) -> None:
            at = december - timedelta(hours=3 * (n % 2))
            made = charge(10, replace(HERE, user=n % 5), at)
            await purses[n // 2 % 2].reserve(made, charged(made, Limits()))
            if n % 3:
                await purses[n % 2].settle(made.id, 1, 1, n)
            await purses[(n + 1) % 2].refund(made.id)

        async with asyncio.timeout(60):
            await asyncio.gather(*map(go, range(40)))

        assert await sums(two) == await balances(one)


class TestCrash:
    async def test_an_order_that_is_taken_up_again_gets_back_what_was_held(self, url: str) -> None:
        """
        A crash between reservation and settlement: the next start holds anew, within a budget for one.
        """
        limits = Limits(guild=Limit(day=10))
        order = replace(HERE, order="o1")
        async with open_database(url) as database:
            made = charge(10, order)
            await SqlPurse(database).reserve(made, charged(made, limits))
        async with open_database(url) as database:
            other, again = charge(10), charge(10, order)
            with pytest.raises(OverBudget):
                await SqlPurse(database).reserve(other, charged(other, limits))
            await SqlPurse(database).reserve(again, charged(again, limits))

            assert 10 == (await balances(database))["guild:10", "2026-11-24"]
            assert await sums(database) == await balances(database)

    async def test_what_nobody_takes_up_comes_back_after_an_hour(self, database: Database) -> None:
        """
        A reservation of a crashed command is not held for ever, and one that runs is not given away.
        """
        purse, limits = SqlPurse(database), Limits(guild=Limit(month=10))
        left = charge(10)
        await purse.reserve(left, charged(left, limits))
        for minutes, let in ((59, False), (61, True)):
            made = charge(10, at=NOW + timedelta(minutes=minutes))
            try:
                await purse.reserve(made, charged(made, limits))
            except OverBudget:
                assert not let
            else:
                assert let
        assert await sums(database) == await balances(database)

    async def test_a_run_taken_for_dead_that_lives_is_paid_for(self, database: Database) -> None:
        """
        What was given back and then spent after all is spent.
        """
        purse = SqlPurse(database)
        slow, other = charge(10), charge(1, at=NOW + timedelta(hours=2))
        await purse.reserve(slow, charged(slow, Limits()))
        await purse.reserve(other, charged(other, Limits()))
        await purse.settle(slow.id, 5, 5, 8)

        assert 9 == (await balances(database))["operator", "2026-11"]


class TestAsks:
    async def test_the_ceiling_is_exact_at_once(self, database: Database) -> None:
        """
        Fifty at once with a ceiling of thirty: thirty pass, twenty hear in how many minutes the hour is over.
        """
        purse = SqlPurse(database)
        ended = await asyncio.gather(
            *(purse.count(5, 30, NOW) for _ in range(50)), return_exceptions=True
        )
        refused = [error for error in ended if isinstance(error, TooManyAsks)]

        assert (50, 20) == (len(ended), len(refused))
        assert {"limit": 30, "minutes": 40} == refused[0].facts

    async def test_each_person_and_each_hour_has_its_own(self, database: Database) -> None:
        """
        Somebody else's asks are not mine, nor are those of the hour before; earlier hours are not kept.
        """
        purse = SqlPurse(database)
        await purse.count(5, 1, NOW)
        await purse.count(6, 1, NOW)
        await purse.count(5, 1, NOW + timedelta(hours=1))

        assert {("asks:6", "2026-11-24T10"): 1, ("asks:5", "2026-11-24T11"): 1} == (
            await counts(database)
        )


STEP = st.one_of(
    st.tuples(st.just("reserve"), st.integers(0, 3), st.integers(1, 60)),
    st.tuples(st.just("settle"), st.integers(0, 30), st.none() | st.integers(0, 90)),
    st.tuples(st.just("refund"), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 40), st.just(0)),
)
LIMITS = Limits(
    operator=Limit(month=400),
    guild=Limit(day=120, month=300),
    person=Limit(day=90),
    roles=((7, Limit(day=100)),),
)
PEOPLE = (
    Spender(user=1, guild=10, roles=(7,), order="o1"),
    Spender(user=2, guild=10, order="o2"),
    Spender(user=1, guild=11),
    Spender(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(steps=st.lists(STEP, max_size=40))
async def test_the_ledger_is_right_to_the_millionth(
    database: Database, steps: list[tuple[str, int, Any]]
) -> None:
    """
    Whatever is reserved, settled, refunded or left by a crash (never ended): balances are the sums of their charges,
    nothing is let through without room, and once the crashed are given back what is left is what was spent.
    """
    async with database.write() as connection:
        for table in ("balances", "charges"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
    purse, now = SqlPurse(database), NOW
    made: list[Charge] = []
    spent: dict[str, int] = {}
    for what, which, amount in steps:
        if what == "reserve":
            one = charge(amount, PEOPLE[which], now)
            mine = charged(one, LIMITS)
            try:
                await purse.reserve(one, mine)
            except OverBudget as error:
                limit = next(a for a in mine if a.budget == error.facts["budget"])
                (so_far,) = await purse.spent([limit])
                assert so_far + amount > (limit.limit or 0)
            else:
                made.append(one)
                held = zip(mine, await purse.spent(mine), strict=True)
                assert all(a.limit is None or so_far <= a.limit for a, so_far in held)
        elif what == "wait":
            now += timedelta(hours=which)
        elif which < len(made):
            id = made[which].id
            if what == "settle":
                await purse.settle(id, 1, 1, amount)
                spent.setdefault(id, amount or 0)
            else:
                await purse.refund(id)
        assert await sums(database) == await balances(database)
    last = charge(0, at=now + timedelta(hours=2))
    await purse.reserve(last, charged(last, LIMITS))

    assert await sums(database) == await balances(database)
    assert sum(spent.values()) == sum(
        amount
        for (scope, period), amount in (await balances(database)).items()
        if scope == "operator" and len(period) == 7
    )
