"""Stand-ins with a queue and a history: what they are told to answer, and what they were asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.core.models import (
    Article,
    Audience,
    Brief,
    Cid,
    Comment,
    Digest,
    Digested,
    Discussion,
    Draft,
    Reading,
)
from bot.core.money import Account, Charge
from bot.core.ports import Bill, Estimate, Report, Shelved

READ_AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def comment(number: int, text: str, author: str | None = "", **facts: object) -> Comment:
    """A comment `page:<number>`; its author is `reader<number>` unless given."""
    name = f"reader{number}" if author == "" else author
    made = Comment(id=Cid(f"page:{number}"), parent=None, author=name, text=text)
    return replace(made, **facts)  # type: ignore[arg-type] # facts are fields of Comment


def reading(
    *texts: str, article: str | None = "A new bike lane opens in May.", hash: str = "r1"
) -> Reading:
    """A reading of one page with an article and one comment a text."""
    comments = tuple(comment(n, text) for n, text in enumerate(texts, 1))
    return Reading(
        target="https://town.example/lane",
        article=Article("https://town.example/lane", "The lane", article, language="en")
        if article is not None
        else None,
        discussions=(Discussion("page", "https://town.example/lane", None, len(texts), comments),),
        read_at=READ_AT,
        hash=hash,
    )


@dataclass
class FakeReader:
    """Answers with the readings (or raises the errors) in `answers`; remembers what it was asked to read."""

    answers: deque[Reading | Exception] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        self.asked.append(target)
        return self._next()

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        self.asked.append(name)
        return self._next()

    def _next(self) -> Reading:
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class FakeDigester:
    """
    Answers with the drafts (or raises the errors) in `answers`.

    It reckons with `reckoned` dollars a draft; what a draft says it has cost stands on its bill, and what `wasted` says
    on that of one that fails. `gate` is awaited before each answer.
    """

    label: str = "llm/fake/p1"
    answers: deque[Draft | BaseException] = field(default_factory=deque)
    asked: list[tuple[str, Brief]] = field(default_factory=list)
    bases: list[str | None] = field(default_factory=list)
    reckoned: Decimal | None = Decimal("0.01")
    wasted: Decimal | None = Decimal(0)
    gate: Callable[[], Awaitable[object]] | None = None

    async def estimate(
        self, reading: Reading, brief: Brief, basis: Digested | None = None
    ) -> Estimate:
        return Estimate("m", 900, 100, self.reckoned)

    async def draft(
        self,
        reading: Reading,
        brief: Brief,
        report: Report,
        basis: Digested | None = None,
        bill: Bill | None = None,
    ) -> Draft:
        self.asked.append((reading.hash, brief))
        self.bases.append(basis.digest.key if basis else None)
        answer = self.answers.popleft()
        bill = bill or Bill()
        if isinstance(answer, BaseException):
            bill.add(1 if self.wasted else 0, 0, self.wasted)
        if self.gate is not None:
            await self.gate()
        if isinstance(answer, BaseException):
            raise answer
        bill.add(answer.tokens_in, answer.tokens_out, answer.cost)
        return answer


@dataclass
class FakePurse:
    """
    Keeps charges in memory, as they were made and as they ended: (amount, tokens), None where refunded.

    `refusals` are raised instead of the next reservations, None lets one pass; `too_many` instead of counting.
    """

    refusals: deque[Exception | None] = field(default_factory=deque)
    too_many: Exception | None = None
    made: list[Charge] = field(default_factory=list)
    ended: list[tuple[int | None, int] | None] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    balance: int = 0

    async def reserve(self, charge: Charge, accounts: Sequence[Account]) -> None:
        refusal = self.refusals.popleft() if self.refusals else None
        if refusal is not None:
            raise refusal
        self.made.append(charge)

    async def settle(self, id: str, tokens_in: int, tokens_out: int, amount: int | None) -> None:
        self.ended.append((amount, tokens_in + tokens_out))

    async def refund(self, id: str) -> None:
        self.ended.append(None)

    async def count(self, user: int, most: int, now: datetime) -> None:
        if self.too_many:
            raise self.too_many
        self.counted.append(user)

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        return [self.balance for _ in accounts]


@dataclass
class FakeShelf:
    """Keeps in memory."""

    readings: dict[str, Reading] = field(default_factory=dict)
    digests: dict[str, Digest] = field(default_factory=dict)
    newest: dict[tuple[str, Audience], Shelved] = field(default_factory=dict)
    outdated: set[str] = field(default_factory=set)

    async def latest(self, target: str, audience: Audience) -> Shelved | None:
        newest = self.newest.get((target, audience))
        if newest is None:
            return None
        made = (key for key, digest in self.digests.items() if digest.reading == newest.hash)
        return replace(newest, digests=frozenset(made))

    async def digested(self, shelved: Shelved, key: str) -> Digested | None:
        if key not in shelved.digests:
            return None
        return Digested(self.readings[shelved.hash], self.digests[key])

    async def reading(self, hash: str) -> Reading | None:
        return self.readings.get(hash)

    async def digest(self, key: str) -> Digest | None:
        return self.digests.get(key)

    async def in_another_language(self, reading: str, brief: Brief, label: str) -> Digest | None:
        return self._newest(
            d
            for d in self.digests.values()
            if d.reading == reading and d.brief.language != brief.language
            if (d.brief.length, d.made.label) == (brief.length, label)
        )

    async def before(
        self, target: str, audience: Audience, brief: Brief, label: str
    ) -> Digest | None:
        ours = {
            r.hash for r in self.readings.values() if (r.target, r.audience) == (target, audience)
        }
        return self._newest(
            d
            for d in self.digests.values()
            if d.reading in ours and d.made.label == label
            if (d.brief.language, d.brief.length) == (brief.language, brief.length)
        )

    def _newest(self, some: Iterable[Digest]) -> Digest | None:
        return max(some, key=lambda digest: digest.made.at, default=None)

    async def keep_reading(
        self, reading: Reading, fresh_until: datetime, *, outdates: bool = False
    ) -> None:
        self.readings[reading.hash] = reading
        self.outdated.discard(reading.hash)
        if outdates:
            self.outdated |= self._beside(reading.hash)
        language = reading.article.language if reading.article else None
        self.newest[reading.target, reading.audience] = Shelved(
            reading.hash, language, reading.read_at, fresh_until
        )

    async def keep_digest(self, digest: Digest) -> None:
        self.digests[digest.key] = digest
        self._drop(self.outdated & self._beside(digest.reading))

    def _beside(self, hash: str) -> set[str]:
        """The other readings of the same target and audience."""
        known = self.readings.get(hash)
        where = (known.target, known.audience) if known else None
        return {
            r.hash
            for r in self.readings.values()
            if (r.target, r.audience) == where and r.hash != hash
        }

    def _drop(self, hashes: set[str]) -> int:
        keys = [key for key, digest in self.digests.items() if digest.reading in hashes]
        for key in keys:
            del self.digests[key]
        for hash in hashes:
            del self.readings[hash]
        self.outdated -= hashes
        return len(keys) + len(hashes)

    async def forget(self, target: str, audience: Audience | None) -> int:
        ours = {
            r.hash
            for r in self.readings.values()
            if r.target == target and audience in {None, r.audience}
        }
        for place in [p for p, shelved in self.newest.items() if shelved.hash in ours]:
            del self.newest[place]
        return self._drop(ours)


@dataclass
class FakePurging:
    """Deletes nothing, and remembers for whom; raises `failure` where there is one."""

    failure: Exception | None = None
    guilds: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    async def guild(self, id: int) -> int:
        self.guilds.append(id)
        return self._gone()

    async def person(self, id: int) -> int:
        self.people.append(id)
        return self._gone()

    def _gone(self) -> int:
        if self.failure is not None:
            raise self.failure
        return 1


def nobody(_: object) -> None:
    """A report that nobody listens to."""
