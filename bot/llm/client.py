"""One question, one checked reply, from anything that speaks OpenAI's chat completions."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass, replace
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

from bot.core.flight import SingleFlight
from bot.core.ports import Prompt, Prompts, Replies, Reply, Report
from bot.errors import (
    ModelError,
    ModelFailed,
    ModelRefused,
    ModelTimeout,
    ReplyCut,
    ReplyInvalid,
    StoreError,
)
from bot.llm import wire
from bot.llm.prices import Price, price
from bot.llm.tokens import TokenCounter

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

Shape = TypeVar("Shape")
Structured = Literal["schema", "object", "prompt"]
Message = dict[str, str]

CONNECT_SECONDS = 10
_WEAKER: dict[Structured, Structured] = {"schema": "object", "object": "prompt"}
_log = logging.getLogger(__name__)


@dataclass
class _Spent:
    """What one question has cost so far, failed attempts included."""

    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0

    def cost(self, per_token: Price | None) -> Decimal | None:
        if per_token is None:
            return None
        return per_token.of(self.tokens_in, self.cached, self.tokens_out)


@dataclass(frozen=True)
class _Said:
    """One completion: its text, and whether it ran out of room."""

    text: str
    cut: bool


class OpenAIModel:
    """
    Implements `bot.core.ports.Model`; an async context manager.

    *api_key* None sends the word "none": the SDK would take a key of the environment instead and hand it to whatever
    *base_url* leads to. *timeout_seconds* bounds one question with all its retries, once it is its turn; *concurrency*
    bounds how many are asked at once. *replies*, where given, keeps every valid reply: asked again, it costs nothing.
    *rate*, where given, is the price; else the one that is listed for host and model.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str,
        model: str,
        structured: Structured,
        context_tokens: int,
        timeout_seconds: int,
        concurrency: int,
        replies: Replies | None,
        counter: TokenCounter,
        prompts: Prompts,
        retries: int = 2,
        rate: Price | None = None,
    ) -> None:
        self._key = api_key or "none"
        self._base_url = base_url
        self._host = urlsplit(base_url).hostname or base_url
        self._model = model
        self._rate = rate or price(self._host, model)
        self._structured = structured
        self._context_tokens = context_tokens
        self._seconds = timeout_seconds
        self._replies = replies
        self._counter = counter
        self._prompts = prompts
        self._retries = retries
        self._turns = asyncio.Semaphore(concurrency)
        self._flight = SingleFlight()
        self._client: AsyncOpenAI | None = None
        # what this server turned out not to take; learnt once, not once a question
        self._mode: Structured = structured
        self._room = "max_completion_tokens"
        self.repairs = 0  # replies that had to be asked for again, because they had another shape

    async def __aenter__(self) -> OpenAIModel:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    @property
    def context_tokens(self) -> int:
        """How many tokens a request and its reply may take together."""
        return self._context_tokens

    def count(self, text: str) -> int:
        """Return how many tokens *text* takes."""
        return self._counter.count(text)

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """Return what so many tokens cost in US dollars, none of them kept by the provider; None: unknown."""
        return None if self._rate is None else self._rate.of(tokens_in, 0, tokens_out)

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        """Ask once, with one repair turn; the same question twice at once is asked once. Raises `ModelError`."""
        key = self._request_key(prompt)
        kept = await self._kept(key, prompt)
        if kept is not None:
            return kept
        paid = False

        async def make(_: Report) -> Reply[Shape]:
            nonlocal paid
            paid = True
            return await self._ask_anew(key, prompt)

        reply = await self._flight.run(key, make, _nobody)
        return reply if paid else _free(reply)

    def _request_key(self, prompt: Prompt[Shape]) -> str:
        """Return the sha256 of everything the reply depends on."""
        parts = [
            self._model,
            self._host,
            self._structured,
            prompt.system,
            prompt.user,
            wire.schema(prompt.shape),
            prompt.most_tokens,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    async def _kept(self, key: str, prompt: Prompt[Shape]) -> Reply[Shape] | None:
        text = await self._replies.get(key) if self._replies else None
        if text is None:
            return None
        try:
            return Reply(wire.parse(text, prompt.shape), 0, 0, Decimal(0), self._model)
        except wire.Misshapen:  # kept by a version that took more: ask again
            return None

    async def _ask_anew(self, key: str, prompt: Prompt[Shape]) -> Reply[Shape]:
        spent = _Spent()
        async with self._turns:
            try:
                async with asyncio.timeout(self._seconds):
                    text, value = await self._converse(prompt, spent)
            except TimeoutError:
                raise ModelTimeout(seconds=self._seconds) from None
        if self._replies:
            try:
                await self._replies.put(key, text)
            except StoreError as error:  # a reply that is paid for is not thrown away with it
                _log.warning("a reply could not be kept: %s", error)
        cost = spent.cost(self._rate)
        return Reply(value, spent.tokens_in, spent.tokens_out, cost, self._model)

    async def _converse(self, prompt: Prompt[Shape], spent: _Spent) -> tuple[str, Shape]:
        """Return the reply's text and value after at most one repair turn."""
        messages = [_message("system", prompt.system), _message("user", prompt.user)]
        said = await self._roomy(messages, prompt, spent)
        try:
            return said.text, wire.parse(said.text, prompt.shape)
        except wire.Misshapen as problem:
            self.repairs += 1
            _log.info("repairing a reply of %s: %s", self._model, problem)
            repair = self._prompts.render("repair", problem=str(problem))
        again = [*messages, _message("assistant", said.text or "…"), _message("user", repair)]
        said = await self._roomy(again, prompt, spent)
        try:
            return said.text, wire.parse(said.text, prompt.shape)
        except wire.Misshapen:
            raise ReplyInvalid from None

    async def _roomy(self, messages: list[Message], prompt: Prompt[Shape], spent: _Spent) -> _Said:
        """Ask; where the reply runs out of room, once more with double. Reasoning models think in that room too."""
        for room in (prompt.most_tokens, 2 * prompt.most_tokens):
            said = await self._complete(messages, prompt.shape, room, spent)
            if not said.cut:
                return said
        raise ReplyCut

    async def _complete(
        self, messages: list[Message], shape: type[object], room: int, spent: _Spent
    ) -> _Said:
        """Send one request; a server that refuses a field of it is asked again without."""
        import openai

        for _ in range(4):  # as it is; without the schema; without JSON mode; with the older name
            try:
                answer = await self._send(messages, shape, room)
            except openai.APIStatusError as error:
                if self._give_way(error):
                    continue
                raise self._translated(error) from self._clean(error)
            except openai.OpenAIError as error:
                raise self._translated(error) from self._clean(error)
            except ValueError as error:  # 200 and a body that is no JSON
                raise ModelFailed(status=200) from error
            return _said(answer, spent)
        raise ModelFailed(status=400)

    async def _send(self, messages: list[Message], shape: type[object], room: int) -> object:
        mode = self._mode
        extra: dict[str, Any] = {self._room: room}
        layout = wire.schema(shape)
        if mode == "schema":
            form = {"name": shape.__name__, "strict": True, "schema": layout}
            extra["response_format"] = {"type": "json_schema", "json_schema": form}
        else:
            told = self._prompts.render("schema", schema=json.dumps(layout))
            messages = [_message("system", f"{messages[0]['content']}\n\n{told}"), *messages[1:]]
            if mode == "object":
                extra["response_format"] = {"type": "json_object"}
        create: Any = self._opened().chat.completions.create
        answer: object = await create(model=self._model, messages=messages, **extra)
        return answer

    def _opened(self) -> AsyncOpenAI:
        if self._client is None:
            import httpx2
            from openai import AsyncOpenAI

            self._client = AsyncOpenAI(
                api_key=self._key,
                base_url=self._base_url,
                max_retries=self._retries,
                timeout=httpx2.Timeout(self._seconds, connect=CONNECT_SECONDS),
            )
        return self._client

    def _give_way(self, error: APIStatusError) -> bool:
        """Do without the field the server refuses; False where it refuses something else."""
        from bot.llm import failures

        if self._room == "max_completion_tokens" and failures.rejected(error, self._room):
            self._room = "max_tokens"
            return True
        if self._mode in _WEAKER and any(
            failures.rejected(error, word)
            for word in ("response_format", "json_schema", "json_object")
        ):
            self._mode = _WEAKER[self._mode]
            _log.warning("%s takes no such response_format: %s from now on", self._host, self._mode)
            return True
        return False

    def _translated(self, error: Exception) -> ModelError:
        from bot.llm import failures

        return failures.translate(error, failures.Asked(self._host, self._model, self._seconds))

    def _clean(self, error: Exception) -> Exception | None:
        """Return the cause to show in a traceback: none where the provider echoes the key."""
        return None if self._key != "none" and self._key in f"{error!s}{error!r}" else error


def _said(answer: object, spent: _Spent) -> _Said:
    """Read a completion, counting what it cost; gateways answer 200 with a page, `{}` or an error object."""
    usage = getattr(answer, "usage", None)
    if usage is not None:
        spent.tokens_in += getattr(usage, "prompt_tokens", 0) or 0
        spent.tokens_out += getattr(usage, "completion_tokens", 0) or 0
        details = getattr(usage, "prompt_tokens_details", None)
        spent.cached += getattr(details, "cached_tokens", 0) or 0
    choices = getattr(answer, "choices", None)
    message = getattr(choices[0], "message", None) if choices else None
    if not choices or message is None:
        raise ModelFailed(status=200)
    finish = choices[0].finish_reason
    if getattr(message, "refusal", None) or finish == "content_filter":
        raise ModelRefused
    return _Said(message.content or "", cut=finish == "length")


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _free(reply: Reply[Shape]) -> Reply[Shape]:
    return replace(reply, tokens_in=0, tokens_out=0, cost=Decimal(0))


def _nobody(_: object) -> None:
    return None
