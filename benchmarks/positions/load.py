"""
What ten thousand comments cost the process itself: memory above idle, CPU, and how long the event loop stood still.

The digest is made by the program as it runs, from a kept reading (so that nothing is parsed here), in a process of its
own; the provider is this one.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.positions.replies import LongReplies
from benchmarks.positions.threads import SHARED, handmade
from benchmarks.positions.tokens import MODEL, nobody
from bot.app.engine import open_engine
from bot.core.digesting import Request
from bot.core.export import digest_json
from bot.core.models import PUBLIC, Brief, Reading
from bot.settings import load
from bot.store.database import open_database
from bot.store.shelf import SqlShelf
from tests.llm.provider import Provider

BEAT = 0.005  # seconds between two beats of the loop
CONTROL = 2.0  # seconds of work of the thread that is compared with
FEW = 60  # comments of the digest that warms the process up


@dataclass(frozen=True)
class Load:
    """What one digest took: MB above idle at the highest, seconds of CPU, longest silence of the loop in seconds."""

    comments: int
    megabytes: float
    cpu_seconds: float
    stall_seconds: float  # by the clock
    stall_cpu_seconds: float  # of the loop's own thread
    control_seconds: float  # the silence of a loop beside a thread that does nothing but count


async def measure(reading: Reading) -> Load:
    """Digest *reading* in a process of its own."""
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/kept.sqlite3"
        first = replace(handmade(FEW), target="https://first.example/1", hash="first")
        async with open_database(url) as database:
            shelf = SqlShelf(database)
            for one in (first, reading):
                await shelf.keep_reading(one, one.read_at + timedelta(days=36_500))
        async with Provider(script=LongReplies().over_http) as provider:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "benchmarks.positions.load",
                json.dumps([provider.url, url, first.target, reading.target]),
                stdout=asyncio.subprocess.PIPE,
                env=os.environ | {"TIKTOKEN_CACHE_DIR": str(SHARED / "tiktoken")},
            )
            said, _ = await child.communicate()
        return Load(**json.loads(said))


async def _in_this_process(provider: str, database: str, first: str, target: str) -> Load:
    facts: dict[str, object] = {
        "openai_base_url": provider,
        "openai_model": MODEL,
        "database_url": database,
    }
    async with open_engine(load(facts)) as engine:
        await engine.digesting.digest(Request(first, PUBLIC, Brief("en")), nobody)
        gc.collect()
        gc.freeze()  # as `bot.app.running` does
        control = await _control()
        idle = _memory("VmRSS")
        pulse = Pulse()
        beating = asyncio.ensure_future(pulse.beat())
        started = time.process_time()
        made = await engine.digesting.digest(Request(target, PUBLIC, Brief("en")), nobody)
        json.dumps(digest_json(made))
        spent = time.process_time() - started
        beating.cancel()
        return Load(
            comments=len(made.reading.readable),
            megabytes=round(_memory("VmHWM") - idle, 1),
            cpu_seconds=round(spent, 2),
            stall_seconds=round(pulse.longest, 3),
            stall_cpu_seconds=round(pulse.longest_cpu, 3),
            control_seconds=round(control, 3),
        )


async def _control() -> float:
    """Return how long a loop of this machine, loaded as it is now, is silent beside one busy thread."""
    pulse = Pulse()
    beating = asyncio.ensure_future(pulse.beat())
    await asyncio.to_thread(_count)
    beating.cancel()
    return pulse.longest


def _count() -> None:
    started = time.thread_time()
    while time.thread_time() - started < CONTROL:
        pass


class Pulse:
    """A task that wants to run every `BEAT`, and remembers how late it was at the worst."""

    longest = 0.0
    longest_cpu = 0.0

    async def beat(self) -> None:
        """Beat until cancelled."""
        while True:
            at, cpu = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BEAT)
            self.longest = max(self.longest, time.perf_counter() - at - BEAT)
            self.longest_cpu = max(self.longest_cpu, time.thread_time() - cpu)


def _memory(name: str) -> float:
    """Return this process's megabytes: `VmRSS` now, `VmHWM` at the highest (proc(5)); getrusage counts a parent's."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_in_this_process(*json.loads(sys.argv[1]))))))
