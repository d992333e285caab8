"""The links that a message carries, and the list to choose from where there are several."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence

import discord
from discord import ui

from bot.chat.access import LOOK_SECONDS
from bot.chat.asking import Ask, ask
from bot.chat.cards import MOST_TEXT, boxed
from bot.chat.escape import label
from bot.chat.items.pressed import Pressed, chosen
from bot.chat.rules import rules_of
from bot.chat.sentences import Sentences
from bot.chat.services import Services
from bot.core.links import links_in, page_key
from bot.errors import Expired, UsageError

MOST_LINKS = 25
MOST_OPTION, MOST_PLACEHOLDER = 100, 150
_LISTED = re.compile(r"^\d{1,2}\\?\. <(\S+)>$", re.MULTILINE)


def own_links(message: discord.Message) -> list[str]:
    """Return the links in the words and embeds of *message* and of what it forwards, each page once."""
    return _distinct(_texts(message))


def links_of(message: discord.Message) -> list[str]:
    """Return the links of *message*, then of what it answers as far as Discord sent that along, each page once."""
    answered = message.reference.resolved if message.reference else None
    texts = [*_texts(message)]
    if isinstance(answered, discord.Message):
        texts += _texts(answered)
    return _distinct(texts)


async def links_at(message: discord.Message) -> list[str]:
    """Return the links of *message*; where it has none, also of what it answers if Discord left that out."""
    found, reference = links_of(message), message.reference
    if found or reference is None or reference.resolved is not None or not reference.message_id:
        return found
    if reference.channel_id != message.channel.id or not isinstance(
        message.channel, discord.abc.Messageable
    ):
        return []
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return links_of(await message.channel.fetch_message(reference.message_id))
    except (discord.DiscordException, OSError, TimeoutError):
        return []  # gone, or not for the bot to see


def chooser(links: Sequence[str], words: Sentences) -> ui.LayoutView:
    """Return the list of *links* to choose one of: as many as Discord takes. The text is the state."""
    lines = [f"**{words.say('Which link?')}**"]
    options: list[discord.SelectOption] = []
    for link in links[:MOST_LINKS]:
        line = f"{len(options) + 1}. <{link}>"
        if sum(map(len, lines)) + len(lines) + len(line) > MOST_TEXT - 200:
            break
        lines.append(line)
        shown = label(re.sub(r"^https?://(www\.)?", "", link), MOST_OPTION)
        options.append(discord.SelectOption(label=shown, value=str(len(options))))
    left = len(links) - len(options)
    if left:
        lines.append("-# " + words.count("{n} more link", "{n} more links", left))
    said = label(words.say("Choose the link to summarize…"), MOST_PLACEHOLDER)
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id="chorus:link", placeholder=said, options=options
    )
    return boxed(["\n".join(lines)], [ui.ActionRow(select)])


class ChooseLink(Pressed, template=r"chorus:link"):
    """Summarises the link that was chosen."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Ask as *Summarize link* does for a message with one link."""
        listed = _LISTED.findall("\n".join(_said(interaction.message)))
        at = chosen(interaction)
        if not at.isascii() or not at.isdecimal() or int(at[:4]) >= len(listed):
            raise Expired
        rules = await rules_of(interaction, services)
        wanted = Ask(rules.brief(), listed[int(at)], private=rules.private())
        await ask(interaction, services, rules, wanted)


def _distinct(texts: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for text in texts:
        for link in links_in(text):
            found.setdefault(_page(link), link)
    return list(found.values())


def _texts(message: discord.Message) -> Iterator[str]:
    yield from _parts(message)
    for snapshot in message.message_snapshots:
        yield from _parts(snapshot)


def _parts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield embed.url or ""
        yield embed.description or ""


def _page(link: str) -> str:
    try:
        return page_key(link)
    except UsageError:
        return link  # kept, so that the person hears what is wrong with it


def _said(message: discord.Message | None) -> Iterator[str]:
    for part in message.components if message else ():
        for child in [part, *getattr(part, "children", ())]:
            if isinstance(child, discord.TextDisplay):
                yield child.content
