"""The message that an answer to somebody began as, where the token that leads to it is dead."""

from __future__ import annotations

import logging

import discord
from discord import ui

from bot.chat.failures import PASSING

log = logging.getLogger("chorus.chat")

MOST_SEEN = 25
"""Messages of the channel that are looked at, from the question on: the answer began within seconds of it."""


async def original(client: discord.Client, channel: int, asked: str) -> discord.Message | None:
    """Return the public message that answers the interaction *asked* so far; None where none is seen."""
    after = discord.Object(int(asked))
    place = client.get_partial_messageable(channel)
    try:
        async for message in place.history(limit=MOST_SEEN, after=after, oldest_first=True):
            began = message.interaction_metadata
            if began is not None and began.id == after.id:
                return message
    except (discord.DiscordException, *PASSING) as failed:
        log.info("what an answer began as could not be looked for: %s", failed)
    return None


def shows(message: discord.Message, digest: str) -> bool:
    """Whether *message* is the card of the digest with this key: what can be pressed below it says so."""
    view = ui.LayoutView.from_message(message)
    ids = (getattr(item, "custom_id", None) or "" for item in view.walk_children())
    return any(digest in id for id in ids)


async def remove(message: discord.Message) -> None:
    """Delete what a later message has taken the place of."""
    try:
        await message.delete()
    except (discord.DiscordException, *PASSING) as failed:
        log.info("what an answer began as could not be deleted: %s", failed)
