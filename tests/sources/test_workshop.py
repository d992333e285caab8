"""Processes apart: what they bring back, and that nothing they do reaches the bot."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import ChorusError, TooHeavy, Walled, all_errors
from bot.sources import worker
from bot.sources.workshop import LARGE, Workshop
from tests.sources import tasks

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
async def shop() -> AsyncIterator[Workshop]:
    async with Workshop() as one:
        yield one


def exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


class TestWhatComesBack:
    @pytest.mark.parametrize("text", ["", "été", "a\ud800b", "\0", "x" * 300_000])
    async def test_any_text_goes_there_and_back(self, shop: Workshop, text: str) -> None:
        """
        Lone surrogates too; what a library prints does not come between.
        """
        assert text == await shop.run(tasks.same, text)

    async def test_an_error_of_ours_is_raised_here(self, shop: Workshop) -> None:
        """
        The same class with the same facts; the worker goes on.
        """
        before = await shop.run(tasks.own_id)
        with pytest.raises(Walled) as caught:
            await shop.run(tasks.refuse)

        assert {"kind": "login"} == caught.value.facts
        assert before == await shop.run(tasks.own_id)

    @pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
    def test_every_error_can_go_there_and_back(self, kind: type[ChorusError]) -> None:
        """
        Facts are given by keyword, which exceptions do not do by themselves.
        """
        error = kind(**dict.fromkeys(kind.names, "fact"))

        back = pickle.loads(pickle.dumps(error))

        assert (kind, error.facts, str(error)) == (type(back), back.facts, str(back))

    async def test_an_error_nobody_foresaw_says_where_it_was(self, shop: Workshop) -> None:
        """
        The traceback comes along; the worker is not used again.
        """
        before = await shop.run(tasks.own_id)
        with pytest.raises(RuntimeError, match=r"in stumble(.|\n)*no such shelf"):
            await shop.run(tasks.stumble)

        assert before != await shop.run(tasks.own_id)


class TestLimits:
    @pytest.mark.parametrize("deaf", [False, True])
    async def test_what_takes_too_long_is_killed(self, deaf: bool) -> None:
        """
        Even if it minds no signal; the next task is done.
        """
        async with Workshop(seconds=1) as shop:
            before = await shop.run(tasks.own_id)
            with pytest.raises(TooHeavy) as caught:
                await shop.run(tasks.never_end, deaf)

            assert {"seconds": 1} == caught.value.facts
            assert not exists(before)
            assert before != await shop.run(tasks.own_id)

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit address space")
    async def test_what_takes_too_much_memory_is_ended(self) -> None:
        """
        The next task is done.
        """
        async with Workshop(megabytes=200) as shop:
            with pytest.raises(TooHeavy):
                await shop.run(tasks.swallow)

            assert await shop.run(tasks.own_id)

    async def test_what_takes_its_process_down_is_too_heavy(self, shop: Workshop) -> None:
        """
        A parser's crash is not the bot's; the next task is done.
        """
        with pytest.raises(TooHeavy):
            await shop.run(tasks.fall)

        assert await shop.run(tasks.own_id)

    @pytest.mark.parametrize(
        "page",
        ["<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">", "<div>" * 100_000],
        ids=["attributes", "depth"],
    )
    async def test_hostile_pages_do_not_hold_up_the_loop(self, shop: Workshop, page: str) -> None:
        """
        However a page ends, the loop turns meanwhile.
        """
        reading = asyncio.ensure_future(shop.run(worker.read_page, page, None))
        turns = 0
        while not reading.done():
            await asyncio.sleep(0)
            turns += 1

        assert isinstance(reading.exception(), ChorusError)
        assert turns > 100


class TestProcesses:
    async def test_one_is_kept_for_the_next_task(self) -> None:
        """
        For so many tasks, and not after a large one: what it took it does not give back.
        """
        async with Workshop(tasks=2) as shop:
            first = [await shop.run(tasks.own_id) for _ in range(2)]
            second = await shop.run(tasks.own_id)
            assert LARGE == await shop.run(tasks.length, "x" * LARGE)
            third = await shop.run(tasks.own_id)

        assert 1 == len(set(first))
        assert 4 == len({*first, second, third}) + 1

    async def test_a_kept_one_that_dies_is_replaced(self, shop: Workshop) -> None:
        """
        The system's memory killer takes the idle first.
        """
        before = await shop.run(tasks.own_id)
        spare = shop._spare
        assert spare
        os.kill(before, signal.SIGKILL)
        while spare.lives:
            await asyncio.sleep(0)

        assert before != await shop.run(tasks.own_id)

    async def test_so_many_work_at_once_and_no_more(self, tmp_path: Path) -> None:
        """
        Two that need each other are done by two workers; one worker does one after the other.
        """
        ours, theirs = tmp_path / "ours", tmp_path / "theirs"
        async with Workshop(workers=2) as shop:
            both = (shop.run(tasks.meet, ours, theirs), shop.run(tasks.meet, theirs, ours))
            assert all(await asyncio.gather(*both))
        async with Workshop(workers=1) as shop:
            assert 1 == len(set(await asyncio.gather(*(shop.run(tasks.own_id) for _ in range(5)))))

    async def test_leaving_ends_them(self) -> None:
        """
        The idle and the busy; whoever waits is told.
        """
        async with Workshop() as shop:
            idle = await shop.run(tasks.own_id)
            busy = [asyncio.ensure_future(shop.run(tasks.never_end)) for _ in range(2)]
            while len(shop._busy) < 2:
                await asyncio.sleep(0)
            processes = [one._process.pid for one in shop._busy]

        assert [TooHeavy] * 2 == [
            type(e) for e in await asyncio.gather(*busy, return_exceptions=True)
        ]
        assert [] == [one for one in (idle, *processes) if exists(one)]

    async def test_whoever_gives_up_ends_the_work(self, shop: Workshop) -> None:
        """
        A cancelled task leaves no process behind.
        """
        reading = asyncio.ensure_future(shop.run(tasks.never_end))
        while not shop._busy:
            await asyncio.sleep(0)
        (process,) = (one._process.pid for one in shop._busy)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

        assert not exists(process)

    @pytest.mark.parametrize(("task", "code"), [(b"", 0), (tasks.never_end, -signal.SIGALRM)])
    def test_none_outlives_the_bot(self, task: object, code: int) -> None:
        """
        A worker ends with its input; in the middle of a task that does not end, a second after its time.
        """
        frame = pickle.dumps((task, ())) if task else b""
        process = subprocess.run(
            [sys.executable, "-c", "from bot.sources.worker import main; main()", "600", "0"],
            input=worker.LENGTH.pack(len(frame)) + frame if frame else b"",
            capture_output=True,
            cwd=ROOT,
            check=False,
        )

        assert (code, worker.READY) == (process.returncode, process.stdout)

    async def test_a_worker_has_what_reading_needs(self, shop: Workshop) -> None:
        """
        And neither the web, nor Discord, nor the model, nor the database.
        """
        found = await shop.run(tasks.packages)

        assert {"lxml", "trafilatura"} <= found
        assert set() == found & {
            "aiohttp",
            "discord",
            "openai",
            "sqlalchemy",
            "tiktoken",
        }


BOT = """
import asyncio, sys
from bot.app.engine import open_engine
from bot.core.models import LOCAL
from bot.settings import load

async def main():
    async with open_engine(load({"database_url": "sqlite+aiosqlite:///" + sys.argv[1]})) as engine:
        with open("examples/bike-lane.html", "rb") as page:
            await engine.digesting.paste(page.read(), "page.html", LOCAL, None)

asyncio.run(main())
print(*sorted({"trafilatura", "justext", "numpy"} & set(sys.modules)))
"""


def test_the_bot_itself_reads_no_page(tmp_path: Path) -> None:
    """
    What parses pages is in the workers' memory and not twice.
    """
    out = subprocess.run(
        [sys.executable, "-c", BOT, str(tmp_path / "kept.sqlite3")],
        capture_output=True,
        cwd=ROOT,
        check=True,
    ).stdout

    assert b"\n" == out
