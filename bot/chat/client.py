"""The Discord client: what it listens to, and nothing it does not need."""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.chat.access import Person, away, fit_for, for_adults
from bot.chat.acknowledging import Acknowledging
from bot.chat.answers import answer_view, pointer_view
from bot.chat.cards import notice
from bot.chat.commands import add_commands
from bot.chat.commands.menus import first_link
from bot.chat.failures import PASSING
from bot.chat.items import ITEMS
from bot.chat.items.forms import submitted
from bot.chat.items.wish import ForgetMe
from bot.chat.sentences import Sentences
from bot.chat.services import Services, roles_of
from bot.chat.standing import note, standing
from bot.chat.subject import about
from bot.chat.translator import Translator
from bot.chat.tree import ChorusTree
from bot.core.cards import Card
from bot.core.models import Brief
from bot.core.ports import Address, Order
from bot.errors import CannotPost, ChorusError, NotInPublic, StoreError

log = logging.getLogger("chorus.chat")


def intents(*, message_content: bool) -> discord.Intents:
    """Return what the gateway is asked for: mentions and direct messages carry their content without a privilege."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = message_content
    return wanted


class ChorusClient(discord.AutoShardedClient):
    """Commands, buttons and mentions over the services it is given before it starts."""

    services: Services
    tree: ChorusTree

    def __init__(
        self,
        *,
        message_content: bool = False,
        dev_guild: int | None = None,
        acknowledging: Acknowledging | None = None,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
        watched: dict[str, Any] = {"http_trace": acknowledging.trace()} if acknowledging else {}
        super().__init__(
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
        self.add_dynamic_items(*ITEMS, ForgetMe)

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
        """Answer a mention with a link, or a link in a direct message."""
        if message.author.bot or self.user is None:
            return
        asked = message.guild is None or self.user in message.mentions
        link = first_link(message) if asked else None
        if link is None and asked and isinstance(message.reference, discord.MessageReference):
            replied = message.reference.resolved
            link = first_link(replied) if isinstance(replied, discord.Message) else None
        if link is not None:
            try:
                await self._answer(message, link)
            except (discord.HTTPException, *PASSING) as failed:
                log.warning("a mention was not answered: %s", failed)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take what forms bring in; commands and what is pressed find their way by themselves."""
        await submitted(interaction)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget a card that was deleted."""
        await self.services.cards.drop([event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget the cards among many messages that were deleted."""
        await self.services.cards.drop(list(event.message_ids))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Delete what is kept for a server that the bot has left."""
        try:
            gone = await self.services.purging.guild(guild.id)
        except StoreError as failed:
            log.error("what is kept for a server that was left could not be deleted: %r", failed)
        else:
            log.info("a server was left: %d things are deleted", gone)

    async def _answer(self, message: discord.Message, link: str) -> None:
        language = str(message.guild.preferred_locale) if message.guild else "en"
        words = Sentences.of(language)
        try:
            self._may_post(message)
        except CannotPost as error:
            await message.author.send(view=notice(words.error(error)))
            return
        brief = Brief(language.partition("-")[0])
        try:
            target, audience = await about(self, Person.of_message(message), self.services, link)
            if away(audience, message.channel.id):
                raise NotInPublic
            there = await standing(
                self,
                self.services.cards,
                self.services.clock,
                (message.guild.id if message.guild else None, message.channel.id),
                target,
                brief,
            )
            kept = await self.services.digesting.cached(target, audience, brief)
            if kept:
                fit_for(kept.reading, adults=for_adults(message.channel))
        except ChorusError as error:
            await message.reply(view=notice(words.error(error)), mention_author=False)
            return
        if there:
            view = pointer_view(there, message.guild.id if message.guild else None, words)
            await message.reply(view=view, mention_author=False)
            return
        if kept:
            sent = await message.reply(view=answer_view(kept, words), mention_author=False)
            now, by = self.services.clock.now(), message.author.id
            card = Card(sent.id, message.channel.id, target, brief, by, str(message.id), now)
            await note(self.services.cards, card)
            return
        await self.services.desk.take(
            Order(
                id=str(message.id),
                target=target,
                brief=brief,
                audience=audience,
                asker=message.author.id,
                reply_to=Address(
                    channel=message.channel.id,
                    message=message.id,
                    locale=language,
                    guild=message.guild.id if message.guild else None,
                    adults=for_adults(message.channel),
                ),
                fresh=False,
                taken_at=self.services.clock.now(),
                roles=roles_of(message.author),
            )
        )
        await message.channel.typing()  # decoration: the order is safe by now

    def _may_post(self, message: discord.Message) -> None:
        if message.guild is None:
            return
        rights = message.channel.permissions_for(message.guild.me)
        in_thread = isinstance(message.channel, discord.Thread)
        if not (rights.send_messages_in_threads if in_thread else rights.send_messages):
            raise CannotPost(
                permission="Send Messages in Threads" if in_thread else "Send Messages"
            )
