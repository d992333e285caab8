"""/help."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import hand_over
from bot.chat.introduction import help_view
from bot.chat.items.wish import wish_row
from bot.chat.services import Services, words_of

_ = app_commands.locale_str


def add_help(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(
        name=_("help"), description=_("How it works, who receives the text, what is kept")
    )
    async def help_(interaction: discord.Interaction) -> None:
        words = words_of(interaction)
        view = help_view(
            words,
            has_model=services.digesting.has_model,
            message_content=interaction.client.intents.message_content,
            days=services.retention_days,
        )
        view.add_item(wish_row(words.say("Delete what is kept about me")))
        await interaction.response.send_message(view=view, ephemeral=True)
        await hand_over(interaction, services)
