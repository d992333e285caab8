"""What the buttons and lists of a card do; what leads away from it is in files of its own."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.chat.asking import Ask, ask, take
from bot.chat.facts import leads_of
from bot.chat.forms import ask_form
from bot.chat.items.pressed import KEY, OfDigest, chosen
from bot.chat.rows import lead_id
from bot.chat.rules import rules_of
from bot.chat.services import Services, language_of, words_of
from bot.core.models import Digested
from bot.errors import Expired


class Refresh(OfDigest, template=rf"chorus:fresh:{KEY}"):
    """Reads and digests again; the card stays until the new one is there."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Order a fresh digest in place of the card."""
        # a card that only one person sees is answered to that person, even where its token has died
        private = interaction.message is not None and interaction.message.flags.ephemeral
        wanted = Ask(digested.digest.brief, private=private, fresh=True)
        reading, shown = digested.reading, digested.digest.key
        there, say = (reading.target, reading.audience), interaction.response.defer
        await take(interaction, services, wanted, *there, shown=shown, say=say)


class AskAbout(OfDigest, template=rf"chorus:ask:{KEY}"):
    """Opens the form for a question."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer with the form; nothing long may be waited for before."""
        (await rules_of(interaction, services)).admit()
        await interaction.response.send_modal(ask_form(digested, words_of(interaction)))


class OpenLead(OfDigest, template=rf"chorus:lead:{KEY}"):
    """Digests a discussion elsewhere, apart from this one, for the one who chose it."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Ask as /summarize does, privately and in the chooser's language."""
        wanted = chosen(interaction)
        lead = next((x for x in leads_of(digested.reading) if lead_id(x) == wanted), None)
        if lead is None:
            raise Expired  # read again since, and no longer found
        brief = replace(digested.digest.brief, language=language_of(interaction))
        rules = await rules_of(interaction, services)
        await ask(interaction, services, rules, Ask(brief, lead.url, private=True))
