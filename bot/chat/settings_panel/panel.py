"""Who may use the panel, and what its pages are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import discord

from bot.chat.sentences import Sentences
from bot.chat.services import services_of, words_of
from bot.core.ports import Clock
from bot.core.servers import ServerSettings
from bot.errors import PanelClosed

OPEN_FOR = timedelta(minutes=15)
"""For those whom the server's own command permissions let in: whether they still do cannot be asked at every press."""


@dataclass(frozen=True)
class Panel:
    """
    What a page is made from.

    `guild` is the server as far as it is known, None before it has arrived; `priced` as in `Services`.
    """

    settings: ServerSettings
    words: Sentences
    guild: discord.Guild | None
    message_content: bool
    priced: bool


def panel_of(interaction: discord.Interaction, settings: ServerSettings) -> Panel:
    """Return what the panel's pages are made from, for the one who looks."""
    client = interaction.client
    guild = client.get_guild(interaction.guild_id or 0)
    return Panel(
        settings=settings,
        words=words_of(interaction),
        guild=guild,
        message_content=client.intents.message_content,
        priced=services_of(interaction).priced,
    )


def managed(interaction: discord.Interaction, clock: Clock) -> int:
    """Return the server that the person may change; raises `PanelClosed`."""
    message, guild = interaction.message, interaction.guild_id
    # seen by nobody but the one for whom Discord let the command through
    opened = message is not None and message.flags.ephemeral
    fresh = message is not None and clock.now() < message.created_at + OPEN_FOR
    if guild is None or not opened or not (interaction.permissions.manage_guild or fresh):
        raise PanelClosed
    return guild
