"""Readings through a digester, and what came of each: the flow behind `chorus eval`."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter

from bot.core import measuring
from bot.core.digesting import spoken
from bot.core.grounding import FEWEST, ground
from bot.core.measuring import Detect, Figures, Gold
from bot.core.models import Brief, Digest, Draft, Engine, Made, Reading
from bot.core.ports import Digester, Progress
from bot.core.reordering import backwards, reordered, rotated
from bot.errors import ChorusError, Unexpected

ORDERS = (backwards, rotated)  # besides the order as read

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Case:
    """One reading to try, and what people found in it; or why it cannot be read."""

    name: str
    reading: Reading | ChorusError
    gold: Gold = ()


@dataclass(frozen=True)
class Row:
    """What came of one reading: figures, and the first thing that failed. Both where only another order failed."""

    name: str
    figures: Figures | None
    error: ChorusError | None = None


@dataclass(frozen=True)
class _Run:
    reading: Reading
    draft: Draft
    digest: Digest
    seconds: float


class Evaluating:
    """
    Runs cases through one *digester*, *at_once* of them at a time.

    *language* is asked for, empty means that of each reading; *detect* tells in which one the prose is.
    """

    def __init__(self, digester: Digester, *, language: str, detect: Detect, at_once: int) -> None:
        self._digester = digester
        self._brief = Brief(language, engine=Engine.LLM)
        self._detect = detect
        self._turns = asyncio.Semaphore(at_once)

    async def rows(self, cases: Sequence[Case], done: Callable[[], None]) -> list[Row]:
        """Return a row for each of *cases*, in their order; *done* is called as each is finished."""

        async def row(case: Case) -> Row:
            try:
                return await self._row(case)
            finally:
                done()

        return await asyncio.gather(*map(row, cases))

    async def _row(self, case: Case) -> Row:
        if isinstance(case.reading, ChorusError):
            return Row(case.name, None, case.reading)
        first = await self._run(case.reading)
        if isinstance(first, ChorusError):
            return Row(case.name, None, first)
        others: list[_Run | ChorusError] = []
        if len(case.reading.readable) >= FEWEST:
            others = await asyncio.gather(
                *(self._run(reordered(case.reading, order)) for order in ORDERS)
            )
        digests = [first.digest, *(run.digest for run in others if isinstance(run, _Run))]
        failed = next((run for run in others if isinstance(run, ChorusError)), None)
        figures = await asyncio.to_thread(self._figures, first, digests, case.gold)
        return Row(case.name, figures, failed)

    async def _run(self, reading: Reading) -> _Run | ChorusError:
        """Digest *reading*, or return what went wrong: one reading that fails is not the end of all."""
        language = reading.article.language if reading.article else None
        brief = spoken(self._brief, language)
        try:
            async with self._turns:
                started = perf_counter()
                draft = await self._digester.draft(reading, brief, _nobody)
                seconds = perf_counter() - started
            made = _made(draft, self._digester.label, reading)
            digest = await asyncio.to_thread(ground, draft, reading, brief, key="", made=made)
        except ChorusError as error:
            return error
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a reading failed unexpectedly, reference %s", reference)
            return Unexpected(reference=reference)
        return _Run(reading, draft, digest, seconds)

    def _figures(self, run: _Run, digests: Sequence[Digest], gold: Gold) -> Figures:
        draft, digest, reading = run.draft, run.digest, run.reading
        ours = Figures(
            quotes_before=measuring.quotes_before(draft, reading),
            quotes_after=measuring.quotes_after(digest, reading),
            placed=measuring.placed(digest, reading),
            ids_valid=measuring.ids_valid(draft, reading),
            stability=measuring.stability(digests),
            language=measuring.language(digest, self._detect),
            tokens_in=draft.tokens_in,
            tokens_out=draft.tokens_out,
            seconds=run.seconds,
            cost=draft.cost,
        )
        return ours + measuring.against_gold(digest, gold)


def _made(draft: Draft, label: str, reading: Reading) -> Made:
    # none of it is measured, and nothing is kept
    return Made(Engine.LLM, draft.model, "", 0, 0, Decimal(0), 0, reading.read_at, label)


def _nobody(_: Progress) -> None:
    return None
