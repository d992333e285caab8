"""The least a bot with a model can be: discord.py, an openai client and `/pong`. Run as a process of its own."""

from __future__ import annotations

import asyncio
import os

from openai import AsyncOpenAI

from benchmarks.discord.pong import Pong
from tests.discord.bot import WHERE, led
from tests.discord.server import TOKEN


async def main() -> None:
    async with AsyncOpenAI(api_key="none", base_url="http://127.0.0.1:9/v1") as model:
        model.chat.completions.create  # noqa: B018 - imports the other half, as a first question would
        await Pong().start(TOKEN)


if __name__ == "__main__":
    with led(os.environ[WHERE]):
        asyncio.run(main())
