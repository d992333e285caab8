"""What a right-click on a message offers."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import Ask, ask
from bot.chat.place import Place
from bot.chat.services import Services, language_of
from bot.core.links import links_in
from bot.core.models import Brief

_ = app_commands.locale_str


def add_menus(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the menus to *tree*."""

    @tree.context_menu(name=_("Summarize discussion"))
    async def summarize_discussion(
        interaction: discord.Interaction, message: discord.Message
    ) -> None:
        place = Place(interaction.guild_id, message.channel.id, message.id)
        await ask(interaction, services, Ask(Brief(language_of(interaction)), place.link))

    @tree.context_menu(name=_("Summarize link"))
    async def summarize_link(interaction: discord.Interaction, message: discord.Message) -> None:
        brief = Brief(language_of(interaction))
        await ask(interaction, services, Ask(brief, first_link(message)))


def first_link(message: discord.Message) -> str | None:
    """Return the first link in the words, embeds or forwarded parts of *message*."""
    texts = [message.content, *(embed.url or "" for embed in message.embeds)]
    for snapshot in message.message_snapshots:
        texts += [snapshot.content, *(embed.url or "" for embed in snapshot.embeds)]
    return next((link for text in texts for link in links_in(text)), None)
