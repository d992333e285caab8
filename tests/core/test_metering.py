"""What is counted of digests: one count a run, by how it ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from bot.core.digesting import Digesting, Request
from bot.core.models import PUBLIC, Brief, Draft, Engine
from bot.core.money import Limits, OperatorBudgets
from bot.core.till import Till
from bot.errors import ChorusError, ModelTimeout, PageNotFound
from tests.conftest import SteadyClock
from tests.fakes import READ_AT, FakeDigester, FakePurse, FakeReader, FakeShelf, nobody, reading

REQUEST = Request("https://town.example/lane", PUBLIC, Brief())
READING = reading("Good lane.", "Bad lane.", "What lane?")
DRAFT = Draft("A lane opens.", (), model="m")


@dataclass
class FakeMeter:
    """Remembers what it was told."""

    digests: list[tuple[str, str]] = field(default_factory=list)
    hits: int = 0

    def acknowledged(self, seconds: float) -> None:
        raise AssertionError

    def served(self) -> None:
        self.hits += 1

    def digested(self, outcome: str, engine: str) -> None:
        self.digests.append((outcome, engine))

    def asked(
        self, model: str, outcome: str, tokens_in: int, tokens_out: int, cost: Decimal | None
    ) -> None:
        raise AssertionError

    def fetched(self, outcome: str) -> None:
        raise AssertionError

    def queued(self, waiting: int, running: int) -> None:
        raise AssertionError


class House:
    def __init__(self) -> None:
        self.meter = FakeMeter()
        self.reader = FakeReader()
        self.model = FakeDigester("llm/m/p1")
        self.extractive = FakeDigester("extractive/1")
        clock = SteadyClock(READ_AT)
        self.digesting = Digesting(
            reader=self.reader,
            shelf=FakeShelf(),
            clock=clock,
            extractive=self.extractive,
            model=self.model,
            till=Till(FakePurse(), OperatorBudgets(Limits(asks_per_hour=30)), clock),
            meter=self.meter,
        )

    async def ask(self) -> Engine:
        return (await self.digesting.digest(REQUEST, nobody)).digest.made.engine


async def test_askers_of_the_same_are_one_run() -> None:
    """
    Three who ask at once are one digest; one who asks later is a hit.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.append(DRAFT)

    await asyncio.gather(*(house.ask() for _ in range(3)))
    await house.ask()

    assert [("made", "llm")] == house.meter.digests
    assert 1 == house.meter.hits


async def test_extracts_in_place_of_a_failed_model() -> None:
    """
    They are told from extracts that were asked for.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.append(ModelTimeout(seconds=180))
    house.extractive.answers.append(DRAFT)

    await house.ask()

    assert [("model_failed", "extractive")] == house.meter.digests


async def test_an_error() -> None:
    """
    It is counted under its name.
    """
    house = House()
    house.reader.answers.append(PageNotFound(host="town.example"))

    with pytest.raises(ChorusError):
        await house.ask()

    assert [("PageNotFound", "none")] == house.meter.digests
