"""One question, one checked reply, from anything that speaks OpenAI's chat completions."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from decimal import Decimal
from types import TracebackType
from typing import TypeVar

from bot.core.flight import SingleFlight
from bot.core.meter import NO_METER, Meter
from bot.core.ports import Prompt, Prompts, Replies, Reply, Report
from bot.errors import ModelError, ModelTimeout, ReplyCut, ReplyInvalid, StoreError
from bot.llm import wire
from bot.llm.completion import Completion, Spent, completion
from bot.llm.dialect import Structured
from bot.llm.prices import Price, price
from bot.llm.server import Message, Server
from bot.llm.tokens import TokenCounter

Shape = TypeVar("Shape")

LOOKUPS = 4  # kept replies looked for at once; sixty together held up the event loop for 60 ms

_log = logging.getLogger(__name__)


class OpenAIModel:
    """
    Implements `bot.core.ports.Model`; an async context manager.

    *api_key* may be None: local servers need none. *timeout_seconds* bounds one question with all its retries, once it
    is its turn; *concurrency* bounds how many are asked at once, or *turns* do where other processes ask too.
    *replies*, where given, keeps every valid reply: asked again, it costs nothing. What may pass (busy, unreachable, a
    failure of the server's own) is asked *retries* times more, after a *pause*. *rate*, where given, is the price; else
    the one that is listed for host and model.
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
        turns: AbstractAsyncContextManager[object] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        meter: Meter = NO_METER,
    ) -> None:
        self._server = Server(
            api_key=api_key,
            base_url=base_url,
            model=model,
            structured=structured,
            seconds=timeout_seconds,
            prompts=prompts,
        )
        self._model = model
        self._rate = rate or price(self._server.host, model)
        self._structured = structured
        self._context_tokens = context_tokens
        self._seconds = timeout_seconds
        self._replies = replies
        self._counter = counter
        self._prompts = prompts
        self._retries = retries
        self._pause = pause
        self._meter = meter
        self._turns = turns or asyncio.Semaphore(concurrency)
        self._looking = asyncio.Semaphore(LOOKUPS)
        self._flight = SingleFlight()
        self.repairs = 0  # replies that had to be asked for again, because they had another shape

    async def __aenter__(self) -> OpenAIModel:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.close()

    async def open(self) -> None:
        """Open the connections before the first question needs them."""
        await self._server.open()

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
        """
        Ask once, with one repair turn; the same question twice at once is asked once.

        Raises `ModelError`, which carries what was paid before it.
        """
        async with self._looking:
            key = self._request_key(prompt)
            kept = await self._kept(key, prompt)
        if kept is not None:
            return kept
        paid = False

        async def make(_: Report) -> Reply[Shape]:
            nonlocal paid
            paid = True
            return await self._ask_anew(key, prompt)

        try:
            reply = await self._flight.run(key, make, _nobody)
        except ModelError as error:
            if paid:
                raise
            raise type(error)(**error.facts) from error  # who joined pays nothing
        if paid:
            return reply
        await self._serves(key, prompt)
        return _free(reply)

    def _request_key(self, prompt: Prompt[Shape]) -> str:
        """Return the sha256 of everything the reply depends on."""
        parts = [
            self._model,
            self._server.host,
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
        await self._serves(key, prompt)
        try:
            return Reply(wire.parse(text, prompt.shape), 0, 0, Decimal(0), self._model)
        except wire.Misshapen:  # kept by a version that took more: ask again
            return None

    async def _serves(self, key: str, prompt: Prompt[Shape]) -> None:
        if self._replies:
            try:
                await self._replies.serves(key, prompt.reading)
            except StoreError as error:
                _log.warning("what a reply is about could not be noted: %s", error)

    async def _ask_anew(self, key: str, prompt: Prompt[Shape]) -> Reply[Shape]:
        spent = Spent()
        try:
            text, value = await self._in_time(prompt, spent)
        except ModelError as error:
            error.tokens_in, error.tokens_out = spent.tokens_in, spent.tokens_out
            error.cost = spent.cost(self._rate)
            self._count(error.code, spent)
            raise
        self._count("ok", spent)
        if self._replies:
            try:
                await self._replies.put(key, text, prompt.reading)
            except StoreError as error:  # a reply that is paid for is not thrown away with it
                _log.warning("a reply could not be kept: %s", error)
        cost = spent.cost(self._rate)
        return Reply(value, spent.tokens_in, spent.tokens_out, cost, self._model)

    def _count(self, outcome: str, spent: Spent) -> None:
        cost = spent.cost(self._rate)
        self._meter.asked(self._model, outcome, spent.tokens_in, spent.tokens_out, cost)

    async def _in_time(self, prompt: Prompt[Shape], spent: Spent) -> tuple[str, Shape]:
        async with self._turns:
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._converse(prompt, spent)
            except TimeoutError:
                raise ModelTimeout(seconds=self._seconds) from None

    async def _converse(self, prompt: Prompt[Shape], spent: Spent) -> tuple[str, Shape]:
        """Return the reply's text and value after at most one repair turn."""
        ends = asyncio.get_running_loop().time() + self._seconds

        async def say(*messages: Message) -> str:
            """Ask; where the reply runs out of room, once more with double. Reasoning models think in it too."""
            for room in (prompt.most_tokens, 2 * prompt.most_tokens):
                said = await self._complete(messages, prompt.shape, room, spent, ends)
                if not said.cut:
                    return said.text
            raise ReplyCut

        # what is the same for everybody stands first, and a repair goes on from it: providers charge less for
        # beginnings they have seen
        asked = (_message("system", prompt.system), _message("user", prompt.user))
        text = await say(*asked)
        try:
            return text, wire.parse(text, prompt.shape)
        except wire.Misshapen as problem:
            self.repairs += 1
            _log.info("repairing a reply of %s: %s", self._model, problem)
            repair = self._prompts.render("repair", problem=str(problem))
        text = await say(*asked, _message("assistant", text or "…"), _message("user", repair))
        try:
            return text, wire.parse(text, prompt.shape)
        except wire.Misshapen:
            raise ReplyInvalid from None

    async def _complete(
        self,
        messages: Sequence[Message],
        shape: type[object],
        room: int,
        spent: Spent,
        ends: float,
    ) -> Completion:
        """Send one request; what may pass is waited for, as long as the server says, if that ends in time."""
        from bot.llm import failures

        tried = 0
        while True:
            try:
                answer = await self._server.complete(messages, shape, room)
                spent.add(answer)
                return completion(answer)
            except ModelError as error:
                wait = failures.wait(error, tried)
                late = asyncio.get_running_loop().time() + (wait or 0) >= ends
                if wait is None or late or tried == self._retries:
                    raise
                _log.info("asking %s again in %.1f s: %s", self._server.host, wait, error.code)
            await self._pause(wait)
            tried += 1


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _free(reply: Reply[Shape]) -> Reply[Shape]:
    return replace(reply, tokens_in=0, tokens_out=0, cost=Decimal(0))


def _nobody(_: object) -> None:
    return None
