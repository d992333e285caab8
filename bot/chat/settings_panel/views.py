"""The panel's pages: an overview, and one for each thing that can be changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import discord
from discord import ui

from bot.chat.cards import COLOUR, still
from bot.chat.escape import label
from bot.chat.rows import LANGUAGES
from bot.chat.sentences import Sentences
from bot.chat.settings_panel import summary
from bot.chat.settings_panel.changes import NO, OWN, SERVERS, YES
from bot.chat.settings_panel.lacks import lacks
from bot.chat.settings_panel.panel import Panel
from bot.core.models import Length
from bot.core.servers import MOST_CHOSEN, Offer, ServerSettings

Row = ui.ActionRow[ui.LayoutView]
Part = str | Row

MOST_OPTION, MOST_PLACEHOLDER, MOST_LABEL = 100, 150, 80
PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.category,
]


def overview(panel: Panel) -> ui.LayoutView:
    """Return what is set now, and the list of what can be changed."""
    words, blocks = panel.words, []
    for name, said in _SUMMARIES.items():
        lines = said(panel.settings, words)
        blocks.append("\n".join([f"**{_named(name, words)}**", *lines]))
    options = [
        discord.SelectOption(label=label(_named(name, words), MOST_OPTION), value=name)
        for name in _SUMMARIES
    ]
    what = _select("chorus:panel", words.say("What do you want to change?"), options)
    head = f"### {words.say('Settings of this server')}"
    warnings = _warnings(panel) if panel.settings.offers else []
    return _page([head, *blocks, *warnings, what])


def page(panel: Panel, name: str, channel: int | None = None) -> ui.LayoutView:
    """Return the page called *name*, of *channel* where it is one's; the overview where there is none."""
    if name not in _SUMMARIES:
        return overview(panel)
    words = panel.words
    parts = _PAGES[name](panel, channel)
    if name == "offers":
        parts += _warnings(panel)
    back = Row(_button(words.say("Back"), "chorus:panel:home"))
    return _page([f"### {_named(name, words)}", *parts, back])


def _languages(panel: Panel, channel: int | None) -> list[Part]:
    words, settings = panel.words, panel.settings
    if channel is None:
        said = "\n".join(summary.languages(settings, words))
        server = _language_select(panel, "chorus:set:languages:language", settings.language or OWN)
        places = ui.ChannelSelect[ui.LayoutView](
            custom_id="chorus:panel:language",
            placeholder=label(words.say("Choose a channel…"), MOST_PLACEHOLDER),
            channel_types=PLACES,
        )
        return [
            said,
            server,
            _head(words.say("Another language in one channel or category:")),
            Row(places),
        ]
    own = settings.languages.get(channel)
    current = SERVERS if own is None else own or OWN
    said = words.say("Answers in {place} are in:", place=f"<#{channel}>")
    id = f"chorus:set:languages:language:{channel}"
    return [said, _language_select(panel, id, current, of_channel=True)]


def _askers(panel: Panel, _: int | None) -> list[Part]:
    words, settings = panel.words, panel.settings
    said = words.say(
        "Whoever is on a list of the blocked may not ask, whatever else they are. A channel's threads count with it, a "
        "category's channels too."
    )
    return [
        said,
        _head(words.say("Roles that may ask (none: all)")),
        _roles(panel, "roles_allowed", settings.roles_allowed),
        _head(words.say("Roles that may not")),
        _roles(panel, "roles_blocked", settings.roles_blocked),
        _head(words.say("Channels where I may be asked (none: all)")),
        _channels(panel, "askers:channels_allowed", settings.channels_allowed),
        _head(words.say("Channels where not")),
        _channels(panel, "askers:channels_blocked", settings.channels_blocked),
    ]


def _answers(panel: Panel, _: int | None) -> list[Part]:
    words, settings = panel.words, panel.settings
    return [
        _head(words.say("Who sees an answer, where the asker does not say")),
        _choice(
            "private",
            YES if settings.private else NO,
            {NO: words.say("everybody in the channel"), YES: words.say("only the asker")},
        ),
        _head(words.say("How much it says, where the asker does not say")),
        _choice(
            "length",
            settings.length,
            {
                Length.SHORT: words.say("short"),
                Length.STANDARD: words.say("standard"),
                Length.DETAILED: words.say("detailed"),
            },
        ),
        _head(words.say("The names of those who wrote the comments")),
        _choice(
            "names",
            YES if settings.names else NO,
            {YES: words.say("shown"), NO: words.say("not shown: numbers in their place")},
        ),
    ]


def _offers(panel: Panel, _: int | None) -> list[Part]:
    words, offers = panel.words, panel.settings.offers
    chosen = {
        offer: [id for id, one in offers.items() if one is offer]
        for offer in (Offer.REACT, Offer.AUTOMATIC)
    }
    return [
        "\n".join(summary.offers(panel.settings, words)),
        _head(words.say("Mark links, and summarize them when a member presses the mark")),
        _channels(panel, f"offers:{Offer.REACT}", chosen[Offer.REACT]),
        _head(words.say("Summarize links at once, a few an hour")),
        _channels(panel, f"offers:{Offer.AUTOMATIC}", chosen[Offer.AUTOMATIC]),
    ]


