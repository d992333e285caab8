"""What a reply cost, in US dollars, from the list in `prices.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens; `cached` for the part of a request the provider had kept."""

    tokens_in: Decimal
    cached: Decimal
    tokens_out: Decimal

    def of(self, tokens_in: int, cached: int, tokens_out: int) -> Decimal:
        """Return the cost of a reply; *cached* of the *tokens_in* were kept by the provider."""
        fresh = max(0, tokens_in - cached)
        spent = fresh * self.tokens_in + cached * self.cached + tokens_out * self.tokens_out
        return spent / _MILLION


def price(host: str, model: str) -> Price | None:
    """Return the price of *model* at *host*, None where it is not known: the same model costs otherwise elsewhere."""
    listed = _list().get(host, {})
    return listed.get(model) or listed.get(_DATED.sub("", model))


@lru_cache(maxsize=1)
def _list() -> dict[str, dict[str, Price]]:
    text = files("bot.llm").joinpath("prices.toml").read_text("utf-8")
    table = tomllib.loads(text, parse_float=Decimal)
    return {
        place["host"]: {
            name: Price(
                Decimal(row["in"]), Decimal(row.get("cached", row["in"])), Decimal(row["out"])
            )
            for name, row in place["models"].items()
        }
        for place in table["provider"]
    }
