"""Answers where no interaction asks: a reply to the message that carries the link."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.chat.access import Person, away, for_adults
from bot.chat.rules import Rules
from bot.chat.services import Services, home_of, roles_of
from bot.chat.subject import about
from bot.core.ports import Address, Order
from bot.errors import CannotPost, NotInPublic


@dataclass(frozen=True)
class Wish:
    """
    That *link* be summarised in a reply to *message*, for *person* under *rules*.

    `order` names it: of the same name twice is once. `quiet`: nobody has asked, so what goes wrong is said to nobody.
    """

    message: discord.Message
    link: str
    person: discord.User | discord.Member
    rules: Rules
    order: str
    quiet: bool = False


async def reply(client: discord.Client, services: Services, wish: Wish) -> None:
    """
    Order the work, also where the digest is kept: there is one answer to a wish, whoever else has it.

    Raises `ChorusError` for what can be said at once.
    """
    message, rules, by = wish.message, wish.rules, wish.person
    guild, channel = message.guild.id if message.guild else None, message.channel.id
    rules.admit()
    member = by if isinstance(by, discord.Member) else None
    person = Person(by.id, guild, channel, member)
    target, audience = await about(client, person, services, wish.link)
    rules.check(target)
    if away(audience, channel):
        raise NotInPublic
    brief = rules.brief()
    to = Address(
        channel=channel,
        message=message.id,
        locale=rules.framed(brief, private=False),
        guild=guild,
        home=home_of(message.channel),
        adults=for_adults(message.channel),
        quiet=wish.quiet,
    )
    waits = not wish.quiet and await services.digesting.cached(target, audience, brief) is None
    await services.desk.take(
        Order(
            id=wish.order,
            target=target,
            brief=brief,
            audience=audience,
            asker=by.id,
            reply_to=to,
            fresh=False,
            taken_at=services.clock.now(),
            roles=roles_of(by),
        )
    )
    if waits:
        await message.channel.typing()  # decoration: the order is safe by now


def may_reply(message: discord.Message) -> None:
    """Raise `CannotPost` with the right that a reply to *message* needs and the bot lacks."""
    if message.guild is None:
        return
    missing = missing_right(message.channel, message.guild.me)
    if missing:
        raise CannotPost(permission=missing)


def missing_right(channel: object, me: discord.Member, *, reacting: bool = False) -> str | None:
    """Return the first right that a reply (and a reaction) in *channel* needs and the bot lacks, by Discord's name."""
    if not isinstance(channel, discord.Thread | discord.abc.GuildChannel):
        return None
    try:
        rights = channel.permissions_for(me)
    except discord.ClientException:  # a thread whose channel is not known
        return "View Channel"
    in_thread = isinstance(channel, discord.Thread)
    needed = (
        ("View Channel", rights.view_channel),
        ("Send Messages in Threads", rights.send_messages_in_threads or not in_thread),
        ("Send Messages", rights.send_messages or in_thread),
        ("Read Message History", rights.read_message_history),  # Discord lets nobody reply without
        ("Add Reactions", rights.add_reactions or not reacting),
    )
    return next((name for name, there in needed if not there), None)
