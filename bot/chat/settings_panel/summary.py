"""What is set, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.chat.escape import outside
from bot.chat.sentences import Sentences
from bot.core.models import Length
from bot.core.servers import LINK_MARK, Offer, ServerSettings

MOST_NAMED = 6  # of a list; the rest is counted


def languages(settings: ServerSettings, words: Sentences) -> list[str]:
    """Say in which language answers are."""
    lines = [
        words.say("Answers are in {language}.", language=words.language_name(settings.language))
        if settings.language
        else words.say("Answers are in the language of the one who asks.")
    ]
    if settings.languages:
        own = words.say("the asker's own")
        named = [
            f"<#{id}> ({words.language_name(code) if code else own})"
            for id, code in settings.languages.items()
        ]
        lines.append(words.say("Except in: {places}", places=_list(named, words)))
    return lines


def askers(settings: ServerSettings, words: Sentences) -> list[str]:
    """Say who may ask, and where."""
    roles = tuple(_roles(x, words) for x in (settings.roles_allowed, settings.roles_blocked))
    places = tuple(
        _places(x, words) for x in (settings.channels_allowed, settings.channels_blocked)
    )
    lines = [
        words.say("Only members with one of these roles may ask: {roles}", roles=roles[0])
        if roles[0]
        else words.say("Everybody may ask."),
        words.say("Never members with one of these: {roles}", roles=roles[1]) if roles[1] else "",
        words.say("Only in these channels: {places}", places=places[0])
        if places[0]
        else words.say("In every channel.")
        if not places[1]
        else "",
        words.say("Never in these channels: {places}", places=places[1]) if places[1] else "",
    ]
    return list(filter(None, lines))


def answers(settings: ServerSettings, words: Sentences) -> list[str]:
    """Say how answers are."""
    lengths = {
        Length.SHORT: words.say("They are short, unless asked otherwise."),
        Length.STANDARD: words.say("They are of standard length, unless asked otherwise."),
        Length.DETAILED: words.say("They are detailed, unless asked otherwise."),
    }
    return [
        words.say("Only the asker sees an answer, unless they ask otherwise.")
        if settings.private
        else words.say(
            "Everybody in the channel sees an answer, unless the asker wants it private."
        ),
        lengths[settings.length],
        words.say("Readers are shown by name.")
        if settings.names
        else words.say("Readers have numbers in place of their names."),
    ]


def offers(settings: ServerSettings, words: Sentences) -> list[str]:
    """Say what happens to links that nobody asks about."""
    marked, at_once = (
        _places([id for id, one in settings.offers.items() if one is offer], words)
        for offer in (Offer.REACT, Offer.AUTOMATIC)
    )
    lines = []
    if marked:
        said = words.say("Marked with {mark}, and summarized when a member presses that: {places}",
                         mark=LINK_MARK, places=marked)  # fmt: skip
        lines.append(said)
    if at_once:
        lines.append(words.say("Summarized at once: {places}", places=at_once))
    return lines or [words.say("Left alone, unless somebody asks.")]


def sites(settings: ServerSettings, words: Sentences) -> list[str]:
    """Say which sites are blocked."""
    if not settings.sites_blocked:
        return [words.say("No site is blocked.")]
    named = [outside(site, 60) for site in settings.sites_blocked]
    return [words.say("Blocked, with all below them: {sites}", sites=_list(named, words))]


def budgets(settings: ServerSettings, words: Sentences) -> list[str]:
    """Say what may be spent."""
    lines = []
    if settings.server_day is not None:
        lines.append(words.say("This server: {n} a day", n=amount(settings.server_day)))
    if settings.server_month is not None:
        lines.append(words.say("This server: {n} a month", n=amount(settings.server_month)))
    if settings.person_day is not None:
        lines.append(words.say("Each member: {n} a day", n=amount(settings.person_day)))
    lines += [
        words.say("{role}, together: {n} a day", role=f"<@&{role}>", n=amount(limit))
        for role, limit in list(settings.role_days.items())[:MOST_NAMED]
    ]
    more = len(settings.role_days) - MOST_NAMED
    if more > 0:
        lines.append(words.count("and {n} more", "and {n} more", more))
    return lines or [words.say("No budget of this server's own; those of the operator hold.")]


def amount(millionths: int) -> str:
    """Return millionths of a dollar as people write them."""
    exact = Decimal(millionths) / 1_000_000
    return f"${exact:.2f}" if exact == round(exact, 2) else f"${exact.normalize():f}"


def _roles(ids: Iterable[int], words: Sentences) -> str:
    return _list([f"<@&{id}>" for id in ids], words)


def _places(ids: Iterable[int], words: Sentences) -> str:
    return _list([f"<#{id}>" for id in ids], words)


def _list(named: Sequence[str], words: Sentences) -> str:
    """Return names in a row; of many the first, and how many more."""
    shown = ", ".join(named[:MOST_NAMED])
    more = len(named) - MOST_NAMED
    if more <= 0:
        return shown
    return f"{shown} {words.count('and {n} more', 'and {n} more', more)}"
