"""Over real HTTP on loopback: every way a provider fails ends in a value or in the right error."""

from __future__ import annotations

import asyncio
import logging
import traceback
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import openai
import pytest

from bot.core.ports import Prompt
from bot.errors import (
    BadKey,
    ChorusError,
    ContextExceeded,
    DatabaseFull,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    NoCredit,
    ReplyCut,
    ReplyInvalid,
    UnknownModel,
)
from bot.llm.client import OpenAIModel
from bot.llm.failures import MEANINGS, Asked, translate
from bot.llm.prices import Price
from bot.llm.prompts import PromptFolder
from bot.llm.tokens import TokenCounter
from tests.llm.provider import Answer, Provider

KEY = "sk-verysecret0123456789"
GOOD = {"question": "Build it?", "views": [{"label": "Yes", "ids": ["1", "2"]}]}


@dataclass(frozen=True)
class View:
    label: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    question: str | None
    views: tuple[View, ...]


VALUE = Shape("Build it?", (View("Yes", ("1", "2")),))
PROMPT = Prompt(system="Report.", user="<c id='1'>Yes</c>", shape=Shape, most_tokens=500)


@dataclass
class FakeReplies:
    """Keeps in memory; raises `full` where told to."""

    kept: dict[str, str] = field(default_factory=dict)
    full: ChorusError | None = None

    async def get(self, request: str) -> str | None:
        return self.kept.get(request)

    async def put(self, request: str, reply: str) -> None:
        if self.full:
            raise self.full
        self.kept[request] = reply


def model(url: str, **settings: Any) -> OpenAIModel:
    facts: dict[str, Any] = {
        "api_key": KEY,
        "base_url": url,
        "model": "gpt-5-mini",
        "structured": "schema",
        "context_tokens": 128_000,
        "timeout_seconds": 10,
        "concurrency": 4,
        "replies": None,
        "counter": TokenCounter("gpt-5-mini", Path("unused")),
        "prompts": PromptFolder(),
        "retries": 0,
    }
    return OpenAIModel(**(facts | settings))


def contents(provider: Provider, request: int = -1) -> list[str]:
    return [message["content"] for message in provider.history[request].body["messages"]]


@pytest.mark.parametrize(
    "answer",
    [
        Answer.json(GOOD),
        Answer.fenced(GOOD),
        Answer.thinking(GOOD),
        Answer.json(GOOD | {"mood": "sunny"}),
        Answer.json({"question": "Build it?", "views": [{"label": "Yes", "ids": [1, 2]}]}),
    ],
    ids=["json", "fenced", "thinking", "unknown-field", "numbers-as-ids"],
)
async def test_nearly_right_is_right(answer: Answer) -> None:
    """
    What can be understood costs no second call.
    """
    async with Provider(answer) as provider, model(provider.url) as asked:
        reply = await asked.ask(PROMPT)

    assert VALUE == reply.value
    assert (100, 20) == (reply.tokens_in, reply.tokens_out)
    assert 1 == len(provider.history)


async def test_the_request_is_strict_and_stable() -> None:
    """
    The request holds the strict schema, the room, and nothing that changes from call to call.
    """
    async with Provider(GOOD, GOOD) as provider, model(provider.url) as asked:
        await asked.ask(PROMPT)
        await asked.ask(PROMPT)
    first, second = (request.body for request in provider.history)

    assert first == second
    assert {"model", "messages", "max_completion_tokens", "response_format"} == set(first)
    assert first["response_format"]["json_schema"]["strict"] is True
    assert 500 == first["max_completion_tokens"]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("I would rather talk about it.", "not one complete JSON object"),
        ('{"question": "Build it?", "views": [{"label": "Y', "not one complete JSON object"),
        ('{"question": null}', "views"),
        ("", "empty"),
    ],
    ids=["prose", "truncated", "field-missing", "empty"],
)
async def test_one_repair_turn(bad: str, told: str) -> None:
    """
    A misshapen reply is shown to the model once, with what is wrong; both calls are counted.
    """
    async with Provider(bad, GOOD) as provider, model(provider.url) as asked:
        reply = await asked.ask(PROMPT)

    assert VALUE == reply.value
    assert (200, 40) == (reply.tokens_in, reply.tokens_out)
    system, user, before, repair = contents(provider)
    assert [PROMPT.system, PROMPT.user, bad or "…"] == [system, user, before]
    assert told in repair


async def test_misshapen_twice_is_given_up() -> None:
    """
    The second misshapen reply ends it.
    """
    async with Provider("no", "no!") as provider, model(provider.url) as asked:
        with pytest.raises(ReplyInvalid):
            await asked.ask(PROMPT)

    assert 2 == len(provider.history)


