"""What the core needs of the world. Adapters implement these and never import each other; they meet in `bot.app`."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from bot.core.answers import Answer
from bot.core.models import Audience, Brief, Digest, Digested, Draft, Reading
from bot.core.money import Spender
from bot.errors import ChorusError, Fact

Shape = TypeVar("Shape")


class Stage(StrEnum):
    """Where an order stands."""

    QUEUED = "queued"
    FETCHING = "fetching"
    COMMENTS = "comments"  # done of total comments read
    THINKING = "thinking"  # done of total parts
    CHECKING = "checking"


@dataclass(frozen=True)
class Progress:
    """A stage, with numbers where they are known."""

    stage: Stage
    done: int | None = None
    total: int | None = None


Report = Callable[[Progress], None]
"""Called from the event loop; must return at once and never raise."""


class Clock(Protocol):
    """The only source of time in core, jobs and store."""

    def now(self) -> datetime:
        """Return the time, aware, UTC."""
        ...


class Reader(Protocol):
    """Reads a link or a file. Implemented by `bot.sources`."""

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a canonical link; raises `FetchError` or `UnreadableError`."""
        ...

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        """
        Read a saved page or a copied text; no network.

        *url* is the address it came from, where known. Raises `NotText` or `UnreadableError`.
        """
        ...


@dataclass(frozen=True)
class Prompt(Generic[Shape]):
    """
    One question. `shape` is a frozen dataclass: its fields are the JSON the reply must be.

    `reading` is the hash of what it is about, no part of the question: the reply is deleted with the reading.
    """

    system: str
    user: str
    shape: type[Shape]
    most_tokens: int
    reading: str = ""


@dataclass(frozen=True)
class Reply(Generic[Shape]):
    """One checked reply. One that was kept from before has cost nothing: tokens 0, cost 0."""

    value: Shape
    tokens_in: int
    tokens_out: int
    cost: Decimal | None
    model: str


class Model(Protocol):
    """A language model. Implemented by `bot.llm`; keeps every valid reply by the hash of its request."""

    @property
    def name(self) -> str:
        """The model's name, part of every digest's key."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens a request and its reply may take together."""
        ...

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """Return what so many tokens cost in US dollars; None where the price is unknown."""
        ...

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        """Ask once, with one repair turn; raises `ModelError`, which carries what was paid before it."""
        ...

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes: exact where the table is at hand, else an estimate from above."""
        ...


class Prompts(Protocol):
    """The texts of `prompts/`."""

    @property
    def version(self) -> str:
        """A short hash over all of them, part of every digest's key."""
        ...

    def render(self, name: str, **variables: str) -> str:
        """Return the prompt *name* with its variables filled in; raises `LookupError` if names do not match."""
        ...


class Digester(Protocol):
    """Drafts a digest. Implemented by `core.positions` (over a Model) and by `bot.extractive`."""

    @property
    def label(self) -> str:
        """What the draft depends on besides reading and brief, part of the digest's key: `llm/<model>/<prompts>`."""
        ...

    async def draft(
        self, reading: Reading, brief: Brief, report: Report, basis: Digested | None = None
    ) -> Draft:
        """
        Draft a digest; raises `ModelError`.

        *basis* is an earlier digest by the same digester that may be gone on from: of the same reading in another
        language, or of an earlier reading of the same target.
        """
        ...


@dataclass(frozen=True)
class Estimate:
    """What a draft will take, told before anything is asked; `cost` in US dollars, None where the price is unknown."""

    model: str
    tokens_in: int
    tokens_out: int
    cost: Decimal | None


@dataclass
class Bill:
    """What a draft has taken so far: written as the replies come in, so that it is known however the draft ends."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = Decimal(0)

    def add(self, tokens_in: int, tokens_out: int, cost: Decimal | None) -> None:
        """Add one reply; an unknown cost makes the sum unknown."""
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.cost = None if self.cost is None or cost is None else self.cost + cost


class PaidDigester(Digester, Protocol):
    """A digester whose drafts cost something. Implemented by `core.positions`."""

    async def estimate(
        self, reading: Reading, brief: Brief, basis: Digested | None = None
    ) -> Estimate:
        """Return what `draft` of the same will take, where nothing of it is kept. Asks nobody."""
        ...

    async def draft(
        self,
        reading: Reading,
        brief: Brief,
        report: Report,
        basis: Digested | None = None,
        bill: Bill | None = None,
    ) -> Draft:
        """Draft as `Digester` does; *bill* is written as the replies come in."""
        ...


@dataclass(frozen=True)
class Shelved:
    """Where the newest reading of a target stands, and the keys of the digests that are made of it."""

    hash: str
    language: str | None  # of the article
    read_at: datetime
    fresh_until: datetime
    digests: frozenset[str] = frozenset()

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may be used without asking the place again; never if a clock that was wrong has dated it."""
        return self.read_at <= now < self.fresh_until


