"""Over real HTTP on loopback: every way a provider fails ends in a value or in the right error."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
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
    about: list[str] = field(
        default_factory=list
    )  # the readings that replies were said to be about

    async def get(self, request: str) -> str | None:
        return self.kept.get(request)

    async def put(self, request: str, reply: str, reading: str) -> None:
        if self.full:
            raise self.full
        self.kept[request] = reply
        self.about.append(reading)

    async def serves(self, request: str, reading: str) -> None:
        if self.full:
            raise self.full
        self.about.append(reading)


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


@pytest.mark.parametrize(
    "answers",
    [
        ("no", "no!"),
        (Answer.out_of_room(), Answer.out_of_room("{")),
        ("no", Answer.refusing()),
        (Answer.out_of_room(), Answer.empty_object(), Answer.error(500)),
    ],
    ids=["misshapen", "cut", "refused", "failed"],
)
async def test_what_was_paid_is_told_with_the_failure(answers: tuple[Answer | str, ...]) -> None:
    """
    A failure carries the tokens of every completion before it, and their price where it is known.
    """
    rate = Price(Decimal("0.25"), Decimal("0.25"), Decimal(2))
    async with Provider(*answers) as provider, model(provider.url, rate=rate) as asked:
        with pytest.raises(ModelError) as raised:
            await asked.ask(PROMPT)

    paid = 1 if isinstance(answers[1], Answer) and answers[1].raw else 2
    assert (100 * paid, 20 * paid) == (raised.value.tokens_in, raised.value.tokens_out)
    assert paid * (100 * Decimal("0.25") + 20 * 2) / 1_000_000 == raised.value.cost


async def test_a_failure_before_anything_was_said_cost_nothing() -> None:
    """
    Nor where the price is unknown.
    """
    async with Provider(Answer.error(401)) as provider, model(provider.url) as asked:
        with pytest.raises(BadKey) as raised:
            await asked.ask(PROMPT)

    assert (0, 0, Decimal(0)) == (
        raised.value.tokens_in,
        raised.value.tokens_out,
        raised.value.cost,
    )


async def test_who_joins_a_failing_question_pays_nothing() -> None:
    """
    Two who ask the same at once hear of the same failure; its tokens are counted once.
    """
    async with Provider("no", "no!") as provider, model(provider.url) as asked:
        both = await asyncio.gather(asked.ask(PROMPT), asked.ask(PROMPT), return_exceptions=True)

    assert [ReplyInvalid, ReplyInvalid] == [type(error) for error in both]
    assert [0, 200] == sorted(error.tokens_in for error in both if isinstance(error, ModelError))


def _completion(**facts: Any) -> Answer:
    choice = {"index": 0, "finish_reason": "stop", "message": {"content": json.dumps(GOOD)}}
    return Answer(raw=json.dumps({"choices": [choice]} | facts))


PARTS = [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]


@pytest.mark.parametrize(
    "answer",
    [
        _completion(),
        _completion(usage=None),
        _completion(usage="many"),
        _completion(usage={"prompt_tokens": "1", "completion_tokens": -5}),
        _completion(usage={"prompt_tokens": 1e400, "prompt_tokens_details": 3}),
        _completion(usage={"prompt_tokens": True, "prompt_tokens_details": [1]}),
        _completion(
            choices=[{"message": {"content": [*PARTS, {"type": "text", "text": json.dumps(GOOD)}]}}]
        ),
    ],
    ids=["none", "null", "word", "negative", "infinite", "list", "parts"],
)
async def test_odd_facts_beside_a_good_reply(answer: Answer) -> None:
    """
    Tokens that are no number count for nothing; a message in parts (Mistral's reasoning models) is its text parts.
    """
    async with Provider(answer) as provider, model(provider.url) as asked:
        reply = await asked.ask(PROMPT)

    assert (VALUE, 0, 0) == (reply.value, reply.tokens_in, reply.tokens_out)


@pytest.mark.parametrize(
    "answer",
    [
        _completion(choices={"0": 1}),
        _completion(choices="none"),
        _completion(choices=7),
        _completion(choices=[]),
        _completion(choices=[None]),
        _completion(choices=[{"message": "hello"}]),
        _completion(choices=[{"message": {"content": {"text": "{}"}}}] * 2),
        Answer(raw="[" * 100_000),
    ],
    ids=["dict", "string", "number", "empty", "null", "message", "content", "deep"],
)
async def test_odd_types_are_a_failure_of_the_provider(answer: Answer) -> None:
    """
    Whatever stands where a completion should: one of our errors.
    """
    async with Provider(answer, answer) as provider, model(provider.url) as asked:
        with pytest.raises((ModelFailed, ReplyInvalid)):
            await asked.ask(PROMPT)


@pytest.mark.parametrize("finish", ["length", "model_length"])
@pytest.mark.parametrize("content", ["", '{"question": "Bui'])
async def test_out_of_room_is_asked_again_with_double(content: str, finish: str) -> None:
    """
    A reply that ran out of room, thoughts included, gets double the room once.
    """
    cut = Answer(content, finish=finish)
    async with Provider(cut, GOOD) as provider, model(provider.url) as m:
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


@dataclass
class Pauses:
    """Remembers how long it was told to wait, and does not."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.4"}, 1),
        ({"retry-after-ms": "1200"}, 2),
        (
            {
                "Retry-After": "Thu, 15 Jan 2026 12:00:09 GMT",
                "Date": "Thu, 15 Jan 2026 12:00:00 GMT",
            },
            9,
        ),
    ],
)
async def test_asked_to_wait_it_waits(headers: dict[str, str], seconds: float) -> None:
    """
    A Retry-After in seconds, thousandths or as a time (RFC 9110 §10.2.3) is honoured without anybody noticing.
    """
    pauses = Pauses()
    busy = Answer.error(429, headers=headers)
    async with (
        Provider(busy, GOOD) as provider,
        model(provider.url, retries=2, pause=pauses) as asked,
    ):
        assert VALUE == (await asked.ask(PROMPT)).value
    assert [seconds] == pauses.seconds


