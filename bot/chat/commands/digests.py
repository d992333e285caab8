"""/digests: earlier digests of this server, by their words."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import hand_over
from bot.chat.digest_list import MOST_SEARCH, list_view
from bot.chat.services import Services

_ = app_commands.locale_str


def add_digests(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name=_("digests"), description=_("Earlier digests of this server"))
    @app_commands.describe(search=_("Words of title, summary or positions"))
    async def digests(
        interaction: discord.Interaction,
        search: app_commands.Range[str, 0, MOST_SEARCH] | None = None,
    ) -> None:
        view = await list_view(interaction, services, search or "", 0)
        await interaction.response.send_message(view=view, ephemeral=True)
        await hand_over(interaction, services)
