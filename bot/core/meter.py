"""What a running bot counts for its operator: numbers and our own words for outcomes, never what people wrote."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol


class Meter(Protocol):
    """
    Counts. Implemented by `bot.metrics.prometheus`; called from the event loop, returns at once and never raises.

    An *outcome* is one of a few words or an error's code: labels must stay few.
    """

    def acknowledged(self, seconds: float) -> None:
        """Note how long a person waited, from a command's arrival until Discord had its acknowledgement."""
        ...

    def served(self) -> None:
        """Note an answer from what is kept."""
        ...

    def digested(self, outcome: str, engine: str) -> None:
        """Note the end of one run, however many share it: `made`, the gap that says why extracts, or the error."""
        ...

    def asked(
        self, model: str, outcome: str, tokens_in: int, tokens_out: int, cost: Decimal | None
    ) -> None:
        """Note a question to *model* (`ok`, or the error) and what it took; *cost* in US dollars, None: unknown."""
        ...

    def fetched(self, outcome: str) -> None:
        """Note one request to a site: `ok`, `unchanged`, or the error."""
        ...

    def queued(self, waiting: int, running: int) -> None:
        """Note how many orders wait for a turn here, and how many have one."""
        ...


class NoMeter:
    """Counts nothing: for the command line, and where nobody looks."""

    def acknowledged(self, seconds: float) -> None:
        """Do nothing."""

    def served(self) -> None:
        """Do nothing."""

    def digested(self, outcome: str, engine: str) -> None:
        """Do nothing."""

    def asked(
        self, model: str, outcome: str, tokens_in: int, tokens_out: int, cost: Decimal | None
    ) -> None:
        """Do nothing."""

    def fetched(self, outcome: str) -> None:
        """Do nothing."""

    def queued(self, waiting: int, running: int) -> None:
        """Do nothing."""


NO_METER = NoMeter()