@pytest.mark.parametrize("said", ["11", "700", "Thu, 15 Jan 2099 12:00:00 GMT"])
async def test_a_wait_past_the_time_allowed_is_not_begun(said: str) -> None:
    """
    Told to come back later than the question may take: it is said at once, with the number.
    """
    pauses = Pauses()
    headers = {"Retry-After": said, "Date": "Thu, 15 Jan 2026 12:00:00 GMT"}
    async with (
        Provider(Answer.error(429, headers=headers)) as provider,
        model(provider.url, retries=2, pause=pauses) as asked,
    ):
        with pytest.raises(ModelBusy) as raised:
            await asked.ask(PROMPT)

    assert [] == pauses.seconds
    assert 10 < int(str(raised.value.facts["retry_after"]))


@pytest.mark.parametrize(
    "answer",
    [Answer.error(429), Answer.error(500), Answer.html(502), Answer.reset(), Answer.error(408)],
    ids=["busy", "failed", "gateway", "reset", "timeout"],
)
async def test_what_passes_is_asked_again_a_little_later(answer: Answer) -> None:
    """
    Without a word from the provider: after about half a second, then about one; what comes then counts.
    """
    pauses = Pauses()
    async with (
        Provider(answer, answer, GOOD) as provider,
        model(provider.url, retries=2, pause=pauses) as asked,
    ):
        assert VALUE == (await asked.ask(PROMPT)).value

    first, second = pauses.seconds
    assert 0.375 <= first <= 0.5
    assert 0.75 <= second <= 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer.error(429, code="insufficient_quota"),
        Answer.error(401),
        Answer.error(400, "what?"),
        Answer.error(404),
        Answer.refusing(),
        Answer.html(),
    ],
    ids=["credit", "key", "request", "model", "refusal", "page"],
)
async def test_what_does_not_pass_is_not_asked_again(answer: Answer) -> None:
    """
    Waiting does not fill an account or make a model willing.
    """
    async with Provider(answer, GOOD) as provider, model(provider.url, retries=2) as asked:
        with pytest.raises(ModelError):
            await asked.ask(PROMPT)

    assert 1 == len(provider.history)


def test_no_connection_is_no_silence() -> None:
    """
    A server that does not take the connection has not kept anybody waiting for a reply.
    """
    request = httpx2.Request("POST", "http://host/")
    late = openai.APITimeoutError(request)
    late.__cause__ = httpx2.ConnectTimeout("", request=request)
    asked = Asked("host", "m", 180)

    assert ModelUnreachable is type(translate(late, asked))
    assert ModelTimeout is type(translate(openai.APITimeoutError(request), asked))


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


