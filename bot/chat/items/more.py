"""What else can be done with a card: offered to the one who asks for it, and only what they may."""

from __future__ import annotations

import asyncio

import discord

from bot.chat.access import moderates
from bot.chat.cards import notice
from bot.chat.exporting import export
from bot.chat.items.pressed import CARD, KEY, OfDigest, Pressed
from bot.chat.rows import more_view
from bot.chat.services import Services, words_of
from bot.core.models import Digested
from bot.errors import CardGone, OnlyAsker


class More(OfDigest, template=rf"chorus:more:{KEY}"):
    """Offers what does not stand on the card."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with languages, export, and removal where it is theirs to do."""
        message = interaction.message
        card = message.id if message is not None and not message.flags.ephemeral else 0
        if card and await services.pinning.pins.among(interaction.channel_id or 0, [card]):
            card = 0  # a pinned digest is managed with /digest
        here = interaction.guild_id is None or interaction.is_guild_integration()
        may_remove = bool(card) and here and await _may_remove(interaction, services, card)
        view = more_view(digested, words_of(interaction), card, may_remove=may_remove)
        await interaction.response.send_message(view=view, ephemeral=True)


class Export(OfDigest, template=rf"chorus:export:{KEY}"):
    """Gives the digest as files."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with both files."""
        words, most = words_of(interaction), interaction.filesize_limit
        view, files = await asyncio.to_thread(export, digested, words, most)
        await interaction.response.send_message(view=view, files=files, ephemeral=True)


class Remove(Pressed, template=rf"chorus:gone:{CARD}"):
    """Deletes the card's message, and forgets nothing else."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Delete it, and say so in place of the private answer."""
        channel, card = interaction.channel_id, int(self.found["card"])
        if channel is None or not await _may_remove(interaction, services, card):
            raise OnlyAsker
        await interaction.response.defer()
        message = interaction.client.get_partial_messageable(channel).get_partial_message(card)
        try:
            await message.delete()
        except discord.NotFound:
            pass  # somebody was faster
        except discord.Forbidden as error:
            raise CardGone from error
        await services.cards.drop([card])
        said = words_of(interaction).say("The card is removed.")
        await interaction.edit_original_response(view=notice(said))


async def _may_remove(interaction: discord.Interaction, services: Services, card: int) -> bool:
    if moderates(interaction):
        return True
    known = await services.cards.get(card)
    return known is not None and known.asker == interaction.user.id