@pytest.mark.parametrize("content", ["", '{"question": "Bui'])
async def test_out_of_room_is_asked_again_with_double(content: str) -> None:
    """
    A reply that ran out of room, thoughts included, gets double the room once.
    """
    async with Provider(Answer.out_of_room(content), GOOD) as provider, model(provider.url) as m:
        reply = await m.ask(PROMPT)

    assert VALUE == reply.value
    assert [500, 1000] == [r.body["max_completion_tokens"] for r in provider.history]


async def test_out_of_room_twice() -> None:
    """
    Cut with double the room, it is given up.
    """
    cut = Answer.out_of_room()
    async with Provider(cut, cut) as provider, model(provider.url) as asked:
        with pytest.raises(ReplyCut):
            await asked.ask(PROMPT)


@pytest.mark.parametrize(
    ("answer", "error", "facts"),
    [
        (Answer.refusing(), ModelRefused, {}),
        (Answer("", finish="content_filter"), ModelRefused, {}),
        (Answer.html(), ModelFailed, {"status": 200}),
        (Answer.empty_object(), ModelFailed, {"status": 200}),
        (Answer(raw='{"choices": [{"ind'), ModelFailed, {"status": 200}),
        (Answer(raw="[1]"), ModelFailed, {"status": 200}),
        (Answer.error(401, f"Incorrect API key {KEY}"), BadKey, {"host": "127.0.0.1"}),
        (Answer.error(403), BadKey, {"host": "127.0.0.1"}),
        (Answer.error(402), NoCredit, {}),
        (Answer.error(429, code="insufficient_quota"), NoCredit, {}),
        (Answer.error(429, headers={"Retry-After": "7"}), ModelBusy, {"retry_after": 7}),
        (Answer.error(429), ModelBusy, {"retry_after": None}),
        (Answer.error(503), ModelBusy, {"retry_after": None}),
        (Answer.error(400, code="context_length_exceeded"), ContextExceeded, {}),
        (Answer.error(400, "maximum context length is 8192 tokens"), ContextExceeded, {}),
        (Answer.error(413), ContextExceeded, {}),
        (
            Answer.error(404, code="model_not_found"),
            UnknownModel,
            {"model": "gpt-5-mini", "host": "127.0.0.1"},
        ),
        (Answer.error(400, "what?"), ModelFailed, {"status": 400}),
        (Answer.error(500), ModelFailed, {"status": 500}),
        (Answer.html(502), ModelFailed, {"status": 502}),
        (Answer.reset(), ModelUnreachable, {"host": "127.0.0.1"}),
    ],
)
async def test_failures_become_ours(
    answer: Answer,
    error: type[ModelError],
    facts: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """
    Each failure has its error, with its facts; the key is in no message, traceback or log.
    """
    caplog.set_level(logging.DEBUG)
    async with Provider(answer) as provider, model(provider.url) as asked:
        with pytest.raises(ModelError) as raised:
            await asked.ask(PROMPT)

    assert (error, facts) == (type(raised.value), raised.value.facts)
    assert KEY not in "".join(traceback.format_exception(raised.value))
    assert KEY not in caplog.text


async def test_silence_ends() -> None:
    """
    A provider that says nothing is left after the time allowed.
    """
    async with Provider(Answer.silence()) as provider, model(provider.url) as asked:
        asked._seconds = 0.05  # type: ignore[assignment] # no test waits a second
        with pytest.raises(ModelTimeout):
            await asked.ask(PROMPT)


async def test_nobody_there() -> None:
    """
    A refused connection is told with the host's name.
    """
    async with Provider() as gone:
        pass
    async with model(gone.url) as asked:
        with pytest.raises(ModelUnreachable):
            await asked.ask(PROMPT)


async def test_asked_to_wait_it_waits() -> None:
    """
    A short Retry-After is honoured without anybody noticing.
    """
    busy = Answer.error(429, headers={"retry-after-ms": "1"})
    async with Provider(busy, GOOD) as provider, model(provider.url, retries=1) as asked:
        assert VALUE == (await asked.ask(PROMPT)).value


def test_every_exception_of_the_sdk_has_a_meaning() -> None:
    """
    No exception class of openai falls through to a guess.
    """

    def below(kind: type[BaseException]) -> list[type[BaseException]]:
        return [kind, *(found for child in kind.__subclasses__() for found in below(child))]

    asked = Asked("host", "m", 3)
    for kind in below(openai.OpenAIError):
        if kind.__module__.startswith("openai"):
            assert any(base in MEANINGS for base in kind.__mro__), kind
    assert isinstance(translate(openai.OpenAIError("?"), asked), ModelFailed)


async def test_an_older_server_is_met_half_way() -> None:
    """
    A server that knows neither max_completion_tokens nor schemas is asked without, and the next question goes
    straight to what it takes.
    """

    def old(body: dict[str, Any]) -> Answer:
        if "max_completion_tokens" in body:
            return Answer.error(422, "Extra inputs are not permitted: max_completion_tokens")
        if "response_format" in body:
            return Answer.error(400, "response_format is not supported")
        return Answer.json(GOOD)

    async with Provider(script=old) as provider, model(provider.url) as asked:
        await asked.ask(PROMPT)
        asks = len(provider.history)
        await asked.ask(PROMPT)

    assert (4, 5) == (asks, len(provider.history))
    assert 500 == provider.history[-1].body["max_tokens"]
    assert '"additionalProperties": false' in contents(provider)[0]


async def test_object_mode_tells_the_schema() -> None:
    """
    Without structured outputs the schema stands in the prompt, after the stable part.
    """
    async with Provider(GOOD) as provider, model(provider.url, structured="object") as asked:
        await asked.ask(PROMPT)

    assert {"type": "json_object"} == provider.history[0].body["response_format"]
    assert contents(provider)[0].startswith("Report.\n\nReply with one JSON object")


async def test_a_kept_reply_costs_nothing() -> None:
    """
    The same question again, even after a restart, makes no call.
    """
    replies = FakeReplies()
    async with Provider(GOOD) as provider:
        async with model(provider.url, replies=replies) as asked:
            await asked.ask(PROMPT)
        async with model(provider.url, replies=replies) as asked:
            again = await asked.ask(PROMPT)

    assert (VALUE, 0, 0, Decimal(0)) == (again.value, again.tokens_in, again.tokens_out, again.cost)
    assert 1 == len(provider.history)


async def test_another_question_is_another_reply() -> None:
    """
    Model, texts, shape, mode and room are all part of what a reply is kept under.
    """
    replies = FakeReplies()
    async with Provider(script=lambda _: GOOD) as provider:
        for prompt, settings in (
            (PROMPT, {}),
            (Prompt("Report!", PROMPT.user, Shape, 500), {}),
            (Prompt(PROMPT.system, "other", Shape, 500), {}),
            (Prompt(PROMPT.system, PROMPT.user, Shape, 501), {}),
            (PROMPT, {"model": "gpt-5"}),
            (PROMPT, {"structured": "prompt"}),
        ):
            async with model(provider.url, replies=replies, **settings) as asked:
                await asked.ask(prompt)

    assert 6 == len(replies.kept) == len(provider.history)


@pytest.mark.parametrize("answer", [Answer("no"), Answer.refusing(), Answer.error(500)])
async def test_failures_are_not_kept(answer: Answer) -> None:
    """
    Only valid replies are kept.
    """
    replies = FakeReplies()
    async with Provider(answer, "no") as provider, model(provider.url, replies=replies) as asked:
        with pytest.raises(ModelError):
            await asked.ask(PROMPT)

    assert {} == replies.kept


async def test_a_full_disk_does_not_cost_the_reply() -> None:
    """
    A reply that cannot be kept is still given.
    """
    replies = FakeReplies(full=DatabaseFull(place="/"))
    async with Provider(GOOD) as provider, model(provider.url, replies=replies) as asked:
        assert VALUE == (await asked.ask(PROMPT)).value


async def test_the_same_question_twice_at_once_is_one_call() -> None:
    """
    Who joins a question under way pays nothing.
    """
    async with Provider(GOOD) as provider, model(provider.url) as asked:
        both = await asyncio.gather(asked.ask(PROMPT), asked.ask(PROMPT))

    assert 1 == len(provider.history)
    assert [0, 100] == sorted(reply.tokens_in for reply in both)


async def test_no_more_at_once_than_allowed() -> None:
    """
    The limit on questions at once holds.
    """
    prompts = [Prompt("s", str(n), Shape, 500) for n in range(12)]
    async with Provider(script=lambda _: GOOD) as provider, model(provider.url, concurrency=3) as m:
        await asyncio.gather(*map(m.ask, prompts))

    assert 12 == len(provider.history)
    assert provider.busiest <= 3


async def test_no_key_of_the_environment_goes_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without a key of ours, the word "none" is sent, never the key of the environment.
    """
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with Provider(GOOD) as provider, model(provider.url, api_key=None) as asked:
        await asked.ask(PROMPT)

    assert "Bearer none" == provider.history[0].headers["Authorization"]
    assert KEY not in repr(provider.history)


async def test_cost_is_known_only_where_the_price_is() -> None:
    """
    A host without a price list gives tokens and no cost.
    """
    async with Provider(GOOD) as provider, model(provider.url) as asked:
        assert (await asked.ask(PROMPT)).cost is None


async def test_the_operators_price_counts() -> None:
    """
    What the operator states is what tokens cost, before asking and after.
    """
    rate = Price(Decimal(2), Decimal(2), Decimal(10))
    async with Provider(GOOD) as provider, model(provider.url, rate=rate) as asked:
        reply = await asked.ask(PROMPT)

        assert Decimal("0.0052") == asked.cost(100, 500)
        assert asked.cost(reply.tokens_in, reply.tokens_out) == reply.cost
