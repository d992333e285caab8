"""Public cards: which digest stands where, and who had it put there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.models import Brief


@dataclass(frozen=True)
class Card:
    """
    A message that shows a digest to everybody in a channel.

    `brief` is what it was asked for with, `order` the id of the interaction or message that asked, `at` when it was
    last written.
    """

    message: int
    channel: int
    target: str
    brief: Brief
    asker: int
    order: str
    at: datetime


class Cards(Protocol):
    """Where cards stand. Implemented by `bot.store`; whether they still do is Discord's to say."""

    async def put(self, card: Card) -> None:
        """Write a card down, in place of what is known of its message."""
        ...

    async def get(self, message: int) -> Card | None:
        """Return the card that this message is."""
        ...

    async def find(self, channel: int, target: str, brief: Brief, since: datetime) -> Card | None:
        """Return the newest card of *target* in *channel*, in the language and length of *brief*."""
        ...

    async def drop(self, messages: Sequence[int]) -> None:
        """Forget the cards among *messages*."""
        ...
