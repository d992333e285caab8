"""What a right-click on a message offers."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import Ask, ask
from bot.chat.links_of import chooser, links_at
from bot.chat.place import Place
from bot.chat.rules import rules_of
from bot.chat.services import Services, words_of

_ = app_commands.locale_str


def add_menus(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the menus to *tree*."""

    @tree.context_menu(name=_("Summarize discussion"))
    async def summarize_discussion(
        interaction: discord.Interaction, message: discord.Message
    ) -> None:
        place = Place(interaction.guild_id, message.channel.id, message.id)
        rules = await rules_of(interaction, services)
        wanted = Ask(rules.brief(), place.link, private=rules.private())
        await ask(interaction, services, rules, wanted)

    @tree.context_menu(name=_("Summarize link"))
    async def summarize_link(interaction: discord.Interaction, message: discord.Message) -> None:
        rules = await rules_of(interaction, services)
        rules.admit()
        links = await links_at(message)
        if len(links) > 1:
            view = chooser(links, words_of(interaction))
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        wanted = Ask(rules.brief(), links[0] if links else None, private=rules.private())
        await ask(interaction, services, rules, wanted)
