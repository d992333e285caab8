"""The threads on which the large claims are held: captured ones where they are, and one of our own that always is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.positions import threads
from bot.core.models import Reading

CAPTURED: dict[str, Callable[[], Reading]] = {
    "handmade": lambda: threads.handmade(250),
    "seed": threads.seed,
    "reddit": threads.reddit,
    "hackernews": threads.hackernews,
    "handmade-1000": lambda: threads.handmade(1_000),
    "handmade-2000": lambda: threads.handmade(2_000),
    "hackernews-1000": lambda: threads.recombined(threads.hackernews(), 1_000),
    "hackernews-10000": lambda: threads.recombined(threads.hackernews(), 10_000),
}


@pytest.fixture
def thread(request: pytest.FixtureRequest) -> Reading:
    """
    The thread named by the parameter.
    """
    try:
        return CAPTURED[request.param]()
    except OSError:
        pytest.skip("the captured threads are not beside this checkout")
