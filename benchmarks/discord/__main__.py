"""
Acknowledgements, from INTERACTION_CREATE on the websocket to the callback's arrival, bots in processes of their own:

- a kept digest against a bare discord.py "pong", asked in turns: their ratio, in the middle and at the 99th percentile;
- commands of others while the first order after a start is worked on: the slowest;
- five hundred who ask at once for what nobody has read.

`python -m benchmarks.discord [--rounds 200]`. The ratio is what counts: both bots share the machine's load.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from tests.core.scripted import ScriptedModel
from tests.discord.bot import child
from tests.discord.interactions import SAY, Asked
from tests.discord.server import TOKEN, Loopback
from tests.llm.provider import Provider
from tests.sources.site import site
from tests.test_end_to_end import page

WARM_UP = 20
PAUSE = 0.02
"""Seconds before each: what a bot still does after its acknowledgement must not be counted against the other's."""

CROWD = 500
QUIET = 4
"""Seconds until what goes on after a start has ended: the link is cold, not the bot."""

SIZES = (5, 300)
"""Comments under the page whose digest is kept."""


one_view = ScriptedModel(("Nobody asked", "Thought number 1")).over_http


class Watch:
    """Measures interactions of one loopback; made before a bot connects."""

    def __init__(self, loopback: Loopback) -> None:
        self._loopback = loopback
        self._sent: dict[str, float] = {}
        loopback.gateway.on_send = self._note

    async def took(self, asked: Asked) -> float:
        """Return how many seconds the acknowledgement took, also where it came too late for Discord."""
        rest = self._loopback.rest
        those = await self._loopback.until(
            lambda: [c.at for c in rest.calls if str(asked.id) in c.path]
        )
        return those[0] - self._sent[str(asked.id)]

    def _note(self, frame: dict[str, Any]) -> None:
        if frame.get("t") == "INTERACTION_CREATE":
            self._sent[frame["d"]["id"]] = perf_counter()


@asynccontextmanager
async def bot(folder: Path, loopback: Loopback, module: str, **env: str) -> AsyncIterator[Watch]:
    watch = Watch(loopback)
    async with child(env, loopback, folder, module=module):
        await loopback.gateway.ready()
        yield watch


async def compare(comments: int, rounds: int, folder: Path) -> None:
    """Print how fast a kept digest of a page with so many comments comes, against a pong."""
    async with (
        Loopback() as ours,
        Loopback() as bare,
        site() as pages,
        Provider(script=one_view) as provider,
    ):
        pages.page("/lane", page(comments))
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "OPENAI_BASE_URL": provider.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/kept.sqlite3",
            "WEB_ALLOWED_NETWORKS": "127.0.0.0/8",
            "WEB_ALLOWED_GUILDS": str(ours.marlow.id),
        }
        ann, bob, link = ours.someone("ann"), bare.someone("bob"), pages.url("/lane")
        async with (
            bot(folder, ours, "tests.discord.bot", **settings) as digests,
            bot(folder, bare, "benchmarks.discord.pong") as pongs,
        ):
            first = await ann.slash("summarize", link=link)
            slowest = 0.0
            while "They say" not in first.shown.text:
                slowest = max(slowest, await digests.took(await ann.slash("help", wait=False)))
            took: dict[str, list[float]] = {"digest": [], "pong": []}
            for turn in range(2 * (WARM_UP + rounds)):
                await asyncio.sleep(PAUSE)
                if turn % 4 in {0, 3}:  # each goes first as often as the other
                    answer = await ann.slash("summarize", link=link, private=True)
                    assert answer.how == SAY
                    took["digest"].append(await digests.took(answer))
                else:
                    took["pong"].append(await pongs.took(await bob.slash("pong")))
    digest, pong = (median(some[WARM_UP:]) for some in took.values())
    late, later = (quantiles(some[WARM_UP:], n=100)[98] for some in took.values())
    print(
        f"{comments} comments: kept digest {digest * 1000:.2f} ms, pong {pong * 1000:.2f} ms, "
        f"ratio {digest / pong:.2f} (medians of {rounds}), of the slowest in a hundred {late / later:.2f}; "
        f"slowest acknowledgement during the first order {slowest * 1000:.0f} ms"
    )


async def crowd(people: int, folder: Path) -> None:
    """Print how long so many wait for a first sign, who ask at once for a link that nobody has read, or for a pong."""
    took: dict[str, list[float]] = {}
    for module, command in (
        ("benchmarks.discord.pong", "pong"),
        ("tests.discord.bot", "summarize"),
    ):
        async with Loopback() as discord, site() as pages, Provider(script=one_view) as provider:
            pages.page("/lane", page(5))
            settings = {
                "DISCORD_TOKEN": TOKEN,
                "OPENAI_BASE_URL": provider.url,
                "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/crowd.sqlite3",
                "WEB_ALLOWED_NETWORKS": "127.0.0.0/8",
                "WEB_ALLOWED_GUILDS": str(discord.marlow.id),
            }
            options = {"link": pages.url("/lane")} if command == "summarize" else {}
            async with bot(folder, discord, module, **settings) as watch:
                some = [discord.someone(f"p{n}") for n in range(people)]
                await asyncio.sleep(QUIET)
                asked = [await one.slash(command, wait=False, **options) for one in some]
                took[command] = sorted([await watch.took(one) for one in asked])
    ours, bare = took["summarize"], took["pong"]
    print(
        f"{people} who ask at once: Chorus acknowledges after {median(ours) * 1000:.0f} ms, the last after "
        f"{ours[-1] * 1000:.0f} ms; pong {median(bare) * 1000:.0f} ms, the last {bare[-1] * 1000:.0f} ms; "
        f"ratio of the last {ours[-1] / bare[-1]:.2f}"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    for comments in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            await compare(comments, rounds, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        await crowd(CROWD, Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
