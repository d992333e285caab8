"""
A bot that is killed again and again at random instants, and what must be true of it afterwards.

Every life of the bot takes up what the last one left, is asked for a digest of its own, and is killed (SIGKILL)
somewhere between the asking and a little after the answer. The last life is left alone.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bot.core.models import Digest
from bot.store.codec import Codec
from tests.core.scripted import ScriptedModel
from tests.discord.bot import child
from tests.discord.interactions import Asked
from tests.discord.people import Person
from tests.discord.server import Loopback
from tests.llm.provider import Provider, Request
from tests.sources.site import Site
from tests.test_end_to_end import page

COMMENTS = 150
SMALL_CONTEXT = "4000"
"""Tokens the model takes: so few that the comments go in several questions, and then to be merged and written."""

MODEL_SECONDS = (0.1, 1.0)
LIFE = 60.0
"""Seconds after which a digest that has not come is a failure: a start takes two, a digest three."""

_VIEWS = ("Nobody asked", "number 1", "number 3")
_DIGEST = Codec(Digest)


@dataclass
class Tally:
    """
    What happened. `in_flight` are questions that had arrived when the bot was killed and whose replies it had not kept;
    `repeated` those of them that were asked again, `paid_again` questions asked again although their reply was kept.
    """

    kills: int = 0
    unheard: int = 0  # killed before the ask was acknowledged: Discord tells the asker
    midway: int = 0  # killed between acknowledgement and answer
    answered: int = 0
    fallback: int = 0  # answered in the channel, or at the asker's next command: the token had died
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    questions: int = 0
    in_flight: int = 0
    repeated: int = 0
    paid_again: int = 0
    digests: Counter[str] = field(default_factory=Counter)  # by link
    partial: list[str] = field(default_factory=list)

    def holds(self) -> bool:
        """Whether everyone was answered once, nothing was paid for twice, and each digest is there once and whole."""
        wrong = [*self.lost, *self.twice, *self.partial]
        return not wrong and not self.paid_again and set(self.digests.values()) <= {1}


@dataclass
class _Ask:
    title: str
    link: str
    who: Person
    asked: Asked
    expired: bool = False


class Chaos:
    """Kills a bot that is led by *env* to the loopback servers; *seed* decides when."""

    def __init__(
        self,
        discord: Loopback,
        pages: Site,
        provider: Provider,
        env: Mapping[str, str],
        folder: Path,
        seed: int,
    ) -> None:
        self._discord = discord
        self._pages = pages
        self._provider = provider
        self._env = {**env, "LLM_CONTEXT_TOKENS": SMALL_CONTEXT}
        self._folder = folder
        self._random = Random(seed)
        self._asks: list[_Ask] = []
        self._kept = 0
        self._seconds = LIFE  # from asking to the answer, as long as it was last seen to take
        self.tally = Tally()
        model = ScriptedModel(_VIEWS)

        async def think(body: dict[str, Any]) -> dict[str, Any]:
            await asyncio.sleep(self._random.uniform(*MODEL_SECONDS))
            return model.over_http(body)

        provider.script = think

    async def run(self, kills: int) -> Tally:
        """Let the bot be killed so often, then once do its work; return what was seen."""
        for number in range(kills + 1):
            async with child(self._env, self._discord, self._folder) as bot:
                known = len(self._provider.history)
                await self._discord.gateway.ready()
                ask = await self._ask(number)
                await self._for_a_while(ask, undisturbed=number == 0)
                bot.kill()
                await bot.end()
            self._count(ask, known)
            await self._discord.until(lambda: not self._discord.gateway.live())
        async with child(self._env, self._discord, self._folder) as bot:
            known = len(self._provider.history)
            await self._discord.gateway.ready()
            for ask in self._asks:
                await self._ends(ask)
            bot.stop()
            await bot.end()
        self._count_questions(known)
        self._look_at_what_is_kept()
        return self.tally

    async def _ask(self, number: int) -> _Ask:
        title, path = f"Ride {number}.", f"/ride-{number}"
        self._pages.page(path, page(COMMENTS, title))
        who, link = self._discord.someone(f"reader{number}"), self._pages.url(path)
        private = {"private": True} if number % 3 == 2 else {}
        asked = await who.slash("summarize", link=link, wait=False, **private)
        self._asks.append(ask := _Ask(title, link, who, asked))
        return ask

    async def _for_a_while(self, ask: _Ask, *, undisturbed: bool) -> None:
        """Return at a random instant, at the latest a little after the answer; *undisturbed* with the answer."""
        began = perf_counter()
        instant = LIFE if undisturbed else self._random.uniform(0, 1.2 * self._seconds)
        try:
            async with asyncio.timeout(instant):
                await self._discord.until(lambda: self._answers(ask), LIFE)
                self._seconds = perf_counter() - began
                if not undisturbed:
                    await asyncio.get_running_loop().create_future()
        except TimeoutError:
            return

    def _answers(self, ask: _Ask) -> int:
        return len(self._discord.shown(ask.title))

    def _count(self, ask: _Ask, known: int) -> None:
        tally = self.tally
        tally.kills += 1
        if ask.asked.answer is None:
            tally.unheard += 1
            self._asks.remove(ask)
        elif not self._answers(ask):
            tally.midway += 1
            if tally.midway % 5 == 0:  # nobody starts it again for a quarter of an hour
                self._discord.state.clock.move(minutes=16)
                for one in self._asks:
                    one.expired = one.expired or not self._answers(one)
        self._count_questions(known)

    def _count_questions(self, known: int) -> None:
        """Compare what this life of the bot asked with what was asked before, and with what it had kept then."""
        tally, history = self.tally, self._provider.history
        before = {_words(one) for one in history[:known]}
        unkept = len(before) - self._kept
        again = sum(count for words, count in _counted(history[known:]).items() if words in before)
        tally.questions = len(history)
        tally.in_flight += unkept
        tally.repeated += again
        tally.paid_again += max(0, again - unkept)
        self._kept = self._rows("SELECT count(*) FROM replies")[0][0]

    async def _ends(self, ask: _Ask) -> None:
        """Wait for the answer; a private one whose token has died comes with the asker's next command."""
        tally = self.tally
        try:
            if ask.expired and ask.asked.shown.to is not None:
                await self._discord.until(lambda: self._done(ask), LIFE)
                await ask.who.slash("help")
            await self._discord.until(lambda: self._answers(ask), LIFE)
        except TimeoutError:
            tally.lost.append(ask.title)
            return
        tally.answered += 1
        tally.fallback += ask.title not in ask.asked.shown.text
        if self._answers(ask) > 1:
            tally.twice.append(ask.title)

    def _done(self, ask: _Ask) -> bool:
        found = self._rows("SELECT state FROM orders WHERE id = ?", str(ask.asked.id))
        return bool(found) and found[0][0] == "waiting"

    def _look_at_what_is_kept(self) -> None:
        tally = self.tally
        query = "SELECT target, digests.body FROM digests JOIN readings ON reading = hash"
        for target, body in self._rows(query):
            digest = _DIGEST.load(body)
            tally.digests[target] += 1
            if COMMENTS != len(_accounted_for(digest)):
                tally.partial.append(target)

    def _rows(self, query: str, *values: str) -> list[Any]:
        with sqlite3.connect(self._folder / "kept.sqlite3") as connection:
            rows = connection.execute(query, values).fetchall()
        connection.close()
        return rows


def _accounted_for(digest: Digest) -> set[str]:
    copies = {id for group in digest.duplicates for id in group}
    placed = {id for position in digest.positions for id in position.comments}
    return {*copies, *placed, *digest.unplaced}


def _words(request: Request) -> str:
    return json.dumps(request.body["messages"])


def _counted(requests: list[Request]) -> Counter[str]:
    return Counter(_words(one) for one in requests)
