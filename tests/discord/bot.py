"""
The bot under test, led to the loopback: in this process, or in one of its own that can be killed.

`python -m tests.discord.bot run` is `python -m bot run`, with the library told by LOOPBACK where Discord is.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app.chat import open_chat
from bot.app.engine import Engine, open_engine
from bot.chat.client import ChorusClient
from bot.jobs.local import LocalDesk
from bot.settings import Settings
from tests.chat.fake_discord import is_discords
from tests.discord.bell import PATIENCE
from tests.discord.server import TOKEN, Loopback

ROOT = Path(__file__).resolve().parent.parent.parent
WHERE = "LOOPBACK"


@contextmanager
def led(url: str) -> Iterator[None]:
    """Let the library find Discord at *url*, and identify without the five seconds' wait that the real one wants."""
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Client.before_identify_hook)

    async def at_once(self: discord.Client, shard_id: int | None, *, initial: bool = False) -> None:
        pass

    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1)) / "gateway"
    discord.Client.before_identify_hook = at_once  # type: ignore[method-assign]
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before[:2]
        discord.Client.before_identify_hook = before[2]  # type: ignore[method-assign]


@dataclass(frozen=True)
class Bot:
    """A bot of this process, connected."""

    engine: Engine
    client: ChorusClient
    desk: LocalDesk


@asynccontextmanager
async def running(
    settings: Settings,
    loopback: Loopback,
    *,
    heartbeat_timeout: float = 60,
    before: Callable[[Engine], None] = lambda _: None,
) -> AsyncIterator[Bot]:
    """
    Run the bot as `run_chat` does until the block ends; orders that run then are stopped without a grace.

    *before* anything runs, its parts can be changed.
    """
    async with open_engine(settings) as engine, open_chat(engine) as (client, desk):
        before(engine)
        assert isinstance(desk, LocalDesk)
        client._connection.heartbeat_timeout = heartbeat_timeout
        # how long the library waits for one more server before it calls itself ready
        client._connection.guild_ready_timeout = 0.05
        async with signed_in(client, loopback):
            await desk.resume()
            async with listening(client, loopback):
                try:
                    yield Bot(engine, client, desk)
                finally:
                    await desk.close(0)


@asynccontextmanager
async def signed_in(client: discord.Client, loopback: Loopback) -> AsyncIterator[None]:
    """Sign *client* in at the loopback, and out again."""
    with led(loopback.url):
        async with client:
            await client.login(TOKEN)
            yield


@asynccontextmanager
async def listening(client: discord.Client, loopback: Loopback) -> AsyncIterator[None]:
    """Connect a client that is signed in to the gateway; what it is in the middle of at the end, it ends."""
    gateway = loopback.gateway
    sessions = len(gateway.sessions)
    connected = asyncio.ensure_future(client.connect())
    await loopback.until(lambda: len(gateway.sessions) >= sessions + gateway.shards)
    try:
        yield
    finally:
        await answered()
        connected.cancel()
        await asyncio.wait([connected])


async def answered() -> None:
    """Wait until the library's tasks for interactions and events have ended: they are seconds long at most."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    running = [task for task in others if is_discords(task)]
    if running:
        await asyncio.wait(running, timeout=PATIENCE)


@dataclass(frozen=True)
class Child:
    """A bot in a process of its own; what it wrote to stderr is in `log`."""

    process: asyncio.subprocess.Process
    log: Path

    def stop(self) -> None:
        """Ask it to stop, as a deploy does."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.process.kill()

    async def end(self, seconds: float = PATIENCE) -> int:
        """Wait until it has ended; return its exit code."""
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    def wrote(self) -> str:
        return self.log.read_text("utf-8")


@asynccontextmanager
async def child(
    env: Mapping[str, str],
    loopback: Loopback,
    folder: Path,
    *command: str,
    module: str = "tests.discord.bot",
) -> AsyncIterator[Child]:
    """Start `chorus run` (or *command*, or *module*) with these settings; what is left at the end is killed."""
    log = folder / f"bot-{len(list(folder.glob('bot-*.log')))}.log"
    nowhere = "http://127.0.0.1:9"
    surroundings = {
        "PATH": "",
        "PYTHONPATH": str(ROOT),
        "XDG_DATA_HOME": str(folder),
        # no table of tokens, and no way to fetch it: an estimate will do
        "TIKTOKEN_CACHE_DIR": str(folder / "tiktoken"),
        "HTTPS_PROXY": nowhere,
        WHERE: loopback.url,
    }
    with log.open("wb") as err:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "ignore", "-m", module, *(command or ("run",))),
            env={**surroundings, **env},
            cwd=folder,
            stderr=err,
        )
    try:
        yield Child(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


if __name__ == "__main__":
    from bot.__main__ import main

    with led(os.environ[WHERE]):
        main()
