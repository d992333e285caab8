"""
What travels: the JSON schema a reply must follow, and the reading of replies that nearly do.

Strict in what is asked, lenient in what is taken: servers accept a schema and ignore it, models fence their JSON, think
aloud before it, add fields, and write ids as numbers. None of that costs a second call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

Shape = TypeVar("Shape")

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_END_OF_THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_MOST_TRIES = 50  # openings of a JSON object to try in prose; each costs a scan


class Misshapen(ValueError):
    """A reply that is not of the shape asked for; the message says in one sentence what is wrong."""


def schema(shape: type[object]) -> dict[str, Any]:
    """
    Return the JSON schema of *shape*, a frozen dataclass, in the strict subset OpenAI's structured outputs take.

    Every object is closed and every property required, so defaults say only what a lenient reading may assume.
    """
    return _schema(cast("Hashable", shape))


def parse(text: str, shape: type[Shape]) -> Shape:
    """Return the value in *text*; raises `Misshapen`."""
    found = _json_object(text)
    try:
        value: Shape = _adapter(cast("Hashable", shape)).validate_python((found,))[0]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"][1:]) or "the object"
        raise Misshapen(f"At {place}: {first['msg']}.") from None
    return value


def _json_object(text: str) -> dict[str, Any]:
    """Return the largest JSON object in *text*, thoughts aside."""
    whole = _loaded(text)  # first: a quote may hold what looks like the end of a thought
    if whole is not None:
        return whole
    # some servers swallow the opening tag: whatever stands before the last end was thought
    text = _END_OF_THOUGHT.split(_THOUGHT.sub("", text))[-1].strip()
    if not text:
        raise Misshapen("The reply was empty.")
    whole = _loaded(text)
    if whole is not None:
        return whole
    best: dict[str, Any] | None = None
    longest = start = 0
    for _ in range(_MOST_TRIES):
        start = text.find("{", start)
        if start < 0:
            break
        try:
            value, end = json.JSONDecoder().raw_decode(text, start)
        except RecursionError:  # nothing but brackets: the next one is no better
            break
        except ValueError:
            start += 1
            continue
        if end - start > longest:
            best, longest = value, end - start
        start = end
    if best is None:
        raise Misshapen("The reply was not one complete JSON object.")
    return best


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@lru_cache(maxsize=64)  # made anew it takes two milliseconds, twice a question
def _schema(shape: Hashable) -> dict[str, Any]:
    strict = _strict(TypeAdapter(cast("type[object]", shape)).json_schema())
    assert isinstance(strict, dict)  # noqa: S101 - a dict goes in
    return strict


@lru_cache(maxsize=64)
def _adapter(shape: Hashable) -> TypeAdapter[Any]:
    # a tuple around it: pydantic takes no config beside a dataclass itself, but hands it down
    return TypeAdapter(tuple[shape], config=ConfigDict(coerce_numbers_to_str=True))  # type: ignore[valid-type] # a type made at run time


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    # names and explanations belong to prompts/; a default would be a property left out
    made = {
        key: {name: _strict(part) for name, part in value.items()}
        if key in {"properties", "$defs"}
        else _strict(value)
        for key, value in node.items()
        if key not in {"title", "description", "default"}
    }
    if made.get("type") == "object":
        made["required"] = list(made.get("properties", {}))
        made["additionalProperties"] = False
    return made
