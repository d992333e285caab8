"""Whose budgets a run is charged to, and when they start anew."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.core.money import (
    OPERATOR,
    Limit,
    Limits,
    Spender,
    Standing,
    accounts,
    fullest,
    to_pay,
    to_spend,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def scopes(spender: Spender, limits: Limits | None = None) -> list[str]:
    return list(dict.fromkeys(a.scope for a in accounts(spender, limits or Limits(), NOON)))


@pytest.mark.parametrize(
    ("spender", "expected"),
    [
        (OPERATOR, ["operator"]),
        (Spender(user=5), ["operator", "user:5"]),
        (Spender(user=5, guild=10), ["operator", "guild:10", "user:5", "user:5@10"]),
    ],
)
def test_everyone_is_charged_where_they_are(spender: Spender, expected: list[str]) -> None:
    """
    The command line pays from the operator's budget alone; a person in a server from four.
    """
    assert expected == scopes(spender)


def test_a_role_is_charged_where_it_has_a_limit_and_is_held() -> None:
    """
    A role's budget is one for all who hold it in that server.
    """
    limits = Limits(roles=((7, Limit(day=1)), (9, Limit(day=1))))

    assert "role:7@10" == scopes(Spender(user=5, guild=10, roles=(7, 8)), limits)[-1]
    assert 4 == len(scopes(Spender(user=5, guild=10, roles=(8,)), limits))


@pytest.mark.parametrize(
    ("now", "month", "day"),
    [
        ("2026-11-24T00:00:00+00:00", date(2026, 12, 1), date(2026, 11, 25)),
        ("2026-12-31T23:59:59+00:00", date(2027, 1, 1), date(2027, 1, 1)),
        ("2028-02-28T12:00:00+00:00", date(2028, 3, 1), date(2028, 2, 29)),
        ("2026-01-31T12:00:00+00:00", date(2026, 2, 1), date(2026, 2, 1)),
    ],
)
def test_periods_are_months_and_days_of_utc(now: str, month: date, day: date) -> None:
    """
    Months first, and each starts anew with the next one.
    """
    found = accounts(OPERATOR, Limits(), datetime.fromisoformat(now))

    assert [("operator-month", now[:7], month), ("operator-day", now[:10], day)] == [
        (a.budget, a.period, a.resets) for a in found
    ]


def test_of_two_limits_the_lower_holds() -> None:
    """
    What a server allows itself is never more than the operator allows it; no limit is more than any.
    """
    operators = Limits(guild=Limit(day=50), person=Limit(month=9), asks_per_hour=30)
    servers = Limits(
        guild=Limit(day=70, month=700), member=Limit(day=5), roles=((7, Limit(day=3)),)
    )

    assert Limits(
        guild=Limit(day=50, month=700),
        person=Limit(month=9),
        member=Limit(day=5),
        roles=((7, Limit(day=3)),),
        asks_per_hour=30,
    ) == operators.least(servers)
    assert servers.least(operators) == operators.least(servers)


def test_a_ceiling_on_asks_needs_no_price() -> None:
    """
    Only budgets are in dollars.
    """
    assert not Limits(asks_per_hour=30).in_dollars
    assert Limits(roles=((7, Limit(day=3)),)).in_dollars


def test_a_cost_is_never_rounded_down_nor_a_limit_up() -> None:
    """
    Less than a millionth of a dollar is one when it is paid and none when it may be spent.
    """
    assert (1, 1_000_000, 0) == tuple(map(to_pay, map(Decimal, ("0.0000001", "1", "0"))))
    assert (0, 500_000, None) == (
        to_spend(Decimal("0.0000009")),
        to_spend(Decimal("0.50")),
        to_spend(None),
    )


def standing(budget: str, spent: int, limit: int = 1_000) -> Standing:
    return Standing(budget, limit, spent, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("spent", "expected"),
    [((100, 799), None), ((100, 800), "b"), ((900, 850), "a"), ((1_200, 1_300), "b")],
)
def test_near_is_four_fifths(spent: tuple[int, int], expected: str | None) -> None:
    """
    Of several budgets that are nearly spent, the one of which most is.
    """
    found = fullest([standing("a", spent[0]), standing("b", spent[1])])

    assert expected == (found and found.budget)


def test_a_budget_of_nothing_is_spent() -> None:
    """
    A limit of 0 is a way to switch the model off.
    """
    assert 100 == standing("a", 0, limit=0).percent
