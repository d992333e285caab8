"""/settings: one panel, for those who manage the server."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.services import Services
from bot.chat.settings_panel import overview, panel_of

_ = app_commands.locale_str


def add_settings(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*: in servers only, and for others where an owner says so in the server's settings."""

    @tree.command(
        name=_("settings"), description=_("Languages, who may ask, links, budgets of this server")
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def settings(interaction: discord.Interaction) -> None:
        now = await services.servers.get(interaction.guild_id)
        view = overview(panel_of(interaction, now))
        await interaction.response.send_message(view=view, ephemeral=True)
