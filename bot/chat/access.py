"""
Who may read what was said in a channel: asked before any of it is read, and before any of it is shown.

An audience is part of a reading and of every key (design §7). Here it is held against a person: what Discord states of
them with an interaction where it happens in the channel itself, else what server, channel and roles give. Where that
cannot be found out, the answer is no.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Self, cast

import discord

from bot.chat.failures import discord_errors
from bot.chat.place import place_in
from bot.core.models import Audience, Reading
from bot.core.ports import Order, Outcome, Report
from bot.errors import AgeRestricted, ChorusError, NotForYou, NotInPublic, OtherServer

LOOK_SECONDS = 2
"""For what must be asked before an interaction is acknowledged: Discord gives three seconds in all."""

READY_SECONDS = 60
"""For the servers to arrive after a start; an order of an earlier run waits for them."""

Channel = discord.Thread | discord.abc.GuildChannel
Run = Callable[[Order, Report], Awaitable[Outcome]]


@dataclass(frozen=True)
class Person:
    """
    Someone who asks or presses, and where.

    `rights` are theirs in `channel`, `ours` the bot's there, both None where Discord did not state them.
    """

    id: int
    guild: int | None
    channel: int | None
    member: discord.Member | None = None
    rights: discord.Permissions | None = None
    ours: discord.Permissions | None = None

    @classmethod
    def of(cls, interaction: discord.Interaction) -> Self:
        """Return who pressed or typed."""
        user = interaction.user
        return cls(
            user.id,
            interaction.guild_id,
            interaction.channel_id,
            user if isinstance(user, discord.Member) else None,
            interaction.permissions,
            interaction.app_permissions,
        )

    @classmethod
    def of_message(cls, message: discord.Message) -> Self:
        """Return who wrote *message*."""
        author = message.author
        return cls(
            author.id,
            message.guild.id if message.guild else None,
            message.channel.id,
            author if isinstance(author, discord.Member) else None,
        )

    @classmethod
    def of_order(cls, order: Order) -> Self:
        """Return who gave *order*, as far as it is written down."""
        return cls(order.asker, order.reply_to.guild, order.reply_to.channel)


async def admit(
    client: discord.Client,
    person: Person,
    audience: Audience,
    *,
    channel: Channel | None = None,
    history: bool = True,
) -> None:
    """
    Raise `NotForYou` or `OtherServer` where *person*, where they are, is not of *audience*.

    *channel*: the audience's, where it is at hand. *history*: whether what was said there before must be open to them
    too, as it must for what others wrote.
    """
    if audience.user not in {None, person.id}:
        raise NotForYou
    if audience.guild is None:
        if audience.channel not in {None, person.channel}:
            raise NotForYou
        return
    if audience.guild != person.guild:
        raise OtherServer
    if audience.channel is None:
        return
    if person.channel == audience.channel and person.rights is not None:
        rights = person.rights
    else:
        guild = await known_guild(client, audience.guild)
        rights = await _rights(person, channel or await known_channel(guild, audience.channel))
    if not (rights.view_channel and (rights.read_message_history or not history)):
        raise NotForYou


async def may_press(interaction: discord.Interaction, reading: Reading) -> None:
    """Raise where what a button shows of *reading* is not for the one who pressed, or not for this channel."""
    audience, message = reading.audience, interaction.message
    said_here = (
        place_in(reading.target) is not None
    )  # else pasted, which is no history of the channel
    async with discord_errors(LOOK_SECONDS):
        await admit(interaction.client, Person.of(interaction), audience, history=said_here)
    if away(audience, interaction.channel_id) and not (message and message.flags.ephemeral):
        raise NotInPublic
    fit_for(reading, adults=for_adults(interaction.channel))


def moderates(interaction: discord.Interaction) -> bool:
    """Whether the one who pressed or typed may delete others' messages here: who may, may change our cards too."""
    return interaction.permissions.manage_messages


def away(audience: Audience, channel: int | None) -> bool:
    """Whether an answer in *channel* must be private: others see it there who may not read what it is about."""
    return audience.channel not in {None, channel}


