"""What follows from a server's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.money import Limit, Limits, OperatorBudgets
from bot.core.servers import (
    DEFAULTS,
    MOST_SITES,
    Offer,
    ServerBudgets,
    ServerSettings,
    amount_in,
    language_for,
    may_ask,
    may_read,
    offers_in,
    sites_in,
    with_offer,
)
from bot.errors import ChannelNotOpen, NotAHost, NotAnAmount, RoleNotAllowed, TooManySites

THREAD, CHANNEL, CATEGORY = 30, 20, 2
PLACE = (THREAD, CHANNEL, CATEGORY)
STAFF, MUTED = 11, 12


def test_without_settings_everybody_may_ask_everything_everywhere() -> None:
    """
    The defaults need no owner: what is asked is answered, in the asker's language, and nothing is done unasked.
    """
    assert may_ask(DEFAULTS, (), ()) is None
    assert may_ask(DEFAULTS, (STAFF,), PLACE) is None
    assert may_read(DEFAULTS, "https://town.example/lane") is None
    assert "fr" == language_for(DEFAULTS, PLACE, "fr")
    assert Offer.OFF is offers_in(DEFAULTS, PLACE)
    assert (False, True) == (DEFAULTS.private, DEFAULTS.names)


@pytest.mark.parametrize(
    ("settings", "roles", "why"),
    [
        (ServerSettings(roles_allowed=(STAFF,)), (STAFF, 99), None),
        (ServerSettings(roles_allowed=(STAFF,)), (99,), RoleNotAllowed),
        (ServerSettings(roles_allowed=(STAFF,)), (), RoleNotAllowed),
        (ServerSettings(roles_blocked=(MUTED,)), (), None),
        (ServerSettings(roles_blocked=(MUTED,)), (MUTED,), RoleNotAllowed),
        (
            ServerSettings(roles_allowed=(STAFF,), roles_blocked=(MUTED,)),
            (STAFF, MUTED),
            RoleNotAllowed,
        ),
        *((ServerSettings(channels_allowed=(id,)), (), None) for id in (THREAD, CHANNEL, CATEGORY)),
        (ServerSettings(channels_allowed=(99,)), (), ChannelNotOpen),
        *(
            (ServerSettings(channels_blocked=(id,)), (), ChannelNotOpen)
            for id in (THREAD, CHANNEL, CATEGORY)
        ),
        (
            ServerSettings(channels_allowed=(CHANNEL,), channels_blocked=(CATEGORY,)),
            (),
            ChannelNotOpen,
        ),
    ],
)
def test_who_may_ask(settings: ServerSettings, roles: tuple[int, ...], why: type | None) -> None:
    """
    One role or one place of the allowed is enough, one of the blocked too much; a thread's channel and category count.
    """
    refused = may_ask(settings, roles, PLACE)

    assert why is (type(refused) if refused else None)


@pytest.mark.parametrize(
    ("link", "blocked"),
    [
        ("https://bad.example/a", True),
        ("https://www.bad.example/a", True),
        ("https://deep.down.bad.example/", True),
        ("http://BAD.example:8080/", True),
        ("https://notbad.example/", False),
        ("https://bad.example.org/", False),
        ("https://good.example/?u=https://bad.example/", False),
        ("https://bücher.example/", True),
        ("paste:0123", False),
        ("https://[", False),
        (None, False),
    ],
)
def test_a_blocked_site_is_blocked_with_all_below_it(link: str | None, blocked: bool) -> None:
    """
    The host itself and its subdomains, however it is spelt; hosts that only look alike are others.
    """
    settings = ServerSettings(sites_blocked=sites_in("bad.example bücher.example"))

    assert blocked is (may_read(settings, link) is not None)


def test_the_nearest_place_says_which_language() -> None:
    """
    A thread's own, its channel's, its category's, the server's, the asker's; a place may be the asker's own again.
    """
    settings = ServerSettings(language="de", languages={CHANNEL: "fr", CATEGORY: "it", 40: ""})

    assert "fr" == language_for(settings, PLACE, "en")
    assert "it" == language_for(settings, (99, CATEGORY), "en")
    assert "de" == language_for(settings, (99,), "en")
    assert "en" == language_for(settings, (40, CATEGORY), "en")


def test_links_are_offered_where_it_was_said() -> None:
    """
    A channel's offers hold in its threads; choosing channels for one kind takes them from the other.
    """
    settings = replace(DEFAULTS, offers=with_offer(DEFAULTS, Offer.REACT, [20, 21]))
    settings = replace(settings, offers=with_offer(settings, Offer.AUTOMATIC, [21, 22]))

    assert Offer.REACT is offers_in(settings, PLACE)
    assert {20: Offer.REACT, 21: Offer.AUTOMATIC, 22: Offer.AUTOMATIC} == settings.offers
    assert {21: Offer.AUTOMATIC, 22: Offer.AUTOMATIC} == with_offer(settings, Offer.REACT, [])


@pytest.mark.parametrize(
    ("written", "sites"),
    [
        ("", ()),
        ("b.example\na.example, b.example", ("a.example", "b.example")),
        ("https://www.a.example/path?q", ("a.example",)),
        ("bücher.example", ("xn--bcher-kva.example",)),
        ("127.0.0.1", None),
        ("a", None),
        ("a.example ftp://b.example", None),
        ("x" * 300, None),
    ],
)
def test_sites_are_what_people_write(written: str, sites: tuple[str, ...] | None) -> None:
    """
    Hosts or links, a line or a word each, in one spelling; what is no site is named.
    """
    if sites is None:
        with pytest.raises(NotAHost):
            sites_in(written)
    else:
        assert sites == sites_in(written)


def test_only_so_many_sites_can_be_blocked() -> None:
    """
    A list of a hundred is looked through at every link.
    """
    many = [f"s{n}.example" for n in range(MOST_SITES)]

    assert MOST_SITES == len(sites_in("\n".join(many)))
    with pytest.raises(TooManySites):
        sites_in("\n".join([*many, "one.more.example"]))


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("", None),
        ("  ", None),
        ("5", 5_000_000),
        ("$ 0.50", 500_000),
        ("0,5", 500_000),
        ("0", 0),
        ("999999.999999", 999_999_999_999),
    ],
)
def test_amounts_are_what_people_write(written: str, amount: int | None) -> None:
    """
    Dollars become millionths, exactly; nothing is no budget, and nought is one.
    """
    assert amount == amount_in(written)


@pytest.mark.parametrize("written", ["-1", "1e9", "five", "1.000.000", "1234567", "٣", "NaN"])
def test_what_is_no_amount_is_said(written: str) -> None:
    """
    Nothing is guessed about money.
    """
    with pytest.raises(NotAnAmount):
        amount_in(written)


async def test_a_servers_budgets_hold_beside_the_operators() -> None:
    """
    Of two limits for the same the lower one; outside servers the operator's alone.
    """
    settings = ServerSettings(server_day=5, server_month=50, person_day=2, role_days={STAFF: 3})
    operator = Limits(guild=Limit(day=9, month=9), person=Limit(day=4), asks_per_hour=7)
    budgets = ServerBudgets(OperatorBudgets(operator), FixedServers({10: settings}))

    assert Limits(
        guild=Limit(5, 9),
        person=Limit(4),
        member=Limit(2),
        roles=((STAFF, Limit(3)),),
        asks_per_hour=7,
    ) == await budgets.limits_of(10, (STAFF,))
    assert operator == await budgets.limits_of(11, ())
    assert operator == await budgets.limits_of(None, ())


class FixedServers:
    """Settings that are what they are."""

    def __init__(self, settings: dict[int, ServerSettings]) -> None:
        self.settings = settings

    async def get(self, guild: int | None) -> ServerSettings:
        return self.settings.get(guild or 0, DEFAULTS)

    async def change(
        self, guild: int, how: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        raise NotImplementedError

    async def forget(self, guild: int) -> None:
        raise NotImplementedError
