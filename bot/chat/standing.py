"""Public cards that stand in channels: written down when they are posted, looked for before another one is."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import discord

from bot.chat.access import is_told_of
from bot.chat.failures import PASSING
from bot.core.cards import Card, Cards
from bot.core.models import Brief
from bot.core.ports import Clock
from bot.errors import StoreError

log = logging.getLogger("chorus.chat")

AS_LONG_AS = timedelta(hours=1)
"""A card that was written within this answers the same link again."""

NO_LONGER = frozenset({401, 403, 404})
"""The token has died early (401, code 50027), the bot may not write there any more, or the message is gone."""

TOO_OFTEN = 30046  # "Maximum number of edits to messages older than 1 hour reached"

AT_ONCE, UNHURRIED = 0.5, 10
"""Seconds for the look whether it is still there: before an interaction is acknowledged, and after."""


async def standing(
    client: discord.Client,
    cards: Cards,
    clock: Clock,
    where: tuple[int | None, int | None],
    target: str,
    brief: Brief,
    seconds: float = AT_ONCE,
) -> Card | None:
    """Return the card of *target* that stands in (server, channel) and is seen there within *seconds*."""
    guild, channel = where
    if channel is None:
        return None
    if guild is not None and is_told_of(client, guild) and client.get_guild(guild) is None:
        return None  # where the bot is no member it cannot look
    try:
        found = await cards.find(channel, target, brief, clock.now() - AS_LONG_AS)
        if found is not None and not await _is_there(client, found, seconds):
            await cards.drop([found.message])
            return None
    except (discord.DiscordException, *PASSING, TimeoutError, StoreError) as failed:
        log.warning("a card could not be looked for: %r", failed)
        return None  # better twice than not at all
    return found


async def _is_there(client: discord.Client, card: Card, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await client.get_partial_messageable(card.channel).fetch_message(card.message)
    except discord.NotFound:
        return False
    return True


async def note(cards: Cards, card: Card) -> None:
    """Write down a card that was posted; a failure is logged, for the card is there."""
    try:
        known = await cards.get(card.message)
        asker = known.asker if known else card.asker  # who refreshes it does not make it theirs
        await cards.put(
            Card(card.message, card.channel, card.target, card.brief, asker, card.order, card.at)
        )
    except StoreError:
        log.exception("the card %s could not be noted", card.message)


def is_out_of_reach(error: discord.HTTPException) -> bool:
    """Whether nothing can be put there any more, which trying again will not change."""
    return error.status in NO_LONGER or error.code == TOO_OFTEN


def jump_link(guild: int | None, channel: int, message: int) -> str:
    """Return the link that leads to a message."""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}/{message}"
