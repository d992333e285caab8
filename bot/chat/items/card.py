"""What the buttons of a card do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import discord
from discord import ui

from bot.chat.answers import answer_view
from bot.chat.asking import Ask, ask, take
from bot.chat.cards import notice, still
from bot.chat.items.pressed import KEY, Pressed
from bot.chat.rows import LANGUAGES, lead_id, page_view
from bot.chat.services import Services, language_of, words_of
from bot.chat.writing import leads_of
from bot.core.models import Digested
from bot.errors import Expired


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
        named = (lead for lead in leads_of(digested.reading) if lead_id(lead) == self.lead)
        lead = next(named, None)
        if lead is None:
            raise Expired  # read again since, and no longer found
        brief = replace(digested.digest.brief, language=language_of(interaction))
        await ask(interaction, services, Ask(brief, lead.url, private=True))
