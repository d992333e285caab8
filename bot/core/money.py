"""
Who pays, what may be spent, and when it starts anew.

Money is counted in millionths of a US dollar, as whole numbers: sums are exact, and a limit is one comparison. Periods
are days and months of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Protocol

MILLION = Decimal(1_000_000)
NEAR = 80  # per cent of a budget: from there on it is said


@dataclass(frozen=True)
class Spender:
    """Who asks, and where. Without `user` it is the operator, at the command line."""

    user: int | None = None
    guild: int | None = None
    channel: int | None = None
    roles: tuple[int, ...] = ()
    order: str | None = None  # what a crash left reserved for it is given back when it is taken up


OPERATOR = Spender()


class Scope(StrEnum):
    """Whose budget it is."""

    OPERATOR = "operator"  # everything this Chorus spends
    GUILD = "guild"  # one server
    PERSON = "person"  # one person, wherever they ask
    MEMBER = "member"  # one person in one server
    ROLE = "role"  # all who hold a role, together


@dataclass(frozen=True)
class Limit:
    """What may be spent in a day and in a month; None: no limit."""

    day: int | None = None
    month: int | None = None


UNLIMITED = Limit()


@dataclass(frozen=True)
class Limits:
    """Every limit that holds for one spender. `asks_per_hour` counts what is not answered from what is kept."""

    operator: Limit = UNLIMITED
    guild: Limit = UNLIMITED
    person: Limit = UNLIMITED
    member: Limit = UNLIMITED
    roles: tuple[tuple[int, Limit], ...] = ()
    asks_per_hour: int | None = None

    def least(self, other: Limits) -> Limits:
        """Return what both allow: an operator's limits and a server's own."""
        roles: dict[int, Limit] = {}
        for role, limit in (*self.roles, *other.roles):
            roles[role] = _least(roles.get(role, UNLIMITED), limit)
        return Limits(
            operator=_least(self.operator, other.operator),
            guild=_least(self.guild, other.guild),
            person=_least(self.person, other.person),
            member=_least(self.member, other.member),
            roles=tuple(roles.items()),
            asks_per_hour=_lower(self.asks_per_hour, other.asks_per_hour),
        )

    @property
    def in_dollars(self) -> bool:
        """Whether any budget is limited: then prices must be known."""
        some = (self.operator, self.guild, self.person, self.member, *(x for _, x in self.roles))
        return any(limit != UNLIMITED for limit in some)


class Budgets(Protocol):
    """What the operator and the server itself allow."""

    async def limits_of(self, guild: int | None, roles: Sequence[int]) -> Limits:
        """Return the limits for somebody with *roles* in *guild*, None outside servers."""
        ...


class OperatorBudgets:
    """Implements `Budgets` with the operator's limits alone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def limits_of(self, guild: int | None, roles: Sequence[int]) -> Limits:  # noqa: ARG002 - the port's
        """Return the operator's limits."""
        return self._limits


@dataclass(frozen=True)
class Account:
    """What one scope spends in one period. `budget` is what it is called: `guild-month`."""

    scope: str
    period: str
    budget: str
    limit: int | None
    resets: date  # 0:00 UTC


def accounts(spender: Spender, limits: Limits, now: datetime) -> list[Account]:
    """
    Return what a run of *spender* is charged to.

    Months come first: of several that have no room the first is the one that stays shut longest. A role is charged
    only where it has a limit.
    """
    named = [(Scope.OPERATOR, "operator", limits.operator)]
    if spender.guild is not None:
        named.append((Scope.GUILD, f"guild:{spender.guild}", limits.guild))
    if spender.user is not None:
        named.append((Scope.PERSON, f"user:{spender.user}", limits.person))
        if spender.guild is not None:
            name = f"user:{spender.user}@{spender.guild}"
            named.append((Scope.MEMBER, name, limits.member))
    named += [
        (Scope.ROLE, f"role:{role}@{spender.guild}", limit)
        for role, limit in limits.roles
        if role in spender.roles
    ]
    today = now.date()
    first = today.replace(day=1)
    month = (first + timedelta(days=32)).replace(day=1)
    return [
        *(Account(n, f"{today:%Y-%m}", f"{kind}-month", x.month, month) for kind, n, x in named),
        *(
            Account(n, f"{today:%Y-%m-%d}", f"{kind}-day", x.day, today + timedelta(days=1))
            for kind, n, x in named
        ),
    ]


@dataclass(frozen=True)
class Standing:
    """A budget with a limit, and what is spent of it, reservations included."""

    budget: str
    limit: int
    spent: int
    resets: date

    @property
    def personal(self) -> bool:
        """Whether it is nobody else's business."""
        return self.budget.partition("-")[0] in {Scope.PERSON, Scope.MEMBER, Scope.ROLE}

    @property
    def percent(self) -> int:
        """How much of it is spent, in whole per cent; what is nothing is all spent."""
        return 100 * self.spent // self.limit if self.limit else 100


def fullest(standings: Iterable[Standing], percent: int = NEAR) -> Standing | None:
    """Return the budget of which most is spent, None where it is less than *percent*; of two alike the first."""
    near = [one for one in standings if one.percent >= percent]
    return max(near, key=lambda one: one.percent, default=None)


@dataclass(frozen=True)
class Charge:
    """What one run holds, and what it has spent once it is over. `amount` None: the price is unknown."""

    id: str
    spender: Spender
    site: str  # the host, "" for a file
    model: str
    amount: int | None
    at: datetime
    tokens_in: int = 0
    tokens_out: int = 0


class Purse(Protocol):
    """The balances and the charges against them. Implemented by `bot.store`; every call is one transaction."""

    async def reserve(self, charge: Charge, accounts: Sequence[Account]) -> None:
        """
        Hold the amount of *charge* in every one of *accounts*; raises `OverBudget` for the first without room.

        Then nothing is held anywhere. What a crash left held, for the same order or an hour ago, is given back first.
        """
        ...

    async def settle(self, id: str, tokens_in: int, tokens_out: int, amount: int | None) -> None:
        """Put what was really spent in place of what is held, over a limit too; a second time changes nothing."""
        ...

    async def refund(self, id: str) -> None:
        """Give back what is held."""
        ...

    async def count(self, user: int, most: int, now: datetime) -> None:
        """Count an ask of *user* in this hour; raises `TooManyAsks` where there were *most* already."""
        ...

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        """Return what is spent of each, reservations included."""
        ...


def to_pay(dollars: Decimal) -> int:
    """Return a cost in millionths: what is less than one is one."""
    return int((dollars * MILLION).to_integral_value(ROUND_CEILING))


def to_spend(dollars: Decimal | None) -> int | None:
    """Return a limit in millionths."""
    return None if dollars is None else int((dollars * MILLION).to_integral_value(ROUND_FLOOR))


def _least(one: Limit, other: Limit) -> Limit:
    return Limit(_lower(one.day, other.day), _lower(one.month, other.month))


def _lower(one: int | None, other: int | None) -> int | None:
    return min((x for x in (one, other) if x is not None), default=None)
