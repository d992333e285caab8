"""A model provider on loopback: speaks OpenAI's chat completions over real HTTP, and fails in every way one does."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Answer:
    """
    What the provider does with one request; the classmethods name the usual cases.

    `raw`, where set, is the body as it is; `cut` sends that many bytes of the body and resets the connection.
    """

    content: str | None = ""
    finish: str = "stop"
    refusal: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: str | None = None
    content_type: str = "application/json"
    cut: int | None = None
    silent: bool = False
    tokens_in: int = 100
    tokens_out: int = 20
    cached: int = 0

    @classmethod
    def json(cls, value: object) -> Answer:
        """The model's message is *value* as JSON."""
        return cls(json.dumps(value, ensure_ascii=False))

    @classmethod
    def fenced(cls, value: object) -> Answer:
        """JSON in a code fence with a sentence before it."""
        return cls(f"Here it is:\n```json\n{json.dumps(value)}\n```\n")

    @classmethod
    def thinking(cls, value: object, thoughts: str = "Let me see {…}") -> Answer:
        """JSON after a `<think>` block, as local reasoning models send it."""
        return cls(f"<think>\n{thoughts}\n</think>\n\n{json.dumps(value)}")

    @classmethod
    def out_of_room(cls, content: str = "") -> Answer:
        """finish_reason=length: the reasoning (or the reply) took all the room."""
        return cls(content, finish="length")

    @classmethod
    def refusing(cls, words: str = "I can't help with that.") -> Answer:
        """The model declines."""
        return cls(None, refusal=words)

    @classmethod
    def error(
        cls,
        status: int,
        message: str = "failed",
        *,
        code: str | None = None,
        type: str = "invalid_request_error",  # noqa: A002 # the protocol's word
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """An error in OpenAI's form."""
        body = {"error": {"message": message, "type": type, "param": None, "code": code}}
        return cls(status=status, raw=json.dumps(body), headers=headers or {})

    @classmethod
    def html(cls, status: int = 200) -> Answer:
        """A gateway's page instead of the protocol."""
        return cls(
            status=status,
            raw="<!doctype html><title>Welcome</title>",
            content_type="text/html; charset=utf-8",
        )

    @classmethod
    def empty_object(cls) -> Answer:
        """Status 200, and `{}`."""
        return cls(raw="{}")

    @classmethod
    def reset(cls, after: int = 40) -> Answer:
        """The connection dies after so many bytes of the body."""
        return cls("never arrives", cut=after)

    @classmethod
    def silence(cls) -> Answer:
        """No answer until the provider closes."""
        return cls(silent=True)


Scripted = Answer | str | dict[str, Any] | list[Any]
Script = Callable[[dict[str, Any]], Scripted | Awaitable[Scripted]]


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class Provider:
    """
    The server. Answers come from the queue, then from `script` (request JSON → reply), then an error 500.

    A plain string is the model's message; a dict or list is a message of JSON. `busiest` is the largest number of
    requests that were under way at once; `hold` (an event) keeps answers back until it is set.
    """

    def __init__(self, *answers: Scripted, script: Script | None = None) -> None:
        self.history: list[Request] = []
        self.script = script
        self.hold: asyncio.Event | None = None
        self.busy = 0
        self.busiest = 0
        self.url = ""
        self._queue: deque[Scripted] = deque(answers)
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Provider:
        app = web.Application(client_max_size=1 << 28)
        app.add_routes(
            [
                web.post("/{before:(?:.+/)?}v1/chat/completions", self._complete),
                web.get("/v1/models", self._models),
                web.get("/v1/models/{name}", self._models),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def enqueue(self, *answers: Scripted) -> None:
        """Answer the next requests so, in this order."""
        self._queue.extend(answers)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.history.append(Request(request.path, dict(request.headers), body))
        async with self._under_way():
            answer = await self._next(body)
            if answer.silent:
                await self._closing.wait()
            if answer.cut is not None:
                return await self._break(request, answer)
            return web.Response(
                text=answer.raw if answer.raw is not None else _completion(answer, body),
                status=answer.status,
                headers=dict(answer.headers),
                content_type=answer.content_type.partition(";")[0],
            )

    @contextlib.asynccontextmanager
    async def _under_way(self) -> AsyncIterator[None]:
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            if self.hold is not None:
                await self.hold.wait()
            yield
        finally:
            self.busy -= 1

    async def _next(self, body: dict[str, Any]) -> Answer:
        if self._queue:
            scripted: Scripted = self._queue.popleft()
        elif self.script is not None:
            told = self.script(body)
            scripted = await told if isinstance(told, Awaitable) else told
        else:
            scripted = Answer.error(500, "nothing scripted", type="server_error")
        if isinstance(scripted, Answer):
            return scripted
        return Answer(scripted) if isinstance(scripted, str) else Answer.json(scripted)

    async def _break(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = 10_000
        await response.prepare(request)
        await response.write(b"{" + b" " * ((answer.cut or 1) - 1))
        if request.transport is not None:
            request.transport.abort()
        return response

    async def _models(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name")
        one = {"id": name or "scripted", "object": "model", "created": 0, "owned_by": "chorus"}
        return web.json_response(one if name else {"object": "list", "data": [one]})


def _completion(answer: Answer, body: dict[str, Any]) -> str:
    message = {"role": "assistant", "content": answer.content, "refusal": answer.refusal}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": body.get("model", "scripted"),
            "choices": [{"index": 0, "finish_reason": answer.finish, "message": message}],
            "usage": {
                "prompt_tokens": answer.tokens_in,
                "completion_tokens": answer.tokens_out,
                "total_tokens": answer.tokens_in + answer.tokens_out,
                "prompt_tokens_details": {"cached_tokens": answer.cached},
            },
        },
        ensure_ascii=False,
    )
