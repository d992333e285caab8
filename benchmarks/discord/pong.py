"""The least a bot can do with the library: `/pong`. Run as a process of its own, LOOPBACK says where Discord is."""

from __future__ import annotations

import asyncio
import os

import discord
from discord import app_commands

from tests.discord.bot import WHERE, led
from tests.discord.server import TOKEN


class Pong(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)

        @self.tree.command()
        async def pong(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("pong")

    async def setup_hook(self) -> None:
        await self.tree.sync()


if __name__ == "__main__":
    with led(os.environ[WHERE]):
        asyncio.run(Pong().start(TOKEN))
