"""
The name of a request: what the person sees in an error, and what stands in every log line about it.

It follows from the order's id alone, so that a run after a restart, or in another process, has the same.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("request", default=None)


def reference_of(id: str) -> str:
    """Return eight letters for the order, interaction or message with this id."""
    return hashlib.sha256(id.encode()).hexdigest()[:8]


def begin(id: str) -> str:
    """Let what the current task does from now on, and whatever it starts, be logged under this id's reference."""
    reference = reference_of(id)
    _current.set(reference)
    return reference


def current() -> str | None:
    """Return the reference of the request that is being worked on, None where it is none."""
    return _current.get()
