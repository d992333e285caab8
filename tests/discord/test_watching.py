"""What an operator sees of a running bot: its numbers, its health, its log."""

from __future__ import annotations

import asyncio
import json
import socket

import aiohttp

from bot.core.reference import reference_of
from tests.discord.bot import child
from tests.discord.conftest import LABEL, Town
from tests.discord.server import TOKEN
from tests.llm.provider import Answer


def free_port() -> int:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        port: int = some.getsockname()[1]
    return port


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


async def test_numbers_and_health(town: Town) -> None:
    """
    A question, its answer and the same question again are counted; no word, name or address is shown; with the
    gateway gone the bot is not well.
    """
    discord, port = town.discord, free_port()
    town.environ["metrics_port"] = str(port)
    town.think_at_once()
    async with child(town.env(), discord, town.folder):
        await discord.gateway.ready()
        await town.ann.slash("summarize", link=town.lane)
        await discord.shows(LABEL)
        await town.ann.slash("summarize", link=town.lane)
        await discord.until(lambda: 2 == len(discord.shown(LABEL)))
        async with asyncio.timeout(
            10
        ):  # the library calls itself ready a while after its first event
            while 200 != (health := await get(port, "/healthz"))[0]:
                await asyncio.sleep(0.01)
        _, text = await get(port, "/metrics")
        discord.gateway.shut = True
        discord.gateway.drop()
        async with asyncio.timeout(10):
            while 200 == (ill := await get(port, "/healthz"))[0]:
                await asyncio.sleep(0.01)

    assert (200, '{"database": true, "gateway": true}') == health
    assert (503, '{"database": true, "gateway": false}') == ill
    for line in (
        "chorus_acknowledgement_seconds_count 2.0",
        "chorus_cache_hits_total 1.0",
        'chorus_digests_total{engine="llm",outcome="made"} 1.0',
        'chorus_model_tokens_total{direction="in",model="gpt-test"} 100.0',
        'chorus_fetches_total{outcome="ok"} 1.0',
        'chorus_orders{state="running"} 0.0',
    ):
        assert f"{line}\n" in text
    assert "chorus_gateway_latency_seconds " in text
    for word in ("bike", LABEL, "127.0.0.1", "ann", "Marlow"):
        assert word not in text


async def test_the_log(town: Town) -> None:
    """
    Lines of JSON under the request's reference; neither secrets, nor what was asked, read or answered.
    """
    discord = town.discord
    town.environ["log_format"] = "json"
    town.provider.script = lambda _: Answer.error(401, "what the readers say about the bike lane")
    async with child(town.env(), discord, town.folder) as bot:
        await discord.gateway.ready()
        asked = await town.ann.slash("summarize", link=town.lane)
        await discord.shows("Mill Road")
        bot.stop()
        await bot.end()
    lines = [json.loads(line) for line in bot.wrote().splitlines()]
    references = {line["request"] for line in lines}

    assert reference_of(str(asked.id)) in references
    for word in (TOKEN, "sk-of-the-test", asked.token, "bike", "Mill Road", "/lane"):
        assert word not in bot.wrote()
