"""Values of foreign JSON: nothing is what the documentation says it is until it was looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

MOST = 1_000_000_000  # of anything that is counted: more is no number of comments or votes
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")  # escapes of surrogates, in pairs or not
_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x1f\x7f\ud800-\udfff]{1,1990}", re.IGNORECASE)


def json_of(text: str) -> Any:
    """Return the value of foreign JSON without lone surrogates; raises `ValueError`, also for endless nesting."""
    try:
        value = json.loads(text, strict=False)
        if _HALVES.search(text):
            said = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
            value = json.loads(said.decode("utf-16", "ignore"), strict=False)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def number(value: object) -> int | None:
    """Return an integer, None for anything else (true and false included)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def count(value: object) -> int | None:
    """Return a number of things that can be counted, from 0 on; None for anything else."""
    said = number(value)
    return said if said is not None and 0 <= said <= MOST else None


def address(value: object) -> str | None:
    """Return an http or https address that can be shown and sent on; None for anything else."""
    said = text(value)
    return said if said and _ADDRESS.fullmatch(said) else None


def text(value: object) -> str | None:
    """Return text with something in it, None for anything else."""
    return value.strip() or None if isinstance(value, str) else None


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the objects in a list, an empty list for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def time(value: object) -> datetime | None:
    """Return the time of an ISO 8601 text (UTC where no zone is said) or of seconds since 1970; None where neither."""
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(value.strip())
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
