"""Forms that are opened from a card or a page; what they bring in is taken in `bot.chat.items.forms`."""

from __future__ import annotations

import discord
from discord import ui

from bot.chat.escape import label
from bot.chat.facts import Numbered
from bot.chat.sentences import Sentences
from bot.core.models import Digested
from bot.core.tally import quoted

MOST_TITLE = MOST_NAME = 45
MOST_OPTION = 100
MOST_QUESTION, MOST_NOTE = 300, 300
MOST_QUOTES = 10
POSITION = "position"  # what is wrong, where it is not the quote of a number


def ask_form(digested: Digested, words: Sentences) -> ui.Modal:
    """Return the form that asks for a question."""
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="question", min_length=2, max_length=MOST_QUESTION
    )
    form = _form(words.say("Ask about this article"), f"chorus:asked:{digested.digest.key}")
    form.add_item(_named(words.say("Your question"), field))
    return form


def wrong_form(digested: Digested, one: Numbered, words: Sentences) -> ui.Modal:
    """Return the form that asks what is wrong with a position."""
    position = one.position
    options = [
        discord.SelectOption(
            label=label(words.say("The position itself"), MOST_OPTION),
            value=POSITION,
            description=label(position.label, MOST_OPTION),
            default=True,
        )
    ]
    options += [
        discord.SelectOption(
            label=label(words.say("Quote {n}", n=words.number(n + 1)), MOST_OPTION),
            value=str(n),
            description=label(quoted(quote, digested.reading), MOST_OPTION),
        )
        for n, quote in enumerate(position.quotes[:MOST_QUOTES])
    ]
    what: ui.Select[ui.Modal] = ui.Select(custom_id="what", options=options)
    note: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="note", required=False, max_length=MOST_NOTE, style=discord.TextStyle.paragraph
    )
    form = _form(words.say("What is wrong?"), f"chorus:flag:{digested.digest.key}:{one.number}")
    form.add_item(_named(words.say("What it is about"), what))
    form.add_item(_named(words.say("A note, if you like"), note))
    return form


def _form(title: str, custom_id: str) -> ui.Modal:
    form = ui.Modal(title=label(title, MOST_TITLE), custom_id=custom_id, timeout=None)
    form.stop()  # or the library would keep it, and forget it at the next start all the same
    return form


def _named(name: str, field: ui.Item[ui.Modal]) -> ui.Label[ui.Modal]:
    return ui.Label(text=label(name, MOST_NAME), component=field)
