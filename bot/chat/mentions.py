"""A mention with a link, or a link in a direct message: their words reach the bot without a privilege."""

from __future__ import annotations

import discord

from bot.chat.cards import notice
from bot.chat.links_of import links_of
from bot.chat.replying import Wish, may_reply, reply
from bot.chat.rules import rules_for
from bot.chat.sentences import Sentences
from bot.chat.services import Services
from bot.errors import (
    AnsweredUnseen,
    CannotPost,
    ChorusError,
    NotAskedInPublic,
    NothingToSummarize,
)


async def mentioned(client: discord.Client, services: Services, message: discord.Message) -> None:
    """Answer with a reply, also where that is a refusal; mere talk in a server is left alone."""
    links = links_of(message)
    nothing = None if links else _nothing(client, message)
    if not links and nothing is None:
        return
    rules = await rules_for(message.author, message.channel, message.guild, services)
    words = Sentences.of(rules.locale)
    try:
        may_reply(message)
    except CannotPost as error:
        await message.author.send(view=notice(words.error(error)))
        return
    try:
        if nothing is not None:
            raise nothing
        if rules.private() and message.guild is not None:
            raise NotAskedInPublic
        wish = Wish(message, links[0], message.author, rules, order=str(message.id))
        await reply(client, services, wish)
    except ChorusError as error:
        await message.reply(view=notice(words.error(error)), mention_author=False)


def _nothing(client: discord.Client, message: discord.Message) -> ChorusError | None:
    """Return what to say of a *message* without a link, None where it may be mere talk."""
    if message.guild is None:
        return NothingToSummarize()
    answered = message.reference.resolved if message.reference else None
    if not isinstance(answered, discord.Message) or answered.author == client.user:
        return None
    return NothingToSummarize() if client.intents.message_content else AnsweredUnseen()
