"""The story of a digest: what is kept → read → draft → ground → keep. The one flow behind every door."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from time import perf_counter

from bot.core.changes import changes
from bot.core.fingerprint import digest_key, fingerprint
from bot.core.flight import SingleFlight
from bot.core.freshness import fresh_until
from bot.core.gaps import Gap, GapCode
from bot.core.grounding import ground
from bot.core.meter import NO_METER, Meter
from bot.core.models import Audience, Brief, Digest, Digested, Draft, Engine, Made, Reading
from bot.core.money import OPERATOR, Spender
from bot.core.ports import (
    Clock,
    Digester,
    PaidDigester,
    Progress,
    Reader,
    Report,
    Shelf,
    Stage,
)
from bot.core.till import Till, site_of
from bot.core.withdrawn import words_gone
from bot.errors import ChorusError, ModelError, NoKey, NothingToSummarize, OverBudget

INSTEAD = (
    GapCode.MODEL_FAILED,
    GapCode.OVER_BUDGET,
)  # why there are extracts though there is a model
PASTE = "paste:"  # targets of copied text: read when it came in, never again


@dataclass(frozen=True)
class Request:
    """Whose question, about what: what single flight and keys depend on."""

    target: str
    audience: Audience
    brief: Brief
    fresh: bool = False


class Digesting:
    """
    Answers requests, from what is kept or anew.

    *model* is None where none is configured. Two who ask for the same thing share one run, and the first of them pays;
    a failure is not kept. What is kept costs nobody anything.
    """

    def __init__(
        self,
        *,
        reader: Reader,
        shelf: Shelf,
        clock: Clock,
        extractive: Digester,
        model: PaidDigester | None,
        till: Till,
        meter: Meter = NO_METER,
    ) -> None:
        self._reader = reader
        self._shelf = shelf
        self._clock = clock
        self._extractive = extractive
        self._model = model
        self._till = till
        self._meter = meter
        self._flight = SingleFlight()

    @property
    def has_model(self) -> bool:
        """Whether positions can be had; without a model there are extracts."""
        return self._model is not None

    async def cached(self, target: str, audience: Audience, brief: Brief) -> Digested | None:
        """Return the digest that is kept and still fresh. Reads three rows at most, one as a rule; asks nobody."""
        shelved = await self._shelf.latest(target, audience)
        if shelved is None:
            return None
        if not target.startswith(PASTE) and not shelved.is_fresh(self._clock.now()):
            return None
        brief = spoken(brief, shelved.language)
        key = digest_key(shelved.hash, brief, self._digester(brief).label)
        found = await self._shelf.digested(shelved, key)
        if found is not None:
            self._meter.served()
        return found

    async def kept(self, key: str) -> Digested | None:
        """Return a digest by its key, however old, with its reading."""
        digest = await self._shelf.digest(key)
        reading = await self._shelf.reading(digest.reading) if digest else None
        if digest is None or reading is None:
            return None
        return Digested(reading, digest, await self._newer(reading))

    async def _newer(self, reading: Reading) -> int:
        """Count the comments of the newest reading of the same that *reading* lacks."""
        shelved = await self._shelf.latest(reading.target, reading.audience)
        if shelved is None or shelved.hash == reading.hash:
            return 0
        newest = await self._shelf.reading(shelved.hash)
        if newest is None or newest.read_at < reading.read_at:
            return 0
        known = {comment.id for comment in reading.readable}
        return sum(comment.id not in known for comment in newest.readable)

    async def digest(
        self,
        request: Request,
        report: Report,
        spender: Spender = OPERATOR,
        *,
        counted: bool = False,
    ) -> Digested:
        """
        Return the digest asked for, at the cost of *spender* where it is not kept.

        *counted*: whether it has been counted among the spender's asks. Raises `TooManyAsks`, `OverBudget` where the
        model is insisted on, and any `ChorusError` that reading, model or store end in.
        """
        if not request.fresh:
            cached = await self.cached(request.target, request.audience, request.brief)
            if cached:
                return cached
        if not counted:
            await self._till.count(spender)
        try:
            made = await self._shared(request, spender, report)
            while made is None:
                request = replace(request, fresh=False)  # it was read just now
                made = await self._shared(request, spender, report)
        except OverBudget as error:
            if request.brief.engine is Engine.LLM:
                raise
            refused = error
            made = await self._flight.run(
                (request, str(error)),
                lambda tell: self._counted(self._instead(request, refused, tell)),
                report,
            )
        return made

    async def reading(self, hash: str) -> Reading | None:
        """Return a reading that is kept, by its hash."""
        return await self._shelf.reading(hash)

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read *target* anew, or return the copied text that is kept, and keep what was read."""
        if target.startswith(PASTE):
            shelved = await self._shelf.latest(target, audience)
            reading = await self._shelf.reading(shelved.hash) if shelved else None
            if reading is None:
                raise NothingToSummarize
            return reading
        return await self._flight.run(
            ("read", target, audience), lambda tell: self._fetch(target, audience, tell), report
        )

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> str:
        """
        Keep a saved page or copied text for *audience*; return its target.

        The same bytes again are not parsed again. Raises `NotText` or `UnreadableError`.
        """
        target = paste_target(data, url)
        if await self._shelf.latest(target, audience) is None:
            reading = await self._reader.paste(data, name, audience, url)
            content = fingerprint(reading.article, reading.discussions, target, audience)
            await self._keep(
                replace(
                    reading,
                    target=target,
                    audience=audience,
                    hash=content,
                    read_at=self._clock.now(),
                )
            )
        return target

    async def forget(self, target: str, audience: Audience | None) -> int:
        """
        Delete all that is kept of *target*, for one audience or (None) for all; return how many things went.

        The one way, behind `chorus cache forget` and `/digest delete`. A request
        that is under way ends without a digest that is kept.
        """
        return await self._shelf.forget(target, audience)

    async def _keep(self, reading: Reading) -> None:
        """Keep *reading*; earlier ones with words that are gone by now go with the next digest."""
        shelved = await self._shelf.latest(reading.target, reading.audience)
        earlier = None
        if shelved is not None and shelved.hash != reading.hash:
            earlier = await self._shelf.reading(shelved.hash)
        outdates = earlier is not None and words_gone(earlier, reading)
        await self._shelf.keep_reading(reading, fresh_until(reading), outdates=outdates)

    async def _fetch(self, target: str, audience: Audience, report: Report) -> Reading:
        report(Progress(Stage.FETCHING))
        reading = await self._reader.read(target, audience, report)
        await self._keep(reading)  # before the model is asked: what was read is never lost
        return reading

    async def _shared(self, request: Request, spender: Spender, report: Report) -> Digested | None:
        """Return what a run gives that is shared with who asks the same, None where its payer had no budget left."""
        ours = False

        async def make(tell: Report) -> Digested:
            nonlocal ours
            ours = True
            return await self._counted(self._make(request, spender, tell))

        try:
            return await self._flight.run(request, make, report)
        except OverBudget:
            if ours:
                raise
            return None

    async def _counted(self, run: Awaitable[Digested]) -> Digested:
        """Await *run*, and tell the meter how it ended."""
        try:
            made = await run
        except ChorusError as error:
            self._meter.digested(error.code, "none")
            raise
        digest = made.digest
        why = next((gap.code for gap in digest.gaps if gap.code in INSTEAD), "made")
        self._meter.digested(why, digest.made.engine)
        return made

    async def _make(self, request: Request, spender: Spender, report: Report) -> Digested:
        find = self.read if request.fresh else self.current
        reading = await find(request.target, request.audience, report)
        brief = spoken(request.brief, reading.article.language if reading.article else None)
        digester = self._digester(brief)
        key = digest_key(reading.hash, brief, digester.label)
        digest = await self._shelf.digest(key)
        if digest is None:
            earlier = await self._earlier(reading, brief, digester.label)
            basis = await self._translatable(reading, brief, digester.label) or earlier
            digest = await self._draft(reading, brief, spender, report, basis)
            if earlier is not None and digest.made.engine is Engine.LLM:
                digest = replace(digest, changes=changes(earlier, reading, digest))
            await self._shelf.keep_digest(digest)
        return Digested(reading, digest)

    async def _translatable(self, reading: Reading, brief: Brief, label: str) -> Digested | None:
        """Return the digest of *reading* that stands in another language."""
        if not self._goes_on(label):
            return None
        digest = await self._shelf.in_another_language(reading.hash, brief, label)
        return Digested(reading, digest) if digest else None

    async def _earlier(self, reading: Reading, brief: Brief, label: str) -> Digested | None:
        """Return the digest of the reading before, made in the same way for the same brief."""
        if not self._goes_on(label):
            return None
        digest = await self._shelf.before(reading.target, reading.audience, brief, label)
        earlier = await self._shelf.reading(digest.reading) if digest else None
        if digest is None or earlier is None or earlier.hash == reading.hash:
            return None
        return Digested(earlier, digest)

    def _goes_on(self, label: str) -> bool:
        """Whether a digester goes on from earlier digests; extracts are made anew in less time than compared."""
        return self._model is not None and label == self._model.label

    async def current(self, target: str, audience: Audience, report: Report) -> Reading:
        """Return a reading that is fresh enough: the kept one, or a new one."""
        return await self.fresh(target, audience) or await self.read(target, audience, report)

    async def fresh(self, target: str, audience: Audience) -> Reading | None:
        """Return the reading that is kept, where it is fresh enough."""
        shelved = await self._shelf.latest(target, audience)
        if shelved is None or not shelved.is_fresh(self._clock.now()):
            return None
        return await self._shelf.reading(shelved.hash)

    async def _draft(
        self,
        reading: Reading,
        brief: Brief,
        spender: Spender,
        report: Report,
        basis: Digested | None,
    ) -> Digest:
        digester = self._digester(brief)
        report(Progress(Stage.THINKING))
        if self._model is None or digester is not self._model:
            gaps = (Gap(GapCode.NO_MODEL),) if brief.engine is Engine.AUTO else ()
            return await self._extracts(reading, brief, report, digester.label, *gaps)
        started = perf_counter()
        try:
            estimate = await self._model.estimate(reading, brief, basis)
            async with self._till.paying(spender, estimate, site_of(reading)) as bill:
                draft = await self._model.draft(reading, brief, report, basis, bill)
        except ModelError as error:
            if brief.engine is Engine.LLM:
                raise
            gap = Gap(GapCode.MODEL_FAILED, detail=error.code)
            return await self._extracts(reading, brief, report, self._instead_of(digester), gap)
        made = self._made(draft, digester, digester.label, perf_counter() - started)
        return await self._checked(draft, reading, brief, report, made)

    async def _extracts(
        self, reading: Reading, brief: Brief, report: Report, label: str, *gaps: Gap
    ) -> Digest:
        started = perf_counter()
        draft = await self._extractive.draft(reading, brief, report)
        made = self._made(draft, self._extractive, label, perf_counter() - started)
        return await self._checked(draft, reading, brief, report, made, *gaps)

    async def _checked(
        self,
        draft: Draft,
        reading: Reading,
        brief: Brief,
        report: Report,
        made: Made,
        *gaps: Gap,
    ) -> Digest:
        report(Progress(Stage.CHECKING))
        key = digest_key(reading.hash, brief, made.label)
        return await asyncio.to_thread(ground, draft, reading, brief, key=key, made=made, gaps=gaps)

    async def _instead(self, request: Request, error: OverBudget, report: Report) -> Digested:
        """Return extracts in place of what no budget is left for."""
        reading = await self.current(request.target, request.audience, report)
        brief = spoken(request.brief, reading.article.language if reading.article else None)
        budget = f"{error.facts['budget']}/{error.facts['resets']}"
        label = self._instead_of(self._digester(brief), budget)
        digest = await self._shelf.digest(digest_key(reading.hash, brief, label))
        if digest is None:
            gap = Gap(GapCode.OVER_BUDGET, detail=budget)
            digest = await self._extracts(reading, brief, report, label, gap)
            await self._shelf.keep_digest(digest)
        return Digested(reading, digest)

    def _instead_of(self, digester: Digester, *why: str) -> str:
        """Return a label of its own for extracts: nobody is served them as if they were the real thing."""
        return "/".join((self._extractive.label, *why, "instead-of", digester.label))

    def _made(self, draft: Draft, digester: Digester, label: str, seconds: float) -> Made:
        engine = Engine.EXTRACTIVE if digester is self._extractive else Engine.LLM
        return Made(
            engine=engine,
            model=draft.model,
            prompts=digester.label.rpartition("/")[2] if engine is Engine.LLM else "",
            tokens_in=draft.tokens_in,
            tokens_out=draft.tokens_out,
            cost=draft.cost,
            seconds=round(seconds, 1),
            at=self._clock.now(),
            label=label,
        )

    def _digester(self, brief: Brief) -> Digester:
        if brief.engine is Engine.EXTRACTIVE:
            return self._extractive
        if self._model is not None:
            return self._model
        if brief.engine is Engine.LLM:
            raise NoKey
        return self._extractive


def paste_target(data: bytes, url: str | None) -> str:
    """Return what a saved page or copied text that came from *url* is kept under."""
    return PASTE + hashlib.sha256(data + b"\0" + (url or "").encode()).hexdigest()[:32]


def spoken(brief: Brief, language: str | None) -> Brief:
    """Return *brief* with a language: the one asked for, else *language* (of what is read), else English."""
    return brief if brief.language else replace(brief, language=language or "en")
