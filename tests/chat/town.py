"""A town where people comment as time goes by, a clerk who digests it, and a bot that is started and stopped there."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import discord

from bot.core.fingerprint import fingerprint
from bot.core.models import (
    Article,
    Audience,
    Brief,
    Cid,
    Cited,
    Claim,
    Comment,
    Digested,
    Discussion,
    Draft,
    Reading,
)
from bot.core.money import Limits
from bot.core.pinning import next_look
from bot.core.pins import Pin
from bot.core.ports import Bill, Progress, Report, Stage
from bot.store.database import open_database
from tests.chat.fake_discord import Sent, snowflake, walk
from tests.chat.house import House
from tests.chat.server import ID, MAY_TALK, MEMBER, NEWS, Server
from tests.chat.wall import Post, Wall
from tests.conftest import SteadyClock
from tests.fakes import FakeDigester

LINK = "https://town.example/lane"
MAY_PIN = MAY_TALK | discord.Permissions(pin_messages=True)
VIEWS = {"shop": "The shops were not asked", "child": "It keeps children safe", "noise": "Noise"}


@dataclass
class Town:
    """A `Reader`: every link leads to the comments written until now. `asked` is when which link was read."""

    clock: SteadyClock
    comments: list[Comment] = field(default_factory=list)
    dated: bool = True
    adult: bool = False
    failing: deque[Exception] = field(default_factory=deque)
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def say(self, at: datetime, word: str = "shop", times: int = 1, every: float = 0) -> datetime:
        """Have *times* comments with *word* written, the first *at*, one *every* so many minutes; return the last."""
        for _ in range(times):
            number = len(self.comments) + 1
            text = f"What about the {word}? That is my thought number {number}."
            self.comments.append(
                Comment(Cid(f"page:{number}"), None, f"reader{number}", text, posted_at=at)
            )
            at += timedelta(minutes=every)
        return at - timedelta(minutes=every)

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        now = self.clock.now()
        self.asked.append((now, target))
        report(Progress(Stage.COMMENTS))
        if self.failing:
            raise self.failing.popleft()
        there = [c for c in self.comments if c.posted_at and c.posted_at <= now]
        if not self.dated:
            there = [replace(c, posted_at=None) for c in there]
        article = Article(target, f"The lane at {target[-4:]}", "A new lane opens.", language="en")
        places = (Discussion("page", target, None, len(there), tuple(there)),)
        hash = fingerprint(article, places, target, audience)
        return Reading(target, article, places, now, hash, audience=audience, adult=self.adult)

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        raise NotImplementedError


class Clerk(FakeDigester):
    """Finds a position for each word of `VIEWS` that comments hold; each draft costs a cent."""

    async def draft(
        self,
        reading: Reading,
        brief: Brief,
        report: Report,
        basis: Digested | None = None,
        bill: Bill | None = None,
    ) -> Draft:
        if not self.answers:
            self.answers.append(self._found(reading, basis))
        return await super().draft(reading, brief, report, basis, bill)

    def _found(self, reading: Reading, basis: Digested | None) -> Draft:
        known = {p.label: p.key for p in basis.digest.positions} if basis else {}
        claims = []
        for word, label in VIEWS.items():
            those = [c for c in reading.readable if f"the {word}?" in c.text]
            if those:
                quote = Cited(those[0].id, f"What about the {word}?")
                held = tuple(str(c.id) for c in those)
                claims.append(Claim(label, "", "other", held, (quote,), known.get(label)))
        ids = {str(c.id): c.id for c in reading.readable}
        tokens: dict[str, Any] = {"tokens_in": 900, "tokens_out": 100, "cost": Decimal("0.01")}
        return Draft("A new lane opens.", (), claims=tuple(claims), ids=ids, model="m", **tokens)


class Story:
    """What goes on while processes come and go: the clock, Discord, the town, one database."""

    def __init__(self, folder: Path, *, limits: Limits | None = None) -> None:
        self.clock = SteadyClock()
        self.wall = Wall(self.clock)
        self.town = Town(self.clock)
        self.clerk = Clerk("llm/m/p1")
        self.limits = limits or Limits()
        self._url = f"sqlite+aiosqlite:///{folder}/story.sqlite3"

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Bot]:
        """Run a bot over what is kept, new from head to foot."""
        self.wall.crashed = False
        async with open_database(self._url) as database:
            server = Server()
            server.channels = {
                id: c for id, c in server.channels.items() if id not in self.wall.gone
            }
            house = House(database, server=server, limits=self.limits)
            # one clock for all of them
            for part in (house, house.digesting, house.till, house.postman, house.desk):
                vars(part)["clock" if part is house else "_clock"] = self.clock
            house.readers._web = self.town
            house.digesting._model = house.model = self.clerk
            house.start()
            self.wall.hang(house.client)
            bot = Bot(self, house)
            await house.watcher.resume()
            try:
                yield bot
            finally:
                await house.watcher.close()
                await house.desk.close(0)


class Bot:
    """One process of it, and what people do with it."""

    def __init__(self, story: Story, house: House) -> None:
        self.story = story
        self.house = house

    async def live(self, until: datetime | timedelta = timedelta()) -> None:
        """Let time pass; what becomes due is done when it does."""
        clock = self.story.clock
        end = clock.at + until if isinstance(until, timedelta) else until
        for _ in range(5_000):
            await self.house.discord._settle()
            if self.story.wall.crashed:
                return
            due = min(filter(None, map(next_look, await self.pins())), default=None)
            if due is None or due > end:
                clock.at = max(clock.at, end)
                return
            clock.at = max(clock.at, due)
            await self.house.watcher.look()
            await self.house.watcher.settle()
        raise AssertionError("something is due again and again")

    async def pins(self) -> list[Pin]:
        return await self.house.pins.of_guild(ID)

    async def only(self) -> Pin:
        (pin,) = await self.pins()
        return pin

    async def digest(self, sub: str, locale: str = "en-US", **options: str) -> Sent:
        """Use `/digest sub`; return what the moderator reads at last."""
        given = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
        step = {"name": sub, "type": 1, "options": given}
        data = {"id": "9", "name": "digest", "type": 1, "options": [step]}
        before = len(self.house.discord.sent)
        self._now()
        await self.house.discord._dispatch(2, data, locale)
        await self.live()
        return self.house.discord.sent[before:][-1]

    async def offered(self, sub: str, typed: str) -> list[dict[str, Any]]:
        """Type into the option of `/digest sub`; return what is offered."""
        given = {"name": "digest", "type": 3, "value": typed, "focused": True}
        step = {"name": sub, "type": 1, "options": [given]}
        await self.house.discord._dispatch(
            4, {"id": "9", "name": "digest", "type": 1, "options": [step]}, "en-US"
        )
        found: list[dict[str, Any]] = self.house.discord.last.data["choices"]
        return found

    def be(
        self, who: int = MEMBER, at: int = NEWS, rights: discord.Permissions = MAY_PIN, **more: Any
    ) -> None:
        """From now on *who* acts, in the channel *at*."""
        self.house.discord.be(who, at, rights, more.pop("ours", MAY_PIN), **more)

    async def press(self, shown: Sent, custom_id: str, **data: Any) -> Sent:
        """Press something on a private message; return what takes its place at last."""
        before = len(self.house.discord.sent)
        self._now()
        await self.house.discord.press(shown, custom_id, private=True, **data)
        await self.live()
        return self.house.discord.sent[before:][-1]

    async def press_on(self, post: Post, name: str) -> Sent:
        """Press what begins with *name* on a message that everybody sees; return what they get."""
        sent = Sent("POST", post.payload, post.id)
        every = [one.get("custom_id", "") for one in walk(sent.data["components"])]
        self._now()
        await self.house.discord.press(sent, next(id for id in every if id.startswith(name)))
        return self.house.discord.last

    def _now(self) -> None:
        """What is typed or pressed next is so now: a token's life is counted from its interaction's id."""
        here = self.house.discord.here
        self.house.discord.here = {**here, "id": str(snowflake(self.story.clock.at))}
