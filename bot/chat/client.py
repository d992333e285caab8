"""The Discord client: what it listens to, and nothing it does not need."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import discord

from bot.chat.acknowledging import Acknowledging
from bot.chat.commands import add_commands
from bot.chat.digest_list import OpenEntry, TurnList
from bot.chat.failures import PASSING
from bot.chat.greeting import greet
from bot.chat.items import ITEMS
from bot.chat.items.form import submitted
from bot.chat.items.forms import FORMS
from bot.chat.items.wish import ForgetMe
from bot.chat.links_of import ChooseLink
from bot.chat.mentions import mentioned
from bot.chat.offers import Offers
from bot.chat.pin_events import look, unsay
from bot.chat.services import Services
from bot.chat.settings_panel import PANEL_FORMS, PANEL_ITEMS
from bot.chat.shards import Shards
from bot.chat.translator import Translator
from bot.chat.tree import ChorusTree
from bot.errors import ChorusError

log = logging.getLogger("chorus.chat")


def intents(*, message_content: bool) -> discord.Intents:
    """
    Return what the gateway is asked for.

    Mentions and direct messages carry their content without a privilege; reactions are of use only with it.
    """
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.guild_reactions = wanted.message_content = message_content
    return wanted


class ChorusClient(discord.AutoShardedClient):
    """Commands, buttons and mentions over the services it is given before it starts."""

    services: Services
    offers: Offers
    tree: ChorusTree

    def __init__(
        self,
        *,
        message_content: bool = False,
        dev_guild: int | None = None,
        acknowledging: Acknowledging | None = None,
        shards: Shards | None = None,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
        watched: dict[str, Any] = {"http_trace": acknowledging.trace()} if acknowledging else {}
        mine: dict[str, Any] = (
            {"shard_ids": list(shards.ids), "shard_count": shards.count} if shards else {}
        )
        super().__init__(
            **mine,
            intents=intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            **watched,
        )
        self._acknowledging = acknowledging
        self.tree = ChorusTree(self)
        self.registers = True  # commands that changed, at start
        self._dev_guild = dev_guild

    @property
    def is_well(self) -> bool:
        """Whether every shard has its connection to the gateway."""
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    def serve(self, services: Services) -> None:
        """Take the services and add the commands; once, before the client starts."""
        self.services = services
        add_commands(self.tree, services)
        self.add_dynamic_items(*ITEMS, *PANEL_ITEMS, ChooseLink, ForgetMe, OpenEntry, TurnList)
        self.offers = Offers(self, services)

    async def setup_hook(self) -> None:
        """Register commands if they changed. Runs once, before the gateway."""
        await self.tree.set_translator(Translator())
        if self.registers:
            await self.tree.sync_if_changed(self.services.notes, self._dev_guild)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an event on; an interaction's arrival is noted first."""
        if self._acknowledging is not None and event == "interaction":
            self._acknowledging.heard(args[0])
        super().dispatch(event, *args, **kwargs)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention with a link, or a link in a direct message; offer other links where that is set."""
        if message.author == self.user and message.type is discord.MessageType.pins_add:
            await unsay(message)
        if message.author.bot or message.webhook_id is not None or self.user is None:
            return
        with _logged("a message was not answered"):
            if message.guild is None or self.user in message.mentions:
                await mentioned(self, self.services, message)
            else:
                await self.offers.seen(message)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Take up an offer."""
        with _logged("an offer was not taken up"):
            await self.offers.pressed(event)

    async def on_guild_channel_pins_update(
        self, channel: discord.abc.GuildChannel | discord.Thread, _: datetime | None
    ) -> None:
        """Look whether a digest was unpinned."""
        await look(self.services, channel.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Stop what was pinned in a channel that is gone."""
        await look(self.services, channel.id)

    async def on_raw_thread_delete(self, deleted: discord.RawThreadDeleteEvent) -> None:
        """Stop what was pinned in a thread that is gone."""
        await look(self.services, deleted.thread_id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take what forms bring in; commands and what is pressed find their way by themselves."""
        await submitted(interaction, (*FORMS, *PANEL_FORMS))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget a card that was deleted, and look whether it was pinned."""
        with _logged("a deleted card was not forgotten"):
            await self.services.cards.drop([event.message_id])
            await look(self.services, event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget the cards among many messages that were deleted, and look whether some were pinned."""
        with _logged("deleted cards were not forgotten"):
            await self.services.cards.drop(list(event.message_ids))
            await look(self.services, event.channel_id, list(event.message_ids))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a server, once."""
        with _logged("a server was not greeted"):
            await greet(guild, self.services)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Delete what is kept for a server that the bot has left."""
        with _logged("what is kept for a server was not deleted"):
            await self.services.servers.forget(guild.id)
            gone = await self.services.purging.guild(guild.id)
            log.info("a server was left: %d things are deleted", gone)


@contextmanager
def _logged(said: str) -> Iterator[None]:
    """Log what Discord or the store refuses: nobody waits for an answer to it."""
    try:
        yield
    except (discord.DiscordException, ChorusError, *PASSING) as failed:
        log.warning("%s: %r", said, failed)
