"""The buttons below a card and a page, as rows: what each does when pressed is in `bot.chat.items`."""

from __future__ import annotations

import hashlib

from discord import ui

from bot.chat.cards import MOST_LEADS, Page, pages, still
from bot.chat.sentences import Sentences
from bot.chat.writing import leads_of
from bot.core.models import Digested, Lead

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "sv", "tr", "uk", "ja", "ko", "zh")
"""Offered by *Language*; `/summarize language:` takes any code."""


def card_buttons(digested: Digested, words: Sentences) -> ui.ActionRow[ui.LayoutView]:
    """Return the row below a card."""
    digest, row = digested.digest, ui.ActionRow[ui.LayoutView]()
    every = words.say("All positions") if digest.positions else words.say("All comments")
    if digested.reading.readable:
        row.add_item(_button(every, f"chorus:all:{digest.key}"))
    if not digested.reading.target.startswith("paste:"):
        row.add_item(_button(words.say("Refresh"), f"chorus:fresh:{digest.key}"))
    row.add_item(_button(words.say("Language"), f"chorus:lang:{digest.key}"))
    return row


def lead_buttons(digested: Digested, words: Sentences) -> list[ui.Button[ui.LayoutView]]:
    """Return a button for each of the first leads, in their order."""
    key, label = digested.digest.key, words.say("Summarize")
    return [
        _button(label, f"chorus:lead:{key}:{lead_id(lead)}")
        for lead in leads_of(digested.reading)[:MOST_LEADS]
    ]


def page_view(digested: Digested, number: int, words: Sentences) -> ui.LayoutView:
    """Return page *number* (the nearest there is) with buttons to turn."""
    every: list[Page] = pages(digested, words)
    number = max(0, min(number, len(every) - 1))
    view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay(every[number].text or "…"))
    if len(every) > 1:
        row = ui.ActionRow[ui.LayoutView]()
        key = digested.digest.key
        row.add_item(_turn("◀", key, number - 1, disabled=number == 0))
        place = words.say("{n} of {all}", n=number + 1, all=len(every))
        here = _button(place, f"chorus:here:{key}")
        here.disabled = True
        row.add_item(here)
        row.add_item(_turn("▶", key, number + 1, disabled=number == len(every) - 1))
        view.add_item(row)
    return still(view)


def _turn(label: str, key: str, number: int, *, disabled: bool) -> ui.Button[ui.LayoutView]:
    # a disabled button needs an id too, of its own
    button = _button(
        label, f"chorus:page:{key}:{max(number, 0)}" if not disabled else f"chorus:end:{key}{label}"
    )
    button.disabled = disabled
    return button


def lead_id(lead: Lead) -> str:
    """Return the name of *lead* in a custom id."""
    # not its place in the list: the same reading, read again, may have found others
    return hashlib.sha256(lead.url.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _button(label: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label[:80], custom_id=custom_id)