class Shelf(Protocol):
    """Readings and digests that are kept. Implemented by `bot.store`. Nothing partial is ever kept."""

    async def latest(self, target: str, audience: Audience) -> Shelved | None:
        """Return the newest reading of *target* for *audience*."""
        ...

    async def digested(self, shelved: Shelved, key: str) -> Digested | None:
        """Return the digest with this key of what was found just now, with its reading; None where none is made."""
        ...

    async def reading(self, hash: str) -> Reading | None:
        """Return a reading by its hash."""
        ...

    async def digest(self, key: str) -> Digest | None:
        """Return a digest by its key."""
        ...

    async def in_another_language(self, reading: str, brief: Brief, label: str) -> Digest | None:
        """Return the newest digest of the reading with this hash, made by *label*, that differs in language only."""
        ...

    async def before(
        self, target: str, audience: Audience, brief: Brief, label: str
    ) -> Digest | None:
        """Return the newest digest of any reading of *target* for *audience*, made by *label* for the same *brief*."""
        ...

    async def keep_reading(
        self, reading: Reading, fresh_until: datetime, *, outdates: bool = False
    ) -> None:
        """
        Keep a reading; the same hash again only moves its dates.

        *outdates*: earlier ones of the same target and audience hold words that are gone. They are still found, to go
        on from, until a digest of this one is kept: then they are deleted with all that was made of them.
        """
        ...

    async def keep_digest(self, digest: Digest) -> None:
        """Keep a digest, in place of one with the same key."""
        ...

    async def forget(self, target: str, audience: Audience | None) -> int:
        """
        Delete all that was read and made of *target*, for one audience or (None) for all; return how many.

        It goes for good: readings, digests, model replies, what was indexed and downloaded, and orders; for one
        audience those orders that are delivered, for all every one.
        """
        ...


class Replies(Protocol):
    """Paid model replies by the hash of their request."""

    async def get(self, request: str) -> str | None:
        """Return the kept reply."""
        ...

    async def put(self, request: str, reply: str, reading: str) -> None:
        """Keep a reply about the reading with this hash."""
        ...

    async def serves(self, request: str, reading: str) -> None:
        """Note that a kept reply is about this reading too."""
        ...


class Notes(Protocol):
    """Small facts the bot must remember: the hash of the synced commands, which server was told what."""

    async def get(self, name: str) -> str | None:
        """Return the note."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Write the note."""
        ...

    async def first(self, name: str) -> bool:
        """Write the note if it is not there; return whether it was written: True exactly once."""
        ...


@dataclass(frozen=True)
class Address:
    """
    Where an answer goes.

    `token` edits the interaction's answer until `expires`; afterwards the channel is left, if the answer is public.
    """

    channel: int | None
    message: int | None = (
        None  # the message to reply to; of a private answer: the card it may be put in place of
    )
    application: int | None = None
    token: str | None = field(default=None, repr=False)
    expires: datetime | None = None
    private: bool = False
    locale: str = "en"
    guild: int | None = None
    home: int | None = (
        None  # the channel that a public thread stands in: workers are not told of channels
    )
    adults: bool = False  # the channel is age-restricted
    positions: bool = False  # what readers say in full, in place of the card
    quiet: bool = False  # nobody has asked: what goes wrong is said to nobody
    card: bool = False  # a card stands there already: it stays until the new one comes, and through a failure


@dataclass(frozen=True)
class Question:
    """What is asked about the reading with this hash, or about what is current of the target."""

    text: str
    reading: str | None = None


@dataclass(frozen=True)
class Order:
    """What a person asked: a digest, or with *question* the answer to it. Carries ids, never objects."""

    id: str
    target: str
    brief: Brief
    audience: Audience
    asker: int
    reply_to: Address
    fresh: bool  # read again even where a reading is kept
    taken_at: datetime
    roles: tuple[int, ...] = ()  # the asker's, in the server
    again: bool = False  # taken up after a crash: as an ask it has been counted
    shown: str | None = None  # of a refresh: the key of the digest that the card shows
    question: Question | None = None

    @property
    def spender(self) -> Spender:
        """Who pays for it."""
        to = self.reply_to
        return Spender(self.asker, to.guild, to.channel, self.roles, self.id)

    @property
    def asked(self) -> str:
        """A hash of what is to be read, and for whom: orders of the same are worked on together, wherever taken."""
        of = self.audience
        said = f"{of.guild}/{of.channel}/{of.user} {self.target}"
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Answered:
    """An answer, with the hash of the reading that it rests on."""

    reading: str
    answer: Answer