MISTRAL = {  # as api.mistral.ai answers to a field it does not know (editor-code-assistant/eca#231)
    "object": "error",
    "message": {
        "detail": [
            {
                "type": "extra_forbidden",
                "loc": ["body", "max_completion_tokens"],
                "msg": "Extra inputs are not permitted",
                "input": 500,
            }
        ]
    },
    "type": "invalid_request_error",
    "param": None,
    "code": None,
}


async def test_many_at_once_learn_what_a_server_takes() -> None:
    """
    Eight questions, all sent before the first is refused: each is asked again as the server wants it, none fails.
    """

    def strict(body: dict[str, Any]) -> Answer:
        if "max_completion_tokens" in body:
            return Answer(status=422, raw=json.dumps(MISTRAL))
        return Answer.json(GOOD)

    await _eight_at_once(strict)


async def test_many_refused_at_once_give_way_once() -> None:
    """
    A server without schemas and with JSON mode keeps its JSON mode, however many were refused the schema together.
    """

    def without_schemas(body: dict[str, Any]) -> Answer:
        if body["response_format"]["type"] == "json_schema":
            return Answer.error(400, "This response_format type is unavailable now")
        return Answer.json(GOOD)

    provider = await _eight_at_once(without_schemas)

    assert {"type": "json_object"} == provider.history[-1].body["response_format"]


async def _eight_at_once(script: Callable[[dict[str, Any]], Answer]) -> Provider:
    prompts = [Prompt("s", str(n), Shape, 500) for n in range(8)]
    async with Provider(script=script) as provider, model(provider.url, concurrency=8) as asked:
        gate = provider.hold = asyncio.Event()
        asking = asyncio.gather(*map(asked.ask, prompts))
        while provider.busy < 8:
            await asyncio.sleep(0)
        gate.set()
        assert [VALUE] * 8 == [reply.value for reply in await asking]
    assert 16 == len(provider.history)
    return provider


async def test_a_model_of_short_replies_is_asked_without_a_bound() -> None:
    """
    A model that may not say as much as there is room for is left to its own bound.
    """

    def short(body: dict[str, Any]) -> Answer:
        if {"max_tokens", "max_completion_tokens"} & set(body):
            return Answer.error(
                400, "max_tokens is too large: 500. This model supports at most 256"
            )
        return Answer.json(GOOD)

    async with Provider(script=short) as provider, model(provider.url) as asked:
        assert VALUE == (await asked.ask(PROMPT)).value

    assert {"model", "messages", "response_format"} == set(provider.history[-1].body)


async def test_too_long_is_not_about_the_field_it_names() -> None:
    """
    vLLM names max_completion_tokens when the window is full: the next question has the field all the same.
    """
    words = "max_completion_tokens is too large: this model's maximum context length is 8192 tokens"
    async with Provider(Answer.error(400, words), GOOD) as provider, model(provider.url) as asked:
        with pytest.raises(ContextExceeded):
            await asked.ask(PROMPT)
        await asked.ask(PROMPT)

    assert [500, 500] == [r.body["max_completion_tokens"] for r in provider.history]


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("/v1", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("/openai/v1/", "/openai/v1/chat/completions"),  # Azure OpenAI
    ],
)
async def test_any_base_url_will_do(base: str, path: str) -> None:
    """
    With a slash at the end or without; the key goes as a bearer token, the model's name as it is.
    """
    async with Provider(GOOD) as provider:
        url = provider.url.removesuffix("/v1") + base
        async with model(url, model="our-deployment") as asked:
            await asked.ask(PROMPT)

    (request,) = provider.history
    assert (path, "our-deployment") == (request.path, request.body["model"])
    assert f"Bearer {KEY}" == request.headers["Authorization"]


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


async def test_a_reply_is_kept_for_every_reading_it_is_about() -> None:
    """
    Who pays, who joins the question under way, and who finds the reply kept: each names what the question is about.
    """
    replies = FakeReplies()
    async with Provider(GOOD) as provider, model(provider.url, replies=replies) as asked:
        await asyncio.gather(*(asked.ask(replace(PROMPT, reading=r)) for r in ("r1", "r2")))
        await asked.ask(replace(PROMPT, reading="r3"))

    assert 1 == len(provider.history) == len(replies.kept)
    assert ["r1", "r2", "r3"] == sorted(replies.about)


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
    replies.kept = {asked._request_key(PROMPT): json.dumps(GOOD)}
    async with Provider() as provider, model(provider.url, replies=replies) as asked:
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
