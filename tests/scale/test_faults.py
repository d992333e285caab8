"""
Every way a reply goes wrong, in every question of a large digest: it ends in a digest or in a clear sentence, in time,
and asked again only what failed is paid for again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.positions.threads import handmade, with_more
from bot.chat.sentences import Sentences
from bot.core.digesting import Digesting, Request
from bot.core.export import digest_json
from bot.core.gaps import GapCode
from bot.core.models import PUBLIC, Brief, Digested, Engine
from bot.core.money import Limits, OperatorBudgets
from bot.core.positions import ModelDigester
from bot.core.till import Till
from bot.extractive.digester import ExtractiveDigester
from bot.llm.client import OpenAIModel
from bot.llm.prompts import PromptFolder
from bot.llm.tokens import TokenCounter
from bot.store.database import open_database
from bot.store.kept import SqlReplies
from bot.store.shelf import SqlShelf
from tests.conftest import SteadyClock
from tests.core.scripted import ScriptedModel
from tests.fakes import FakePurse, FakeReader, nobody
from tests.llm.provider import Answer, Provider
from tests.llm.provider import Request as ProviderRequest
from tests.scale.claims import check
from tests.scale.rounds import Watched

SECONDS = 180
FIRST = handmade(200)
MORE = replace(with_more(FIRST, 0.01), target=FIRST.target)
ENGLISH, FRENCH = Brief("en"), Brief("fr")

KINDS = {  # the question → the request that asks it, and how many questions are asked when it is asked again
    "MapReply": (ENGLISH, False, 3),
    "MergeReply": (ENGLISH, False, 2),
    "WriteReply": (ENGLISH, False, 1),
    "DeltaReply": (ENGLISH, True, 1),
    "TranslateReply": (FRENCH, False, 1),
}

Good = dict[str, Any]
Fault = Callable[[Good], Answer]


def numbered(value: Any) -> Any:
    """Turn all strings of digits into numbers."""
    if isinstance(value, dict):
        return {name: numbered(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [numbered(part) for part in value]
    return int(value) if isinstance(value, str) and value.isdecimal() else value


TAKEN: dict[str, Fault] = {  # needs no second request
    "fenced": Answer.fenced,
    "thinking": Answer.thinking,
    "unknown fields": lambda good: Answer.json(good | {"mood": {"sunny": [1]}}),
    "numbers for ids": lambda good: Answer.json(numbered(good)),
}
MENDED: dict[str, Fault] = {  # needs a second request
    "cut": lambda _: Answer.out_of_room(),
    "prose": lambda _: Answer("I would rather talk about it."),
    "truncated": lambda good: Answer(json.dumps(good)[:-20]),
    "busy for a while": lambda _: Answer.error(429, headers={"Retry-After": "7"}),
    "failed once": lambda _: Answer.error(500),
    "reset once": lambda _: Answer.reset(),
}
FATAL: dict[str, tuple[Fault, str]] = {  # however often it is asked; and the error it ends in
    "cut": (lambda _: Answer.out_of_room(), "ReplyCut"),
    "refused": (lambda _: Answer.refusing(), "ModelRefused"),
    "prose": (lambda _: Answer("I would rather talk about it."), "ReplyInvalid"),
    "truncated": (lambda good: Answer(json.dumps(good)[:-20]), "ReplyInvalid"),
    "thoughts only": (lambda _: Answer("<think>Let me see"), "ReplyInvalid"),
    "page": (lambda _: Answer.html(), "ModelFailed"),
    "nothing": (lambda _: Answer.empty_object(), "ModelFailed"),
    "busy": (lambda _: Answer.error(429), "ModelBusy"),
    "busy for long": (lambda _: Answer.error(429, headers={"Retry-After": "600"}), "ModelBusy"),
    "failed": (lambda _: Answer.error(500), "ModelFailed"),
    "reset": (lambda _: Answer.reset(), "ModelUnreachable"),
}


@dataclass
class House:
    """The flow over a real store and the real client, before a provider that goes wrong where it is told to."""

    provider: Provider
    digesting: Digesting
    model: Watched
    reader: FakeReader
    waits: list[float]
    purse: FakePurse
    goes_wrong: Callable[[str, str], Fault | None] = lambda kind, question: None
    well: set[str] = field(default_factory=set)

    def answer(self, body: dict[str, Any]) -> Answer:
        """Answer as the rule says, or wrong where `goes_wrong` says so of the kind of question and the question."""
        good = ScriptedModel(("kerb", "parking", "buses", "council")).over_http(body)
        question = _question(body)
        fault = self.goes_wrong(body["response_format"]["json_schema"]["name"], question)
        if fault is not None:
            return fault(good)
        self.well.add(question)
        return Answer.json(good)

    def break_first(self, kind: str, fault: Fault) -> None:
        """Let the next question of *kind* go wrong, however often it is asked."""
        asked: list[str] = []

        def wrong(of: str, question: str) -> Fault | None:
            if of == kind:
                asked.append(question)
            return fault if asked[:1] == [question] else None

        self.goes_wrong = wrong
        self.provider.history.clear()

    def break_each_once(self, fault: Fault) -> None:
        """Let every question go wrong the first time it is asked."""
        asked: set[str] = set()

        def wrong(_: str, question: str) -> Fault | None:
            new = question not in asked
            asked.add(question)
            return fault if new else None

        self.goes_wrong = wrong

    def mend(self) -> None:
        """Answer everything well from now on."""
        self.goes_wrong = lambda kind, question: None
        self.provider.history.clear()

    async def ask(self, brief: Brief, *, fresh: bool = False) -> Digested:
        request = Request(FIRST.target, PUBLIC, brief, fresh)
        made = await self.digesting.digest(request, nobody)
        check(
            json.loads(json.dumps(digest_json(made))), made.reading
        ) if made.digest.positions else None
        return made

    @property
    def asked(self) -> list[str]:
        return [_question(request.body) for request in self.provider.history]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clock, reader, waits = SteadyClock(FIRST.read_at), FakeReader(), list[float]()
    purse = FakePurse()

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async with (
        open_database(f"sqlite+aiosqlite:///{tmp_path}/kept.sqlite3") as database,
        Provider() as provider,
        OpenAIModel(
            api_key="sk",
            base_url=provider.url,
            model="gpt-test",
            structured="schema",
            context_tokens=128_000,
            timeout_seconds=SECONDS,
            concurrency=8,
            replies=SqlReplies(database, clock),
            counter=TokenCounter("gpt-test", tmp_path),
            prompts=PromptFolder(),
            pause=pause,
        ) as client,
    ):
        model = Watched(client, lambda: None)
        digesting = Digesting(
            reader=reader,
            shelf=SqlShelf(database),
            clock=clock,
            extractive=ExtractiveDigester(),
            model=ModelDigester(model, PromptFolder()),
            till=Till(purse, OperatorBudgets(Limits()), clock),
        )
        made = House(provider, digesting, model, reader, waits, purse)
        provider.script = made.answer
        yield made


async def before(house: House, kind: str) -> tuple[Brief, bool]:
    """Ask for what comes before a question of *kind*; return the request that asks it."""
    brief, fresh, _ = KINDS[kind]
    house.reader.answers.append(FIRST)
    if kind in {"DeltaReply", "TranslateReply"}:
        await house.ask(ENGLISH)
    if fresh:
        house.reader.answers.extend([MORE, MORE])
    return brief, fresh


@pytest.mark.parametrize("name", [*TAKEN, *MENDED])
async def test_what_can_be_mended_is(house: House, name: str) -> None:
    """
    Every question of a digest, its refresh and its translation goes wrong the first time: all three are the model's,
    with nothing missing, for at most one request more a question.
    """
    house.break_each_once((TAKEN | MENDED)[name])
    house.reader.answers.extend([FIRST, MORE])
    for brief, fresh in ((ENGLISH, False), (ENGLISH, True), (FRENCH, False)):
        made = await house.ask(brief, fresh=fresh)
        assert Engine.LLM is made.digest.made.engine
        assert GapCode.MODEL_FAILED not in {gap.code for gap in made.digest.gaps}

    assert {"ArticleReply", *KINDS} == set(map(_kind, house.provider.history))
    assert (2 if name in MENDED else 1) * len(set(house.asked)) == len(house.asked)
    assert sum(house.waits) <= SECONDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FATAL)
async def test_what_cannot_is_said_and_what_was_paid_is_kept(
    house: House, name: str, kind: str
) -> None:
    """
    Extracts that name the failure, and a bill of every token it took; asked again, only the question that failed, and
    what comes after it, is paid for.
    """
    fault, error = FATAL[name]
    brief, fresh = await before(house, kind)
    house.break_first(kind, fault)
    failed = await house.ask(brief, fresh=fresh)
    said = {gap.code: Sentences.of("en").gap(gap) for gap in failed.digest.gaps}
    answers = [answer for answer in _answers(house, fault) if answer.raw is None and not answer.cut]
    paid = sum(answer.tokens_in + answer.tokens_out for answer in answers)

    assert Engine.EXTRACTIVE is failed.digest.made.engine
    assert [error] == [g.detail for g in failed.digest.gaps if g.code is GapCode.MODEL_FAILED]
    assert said[GapCode.MODEL_FAILED].endswith(".")
    assert ((None, paid) if paid else None) == house.purse.ended[-1]
    assert sum(house.waits) <= SECONDS

    house.mend()
    well = set(house.well)
    again = await house.ask(brief, fresh=fresh)

    assert Engine.LLM is again.digest.made.engine
    assert KINDS[kind][2] == len(house.asked)
    assert not well & set(house.asked)


@pytest.mark.parametrize("kind", KINDS)
async def test_ten_minutes_of_silence(
    house: House, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The question is left after three minutes by the loop's clock, which is put forward: nobody waits here.
    """
    brief, fresh = await before(house, kind)
    loop = asyncio.get_running_loop()
    passed = 0.0
    clock = loop.time
    monkeypatch.setattr(loop, "time", lambda: clock() + passed)

    async def silent(body: dict[str, Any]) -> Answer:
        nonlocal passed
        answer = house.answer(body)
        if answer.silent:
            while house.model.waiting > 1:  # what else is asked is answered first
                await asyncio.sleep(0)
            passed += 600
        return answer

    house.provider.script = silent
    house.break_first(kind, lambda _: Answer.silence())
    failed = await house.ask(brief, fresh=fresh)

    assert ["ModelTimeout"] == [
        g.detail for g in failed.digest.gaps if g.code is GapCode.MODEL_FAILED
    ]
    house.mend()
    assert Engine.LLM is (await house.ask(brief, fresh=fresh)).digest.made.engine
    assert KINDS[kind][2] == len(house.asked)


def _kind(request: ProviderRequest) -> str:
    return str(request.body["response_format"]["json_schema"]["name"])


def _question(body: dict[str, Any]) -> str:
    return str(body["messages"][1]["content"])


def _answers(house: House, fault: Fault) -> list[Answer]:
    """What the provider answered since it was told to break."""
    return [Answer.json({}) if question in house.well else fault({}) for question in house.asked]
