"""What a link is about, and who may see what is read there: settled before an answer is promised to anyone."""

from __future__ import annotations

from contextlib import suppress

import discord

from bot.chat.access import LOOK_SECONDS, Channel, Person, admit, known_channel, known_guild
from bot.chat.failures import discord_errors
from bot.chat.place import Place, place_in
from bot.chat.services import Services, audience_of
from bot.core.links import canonical
from bot.core.models import Audience
from bot.errors import CannotRead, NeedsMessageContent, NotAThread, NotForYou, OtherServer


async def about(
    client: discord.Client, person: Person, services: Services, link: str
) -> tuple[str, Audience]:
    """
    Return the target of *link* and who may see what is read there.

    Raises an error of the link or, for one that leads into Discord, what `subject` raises.
    """
    target = canonical(link)
    place = place_in(target)
    if place is None:
        return target, audience_of(person.guild, services)
    async with discord_errors(LOOK_SECONDS):
        return await subject(client, person, place)


async def subject(client: discord.Client, person: Person, place: Place) -> tuple[str, Audience]:
    """
    Return what *person* asks for at *place*: its thread, the thread below its message, or the message.

    Raises `OtherServer`, `NeedsMessageContent`, `NotForYou`, `CannotRead` or `NotAThread`.
    """
    if place.guild is None or place.guild != person.guild:
        raise OtherServer
    if not client.intents.message_content:
        raise NeedsMessageContent
    guild = await known_guild(client, place.guild)
    audience = Audience(guild=place.guild, channel=place.channel)
    channel = await _found(guild, person, place.channel)
    await admit(client, person, audience, channel=channel)
    _may_read(channel, person)
    if isinstance(channel, discord.Thread):
        return Place(place.guild, channel.id).link, audience
    if place.message is None or not isinstance(channel, discord.abc.Messageable):
        raise NotAThread
    message = await channel.fetch_message(place.message)
    if message.flags.has_thread:
        with suppress(NotForYou, discord.NotFound):  # deleted since
            return await subject(client, person, Place(place.guild, message.id))
    return place.link, audience


async def _found(guild: discord.Guild, person: Person, channel_id: int) -> Channel:
    """Return a channel; raises `CannotRead` where Discord hides it from the bot."""
    try:
        return await known_channel(guild, channel_id)
    except discord.Forbidden as error:
        if person.ours is None or person.channel != channel_id:
            raise CannotRead(permission="View Channel") from error
        # where everything else is open to the bot, it is a private thread
        raise CannotRead(permission=_missing(person.ours) or "Manage Threads") from error


def _may_read(channel: Channel, person: Person) -> None:
    """Raise `CannotRead` with the right that the bot lacks in *channel*."""
    rights = person.ours if person.channel == channel.id else None
    if rights is None:
        try:
            rights = channel.permissions_for(channel.guild.me)
        except discord.ClientException:  # a thread whose channel is not known
            rights = discord.Permissions.none()
    missing = _missing(rights)
    if missing:
        raise CannotRead(permission=missing)


def _missing(ours: discord.Permissions) -> str | None:
    if not ours.view_channel:
        return "View Channel"
    return None if ours.read_message_history else "Read Message History"
