"""A thread told three times, as people ask for it: digested, refreshed with more comments, and in another language."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from benchmarks.positions.threads import with_more
from bot.core.digesting import Digesting, Request
from bot.core.export import digest_json
from bot.core.models import PUBLIC, Brief, Digested, Engine, Reading
from bot.core.money import Limits, OperatorBudgets
from bot.core.ports import Model
from bot.core.positions import ModelDigester
from bot.core.till import Till
from bot.extractive.digester import ExtractiveDigester
from bot.llm.prompts import PromptFolder
from tests.conftest import SteadyClock
from tests.fakes import FakePurse, FakeReader, FakeShelf, nobody


@dataclass(frozen=True)
class Told:
    """What `chorus digest --format json` prints, and what it is about."""

    printed: dict[str, Any]
    reading: Reading


async def told_thrice(model: Model, reading: Reading) -> tuple[Told, Told, Told]:
    """Return the digest of *reading*, the refreshed one, and that in French."""
    reader, clock = FakeReader(), SteadyClock()
    digesting = Digesting(
        reader=reader,
        shelf=FakeShelf(),
        clock=clock,
        extractive=ExtractiveDigester(),
        model=ModelDigester(model, PromptFolder()),
        till=Till(FakePurse(), OperatorBudgets(Limits()), clock),
    )
    more = replace(with_more(reading, 0.01), target=reading.target)
    reader.answers.extend([reading, more])

    async def tell(brief: Brief, *, fresh: bool = False) -> Told:
        clock.tick(timedelta(minutes=1))
        request = Request(reading.target, PUBLIC, replace(brief, engine=Engine.LLM), fresh)
        return _told(await digesting.digest(request, nobody))

    first = await tell(Brief("en"), fresh=True)
    grown = await tell(Brief("en"), fresh=True)
    return first, grown, await tell(Brief("fr"))


def _told(digested: Digested) -> Told:
    return Told(json.loads(json.dumps(digest_json(digested))), digested.reading)
