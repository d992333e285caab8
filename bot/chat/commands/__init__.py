"""The slash commands and message menus, a file each: parse, ask, nothing else."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.commands.ask import add_ask
from bot.chat.commands.digest import add_digest
from bot.chat.commands.digests import add_digests
from bot.chat.commands.help import add_help
from bot.chat.commands.menus import add_menus
from bot.chat.commands.positions import add_positions
from bot.chat.commands.settings import add_settings
from bot.chat.commands.summarize import add_summarize
from bot.chat.commands.usage import add_usage
from bot.chat.services import Services


def add_commands(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add every command to *tree*."""
    add_summarize(tree, services)
    add_positions(tree, services)
    add_ask(tree, services)
    add_digests(tree, services)
    add_digest(tree, services)
    add_settings(tree, services)
    add_help(tree, services)
    add_usage(tree, services)
    add_menus(tree, services)
