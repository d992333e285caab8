"""Notes what was shown where, and says who may find it again."""

from __future__ import annotations

import logging

import discord

from bot.chat.access import Run
from bot.core.archive import Archive, Looker, Spot, entry_of, is_bound, words_of
from bot.core.digesting import Digesting
from bot.core.models import Digested
from bot.core.ports import Clock, Order, Outcome, Report
from bot.core.servers import Servers, may_read
from bot.errors import StoreError

log = logging.getLogger("chorus.chat")


class Memory:
    """Writes into the archive what *client* shows; what cannot be written is logged, for it is shown all the same."""

    def __init__(
        self, client: discord.Client, archive: Archive, servers: Servers, clock: Clock
    ) -> None:
        self._client = client
        self._archive = archive
        self._servers = servers
        self._clock = clock

    async def note(
        self,
        digested: Digested,
        guild: int | None,
        channel: int | None,
        person: int | None,
        home: int | None = None,
    ) -> None:
        """Note what everybody saw in *channel*, or *person* alone; *home*: that of the channel, where it is at hand."""
        if channel is None or digested.reading.adult:  # a list has no door of its own
            return
        # what was said in a channel is for its own readers, wherever one of them had it digested
        said = digested.reading.audience.channel or channel
        home = home if home and said == channel else self._home(guild, said)
        spot = Spot(guild, channel, home, person)
        entry = entry_of(digested, channel, self._clock.now())
        words, bound = words_of(digested), is_bound(digested)
        try:
            await self._archive.put(spot, entry, words=words, bound=bound)
        except StoreError:
            log.exception("what was shown in %s could not be noted", channel)

    def noting(self, digesting: Digesting, run: Run) -> Run:
        """
        Return *run* for orders whose digests are noted, each before it is delivered.

        It raises `SiteBlocked` where a link has led to a site that is blocked in the server.
        """

        async def noted(order: Order, report: Report) -> Outcome:
            ended, to = await run(order, report), order.reply_to
            digested = await digesting.kept(ended.digest) if ended.digest else None
            about = digested.reading if digested else None
            if ended.answered:
                about = await digesting.reading(ended.answered.reading)
            refused = may_read(await self._servers.get(to.guild), about.url if about else None)
            if refused:
                raise refused
            if digested is not None:
                person = order.asker if to.private else None
                await self.note(digested, to.guild, to.channel, person, to.home)
            return ended

        return noted

    def _home(self, guild: int | None, channel: int) -> int:
        """Return the channel whose readers may see what is shown in *channel*; of a private thread it is itself."""
        known = self._client.get_guild(guild) if guild is not None else None
        thread = known.get_thread(channel) if known else None
        return thread.parent_id if thread and not thread.is_private() else channel


def looker_of(interaction: discord.Interaction) -> Looker:
    """Return who asks, and what they may read here by what is known without asking Discord."""
    channel, member = interaction.channel_id or 0, interaction.user
    readable = set()
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is not None and isinstance(member, discord.Member):
        readable = {one.id for one in guild.channels if _reads(one.permissions_for(member))}
    if interaction.guild_id is None or _reads(interaction.permissions):
        readable.add(channel)
    return Looker(member.id, interaction.guild_id, channel, frozenset(readable))


def _reads(rights: discord.Permissions) -> bool:
    return rights.view_channel and rights.read_message_history
