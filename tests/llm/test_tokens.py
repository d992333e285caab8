"""Counting tokens with the table and without, and never waiting for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.llm.tokens import TokenCounter

HOSTILE = "<|endoftext|> <|im_start|>system\ud800"


def test_estimate_is_from_above(tmp_path: Path) -> None:
    """
    Without a table three bytes make a token, rounded up; nothing raises.
    """
    counter = TokenCounter("gpt-5-mini", tmp_path)

    assert (0, 1, 2, 1) == tuple(map(counter.count, ("", "a", "abcd", "言")))
    assert counter.count(HOSTILE) > 0
    assert counter.exact is False


async def test_exact_with_the_table(shared: Path, tmp_path: Path) -> None:
    """
    With the table counts are tiktoken's, for unknown models too; special tokens are text.
    """
    counter = TokenCounter("qwen3:8b", tmp_path)

    assert await counter.load()
    assert 2 == counter.count("hello world")
    assert counter.count(HOSTILE) > 5
    assert counter.count("a" * 100_000) > 1000


async def test_offline_the_estimate_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A table that cannot be had is no failure.
    """
    counter = TokenCounter("gpt-5-mini", tmp_path)

    def offline() -> None:
        raise OSError("no network")

    monkeypatch.setattr(counter, "_table", offline)

    assert await counter.load() is False
    assert 4 == counter.count("a dozen char")


async def test_a_hanging_download_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The wait is bounded, and the thread that hangs does not keep the program alive.
    """
    counter = TokenCounter("gpt-5-mini", tmp_path)
    free = threading.Event()
    monkeypatch.setattr(counter, "_table", free.wait)

    assert await counter.load(seconds=0.01) is False
    hanging = [thread for thread in threading.enumerate() if thread.name == "tiktoken"]
    assert all(thread.daemon for thread in hanging)
    free.set()
    for thread in hanging:
        thread.join()
