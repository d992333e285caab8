"""The story of a digest: what is kept → read → draft → ground → keep. The one flow behind every door."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from time import perf_counter

from bot.core.changes import changes
from bot.core.fingerprint import digest_key, fingerprint
from bot.core.flight import SingleFlight
from bot.core.freshness import fresh_until
from bot.core.gaps import Gap, GapCode
from bot.core.grounding import ground
from bot.core.models import Audience, Brief, Digest, Digested, Draft, Engine, Made, Reading
from bot.core.ports import (
    Clock,
    Digester,
    Order,
    Progress,
    Reader,
    Report,
    Shelf,
    Stage,
)
from bot.errors import ModelError, NoKey, NothingToSummarize

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

    *model* is None where none is configured. Two who ask for the same thing share one run; a failure is not kept.
    """

    def __init__(
        self,
        *,
        reader: Reader,
        shelf: Shelf,
        clock: Clock,
        extractive: Digester,
        model: Digester | None,
    ) -> None:
        self._reader = reader
        self._shelf = shelf
        self._clock = clock
        self._extractive = extractive
        self._model = model
        self._flight = SingleFlight()

    @property
    def has_model(self) -> bool:
        """Whether positions can be had; without a model there are extracts."""
        return self._model is not None

    async def cached(self, target: str, audience: Audience, brief: Brief) -> Digested | None:
        """Return the digest that is kept and still fresh. Reads three rows at most, asks nobody."""
        shelved = await self._shelf.latest(target, audience)
        if shelved is None:
            return None
        if not target.startswith(PASTE) and shelved.fresh_until <= self._clock.now():
            return None
        brief = spoken(brief, shelved.language)
        digest = await self._shelf.digest(
            digest_key(shelved.hash, brief, self._digester(brief).label)
        )
        reading = await self._shelf.reading(shelved.hash) if digest else None
        return Digested(reading, digest) if reading and digest else None

    async def kept(self, key: str) -> Digested | None:
        """Return a digest by its key, however old, with its reading."""
        digest = await self._shelf.digest(key)
        reading = await self._shelf.reading(digest.reading) if digest else None
        return Digested(reading, digest) if reading and digest else None

    async def digest(self, request: Request, report: Report) -> Digested:
        """Return the digest asked for; raises any `ChorusError` that reading, model or store end in."""
        if not request.fresh:
            cached = await self.cached(request.target, request.audience, request.brief)
            if cached:
                return cached
        return await self._flight.run(request, lambda tell: self._make(request, tell), report)

    async def run(self, order: Order, report: Report) -> str:
        """Fulfil *order*; return the digest's key."""
        request = Request(order.target, order.audience, order.brief, order.fresh)
        return (await self.digest(request, report)).digest.key

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
        target = PASTE + hashlib.sha256(data + b"\0" + (url or "").encode()).hexdigest()[:32]
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

    async def _keep(self, reading: Reading) -> None:
        await self._shelf.keep_reading(reading, fresh_until(reading))

    async def _fetch(self, target: str, audience: Audience, report: Report) -> Reading:
        report(Progress(Stage.FETCHING))
        reading = await self._reader.read(target, audience, report)
        await self._keep(reading)  # before the model is asked: what was read is never lost
        return reading

    async def _make(self, request: Request, report: Report) -> Digested:
        find = self.read if request.fresh else self.current
        reading = await find(request.target, request.audience, report)
        brief = spoken(request.brief, reading.article.language if reading.article else None)
        digester = self._digester(brief)
        key = digest_key(reading.hash, brief, digester.label)
        digest = await self._shelf.digest(key)
        if digest is None:
            earlier = await self._earlier(reading, brief, digester.label)
            basis = await self._translatable(reading, brief, digester.label) or earlier
            digest = await self._draft(reading, brief, digester, report, basis)
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
        shelved = await self._shelf.latest(target, audience)
        if shelved and shelved.fresh_until > self._clock.now():
            kept = await self._shelf.reading(shelved.hash)
            if kept:
                return kept
        return await self.read(target, audience, report)

    async def _draft(
        self,
        reading: Reading,
        brief: Brief,
        digester: Digester,
        report: Report,
        basis: Digested | None,
    ) -> Digest:
        started = perf_counter()
        gaps: tuple[Gap, ...] = ()
        label = digester.label
        report(Progress(Stage.THINKING))
        try:
            draft = await digester.draft(reading, brief, report, basis)
        except ModelError as error:
            if brief.engine is Engine.LLM:
                raise
            # marked, and under a key of its own: nobody is served this as if it were the real thing
            gaps = (Gap(GapCode.MODEL_FAILED, detail=error.code),)
            digester, label = self._extractive, f"{self._extractive.label}/instead-of/{label}"
            draft = await digester.draft(reading, brief, report)
        if digester is self._extractive and not gaps and brief.engine is Engine.AUTO:
            gaps = (Gap(GapCode.NO_MODEL),)
        report(Progress(Stage.CHECKING))
        made = self._made(draft, digester, label, perf_counter() - started)
        key = digest_key(reading.hash, brief, label)
        return await asyncio.to_thread(ground, draft, reading, brief, key=key, made=made, gaps=gaps)

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


def spoken(brief: Brief, language: str | None) -> Brief:
    """Return *brief* with a language: the one asked for, else *language* (of what is read), else English."""
    return brief if brief.language else replace(brief, language=language or "en")
