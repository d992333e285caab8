"""Pinned digests: what is known of one, and what watching them needs of the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.models import Audience, Brief, Digested
from bot.core.ports import Address, Outcome, Progress
from bot.errors import ChorusError


class PinState(StrEnum):
    """How a pinned digest stands."""

    WATCHING = "watching"  # read anew from time to time
    ASLEEP = "asleep"  # nobody comments any more, or it cannot be read; woken by hand
    FROZEN = "frozen"  # stays as it is until a moderator thaws it
    BROKEN = "broken"  # cannot go on, for the reason in `trouble`; woken by hand
    ENDED = "ended"  # unpinned or deleted, where by hand said once in the list; then forgotten


class Note(StrEnum):
    """What a pinned message says of itself."""

    CURRENT = "current"
    FROZEN = "frozen"
    NONE = "none"  # it is like any card


@dataclass(frozen=True)
class Face:
    """What a pinned message shows: a digest, by its key, without the positions whose keys are `hidden`."""

    digest: str
    hidden: tuple[str, ...] = ()
    note: Note = Note.CURRENT


@dataclass(frozen=True)
class Pin:
    """
    A digest that is pinned in a channel and kept current. Carries ids, never objects.

    `message` is None until it is posted; a message that is not `pinned` yet takes the place of `old`, if any. `before`
    is the digest that `digest` is compared with: what was shown until then.
    """

    id: str  # 16 hex characters
    guild: int
    channel: int
    target: str
    audience: Audience
    brief: Brief
    by: int  # who had it pinned; 0 where that was forgotten
    locale: str  # theirs
    since: datetime
    moved_at: datetime  # when new comments were last seen
    due: datetime | None  # when it is read next, while it is watched
    roles: tuple[int, ...] = ()  # theirs: the first digest is at their cost
    state: PinState = PinState.WATCHING
    trouble: Outcome | None = None
    title: str = ""
    message: int | None = None
    pinned: bool = False
    stood: bool = False  # whether any message of it has been pinned
    old: int | None = None
    posts: int = 0
    digest: str | None = None  # the newest
    made_at: datetime | None = None
    before: str | None = None
    shown: Face | None = None
    opens: str | None = (
        None  # the digest that its buttons open: the one shown, or that without what is hidden
    )
    show_at: datetime | None = None  # no edit before this
    hidden: tuple[str, ...] = ()  # keys of positions of `digest`
    look: datetime | None = None  # whether the message still stands is to be looked at from then on
    failures: int = 0  # in a row
    told: bool = False  # somebody was told of its trouble
    by_hand: bool = False  # somebody asked for it: it is read anew, whatever is kept
    waits: Address | None = None  # where they wait for a word
    leaving: bool = False  # unpinned with /digest: forgotten as soon as the message says so


@dataclass(frozen=True)
class Held:
    """A pin that one process works at until its lease ends."""

    pin: Pin
    lease: str


class Pins(Protocol):
    """Pins as the store keeps them. Every call is one transaction."""

    async def add(self, pin: Pin, most: int) -> None:
        """Keep a pin; raises `AlreadyPinned`, or `TooManyWatched` where its server has *most*."""
        ...

    async def get(self, id: str) -> Pin | None:
        """Return a pin."""
        ...

    async def of_guild(self, guild: int) -> list[Pin]:
        """Return the pins of a server, oldest first."""
        ...

    async def among(self, channel: int, messages: Sequence[int] | None = None) -> list[Pin]:
        """Return the pins in a channel that were posted; with *messages* those among them only."""
        ...

    async def overdue(self, now: datetime) -> list[Pin]:
        """Return the pins that are due and that nobody works at."""
        ...

    async def change(
        self, id: str, how: Callable[[Pin], Pin], lease: str | None = None
    ) -> Pin | None:
        """
        Put what *how* returns of a pin in its place, and return it.

        None, and nothing is changed, where there is no such pin, or *lease* is not its lease (any more).
        """
        ...

    async def take(self, now: datetime, until: datetime, most: int) -> list[Held]:
        """
        Lease at most *most* pins that are due: nobody else gets them until *until*.

        Of those with one target and audience at most one is leased at a time, whoever asks.
        """
        ...

    async def renew(self, id: str, lease: str, until: datetime) -> None:
        """Move the end of a lease; nothing where it is another's by now."""
        ...

    async def free(self, id: str, lease: str) -> None:
        """Give a lease back."""
        ...

    async def may_edit(self, pin: Pin, now: datetime, gap: timedelta) -> bool:
        """Note that *pin* is edited now, unless another in its channel was less than *gap* ago."""
        ...

    async def drop(self, id: str) -> None:
        """Forget a pin."""
        ...

    async def is_shared(self, pin: Pin) -> bool:
        """
        Whether another pin is about the same, for the same audience, or it was asked for or shown outside its server.

        What was read is theirs too then: deleting the pin must not take it from them.
        """
        ...


class Board(Protocol):
    """
    The channel's side of a pin. Implemented by `bot.chat`.

    Everything raises `ChorusError`: `PinDeleted`, `PinTakenDown`, `ChannelGone`, `ServerLeft`, `CannotPost`,
    `TooManyPins`, `ThreadClosed`, and what may be better later.
    """

    async def stands(self, pin: Pin) -> None:
        """Raise where the message of *pin* is gone or no longer pinned."""
        ...

    async def post(self, pin: Pin, shown: Digested) -> int:
        """Post *shown* as a new message; return its id. The same post twice within minutes is once."""
        ...

    async def edit(self, pin: Pin, shown: Digested) -> bool:
        """Show *shown* in the message of *pin*; False where Discord takes no more edits of so old a message."""
        ...

    async def fasten(self, pin: Pin) -> None:
        """Pin its message."""
        ...

    async def unfasten(self, pin: Pin, message: int) -> None:
        """Unpin a message of *pin*; one that is gone is no error."""
        ...

    async def remove(self, pin: Pin) -> None:
        """Delete its message; one that is gone is no error."""
        ...

    def progress(self, pin: Pin, step: Progress) -> None:
        """Show progress to whoever waits; returns at once, never raises."""
        ...

    async def answer(self, pin: Pin, error: ChorusError | None, *, news: bool) -> None:
        """Tell whoever waits how it ended; *news*: whether there was anything new. Never raises."""
        ...

    async def warn(self, pin: Pin, error: ChorusError) -> None:
        """Tell who had it pinned, else its channel, that it cannot go on. Never raises."""
        ...


class Watch(Protocol):
    """What keeps pins current. Implemented by `bot.jobs`."""

    async def run(self) -> None:
        """Watch until cancelled."""
        ...

    def wake(self) -> None:
        """Look now: something has become due."""
        ...
