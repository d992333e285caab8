"""The same digest in another language: for one person, and for everybody where a moderator wants it so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import discord

from bot.chat.access import away, fit_for, for_adults, moderates
from bot.chat.answers import answer_view
from bot.chat.asking import Ask, take
from bot.chat.cards import notice
from bot.chat.items.pressed import CARD, KEY, OfDigest, chosen
from bot.chat.rules import rules_of, shown
from bot.chat.sentences import Sentences
from bot.chat.services import Services, words_of
from bot.chat.standing import is_out_of_reach
from bot.core.languages import language_code
from bot.core.models import Digested
from bot.errors import CardGone, NotInPublic, OnlyModerators


class InLanguage(OfDigest, template=rf"chorus:in:{KEY}:{CARD}"):
    """Gives the digest in the language chosen, to the one who chose."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Show the kept digest, or order one in place of the list; a moderator may publish it."""
        brief = replace(digested.digest.brief, language=language_code(chosen(interaction)) or "en")
        card = int(self.found["card"]) if moderates(interaction) else 0
        reading, words = digested.reading, words_of(interaction)
        rules = await rules_of(interaction, services)
        rules.admit()
        kept = await services.digesting.cached(reading.target, reading.audience, brief)
        if kept:
            fit_for(kept.reading, adults=for_adults(interaction.channel))  # it may be a later one
            view = answer_view(shown(rules.settings, kept, words), words, instead_of=card)
            await interaction.response.edit_message(view=view)
            return
        wait = notice(words.say("One moment…"))
        say = partial(interaction.response.edit_message, view=wait)
        there = (reading.target, reading.audience)
        await take(
            interaction, services, Ask(brief, private=True), *there, instead_of=card, say=say
        )


class Publish(OfDigest, template=rf"chorus:show:{KEY}:{CARD}"):
    """Puts a digest in the place of the public card."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Edit the card in its language, and say so in place of the private answer."""
        channel, card = interaction.channel_id, int(self.found["card"])
        if not moderates(interaction):
            raise OnlyModerators
        if channel is None or away(digested.reading.audience, channel):
            raise NotInPublic
        await interaction.response.defer()
        brief = digested.digest.brief
        words = Sentences.of(brief.language)
        settings = await services.servers.get(interaction.guild_id)
        view = answer_view(shown(settings, digested, words), words)
        message = interaction.client.get_partial_messageable(channel).get_partial_message(card)
        try:
            await message.edit(view=view)
        except discord.HTTPException as error:
            if is_out_of_reach(error):
                raise CardGone from error
            raise
        known = await services.cards.get(card)
        if known:
            await services.cards.put(replace(known, brief=brief, at=services.clock.now()))
        said = words_of(interaction).say("The public card is changed.")
        await interaction.edit_original_response(view=notice(said))
