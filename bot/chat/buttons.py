"""
The buttons of a card. Their whole state is in the custom id, so they survive restarts.

discord.py only logs what a dynamic item raises: `Pressed` answers the person instead.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord import ui

from bot.chat.access import may_press
from bot.chat.cards import MOST_LEADS, Page, notice, pages, still
from bot.chat.services import Services, language_of, words_of
from bot.chat.writing import leads_of
from bot.core.models import Digested, Lead
from bot.errors import Expired

if TYPE_CHECKING:
    from bot.chat.client import ChorusClient
    from bot.chat.sentences import Sentences

KEY = r"(?P<key>[0-9a-f]{24})"
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "sv", "tr", "uk", "ja", "ko", "zh")
"""Offered by *Language*; `/summarize language:` takes any code."""


class Pressed(ui.DynamicItem[ui.Item[Any]], template=r"chorus:never"):
    """Base of what can be pressed: looks up digest and presser, and answers even when something fails."""

    def __init__(self, item: ui.Item[Any], key: str, number: int = 0, lead: str = "") -> None:
        super().__init__(item)
        self.key = key
        self.number = number
        self.lead = lead

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the item from its id; whatever must be looked up waits for `callback`."""
        found = match.groupdict()
        return cls(item, found["key"], int(found.get("number") or 0), found.get("lead") or "")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what was pressed; an error is said to the person."""
        from bot.chat.asking import answer_error

        services = cast("ChorusClient", interaction.client).services
        try:
            digested = await services.digesting.kept(self.key)
            if digested is None:
                raise Expired
            await may_press(interaction, digested.reading)
            await self.press(interaction, services, digested)
        except Exception as error:
            await answer_error(interaction, error)

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Do what this item is for."""
        raise NotImplementedError


class AllPositions(Pressed, template=rf"chorus:all:{KEY}"):
    """Opens every position with its comments, for the one who pressed."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with the first page."""
        view = page_view(digested, 0, words_of(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)


class TurnPage(Pressed, template=rf"chorus:page:{KEY}:(?P<number>\d{{1,4}})"):
    """Turns to another page of positions."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Edit the private page in place."""
        view = page_view(digested, self.number, words_of(interaction))
        await interaction.response.edit_message(view=view)


class Refresh(Pressed, template=rf"chorus:fresh:{KEY}"):
    """Reads and digests again; the card stays until the new one is there."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Acknowledge, and order a fresh digest in place of the card."""
        from bot.chat.asking import Ask, take

        await interaction.response.defer()
        # a card that only one person sees is answered to that person, even where its token has died
        private = interaction.message is not None and interaction.message.flags.ephemeral
        wanted = Ask(digested.digest.brief, private=private, fresh=True)
        reading = digested.reading
        await take(interaction, services, wanted, reading.target, reading.audience, card=True)


class Language(Pressed, template=rf"chorus:lang:{KEY}"):
    """Asks in which language, privately."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with a list of languages."""
        words = words_of(interaction)
        options = [
            discord.SelectOption(label=words.language_name(code)[:100], value=code)
            for code in LANGUAGES
        ]
        select: ui.Select[ui.LayoutView] = ui.Select(
            custom_id=f"chorus:in:{self.key}",
            placeholder=words.say("In which language?"),
            options=options,
        )
        view = still(ui.LayoutView(timeout=None).add_item(ui.ActionRow(select)))
        await interaction.response.send_message(view=view, ephemeral=True)


class InLanguage(Pressed, template=rf"chorus:in:{KEY}"):
    """Gives the digest in the language chosen, to the one who chose."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Show the kept digest, or order one in place of the list."""
        from bot.chat.answers import answer_view
        from bot.chat.asking import Ask, take

        chosen = cast("dict[str, Any]", interaction.data).get("values") or ["en"]
        brief = replace(digested.digest.brief, language=str(chosen[0]))
        reading = digested.reading
        kept = await services.digesting.cached(reading.target, reading.audience, brief)
        if kept:
            view = answer_view(kept, words_of(interaction))
            await interaction.response.edit_message(view=view)
            return
        view = notice(words_of(interaction).say("One moment…"))
        await interaction.response.edit_message(view=view)
        wanted = Ask(brief, private=True)
        await take(interaction, services, wanted, reading.target, reading.audience)


class OpenLead(Pressed, template=rf"chorus:lead:{KEY}:(?P<lead>[0-9a-f]{{8}})"):
    """Digests a discussion elsewhere, apart from this one, for the one who pressed."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Ask as /summarize does, privately and in the presser's language."""
        from bot.chat.asking import Ask, ask

        named = (lead for lead in leads_of(digested.reading) if _lead_id(lead) == self.lead)
        lead = next(named, None)
        if lead is None:
            raise Expired  # read again since, and no longer found
        brief = replace(digested.digest.brief, language=language_of(interaction))
        await ask(interaction, services, Ask(brief, lead.url, private=True))


ITEMS: tuple[type[Pressed], ...] = (
    AllPositions,
    TurnPage,
    Refresh,
    Language,
    InLanguage,
    OpenLead,
)
"""Registered with the client at start, so that buttons of earlier runs work."""


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
        _button(label, f"chorus:lead:{key}:{_lead_id(lead)}")
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


def _lead_id(lead: Lead) -> str:
    # not its place in the list: the same reading, read again, may have found others
    return hashlib.sha256(lead.url.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _button(label: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label[:80], custom_id=custom_id)
