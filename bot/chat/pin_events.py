"""What the gateway tells of pinned digests: the watcher then looks for itself whether they still stand."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

import discord

from bot.chat.failures import PASSING
from bot.chat.services import Services
from bot.core.pinning import to_look

log = logging.getLogger("chorus.chat")


async def look(services: Services, channel: int, messages: Sequence[int] | None = None) -> None:
    """Have it looked at soon whether the pinned digests in *channel* stand, of *messages* those among them."""
    pinning, now = services.pinning, services.clock.now()
    for pin in await pinning.pins.among(channel, messages):
        await pinning.pins.change(pin.id, partial(to_look, now=now))
        pinning.watch.wake()


async def unsay(message: discord.Message) -> None:
    """Delete Discord's own word that the bot has pinned something."""
    try:
        await message.delete()
    except (discord.HTTPException, *PASSING) as failed:
        log.info("the word that something was pinned stays: %s", failed)
