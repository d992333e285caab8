"""How a server wants to be asked: what it turned out not to take is left out from then on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from openai import APIStatusError

Structured = Literal["schema", "object", "prompt"]

_WEAKER: dict[Structured, Structured] = {"schema": "object", "object": "prompt"}
# Mistral and older servers know only the second; models whose replies are shorter than we ask for take neither
_OLDER = {"max_completion_tokens": "max_tokens", "max_tokens": ""}
_SHAPE_WORDS = ("response_format", "json_schema", "json_object")


@dataclass(frozen=True)
class Dialect:
    """
    The fields of a request that servers disagree on.

    `room` is the name of the field that bounds a reply, empty where no bound is taken.
    """

    structured: Structured
    room: str = "max_completion_tokens"

    def fields(self, name: str, layout: dict[str, Any], most_tokens: int) -> dict[str, Any]:
        """Return these fields for a reply of *most_tokens* that follows the JSON schema *layout*."""
        found: dict[str, Any] = {self.room: most_tokens} if self.room else {}
        if self.structured == "schema":
            form = {"name": name, "strict": True, "schema": layout}
            found["response_format"] = {"type": "json_schema", "json_schema": form}
        elif self.structured == "object":
            found["response_format"] = {"type": "json_object"}
        return found

    def without(self, error: APIStatusError) -> Dialect | None:
        """Return the dialect that does without what *error* refuses; None where it refuses something else."""
        from bot.llm import failures

        if failures.too_long(error):
            return None  # such a refusal names the field, and is not about it
        if self.room and any(failures.rejected(error, name) for name in _OLDER):
            return replace(self, room=_OLDER[self.room])
        if self.structured in _WEAKER and any(failures.rejected(error, w) for w in _SHAPE_WORDS):
            return replace(self, structured=_WEAKER[self.structured])
        return None
