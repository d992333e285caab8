"""Messages of Discord as an article and its comments. Nothing is asked here: what the messages carry is all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import discord
from discord import MessageReferenceType, MessageType

from bot.core.models import Article, Cid, Comment

PLATFORM = "discord"

SPOKEN = frozenset({MessageType.default, MessageType.reply})
"""What people write; joins, pins, boosts, names of threads and answers of bots have types of their own."""

_MENTION = re.compile(r"<(@[!&]?|#)(\d{15,20})>", re.ASCII)
_EMOJI = re.compile(r"<a?(:\w{1,32}:)\d{15,20}>", re.ASCII)
_COMMAND = re.compile(r"<(/[^:<>]{1,100}):\d{15,20}>", re.ASCII)
_TIME = re.compile(r"<t:(\d{1,11})(?::[a-zA-Z])?>", re.ASCII)


def is_comment(message: discord.Message) -> bool:
    """Whether a person wrote *message*: neither a bot, nor a webhook, nor Discord itself."""
    return message.type in SPOKEN and not message.author.bot and message.webhook_id is None


def answers(message: discord.Message) -> int | None:
    """Return the id of the message that *message* replies to; a forwarded one is no reply."""
    reference = message.reference
    if reference is None or reference.type is not MessageReferenceType.reply:
        return None
    return reference.message_id


def text_of(message: discord.Message) -> str:
    """
    Return the words of *message* as people see them; what it forwards is marked, for it is somebody else's.

    Attachments and stickers are no words.
    """
    parts = [_plain(message.content, message)]
    parts += [
        f"[forwarded] {_plain(snapshot.content, message)}"
        for snapshot in message.message_snapshots
        if snapshot.content.strip()
    ]
    return "\n\n".join(filter(None, parts))


def article_of(message: discord.Message | None, url: str, title: str | None) -> Article | None:
    """Return the *message* that the others talk about as an article; None where it has no words."""
    text = text_of(message) if message else ""
    if message is None or not text:
        return None
    guild = message.guild
    return Article(
        url=url,
        title=title,
        text=text,
        site=guild.name or None if guild else None,
        authors=(message.author.display_name,),
        published=message.created_at,
        language=_language(guild),
    )


def comments_of(messages: Sequence[discord.Message]) -> tuple[Comment, ...]:
    """Return the comments among *messages*, in their order; `score` is the number of reactions."""
    spoken = {m.id: (m, text) for m in messages if is_comment(m) and (text := text_of(m))}
    names = _names(message.author for message, _ in spoken.values())
    return tuple(
        Comment(
            id=_cid(message.id),
            parent=_cid(parent) if (parent := answers(message)) in spoken and parent else None,
            author=names[message.author.id],
            text=text,
            posted_at=message.created_at,
            score=sum(r.count for r in message.reactions) if message.reactions else None,
            url=message.jump_url,
        )
        for message, text in spoken.values()
    )


def _cid(id: int) -> Cid:
    return Cid(f"{PLATFORM}:{id}")


def _names(authors: Iterable[discord.abc.User]) -> dict[int, str]:
    """Return what each is called. People are counted by name: two of one name are told apart by their user names."""
    everyone = {author.id: author for author in authors}
    shown = Counter(author.display_name for author in everyone.values())
    return {
        id: author.display_name
        if shown[author.display_name] == 1
        else f"{author.display_name} ({author.name})"
        for id, author in everyone.items()
    }


def _language(guild: discord.Guild | None) -> str | None:
    """Return the language a server has chosen; American English is what those have that chose none."""
    if guild is None or guild.preferred_locale is discord.Locale.american_english:
        return None
    return str(guild.preferred_locale).partition("-")[0]


def _plain(content: str, message: discord.Message) -> str:
    """Return *content* without Discord's codes for people, roles, channels, emoji, commands and times."""
    text = _MENTION.sub(lambda m: _mentioned(m[1], int(m[2]), message), content)
    text = _EMOJI.sub(r"\1", text)
    text = _COMMAND.sub(r"\1", text)
    text = _TIME.sub(
        lambda m: datetime.fromtimestamp(int(m[1]), UTC).strftime("%Y-%m-%d %H:%M UTC"), text
    )
    return text.strip()


def _mentioned(sign: str, id: int, message: discord.Message) -> str:
    guild = message.guild
    if sign in {"@", "@!"}:
        user = discord.utils.get(message.mentions, id=id)
        return f"@{user.display_name}" if user else "@unknown"
    if sign == "@&":
        role = guild.get_role(id) if guild else None
        return f"@{role.name}" if role else "@unknown"
    # the library's own rendering names every channel: one that not everybody sees has a name that tells too much
    channel = guild.get_channel_or_thread(id) if guild else None
    return f"#{channel.name}" if channel and _open_to_all(channel) else "#unknown"


def _open_to_all(channel: discord.Thread | discord.abc.GuildChannel) -> bool:
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    try:
        return channel.permissions_for(channel.guild.default_role).view_channel
    except discord.ClientException:  # a thread whose channel is not known
        return False
