"""What stands in the way of what is set: a right that the bot lacks somewhere, or the intent to read messages."""

from __future__ import annotations

from collections.abc import Iterator

import discord

from bot.chat.problems import REASONS
from bot.chat.replying import missing_right
from bot.chat.sentences import Sentences
from bot.core.servers import Offer, ServerSettings

MOST_LINES = 4


def lacks(
    settings: ServerSettings,
    guild: discord.Guild | None,
    words: Sentences,
    *,
    message_content: bool,
) -> list[str]:
    """Return a sentence for each thing that links could not be offered without, the first few."""
    if not message_content:
        said = words.say(
            "Links are not seen: the operator has not switched on the message content intent."
        )
        return [said]
    lines = [
        words.say(
            "In {place} I lack the permission “{permission}”.",
            place=f"<#{id}>",
            permission=words.say(REASONS.get(right, right)),
        )
        for id, right in _missing(settings, guild)
    ]
    return lines[:MOST_LINES]


def _missing(settings: ServerSettings, guild: discord.Guild | None) -> Iterator[tuple[int, str]]:
    for id, offer in settings.offers.items():
        channel = guild.get_channel(id) if guild else None
        if guild is not None and channel is not None and offer is not Offer.OFF:
            right = missing_right(channel, guild.me, reacting=offer is Offer.REACT)
            if right:
                yield id, right
