"""What can be pressed below a card and a page, as rows: what each does is in `bot.chat.items`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.cards import Row, boxed, notice
from bot.chat.escape import label, seen
from bot.chat.facts import (
    Numbered,
    are_apart,
    comments_of,
    counted,
    leads_of,
    numbered,
    site_of,
    title_of,
)
from bot.chat.opened import ALL, REST, Section, page
from bot.chat.positions import in_full
from bot.chat.sentences import Sentences
from bot.core.flags import Flag
from bot.core.models import Digested, Lead

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "sv", "tr", "uk", "ja", "ko", "zh")
"""Offered by *Language*; `/summarize language:` takes any code."""

MOST_OPTIONS = 25
MOST_LABEL, MOST_OPTION, MOST_PLACEHOLDER = 80, 100, 150


def card_rows(digested: Digested, words: Sentences) -> list[Row]:
    """Return what stands below a card: what to open, where else it is discussed, one row of buttons."""
    digest, reading = digested.digest, digested.reading
    key, rows, buttons = digest.key, [], Row()
    if digest.positions:
        rows.append(_opener(digested, words, f"chorus:open:{key}", 0))
    elif reading.readable:
        buttons.add_item(_button(words.say("All comments"), f"chorus:all:{key}"))
    if leads_of(reading):
        rows.append(_elsewhere(digested, words))
    buttons.add_item(_button(words.say("Ask"), f"chorus:ask:{key}"))
    if not reading.target.startswith("paste:"):
        buttons.add_item(_button(words.say("Refresh"), f"chorus:fresh:{key}"))
    buttons.add_item(_button(words.say("More…"), f"chorus:more:{key}"))
    return [*rows, buttons]


def pinned_rows(digested: Digested, words: Sentences, *, whole: bool) -> list[Row]:
    """Return what stands below a pinned card, which refreshes itself; *whole*: no position of it is hidden."""
    *rows, buttons = card_rows(digested, words)
    unwanted = ["chorus:fresh:"]
    if not whole:  # in another language it would show what a moderator has hidden
        unwanted.append("chorus:more:")
    for button in buttons.children:
        if isinstance(button, ui.Button) and str(button.custom_id).startswith(tuple(unwanted)):
            buttons.remove_item(button)
    return [*rows, buttons]


def page_view(
    digested: Digested, what: Section, number: int, words: Sentences, flags: Sequence[Flag] = ()
) -> ui.LayoutView:
    """Return page *number* (the nearest there is) of *what*, with buttons to turn and a list to open something else."""
    key, last = digested.digest.key, len(what.pages) - 1
    number = max(0, min(number, last))
    buttons = _turning(f"chorus:page:{key}:{what.name}", number, last, words)
    if what.one is not None:
        wrong = f"chorus:wrong:{key}:{what.name}"
        buttons.add_item(_button(words.say("Wrong?"), wrong))
    rows = [buttons] if buttons.children else []
    if digested.digest.positions:
        at = what.one.number - 1 if what.one else 0
        rows.append(_opener(digested, words, f"chorus:turn:{key}", at, what.name))
    return boxed(page(digested, what, number, words, flags), rows)


def full_view(digested: Digested, number: int, words: Sentences) -> ui.LayoutView:
    """Return page *number* (the nearest there is) of all positions, with buttons to turn and a list to open one."""
    key, pages = digested.digest.key, in_full(digested, words)
    last = len(pages) - 1
    number = max(0, min(number, last))
    buttons = _turning(f"chorus:full:{key}", number, last, words)
    opener = _opener(digested, words, f"chorus:open:{key}", 0)
    return boxed(pages[number], [*([buttons] if last else []), opener])


def chooser(digested: Digested, start: int, words: Sentences) -> ui.LayoutView:
    """Return a list of the positions from *start* on (counted from 0), to open one of them."""
    opener = _opener(digested, words, f"chorus:turn:{digested.digest.key}", start)
    return notice(words.say("Which position?"), opener)


def languages(digested: Digested, words: Sentences, card: int) -> Row:
    """Return a list of languages; *card* is the public message that may be put into one, 0 for none."""
    options = [
        discord.SelectOption(label=label(words.language_name(code), MOST_OPTION), value=code)
        for code in LANGUAGES
    ]
    return Row(
        ui.Select(
            custom_id=f"chorus:in:{digested.digest.key}:{card}",
            placeholder=words.say("In which language?"),
            options=options,
        )
    )


def more_view(
    digested: Digested, words: Sentences, card: int, *, may_remove: bool
) -> ui.LayoutView:
    """Return what else can be done with a card, for one person."""
    buttons = Row(_button(words.say("Export"), f"chorus:export:{digested.digest.key}"))
    if may_remove:
        buttons.add_item(_button(words.say("Remove"), f"chorus:gone:{card}"))
    said = words.say("Read it in another language, take it with you as a file:")
    return notice(said, languages(digested, words, card), buttons)


def publish_row(digested: Digested, words: Sentences, card: int) -> Row:
    """Return the button that puts a digest in the place of a public card."""
    said = words.say("Change the public card")
    return Row(_button(said, f"chorus:show:{digested.digest.key}:{card}"))


def progress_view(said: str, order: str, words: Sentences) -> ui.LayoutView:
    """Return what is under way, with a button to call it off."""
    return notice(said, Row(_button(words.say("Cancel"), f"chorus:stop:{order}")))


def lead_id(lead: Lead) -> str:
    """Return the name of *lead* in a list."""
    # not its place in the list: the same reading, read again, may have found others
    return hashlib.sha256(lead.url.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _elsewhere(digested: Digested, words: Sentences) -> Row:
    """Return the list of discussions elsewhere; its closed face names them."""
    leads = {lead_id(lead): lead for lead in leads_of(digested.reading)}
    named = [
        f"{site_of(x, words)} · {words.number(x.comments)}" if x.comments else site_of(x, words)
        for x in leads.values()
    ]
    options = [
        discord.SelectOption(
            label=label(
                " · ".join(filter(None, (site_of(lead, words), comments_of(lead, words)))),
                MOST_OPTION,
            ),
            description=_described(title_of(lead, digested.reading)),
            value=id,
        )
        for id, lead in list(leads.items())[:MOST_OPTIONS]
    ]
    said = words.say("Also discussed: {places}", places=", ".join(named))
    return Row(
        ui.Select(
            custom_id=f"chorus:lead:{digested.digest.key}",
            placeholder=label(said, MOST_PLACEHOLDER),
            options=options,
        )
    )


def _opener(
    digested: Digested, words: Sentences, custom_id: str, at: int, current: str | None = None
) -> Row:
    """Return the list of what can be opened, with the positions around *at*; *current* is open."""
    digest, every = digested.digest, numbered(digested)
    others = [(ALL, words.say("All comments"), len(digested.reading.readable))]
    if digest.unplaced:
        others.insert(0, (REST, words.say("In no position"), len(digest.unplaced)))
    room = MOST_OPTIONS - len(others)
    if len(every) > room:
        room -= 1
    start = max(0, min(at, len(every) - 1)) // room * room
    options = [_position(one, digested, words) for one in every[start : start + room]]
    if len(every) > room:
        first = start + room if start + room < len(every) else 0
        last = min(first + room, len(every))
        said = words.say(
            "Positions {first} to {last}…",
            first=words.number(first + 1),
            last=words.number(last),
        )
        options.append(discord.SelectOption(label=label(said, MOST_OPTION), value=f"from:{first}"))
    options += [
        discord.SelectOption(
            label=label(name, MOST_OPTION),
            value=value,
            description=words.count("{n} comment", "{n} comments", n),
        )
        for value, name, n in others
    ]
    for option in options:
        option.default = option.value == current
    said = words.say("Open a position…")
    return Row(
        ui.Select(custom_id=custom_id, placeholder=label(said, MOST_PLACEHOLDER), options=options)
    )


def _position(one: Numbered, digested: Digested, words: Sentences) -> discord.SelectOption:
    reading = digested.reading
    held = counted(one.position, reading, words)
    if are_apart(reading):
        held = f"{site_of(reading.discussions[one.place], words)} · {held}"
    return discord.SelectOption(
        label=label(f"{one.number}. {one.position.label}", MOST_OPTION),
        value=str(one.number),
        description=_described(held),
    )


def _described(text: str) -> str | None:
    return label(text, MOST_OPTION) if seen(text, MOST_OPTION) else None


def _turning(turn: str, number: int, last: int, words: Sentences) -> Row:
    """Return the buttons that turn pages; none where there is one page."""
    row = Row()
    if last:
        row.add_item(_turn(words.say("Back"), turn, number - 1, there=number > 0))
        place = words.say("{n} of {all}", n=words.number(number + 1), all=words.number(last + 1))
        here = _button(place, f"{turn}:here")
        here.disabled = True
        row.add_item(here)
        row.add_item(_turn(words.say("Next"), turn, number + 1, there=number < last))
    return row


def _turn(said: str, turn: str, number: int, *, there: bool) -> ui.Button[ui.LayoutView]:
    # a disabled button needs an id too, of its own
    button = _button(said, f"{turn}:{number}" if there else f"{turn}:none:{number > 0}")
    button.disabled = not there
    return button


def _button(said: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label(said, MOST_LABEL), custom_id=custom_id)
