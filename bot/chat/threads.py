"""
Discord's own discussions: threads, forum posts, and the replies around one message.

Implements the reading half of `core.ports.Reader` over the client. Who may ask for a place is settled before
(`bot.chat.subject`); an audience that is not the place's own is refused here all the same.
"""

from __future__ import annotations

import discord

from bot.chat.access import for_adults
from bot.chat.failures import discord_errors
from bot.chat.place import Place, place_in
from bot.chat.posts import PLATFORM, answers, article_of, comments_of
from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import Article, Audience, Discussion, Reading
from bot.core.ports import Clock, Progress, Report, Stage
from bot.errors import NeedsMessageContent, NotAThread, NotForYou, NothingSaid

Spoken = discord.TextChannel | discord.VoiceChannel | discord.StageChannel
"""Channels that messages stand in; those of forums stand in threads."""

MOST_MESSAGES = 5_000
"""Of a thread, the newest: fifty requests, about a minute within Discord's limits."""

MOST_ABOVE = 25
"""Messages that are followed upwards from the one asked for, a request each."""

MOST_BELOW = 500
"""Messages after a message that are searched for answers to it, a hundred a request."""


class ThreadReader:
    """Reads places of Discord with the rights of the bot; needs the message content intent."""

    def __init__(
        self,
        client: discord.Client,
        clock: Clock,
        *,
        most_messages: int = MOST_MESSAGES,
        most_below: int = MOST_BELOW,
    ) -> None:
        self._client = client
        self._clock = clock
        self._most_messages = most_messages
        self._most_below = most_below

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a place's link; raises `NothingSaid`, `ChatError`, or `FetchError` where Discord fails."""
        place = place_in(target)
        if place is None or audience != Audience(guild=place.guild, channel=place.channel):
            raise NotForYou
        if not self._client.intents.message_content:
            raise NeedsMessageContent  # without it every message comes empty
        report(Progress(Stage.COMMENTS))
        async with discord_errors():
            article, said, adult = await self._read(place, report)
        if not said.comments and (article is None or place.message):
            raise NothingSaid
        return Reading(
            target=target,
            article=article,
            discussions=(said,),
            read_at=self._clock.now(),
            hash=fingerprint(article, (said,), target, audience),
            audience=audience,
            adult=adult,
        )

    async def _read(self, place: Place, report: Report) -> tuple[Article | None, Discussion, bool]:
        """Return what a place says, and whether its channel is age-restricted."""
        channel = await self._client.fetch_channel(place.channel)
        if isinstance(channel, discord.abc.PrivateChannel) or channel.guild.id != place.guild:
            raise NotForYou
        if isinstance(channel, discord.Thread):
            return *await self._thread(channel, report), for_adults(channel)
        if place.message is None or not isinstance(channel, Spoken):
            raise NotAThread
        return *await self._replies(channel, place.message), for_adults(channel)

    async def _thread(
        self, thread: discord.Thread, report: Report
    ) -> tuple[Article | None, Discussion]:
        starter = await self._starter(thread)
        newest: list[discord.Message] = []
        async for message in thread.history(limit=self._most_messages):
            if message.id != thread.id:
                newest.append(message)
            if len(newest) % 100 == 0:
                total = max(thread.message_count, len(newest))
                report(Progress(Stage.COMMENTS, len(newest), total))
        comments = comments_of(newest[::-1])
        left = await self._left(thread, newest)
        said = Discussion(
            platform=PLATFORM,
            url=thread.jump_url,
            title=thread.name,
            # Discord counts every message, of bots too: only where some were left does its number say something
            declared=len(comments) + left if left else None,
            comments=comments,
            gaps=(Gap(GapCode.REQUEST_LIMIT, "Discord", left),) if left else (),
        )
        return article_of(starter, thread.jump_url, thread.name), said

    async def _starter(self, thread: discord.Thread) -> discord.Message | None:
        """Return what a thread hangs on: its message has its id, and is in the thread itself only in forums."""
        parent = thread.parent
        home = parent if isinstance(parent, discord.abc.Messageable) else thread
        return await _message(home, thread.id)

    async def _left(self, thread: discord.Thread, newest: list[discord.Message]) -> int:
        """Return how many messages of *thread* are older than *newest*, by the number Discord keeps."""
        if len(newest) < self._most_messages:
            return 0
        older = [m async for m in thread.history(limit=2, before=newest[-1])]
        starts = discord.MessageType.thread_starter_message
        if all(m.id == thread.id or m.type is starts for m in older):
            return 0
        return max(thread.message_count - len(newest), 1)  # of old threads it stops at 50

    async def _replies(self, channel: Spoken, id: int) -> tuple[Article | None, Discussion]:
        """Return what a message answers in the end as the article, and what answers that as the comments."""
        asked = await channel.fetch_message(id)
        chain = [asked]
        while len(chain) <= MOST_ABOVE and (above := await _answered(channel, chain[-1])):
            chain.append(above)
        root, said = chain[-1], {message.id: message for message in chain}
        reached = await self._below(channel, root, said)
        if reached is not None and reached < asked.id:
            reached = await self._below(channel, asked, said)
        below = [said[id] for id in sorted(said) if id != root.id]
        gap = Gap(GapCode.ANSWERS_WINDOW, count=self._most_below)
        discussion = Discussion(
            platform=PLATFORM,
            url=root.jump_url,
            title=f"#{channel.name}",
            declared=None,
            comments=comments_of(below),
            gaps=(gap,) if reached is not None else (),
        )
        return article_of(root, root.jump_url, None), discussion

    async def _below(
        self, channel: Spoken, start: discord.Message, said: dict[int, discord.Message]
    ) -> int | None:
        """
        Add to *said* what answers any of it among the messages after *start*.

        Return the id of the last one looked at where there may be more behind it.
        """
        last, seen = start.id, 0
        async for message in channel.history(
            limit=self._most_below, after=start, oldest_first=True
        ):
            last, seen = message.id, seen + 1
            if answers(message) in said:
                said[message.id] = message
        return last if seen == self._most_below else None


async def _answered(channel: Spoken, message: discord.Message) -> discord.Message | None:
    """Return what *message* answers in the same channel, if it is still there."""
    above, reference = answers(message), message.reference
    if above is None or reference is None or reference.channel_id != channel.id:
        return None
    if above >= message.id:  # nothing answers what comes later: no circles
        return None
    resolved = reference.resolved
    return resolved if isinstance(resolved, discord.Message) else await _message(channel, above)


async def _message(home: discord.abc.Messageable, id: int) -> discord.Message | None:
    try:
        return await home.fetch_message(id)
    except discord.NotFound:
        return None
