"""
Forty days of a bot: 10,000 requests over 300 links whose discussions grow, with refreshes; and what it holds then.

`python -m benchmarks.soak [--requests 10000] [--links 300] [--days 40]`. The bot is a process of its own on the
loopback Discord; its clock is moved on by a day after each day's requests. Printed per tenth of the run: its resident
memory, threads, open files and child processes, and the size of its database. Ends with exit code 1 if memory grows by
more than 5 % after the first quarter, files stay open, or the database still grows once retention has set in.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from aiohttp import web

from bot.store.database import MOST_CONNECTIONS
from tests.core.scripted import ScriptedModel
from tests.discord.bot import Child, child
from tests.discord.interactions import Asked
from tests.discord.people import Person
from tests.discord.server import TOKEN, Loopback
from tests.llm.provider import Provider
from tests.sources.site import site
from tests.test_end_to_end import page

AT_ONCE = 8
RETENTION_DAYS = 10
FRESH = 0.1
"""Of the requests press *Refresh* on the card they get."""

PATIENCE = 60.0

FILES = 2 * MOST_CONNECTIONS
"""Those of the database that the busiest moment opens stay; one lost in a hundred requests would be 75 by the end."""


@dataclass(frozen=True)
class Held:
    """What the process holds: kilobytes of memory and of its database, threads, open files, child processes."""

    memory: int
    database: int
    threads: int
    files: int
    children: int


def held(pid: int, folder: Path) -> Held:
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    kept = sum(file.stat().st_size for file in folder.glob("kept.sqlite3*"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return Held(
        int(status["VmRSS"].split()[0]),
        kept // 1024,
        int(status["Threads"]),
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
        len(children),
    )


class Soak:
    """One run: *links* pages, each with more comments every day, for twenty days, and then as few as at first."""

    def __init__(self, discord: Loopback, links: int, requests: int, days: int) -> None:
        self.discord = discord
        self.day = 0
        self._links = links
        self._a_day = requests // days
        self._random = Random(1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self.ended: Counter[str] = Counter()

    def article(self, number: int) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(_: web.Request) -> web.Response:
            comments = 5 + number % 30 + self.day % 20
            return web.Response(text=page(comments, f"Ride {number}."), content_type="text/html")

        return answer

    async def one_day(self, base: str) -> None:
        await asyncio.gather(*(self._one(base, n) for n in range(self._a_day)))
        posts = self.discord.state.posts.all
        for id in list(posts)[:-50]:  # of this process, not of the bot's
            del posts[id]
        self.discord.rest.calls.clear()
        self.day += 1

    async def _one(self, base: str, number: int) -> None:
        async with self._turns:
            # a few links are asked for often, most now and then
            which = min(int(self._random.paretovariate(0.7)), self._links) - 1
            who = self.discord.someone(f"reader{number}-{self.day}")
            link = f"{base}/ride-{which}"
            try:
                asked = await who.slash("summarize", link=link, private=True)
            except TimeoutError:
                self.ended["not acknowledged in time"] += 1
                return
            try:
                await self._ends(asked, who)
            except TimeoutError:
                self.ended[f"not answered in time: {asked.shown.text[:80]}"] += 1

    async def _ends(self, asked: Asked, who: Person) -> None:
        await self.discord.until(lambda: "Ride" in asked.shown.text, PATIENCE)
        self.ended["answered"] += 1
        if self._random.random() < FRESH:
            before = len(asked.shown.before)
            await who.click(asked.shown, "chorus:fresh")
            await self.discord.until(lambda: len(asked.shown.before) > before, PATIENCE)
            self.ended["refreshed"] += 1


async def soak(requests: int, links: int, days: int, folder: Path) -> bool:
    model = ScriptedModel(("Nobody asked", "Thought number 1"))
    async with Loopback() as discord, site() as pages, Provider(script=model.over_http) as provider:
        run = Soak(discord, links, requests, days)
        for number in range(links):
            pages.on(f"/ride-{number}", run.article(number))
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "OPENAI_BASE_URL": provider.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/kept.sqlite3",
            "RETENTION_DAYS": str(RETENTION_DAYS),
            "WEB_ALLOWED_NETWORKS": "127.0.0.0/8",
            "WEB_ALLOWED_GUILDS": str(discord.marlow.id),
        }
        async with child(settings, discord, folder, module="tests.discord.days") as bot:
            await discord.gateway.ready()
            seen = [await _day(run, pages.base, bot, folder, day, days) for day in range(days)]
            provider.history.clear()
    print(dict(run.ended))
    return _holds(seen, days)


async def _day(run: Soak, base: str, bot: Child, folder: Path, day: int, days: int) -> Held:
    await run.one_day(base)
    bot.process.send_signal(signal.SIGUSR1)
    run.discord.state.clock.move(days=1)
    now = held(bot.process.pid, folder)
    if day % max(1, days // 10) == 0 or day == days - 1:
        print(f"day {day + 1}: {now}", flush=True)
    return now


def _holds(seen: list[Held], days: int) -> bool:
    """Compare the memory with a quarter's, and the database's largest size with that when retention had just set in."""
    early, last = seen[days // 4], seen[-1]
    before = max(one.database for one in seen[RETENTION_DAYS : 2 * RETENTION_DAYS] or seen)
    after = max(one.database for one in seen[2 * RETENTION_DAYS :] or seen)
    memory, database = last.memory / early.memory, after / before
    print(f"memory {memory:.3f} of a quarter's, database at most {database:.3f} of what it was")
    return memory <= 1.05 and database <= 1.05 and last.files <= early.files + FILES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=300)
    parser.add_argument("--days", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fine = asyncio.run(
            soak(options.requests, options.links, options.days, Path(folder).resolve())
        )
    sys.exit(not fine)


if __name__ == "__main__":
    main()
