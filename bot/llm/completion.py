"""What an answer of OpenAI's protocol holds: words, whether they were cut, what they cost. No type in it is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.errors import ModelFailed, ModelRefused
from bot.llm.prices import Price

_CUT = {"length", "model_length"}  # the second is Mistral's: the window was full


@dataclass(frozen=True)
class Completion:
    """The text of one completion, and whether it ran out of room."""

    text: str
    cut: bool


@dataclass
class Spent:
    """What one question has cost so far, failed attempts included."""

    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0

    def add(self, answer: object) -> None:
        """Add what *answer* says it took."""
        usage = getattr(answer, "usage", None)
        self.tokens_in += _count(usage, "prompt_tokens")
        self.tokens_out += _count(usage, "completion_tokens")
        self.cached += _count(getattr(usage, "prompt_tokens_details", None), "cached_tokens")

    def cost(self, per_token: Price | None) -> Decimal | None:
        """Return US dollars; None where the price is not known, and nothing for nothing."""
        if per_token is None:
            return None if self.tokens_in or self.tokens_out else Decimal(0)
        return per_token.of(self.tokens_in, self.cached, self.tokens_out)


def completion(answer: object) -> Completion:
    """Return what *answer* says; raises `ModelFailed` (gateways answer 200 with a page or `{}`) or `ModelRefused`."""
    choices = getattr(answer, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    if message is None:
        raise ModelFailed(status=200)
    finish = getattr(choice, "finish_reason", None)
    if getattr(message, "refusal", None) or finish == "content_filter":
        raise ModelRefused
    return Completion(_words(getattr(message, "content", None)), finish in _CUT)


def _words(content: object) -> str:
    """Return the words of a message; Mistral's reasoning models send parts, thoughts among them."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    said = (
        part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"
    )
    return "".join(words for words in said if isinstance(words, str))


def _count(holder: object, name: str) -> int:
    said = getattr(holder, name, None)
    return said if type(said) is int and 0 <= said < 10**12 else 0