@dataclass(frozen=True)
class Outcome:
    """How an order ended: a digest's key, an answer, or an error's code and facts."""

    digest: str | None = None
    answered: Answered | None = None
    error: str | None = None
    facts: dict[str, Fact] = field(default_factory=dict)

    @classmethod
    def failed(cls, error: ChorusError) -> Outcome:
        """Return the outcome of an order that ended in *error*."""
        return cls(error=error.code, facts=error.facts)


class Orders(Protocol):
    """Orders as the store keeps them: taken → done (with an outcome) → delivered, or waiting for the asker."""

    async def add(self, order: Order) -> bool:
        """Persist an order; False if one with this id is there already."""
        ...

    async def find(self, id: str) -> tuple[Order, Outcome | None] | None:
        """Return an order, and how it ended."""
        ...

    async def finish(self, id: str, outcome: Outcome) -> bool:
        """Write down how it ended; False if that is written down already, and then nothing is changed."""
        ...

    async def delivered(self, id: str) -> None:
        """Note that the answer has arrived; the token is wiped."""
        ...

    async def wait(self, id: str) -> None:
        """Note that the answer could not be delivered and waits for the asker's next command."""
        ...

    async def open(self) -> list[tuple[Order, Outcome | None]]:
        """Return what is taken but not delivered, oldest first; waiting ones are not among them."""
        ...

    async def waiting(self, asker: int, most: int) -> list[tuple[Order, Outcome]]:
        """Return and mark as delivered the oldest of what waits for *asker*."""
        ...


class SharedOrders(Orders, Protocol):
    """What a fleet asks of its orders besides."""

    async def taken(self, asked: str) -> list[str]:
        """Return the ids of orders of what is *asked* that have not ended, oldest first."""
        ...

    async def begin(self, ids: Sequence[str]) -> list[tuple[Order, int]]:
        """Note that work on them begins; return those that have not ended, with how often it has begun by now."""
        ...

    async def undelivered(self, asked: str) -> list[str]:
        """Return the ids of orders of what is *asked* that have ended but were not delivered, oldest first."""
        ...

    async def done(self, ids: Sequence[str]) -> list[tuple[Order, Outcome]]:
        """Return those of them that have ended but were not delivered, with how."""
        ...

    async def finish_all(self, ids: Sequence[str], outcome: Outcome) -> int:
        """Write down that they ended the same way; return of how many that was not written down before."""
        ...

    async def delivered_all(self, ids: Sequence[str]) -> None:
        """Note that their answers have arrived; the tokens are wiped."""
        ...

    async def left(self, before: datetime, since: datetime) -> tuple[list[str], list[str]]:
        """Return what was asked before and has not ended; what was asked before and *since*, and is not delivered."""
        ...


Acknowledge = Callable[[], Awaitable[object]]
"""Tells the asker that an answer will come; raises if nobody waits for it any more."""


class Desk(Protocol):
    """Takes orders: persists first, then runs. The same id twice is once."""

    async def take(self, order: Order, acknowledge: Acknowledge | None = None) -> None:
        """
        Persist *order*, *acknowledge* it to the asker, start it: what was acknowledged is answered, whatever dies.

        Acknowledged without being persisted is only what takes too long to persist. Raises `StoreError`, and what
        *acknowledge* raises: then the order is dropped.
        """
        ...

    async def cancel(self, id: str) -> bool:
        """End an order that is queued or runs with `Cancelled`; False where there is none (any more)."""
        ...


class Office(Desk, Protocol):
    """A desk as the program sees it that opens and closes it."""

    async def resume(self) -> int:
        """Take up what an earlier run left; return how many orders, as far as that is known here."""
        ...

    async def close(self, grace: float) -> None:
        """Give what runs *grace* seconds, then stop it; what was stopped is taken up again, here or elsewhere."""
        ...


class Postman(Protocol):
    """Carries progress and answers to wherever they may still go. Implemented by `bot.chat`."""

    def progress(self, order: Order, progress: Progress) -> None:
        """Show progress; returns at once, drops what comes too fast, never raises."""
        ...

    async def deliver(self, order: Order, outcome: Outcome) -> bool:
        """Deliver the answer; False if there is nowhere left to put it."""
        ...
