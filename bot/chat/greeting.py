"""The one word of greeting in a server, for those who manage it."""

from __future__ import annotations

import logging

import discord

from bot.chat.introduction import greeting
from bot.chat.sentences import Sentences
from bot.chat.services import Services

log = logging.getLogger("chorus.chat")


async def greet(guild: discord.Guild, services: Services) -> None:
    """Say once, and never again, what the bot is for, where it may write: in the system channel, else the first one."""
    channel = _where(guild)
    if channel is None or not await services.notes.first(f"greeted:{guild.id}"):
        return
    words = Sentences.of(str(guild.preferred_locale))
    try:
        await channel.send(view=greeting(words, has_model=services.digesting.has_model))
    except discord.HTTPException as failed:
        log.info("a server was not greeted: %s", failed)


def _where(guild: discord.Guild) -> discord.TextChannel | None:
    channels = [*([guild.system_channel] if guild.system_channel else []), *guild.text_channels]
    for channel in channels:
        rights = channel.permissions_for(guild.me)
        if rights.view_channel and rights.send_messages:
            return channel
    return None
