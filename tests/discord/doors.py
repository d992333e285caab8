"""
A bot that runs for many tests, and what every interaction with it must come to.

`inside` runs a bot in the town of `conftest`: pages on loopback are of the public web here, so that links
work in direct messages and outside the bot's servers too. `Doors.ended` is the promise: acknowledged exactly once, in
time, and in the end one sentence or one card for the asker, or a form.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import discord

from bot.app.engine import Engine
from bot.core.fingerprint import fingerprint
from bot.core.models import LOCAL, Audience, Lead, Reading
from bot.core.ports import Reader, Report
from bot.core.shapes import AnswerReply, SearchReply
from bot.jobs.watching import Watcher
from tests.core.scripted import ScriptedModel
from tests.discord.bot import Bot, answered, running
from tests.discord.checks import CALLBACK
from tests.discord.interactions import CHANGE, OPEN_FORM, SAY, THINK, Asked
from tests.discord.people import Person
from tests.discord.posts import Post
from tests.discord.server import Loopback
from tests.discord.state import BOT
from tests.test_end_to_end import page

if TYPE_CHECKING:
    from tests.discord.conftest import Town

Json = dict[str, Any]

COMMENTS = 40
VIEWS = ("Nobody asked", "Thought", *(f"number {n}" for n in range(5, 25)))
"""Words that the model finds positions by: enough for several pages, of positions and within one."""

UNEXPECTED = "reference"
"""In the sentence of an error that nobody foresaw, and in no other."""


class Model(ScriptedModel):
    """Finds positions, translates, and answers every question with nothing that could be proven."""

    def kinds(self) -> Any:
        return {
            **super().kinds(),
            SearchReply: lambda _: SearchReply(("lane",)),
            AnswerReply: lambda _: AnswerReply(()),
        }


class OfTheWeb:
    """A `Reader` for which loopback is the public web; each page is discussed elsewhere too."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        found = await self._reader.read(target, LOCAL, report)
        elsewhere = Lead("page", f"{target}/elsewhere", "The lane", 4)
        if target.endswith("/elsewhere"):
            return self._for(audience, found)
        return self._for(audience, replace(found, leads=(elsewhere,)))

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        return await self._reader.paste(data, name, audience, url)

    @staticmethod
    def _for(audience: Audience, read: Reading) -> Reading:
        hash = fingerprint(read.article, read.discussions, read.target, audience)
        return replace(read, audience=audience, hash=hash)


@dataclass
class Doors:
    """The town, the bot in it, and places of every kind."""

    town: Town
    bot: Bot
    model: Model = field(default_factory=lambda: Model(VIEWS))
    let: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.let.set()

    async def think(self, body: Json) -> Json:
        """Answer as the model, when it is let."""
        await self.let.wait()
        return self.model.over_http(body)

    @property
    def discord(self) -> Loopback:
        return self.town.discord

    def lane(self, comments: int = COMMENTS) -> str:
        """Return the link of a page that nobody has asked for yet."""
        n = len(self.town.pages.answers)
        path = f"/lane-{n}"
        self.town.pages.page(path, page(comments, f"Lane {n}"))
        self.town.pages.page(f"{path}/elsewhere", page(5, f"Elsewhere {n}"))
        return self.town.pages.url(path)

    def someone(self, place: str = "news", *, locale: str = "en-US") -> Person:
        """Return somebody new in *place*: see `PLACES`."""
        state, marlow = self.discord.state, self.discord.marlow
        ann = self.discord.someone("ann", locale=locale)
        match place:
            case "direct":
                return ann.in_private()
            case "thread":
                return ann.at(state.thread(marlow, self.discord.news, "A lane", ann.id, None))
            case "other server":
                other = state.other("Other", state.user("stranger"))
                other.member(state.users[ann.id])
                return ann.at(other.channel("news"))
            case "group":
                return ann.at(state.group(ann.id, state.user("friend")))
            case "closed":
                closed = marlow.channel("closed")
                mute = discord.Permissions(send_messages=True, pin_messages=True)
                marlow.overwrite(closed, BOT, mute, deny=True)
                return ann.at(closed)
        return ann

    def moderator(self) -> Person:
        """Return a member who may manage messages, pins and the server, in a channel of their own."""
        marlow = self.discord.marlow
        rights = discord.Permissions(manage_messages=True, pin_messages=True, manage_guild=True)
        mod = self.discord.someone("mod", marlow.role("moderators", rights))
        town = marlow.channel("town")
        ours = discord.Permissions(pin_messages=True, add_reactions=True)
        marlow.overwrite(town, BOT, ours, deny=False)
        return mod.at(town)

    async def quiet(self) -> None:
        """Wait until the bot has nothing to do."""
        watch = self.bot.client.services.pinning.watch
        assert isinstance(watch, Watcher)
        while True:
            await answered()
            await self.bot.desk.settle()
            if not await watch.look():
                await watch.settle()
                await answered()
                return

    async def ended(self, asked: Asked) -> Post | None:
        """Assert that *asked* was acknowledged once and ended as it must; return the answer, None for a form."""
        await self.quiet()
        sent = self.discord.rest.of(CALLBACK)
        (call,) = [c for c in sent if c.ids["interaction_id"] == str(asked.id)]
        assert call.status in {200, 204}, call.answer
        if asked.how == OPEN_FORM:
            return None
        found = self.answers(asked)
        assert 1 == len(found), [post.text for post in found]
        (post,) = found
        assert not post.thinking
        assert post.text.strip()
        assert UNEXPECTED not in post.text, post.text
        assert "chorus:stop" not in str(post.components), post.text
        assert "One moment" not in post.text
        return post

    def answers(self, asked: Asked) -> list[Post]:
        """Return the messages that answer *asked*, as they stand now."""
        there = self.discord.state.posts.there()
        said = [p for p in there if p in asked.followups or _is_for(p, asked)]
        if asked.how in {SAY, THINK}:
            return [*([] if asked.shown.gone else [asked.shown]), *said]
        changed = asked.pressed
        # what was acknowledged in silence is answered by what is said, else by the message that changed
        if changed is None or changed.gone or (asked.how != CHANGE and said):
            return said
        return [*([changed] if len(changed.before) > asked.versions else []), *said]


def _is_for(post: Post, asked: Asked) -> bool:
    """Whether *post* was put into the channel as the answer to *asked*, whose token was dead."""
    return bool(post.payload.get("nonce") == str(asked.id))


@asynccontextmanager
async def inside(town: Town) -> AsyncIterator[Doors]:
    """Run a bot in *town*, for which loopback is the public web."""
    discord = town.discord
    discord.state.message_content = True
    town.environ["discord_message_content"] = "true"
    town.environ.pop("web_allowed_guilds", None)
    async with running(town.settings, discord, before=_of_the_web) as bot:
        await bot.client.wait_until_ready()
        doors = Doors(town, bot)
        town.provider.script = doors.think
        yield doors


def _of_the_web(engine: Engine) -> None:
    engine.reader._web = OfTheWeb(engine.reader._web)