def _sites(panel: Panel, _: int | None) -> list[Part]:
    words = panel.words
    lines = summary.sites(panel.settings, words)
    return ["\n".join(lines), Row(_button(words.say("Change…"), "chorus:panel:sites"))]


def _budgets(panel: Panel, _: int | None) -> list[Part]:
    words = panel.words
    buttons = Row(
        _button(words.say("This server…"), "chorus:panel:budget:server"),
        _button(words.say("Each member…"), "chorus:panel:budget:person"),
    )
    roles = ui.RoleSelect[ui.LayoutView](
        custom_id="chorus:panel:budget:role",
        placeholder=label(words.say("All with one role, together…"), MOST_PLACEHOLDER),
    )
    said = words.say(
        "What is kept costs nothing. Where several budgets hold, the first that is spent stops."
    )
    unknown = words.say(
        "What the model costs is not known, so no budget can hold; the operator can state its price."
    )
    lines = [*summary.budgets(panel.settings, words), *([] if panel.priced else [f"⚠️ {unknown}"])]
    return ["\n".join(lines), said, buttons, Row(roles)]


_SUMMARIES: dict[str, Callable[[ServerSettings, Sentences], list[str]]] = {
    "languages": summary.languages,
    "askers": summary.askers,
    "answers": summary.answers,
    "offers": summary.offers,
    "sites": summary.sites,
    "budgets": summary.budgets,
}
_PAGES: dict[str, Callable[[Panel, int | None], list[Part]]] = {
    "languages": _languages,
    "askers": _askers,
    "answers": _answers,
    "offers": _offers,
    "sites": _sites,
    "budgets": _budgets,
}


def _named(name: str, words: Sentences) -> str:
    return {
        "languages": words.say("Language"),
        "askers": words.say("Who may ask"),
        "answers": words.say("Answers"),
        "offers": words.say("Links people post"),
        "sites": words.say("Blocked sites"),
        "budgets": words.say("Budgets"),
    }[name]


def _warnings(panel: Panel) -> list[Part]:
    lines = lacks(panel.settings, panel.guild, panel.words, message_content=panel.message_content)
    return ["\n".join(f"⚠️ {line}" for line in lines)] if lines else []


def _head(said: str) -> str:
    return f"**{said}**"


def _language_select(panel: Panel, id: str, current: str, *, of_channel: bool = False) -> Row:
    words = panel.words
    named = {SERVERS: words.say("the server's language")} if of_channel else {}
    named[OWN] = words.say("the asker's own language")
    named |= {code: words.language_name(code) for code in LANGUAGES}
    return _select(id, "", _options(named, current))


def _roles(panel: Panel, name: str, ids: Sequence[int]) -> Row:
    role = discord.SelectDefaultValueType.role
    known = panel.guild.roles if panel.guild else ()
    return Row(
        ui.RoleSelect(
            custom_id=f"chorus:set:askers:{name}",
            placeholder=label(panel.words.say("Choose roles…"), MOST_PLACEHOLDER),
            min_values=0,
            max_values=MOST_CHOSEN,
            default_values=_defaults(ids, role, {one.id for one in known}),
        )
    )


def _channels(panel: Panel, name: str, ids: Sequence[int]) -> Row:
    channel = discord.SelectDefaultValueType.channel
    known = panel.guild.channels if panel.guild else ()
    return Row(
        ui.ChannelSelect(
            custom_id=f"chorus:set:{name}",
            placeholder=label(panel.words.say("Choose channels…"), MOST_PLACEHOLDER),
            channel_types=PLACES,
            min_values=0,
            max_values=MOST_CHOSEN,
            default_values=_defaults(ids, channel, {one.id for one in known}),
        )
    )


def _defaults(
    ids: Sequence[int], kind: discord.SelectDefaultValueType, known: Collection[int]
) -> list[discord.SelectDefaultValue]:
    # what was deleted since may not be named
    there = [id for id in ids if id in known][:MOST_CHOSEN]
    return [discord.SelectDefaultValue(id=id, type=kind) for id in there]


def _choice(name: str, current: str, named: dict[str, str]) -> Row:
    return _select(f"chorus:set:answers:{name}", "", _options(named, current))


def _options(named: dict[Any, str], current: str) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=label(name, MOST_OPTION), value=str(value), default=value == current
        )
        for value, name in named.items()
    ]


def _select(id: str, said: str, options: list[discord.SelectOption]) -> Row:
    placeholder = label(said, MOST_PLACEHOLDER) if said else None
    return Row(ui.Select(custom_id=id, placeholder=placeholder, options=options))


def _button(said: str, id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label(said, MOST_LABEL), custom_id=id)


def _page(parts: Sequence[Part]) -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOUR)
    for part in parts:
        box.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    return still(ui.LayoutView(timeout=None).add_item(box))
