"""The bot as a program: started, watched, told to stop, signed out."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.app.chat import ALONE, Part, open_chat
from bot.app.engine import Engine, open_engine
from bot.app.keeping import housekeeping_of
from bot.core.meter import NO_METER
from bot.errors import BadSetting, MissingSetting, SiteFailed, StoreError, Unreachable
from bot.logs import say_what_failed, start_logging
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.chat.client import ChorusClient
    from bot.metrics.prometheus import PrometheusMeter

GRACE_SECONDS = 7
"""
For orders that run when the bot is told to stop; what is not done by then runs at the next start.

Docker kills after ten seconds, and of these the interpreter takes one or two to end on a busy machine.
"""

HEALTH_SECONDS = 2
"""For a look at the database; who asks gives up after three."""

REFUSED_TOKEN = 4004
"""The gateway's code for a token that is no longer one: reset in the developer portal while the bot ran."""


async def run_chat(settings: Settings, part: Part = ALONE) -> None:
    """Run the bot, or *part* of it, until it is told to stop; raises `ConfigError`, `StoreError` or `Unreachable`."""
    token = _token(settings)
    start_logging(settings.log_format, settings.secrets)
    asyncio.get_running_loop().set_exception_handler(say_what_failed)
    meter = _meter(settings)
    async with (
        open_engine(settings, meter or NO_METER) as engine,
        open_chat(engine, part) as (client, desk),
        _watched(engine, meter, client if part.listens else None),
        _signing_in(client, token, sync=part.listens),
    ):
        await desk.resume()
        running = asyncio.ensure_future(client.connect() if part.listens else _forever())
        aside = [
            asyncio.ensure_future(_warm(engine, client, part)),
            asyncio.ensure_future(client.services.pinning.watch.run()),
        ]
        if not engine.database.is_postgres:  # a fleet has it done once, by one of its workers
            aside.append(asyncio.ensure_future(housekeeping_of(engine).run()))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            # asyncio.run knows Ctrl-C only; a deploy's SIGTERM would leave people with "thinking…"
            loop.add_signal_handler(sign, running.cancel)
        await asyncio.wait([running])
        for task in aside:
            task.cancel()
        await asyncio.wait(aside)
        await desk.close(GRACE_SECONDS)  # while answers can still be sent
        if not running.cancelled() and running.exception() is not None:
            with _discord_errors():
                running.result()


async def _warm(engine: Engine, client: ChorusClient, part: Part) -> None:
    """
    Load what the first link needs, once the bot is there: openai takes longer than all else together.

    Not the tokenizer's table: its 75 MB wait for the first digest, and are loaded in less than a second.
    """
    if part.listens:
        await client.wait_until_ready()
    if engine.model is not None:
        await engine.model.open()
    if part.works:
        await engine.web.open()
    # what is loaded by now stays: the collector, which holds up everybody, need not look at it again
    gc.freeze()


def _meter(settings: Settings) -> PrometheusMeter | None:
    if settings.metrics_port is None:
        return None
    from bot.metrics.prometheus import PrometheusMeter

    return PrometheusMeter()


@asynccontextmanager
async def _watched(
    engine: Engine, meter: PrometheusMeter | None, client: ChorusClient | None = None
) -> AsyncIterator[None]:
    """Answer the operator's monitoring, where there is a port for it; a worker has no *client*."""
    settings = engine.settings
    if meter is None or settings.metrics_port is None:
        yield
        return
    from bot.metrics.server import serve
    from bot.store.kept import SqlNotes

    notes = SqlNotes(engine.database)

    async def health() -> dict[str, bool]:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                await notes.get("health")
            database = True
        except (StoreError, TimeoutError):
            database = False
        return {"database": database} | ({} if client is None else {"gateway": client.is_well})

    if client is not None:
        meter.watch_gateway(lambda: client.latency)
    async with serve(meter, health, host=settings.metrics_host, port=settings.metrics_port):
        yield


async def _forever() -> None:
    await asyncio.Event().wait()


async def sync_commands(settings: Settings) -> int:
    """Register the commands with Discord now; return how many there are."""
    token = _token(settings)
    async with (
        open_engine(settings) as engine,
        open_chat(engine) as (client, _),
        _signing_in(client, token, sync=False),
    ):
        await client.tree.sync()
        return len(client.tree.get_commands())


def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        raise MissingSetting(name="DISCORD_TOKEN")
    return settings.discord_token.get_secret_value()


@asynccontextmanager
async def _signing_in(
    client: ChorusClient, token: str, *, sync: bool = True
) -> AsyncIterator[None]:
    """Sign *client* in, which also registers changed commands where *sync* is true; sign it out at the end."""
    with _discord_errors():
        async with client:
            client.registers = sync
            await client.login(token)
            yield


@contextmanager
def _discord_errors() -> Iterator[None]:
    """Word what an operator can mend: a refused token, a missing intent, no way to Discord."""
    import aiohttp
    import discord

    try:
        yield
    except (discord.LoginFailure, discord.ConnectionClosed) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code != REFUSED_TOKEN:
            raise Unreachable(host="discord.com") from error
        expected = "a token that Discord accepts; make a new one in the developer portal"
        raise BadSetting(name="DISCORD_TOKEN", value="***", expected=expected) from None
    except discord.PrivilegedIntentsRequired:
        expected = "false, or the message content intent switched on in the developer portal"
        raise BadSetting(name="DISCORD_MESSAGE_CONTENT", value="true", expected=expected) from None
    except discord.DiscordServerError as error:
        raise SiteFailed(host="discord.com", status=error.status) from error
    except (aiohttp.ClientError, discord.GatewayNotFound) as error:
        raise Unreachable(host="discord.com") from error
