"""Flags: readers' word that something in a digest is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.models import Quote


@dataclass(frozen=True)
class Flag:
    """One person's word about a position, or about one of its quotes; `note` is what they say of it."""

    digest: str  # its key
    position: str  # its key
    quote: Quote | None
    person: int
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Flagged:
    """How many of the digests that were made in one way are flagged, and how many of their positions and quotes."""

    digests: int
    flagged: int
    positions: int
    quotes: int


class Flags(Protocol):
    """Flags as the store keeps them: one a person and thing, the last one counts."""

    async def put(self, flag: Flag) -> None:
        """Keep a flag."""
        ...

    async def of(self, digests: Sequence[str], position: str) -> list[Flag]:
        """Return the flags of a position of these *digests* and of its quotes, oldest first."""
        ...

    async def count(self, label: str) -> Flagged:
        """Count what is flagged in the digests with this `Digester.label`, each thing once."""
        ...
