"""
What a server's owner has decided, and what follows from it. Nothing here has to be set: the defaults need no owner.

A place is the ids of where something is said, the nearest first: a thread, the channel it stands in, its category.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.core.links import canonical, host_of
from bot.core.models import Length
from bot.core.money import Budgets, Limit, Limits
from bot.errors import (
    ChannelNotOpen,
    ChatError,
    NotAHost,
    NotAnAmount,
    RoleNotAllowed,
    SiteBlocked,
    TooManySites,
    UsageError,
)

T = TypeVar("T")

_AMOUNT = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)

MOST_SITES = 100
MOST_CHOSEN = 25
"""Roles or channels in one list: as many as Discord lets choose at once."""

ASKERS = ""
"""The language of the one who asks."""

LINK_MARK = "📰"
"""The reaction by which a link is offered to be summarised."""


class Offer(StrEnum):
    """What the bot does by itself with a link that somebody posts."""

    OFF = "off"
    REACT = "react"  # marks it, and summarises when a member presses the mark
    AUTOMATIC = "automatic"  # summarises it


@dataclass(frozen=True)
class ServerSettings:
    """
    One server's settings. Ids are of roles and channels (categories too), money is in millionths of a US dollar.

    A list of the allowed that is empty allows all; what is blocked stays so where it is allowed too. A budget that is
    None is the operator's.
    """

    language: str = ASKERS
    languages: dict[int, str] = field(default_factory=dict)  # of places
    roles_allowed: tuple[int, ...] = ()
    roles_blocked: tuple[int, ...] = ()
    channels_allowed: tuple[int, ...] = ()
    channels_blocked: tuple[int, ...] = ()
    private: bool = False  # answers are for the asker alone where they do not say otherwise
    length: Length = Length.STANDARD
    names: bool = True  # of those who wrote comments
    offers: dict[int, Offer] = field(default_factory=dict)  # of places
    sites_blocked: tuple[str, ...] = ()  # hosts, each with all below it
    server_day: int | None = None
    server_month: int | None = None
    person_day: int | None = None  # in this server
    role_days: dict[int, int] = field(default_factory=dict)  # of all who hold the role, together


DEFAULTS = ServerSettings()


class Servers(Protocol):
    """Settings as the store keeps them."""

    async def get(self, guild: int | None) -> ServerSettings:
        """Return a server's settings; the defaults where it has none, and outside servers."""
        ...

    async def change(
        self, guild: int, how: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        """
        Put what *how* returns of the settings in their place, and return it.

        All in one transaction: of two changes at once neither is lost. What *how* raises changes nothing.
        """
        ...

    async def forget(self, guild: int) -> None:
        """Delete a server's settings for good."""
        ...


class ServerBudgets:
    """Implements `core.money.Budgets`: what the operator allows, and no more than the server's owner does."""

    def __init__(self, operator: Budgets, servers: Servers) -> None:
        self._operator = operator
        self._servers = servers

    async def limits_of(self, guild: int | None, roles: Sequence[int]) -> Limits:
        """Return the limits for somebody with *roles* in *guild*, None outside servers."""
        allowed = await self._operator.limits_of(guild, roles)
        return allowed.least(own_limits(await self._servers.get(guild)))


def own_limits(settings: ServerSettings) -> Limits:
    """Return the budgets of a server's own."""
    return Limits(
        guild=Limit(settings.server_day, settings.server_month),
        member=Limit(settings.person_day),
        roles=tuple((role, Limit(day)) for role, day in settings.role_days.items()),
    )


def may_ask(
    settings: ServerSettings, roles: Collection[int], place: Sequence[int]
) -> ChatError | None:
    """Return why somebody with *roles* may not ask at *place*, None where they may."""
    if not _passes(place, settings.channels_allowed, settings.channels_blocked):
        return ChannelNotOpen()
    if not _passes(roles, settings.roles_allowed, settings.roles_blocked):
        return RoleNotAllowed()
    return None


def may_read(settings: ServerSettings, link: str | None) -> ChatError | None:
    """Return why *link* may not be summarised, None where it may; what is no link of the web may."""
    if not settings.sites_blocked:
        return None
    try:
        host = host_of(canonical(link or ""))
    except UsageError:
        return None
    for site in settings.sites_blocked:
        if host == site or host.endswith(f".{site}"):
            return SiteBlocked(host=site)
    return None


def language_for(settings: ServerSettings, place: Sequence[int], asker: str) -> str:
    """Return the language of an answer at *place* to somebody who speaks *asker* and asked for none."""
    return _nearest(settings.languages, place, settings.language) or asker


def offers_in(settings: ServerSettings, place: Sequence[int]) -> Offer:
    """Return what is done with links that are posted at *place*."""
    return _nearest(settings.offers, place, Offer.OFF)


def with_offer(settings: ServerSettings, offer: Offer, channels: Sequence[int]) -> dict[int, Offer]:
    """Return the offers when *channels*, and no others, have *offer*."""
    others = {id: one for id, one in settings.offers.items() if one is not offer}
    return {**others, **dict.fromkeys(channels, offer)}


def sites_in(written: str) -> tuple[str, ...]:
    """Return the hosts that somebody wrote, a line or a word each; raises `NotAHost` or `TooManySites`."""
    found: dict[str, None] = {}
    for word in written.replace(",", " ").split():
        try:
            host = host_of(canonical(word)).removeprefix("www.")
        except UsageError as error:
            raise NotAHost(text=word[:100]) from error
        found[host] = None
        if len(found) > MOST_SITES:
            raise TooManySites(limit=MOST_SITES)
    return tuple(sorted(found))


def amount_in(written: str) -> int | None:
    """Return the dollars that somebody wrote in millionths, None for nothing; raises `NotAnAmount`."""
    plain = written.strip().strip("$").strip().replace(",", ".")
    if not plain:
        return None
    if not _AMOUNT.fullmatch(plain):
        raise NotAnAmount(text=written.strip()[:40])
    return int(Decimal(plain) * 1_000_000)


def _passes(ids: Collection[int], allowed: Collection[int], blocked: Collection[int]) -> bool:
    ours = set(ids)
    return ours.isdisjoint(blocked) and (not allowed or not ours.isdisjoint(allowed))


def _nearest(of_places: dict[int, T], place: Sequence[int], otherwise: T) -> T:
    return next((of_places[id] for id in place if id in of_places), otherwise)