def for_adults(channel: object) -> bool:
    """Whether *channel* is age-restricted, as far as is known: a thread is where its channel is."""
    asked = getattr(channel, "is_nsfw", None)
    return asked is not None and bool(asked())


def fit_for(reading: Reading, *, adults: bool) -> None:
    """Raise `AgeRestricted` where *reading* is known to be for adults only, and the place is not."""
    if reading.adult and not adults:
        raise AgeRestricted


def only_for_readers(client: discord.Client, run: Run) -> Run:
    """Return *run* for orders whose askers may (still) read what is read for them."""

    async def checked(order: Order, report: Report) -> Outcome:
        await _admit_asker(client, Person.of_order(order), order)
        return await run(order, report)

    return checked


async def still_theirs(
    client: discord.Client, person: Person, order: Order, outcome: Outcome
) -> Outcome:
    """Return *outcome*, or why it is no longer for the one who asked."""
    try:
        if outcome.error is None:
            await _admit_asker(client, person, order)
    except ChorusError as error:
        return Outcome.failed(error)
    return outcome


def handed_over(order: Order, *, adults: bool) -> Order:
    """Return *order* for an answer that is shown elsewhere than it was asked for: in a channel for *adults*, or not."""
    return replace(order, reply_to=replace(order.reply_to, adults=adults))


async def _admit_asker(client: discord.Client, person: Person, order: Order) -> None:
    """Hold the asker against the audience of what is answered; of a file, where it is shown outside its channel."""
    audience = order.audience
    said_here = place_in(order.target) is not None  # else given by somebody who is there
    given_here = (audience.guild, audience.channel) == (person.guild, person.channel)
    if said_here or (audience.guild is not None and not given_here):
        async with discord_errors():
            await admit(client, person, audience, history=said_here)


async def _rights(person: Person, channel: Channel) -> discord.Permissions:
    """Return what *person* may do in *channel*."""
    member = person.member or await channel.guild.fetch_member(person.id)
    try:
        rights = channel.permissions_for(member)
    except discord.ClientException:  # a thread whose channel is not known
        return discord.Permissions.none()
    if isinstance(channel, discord.Thread) and channel.is_private() and not rights.manage_threads:
        try:
            await channel.fetch_member(member.id)
        except discord.NotFound:
            return discord.Permissions.none()
    return rights


def is_told_of(client: discord.Client, guild: int) -> bool:
    """Whether Discord tells this process of a server's changes: of several, each hears of its part, workers of none."""
    ids = client.shard_ids if isinstance(client, discord.AutoShardedClient) else None
    return ids is None or (guild >> 22) % (client.shard_count or 1) in ids


async def known_guild(client: discord.Client, id: int) -> discord.Guild:
    """Return a server the bot is in; raises `OtherServer`, or `TimeoutError` where none arrives after a start."""
    if not is_told_of(client, id):
        return await _asked_for(client, id)
    if not client.is_ready():
        await asyncio.wait_for(client.wait_until_ready(), READY_SECONDS)
    guild = client.get_guild(id)
    if guild is None:
        raise OtherServer
    return guild


async def _asked_for(client: discord.Client, id: int) -> discord.Guild:
    """Return a server as the gateway would have described it, as it is now; what is read there finds it known."""
    http, ours = client.http, client.user.id if client.user else 0
    try:
        data, channels, threads, me = await asyncio.gather(
            http.get_guild(id, with_counts=False),
            http.get_all_guild_channels(id),
            http.get_active_threads(id),
            http.get_member(id, ours),
        )
    except (discord.Forbidden, discord.NotFound):
        raise OtherServer from None
    whole = {**data, "channels": channels, "threads": threads["threads"], "members": [me]}
    state = client._connection  # noqa: SLF001 - the library asks for a server, but not for all that is in it
    guild = discord.Guild(data=cast("Any", whole), state=state)
    state._add_guild(guild)  # noqa: SLF001
    return guild


async def known_channel(guild: discord.Guild, id: int) -> Channel:
    """Return a channel or thread of *guild*, archived ones too; raises `NotForYou` or `discord.HTTPException`."""
    known = guild.get_channel_or_thread(id)
    if known is None:
        known = await guild.fetch_channel(id)
    return known
