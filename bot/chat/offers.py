"""
Links that nobody asks about, where the owner wants them offered: marked, or summarised at once.

Needs the message content intent. Whatever stands in the way is passed over in silence, because nobody has asked: the
panel names what is lacking.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import discord

from bot.chat.links_of import own_links
from bot.chat.replying import Wish, missing_right, reply
from bot.chat.rules import Rules, rules_for
from bot.chat.services import Services
from bot.core.offering import offered
from bot.core.pace import Pace
from bot.core.servers import LINK_MARK, Offer, offers_in
from bot.errors import ChorusError

log = logging.getLogger("chorus.chat")

AN_HOUR = timedelta(hours=1)
MOST_MARKS = 60  # in a channel and an hour
MOST_SUMMARIES = 6

SPOKEN = {discord.MessageType.default, discord.MessageType.reply}


class Offers:
    """Offers what *client* sees; never to bots, and without a change to anybody's message."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._marks = Pace(MOST_MARKS, AN_HOUR)
        self._summaries = Pace(MOST_SUMMARIES, AN_HOUR)

    async def seen(self, message: discord.Message) -> None:
        """Mark a message with a link, or summarise it, where that is set."""
        guild = message.guild
        if guild is None or not self._client.intents.message_content or not _by_a_person(message):
            return
        rules = await rules_for(message.author, message.channel, guild, self._services)
        offer = offers_in(rules.settings, rules.place)
        link = _link(message, rules) if offer is not Offer.OFF else None
        if link is None or missing_right(message.channel, guild.me, reacting=offer is Offer.REACT):
            return
        now = self._services.clock.now()
        if offer is Offer.REACT:
            if self._marks.take(message.channel.id, now):
                await message.add_reaction(LINK_MARK)
        elif self._summaries.take(message.channel.id, now):
            await self._summarise(message, link, message.author, rules, quiet=True)

    async def pressed(self, event: discord.RawReactionActionEvent) -> None:
        """Summarise the link of a message that bears our mark, for the member who pressed it."""
        member, guild = event.member, self._client.get_guild(event.guild_id or 0)
        if guild is None or member is None or member.bot or str(event.emoji) != LINK_MARK:
            return
        channel = guild.get_channel_or_thread(event.channel_id)
        if channel is None:  # a thread that was archived when the bot connected
            channel = await guild.fetch_channel(event.channel_id)
        rules = await rules_for(member, channel, guild, self._services)
        if offers_in(rules.settings, rules.place) is not Offer.REACT or not isinstance(
            channel, discord.abc.Messageable
        ):
            return
        if missing_right(channel, guild.me):
            return
        message = await channel.fetch_message(event.message_id)
        ours = any(one.me and str(one.emoji) == LINK_MARK for one in message.reactions)
        link = _link(message, rules) if ours and _by_a_person(message) else None
        if link is not None:
            await self._summarise(message, link, member, rules)

    async def _summarise(
        self,
        message: discord.Message,
        link: str,
        person: discord.User | discord.Member,
        rules: Rules,
        *,
        quiet: bool = False,
    ) -> None:
        # one name for all who press: there is one answer to a message
        wish = Wish(message, link, person, rules, order=f"link:{message.id}", quiet=quiet)
        try:
            await reply(self._client, self._services, wish)
        except ChorusError as refused:
            log.info("a link was not summarised: %r", refused)


def _by_a_person(message: discord.Message) -> bool:
    return message.type in SPOKEN and not message.author.bot and message.webhook_id is None


def _link(message: discord.Message, rules: Rules) -> str | None:
    channel = message.channel
    grown_up = isinstance(channel, discord.TextChannel | discord.Thread) and channel.is_nsfw()
    return offered(own_links(message), rules.settings, grown_up=grown_up)
