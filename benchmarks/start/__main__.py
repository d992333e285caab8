"""
From the start of the process until its session at the gateway is ready, and its memory when it then does nothing:
Chorus (a database that is there, a model that is configured) beside a bare discord.py and openai bot, in turns.

`python -m benchmarks.start [--rounds 5]`. The ratios are what counts: both share the machine's load.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.discord.bot import child
from tests.discord.server import TOKEN, Loopback
from tests.llm.provider import Provider

ROLLUP = Path("/proc/self/smaps_rollup")
QUIET = 8
"""Seconds until whatever goes on after a start has ended: Chorus loads openai then."""

BARE, OURS = "benchmarks.start.bare", "tests.discord.bot"


async def begun(module: str, folder: Path, **env: str) -> tuple[float, float]:
    """Start it; return the seconds until it is ready, and its megabytes when it is idle."""
    async with Loopback() as discord:
        started = perf_counter()
        async with child(env, discord, folder, module=module) as bot:
            await discord.gateway.ready()
            ready = perf_counter() - started
            await asyncio.sleep(QUIET)
            return ready, sum(map(resident, family(bot.process.pid)))


def family(pid: int) -> list[int]:
    """Return the process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def resident(pid: int) -> float:
    """Return the megabytes of a process, what it shares with others divided among them (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    figures: dict[str, list[tuple[float, float]]] = {BARE: [], OURS: []}
    with tempfile.TemporaryDirectory() as folder:
        async with Provider() as provider:
            settings = {
                "DISCORD_TOKEN": TOKEN,
                "OPENAI_BASE_URL": provider.url,
                "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/kept.sqlite3",
            }
            for turn in range(-1, rounds):  # the first makes the database and warms the disk
                for module in (BARE, OURS) if turn % 2 else (OURS, BARE):
                    env = settings if module == OURS else {}
                    found = await begun(module, Path(folder), **env)
                    if turn >= 0:
                        figures[module].append(found)
    (bare_s, bare_mb), (ours_s, ours_mb) = (
        (median(s for s, _ in some), median(mb for _, mb in some)) for some in figures.values()
    )
    print(
        f"start to ready: Chorus {ours_s:.2f} s, bare {bare_s:.2f} s, ratio {ours_s / bare_s:.2f}\n"
        f"idle memory: Chorus {ours_mb:.0f} MB, bare {bare_mb:.0f} MB, ratio {ours_mb / bare_mb:.2f}"
        f" (medians of {rounds})"
    )


if __name__ == "__main__":
    if ROLLUP.exists():
        asyncio.run(main())
    else:
        print("memory is read from Linux' /proc, which is not here")
