"""What replies cost."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files

from bot.llm.prices import Price, price


def test_cached_tokens_cost_less() -> None:
    """
    The cached part of a request has its own price; sums are exact.
    """
    made = Price(Decimal("0.25"), Decimal("0.025"), Decimal(2))

    assert Decimal("0.00475") == made.of(10_000, 6_000, 1_800)


def test_a_dated_model_costs_what_the_model_costs() -> None:
    """
    A snapshot's date does not change the price.
    """
    found = price("api.openai.com", "gpt-5-mini-2025-08-07")

    assert found is not None
    assert found == price("api.openai.com", "gpt-5-mini")
    assert found.cached < found.tokens_in < found.tokens_out


def test_every_price_says_where_and_when_it_was_read() -> None:
    """
    Each provider's block has its page and the day it was looked at.
    """
    table = tomllib.loads(files("bot.llm").joinpath("prices.toml").read_text("utf-8"))

    assert table["provider"]
    for place in table["provider"]:
        assert place["source"].startswith("https://")
        assert date(2026, 1, 1) <= place["checked"]


def test_unknown_prices_stay_unknown() -> None:
    """
    Neither an unknown model nor a known one elsewhere has a price.
    """
    assert price("api.openai.com", "gpt-99") is None
    assert price("localhost", "gpt-5-mini") is None
