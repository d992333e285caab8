"""
How long people wait, by the clock, over the time a provider takes for one answer, which is always the same here.

`tests/scale/test_waiting.py` counts the same in rounds, without a clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from benchmarks.positions.replies import LongReplies
from benchmarks.positions.tokens import CONCURRENCY, ENGLISH, digested, open_model
from bot.core.models import Reading
from bot.core.positions import ModelDigester
from bot.llm.prompts import PromptFolder
from bot.llm.tokens import TokenCounter
from tests.llm.provider import Provider


@dataclass(frozen=True)
class Waited:
    """Seconds for all digests, the questions it took, the most under way at once, and the seconds of one answer."""

    seconds: float
    questions: int
    busiest: int
    answer: float

    @property
    def ideal(self) -> float:
        """Seconds if every turn were used all the time."""
        return ceil(self.questions / CONCURRENCY) * self.answer

    @property
    def one_by_one(self) -> float:
        """Seconds if one question were asked after the other."""
        return self.questions * self.answer


async def measure(readings: Sequence[Reading], answer: float, tokens: TokenCounter) -> Waited:
    """Digest all *readings* at once with a provider that takes *answer* seconds for each question."""

    def slow(model: LongReplies) -> Callable[[dict[str, Any]], Awaitable[Any]]:
        async def script(body: dict[str, Any]) -> Any:
            ends = asyncio.get_running_loop().time() + answer
            reply = model.over_http(body)
            await asyncio.sleep(ends - asyncio.get_running_loop().time())
            return reply

        return script

    async with (
        Provider(script=slow(LongReplies())) as provider,
        open_model(provider.url, tokens) as model,
    ):
        await model.open()
        digester = ModelDigester(model, PromptFolder())
        started = time.perf_counter()
        await asyncio.gather(*(digested(digester, reading, ENGLISH) for reading in readings))
        seconds = time.perf_counter() - started
        return Waited(seconds, len(provider.history), provider.busiest, answer)
