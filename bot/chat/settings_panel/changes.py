"""What a choice in the panel changes. No Discord here: values are ids and words, as they come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.languages import language_code
from bot.core.models import Length
from bot.core.servers import ASKERS, MOST_CHOSEN, Offer, ServerSettings, with_offer

SERVERS = "server"  # the language of a channel that has none of its own
OWN = "own"  # the asker's
YES, NO = "yes", "no"

MOST_PLACES = 50  # with a language of their own


def changed(
    settings: ServerSettings, name: str, of: int | None, values: Sequence[str]
) -> ServerSettings:
    """
    Return the settings with *values* chosen for what is called *name*, *of* a channel where it is one's.

    Raises `UnknownLanguage` for what is none; what no list of ours offers changes nothing.
    """
    first = values[0] if values else ""
    if name in _LISTS:
        return _LISTS[name](settings, _ids(values))
    match name:
        case "language" if of is None:
            return replace(settings, language=_language(first))
        case "language":
            return replace(settings, languages=_languages(settings, of, first))
        case "private":
            return replace(settings, private=first == YES)
        case "names":
            return replace(settings, names=first != NO)
        case "length" if first in set(Length):
            return replace(settings, length=Length(first))
        case Offer.REACT | Offer.AUTOMATIC:
            return replace(settings, offers=with_offer(settings, Offer(name), _ids(values)))
    return settings


_LISTS: dict[str, Callable[[ServerSettings, tuple[int, ...]], ServerSettings]] = {
    "roles_allowed": lambda settings, ids: replace(settings, roles_allowed=ids),
    "roles_blocked": lambda settings, ids: replace(settings, roles_blocked=ids),
    "channels_allowed": lambda settings, ids: replace(settings, channels_allowed=ids),
    "channels_blocked": lambda settings, ids: replace(settings, channels_blocked=ids),
}


def with_budget(
    settings: ServerSettings, whose: str, role: int, day: int | None, month: int | None
) -> ServerSettings:
    """Return the settings with a budget: of the `server`, of each `person`, or of a `role`; None is none."""
    if whose == "server":
        return replace(settings, server_day=day, server_month=month)
    if whose == "person":
        return replace(settings, person_day=day)
    others = {id: limit for id, limit in settings.role_days.items() if id != role}
    if day is not None and len(others) < MOST_CHOSEN:
        others[role] = day
    return replace(settings, role_days=others)


def _languages(settings: ServerSettings, channel: int | None, chosen: str) -> dict[int, str]:
    others = {id: code for id, code in settings.languages.items() if id != channel}
    if channel is not None and chosen != SERVERS and len(others) < MOST_PLACES:
        others[channel] = _language(chosen)
    return others


def _language(chosen: str) -> str:
    return ASKERS if chosen == OWN else language_code(chosen)


def _ids(values: Sequence[str]) -> tuple[int, ...]:
    ids = {int(value) for value in values if value.isascii() and value.isdecimal()}
    return tuple(sorted(ids))[:MOST_CHOSEN]
