"""What a large thread costs the process itself. Bounds are those of ten thousand comments, for two thousand."""

from __future__ import annotations

import asyncio
import time
import tracemalloc

from benchmarks.positions.load import Pulse
from benchmarks.positions.replies import LongReplies, Recorded
from benchmarks.positions.threads import handmade
from benchmarks.positions.tokens import ENGLISH, counter, digested
from bot.core.models import Reading
from bot.core.positions import ModelDigester
from bot.llm.prompts import PromptFolder

READING = handmade(2_000)


async def warm(reading: Reading) -> ModelDigester:
    """A digester whose model has been asked everything already: what is measured is our own work."""
    model = LongReplies()
    model.counter = (await counter()).count
    digester = ModelDigester(Recorded(model), PromptFolder())
    await digested(digester, reading, ENGLISH)
    return digester


async def test_two_thousand_comments_take_a_second_of_work() -> None:
    """
    Copies, tokens, layout, merging and grounding: 5 s of CPU for ten thousand at most.
    """
    digester = await warm(READING)
    started = time.process_time()
    await digested(digester, READING, ENGLISH)

    assert time.process_time() - started < 1


async def test_the_loop_is_left_to_others() -> None:
    """
    Between two turns of another task the loop's thread works less than a tenth of a second, by its own clock.
    """
    digester, pulse = await warm(READING), Pulse()
    beating = asyncio.ensure_future(pulse.beat())
    await digester.draft(READING, ENGLISH, lambda _: None)
    beating.cancel()

    assert 0 < pulse.longest_cpu < 0.1


async def test_two_thousand_comments_take_thirty_megabytes() -> None:
    """
    Everything that is held at once besides the reading: 150 MB for ten thousand at most.
    """
    digester = await warm(READING)
    tracemalloc.start()
    try:
        await digested(digester, READING, ENGLISH)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 30_000_000
