"""How long people wait, in rounds: with a provider that takes L for every answer, n rounds are n × L."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil

import pytest

from benchmarks.positions.replies import LongReplies
from benchmarks.positions.threads import handmade
from benchmarks.positions.tokens import ENGLISH, counter, nobody, open_model
from bot.core.models import Draft, Reading
from bot.core.ports import Model
from bot.core.positions import ModelDigester
from bot.llm.prompts import PromptFolder
from bot.settings import Settings
from tests.llm.provider import Provider
from tests.scale.rounds import Rounds

LIMIT = Settings.model_fields["llm_concurrency"].default
SIZES = [60] * 30 + [250] * 14 + [600] * 6
"""Comments of fifty threads: most fit into one question, some take five, a few eight."""


async def run(*readings: Reading) -> tuple[int, Provider]:
    """Draft digests of all *readings* at once, with the real client; return the rounds it took."""
    rounds = Rounds(LIMIT)
    prompts = PromptFolder()

    def draft(reading: Reading) -> Callable[[Model], Awaitable[Draft]]:
        return lambda model: ModelDigester(model, prompts).draft(reading, ENGLISH, nobody)

    async with (
        Provider(script=rounds.script(LongReplies().over_http)) as provider,
        open_model(provider.url, await counter(), LIMIT) as model,
    ):
        await asyncio.gather(*(rounds.run(model, draft(reading)) for reading in readings))
    return rounds.count, provider


@pytest.mark.parametrize("thread", ["handmade-1000", "hackernews-1000"], indirect=True)
async def test_a_thousand_comments_take_three_rounds(thread: Reading) -> None:
    """
    All parts and the article at once, then the labels, then the words, within the limit as it is set by default.
    """
    rounds, provider = await run(thread)

    assert 3 == rounds
    assert len(provider.history) - 2 == provider.busiest <= LIMIT


async def test_fifty_links_at_once_waste_no_turn() -> None:
    """
    The limit holds for all together, and the last digest is there a fifth later at most than if every turn were used.
    """
    rounds, provider = await run(*(handmade(size, seed=n) for n, size in enumerate(SIZES, 2)))
    ideal = ceil(len(provider.history) / LIMIT)

    assert len(provider.history) > 100
    assert LIMIT == provider.busiest
    assert ideal <= rounds <= 1.2 * ideal
