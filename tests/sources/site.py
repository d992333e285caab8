"""A web server on loopback that answers what it is told and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str  # with the query
    headers: dict[str, str]
    method: str = "GET"
    form: str = ""


@dataclass
class Site:
    """
    Answers of one loopback server, by path (without the query).

    Each path has a queue; its last answer stays and is given again. A path nobody told about is a 404.
    """

    base: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, list[Handler]] = field(default_factory=dict)

    def url(self, path: str = "/") -> str:
        """Return the address of *path* on this site."""
        return self.base + path

    def on(self, path: str, handler: Handler) -> None:
        """Queue a handler: for bodies that trickle, depend on the request, or never end."""
        self.answers.setdefault(path, []).append(handler)

    def page(
        self,
        path: str,
        body: str | bytes,
        status: int = 200,
        *,
        kind: str | None = "text/html; charset=utf-8",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Queue an answer; *kind* is its Content-Type, sent to the letter."""
        data = body.encode() if isinstance(body, str) else body

        async def answer(_: web.Request) -> web.Response:
            said = {"Content-Type": kind} if kind is not None else {}
            return web.Response(body=data, status=status, headers={**said, **(headers or {})})

        self.on(path, answer)

    def json(self, path: str, value: Any, status: int = 200) -> None:
        """Queue a JSON answer."""
        self.page(path, json.dumps(value), status, kind="application/json")

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Queue a redirect to *to*, sent to the letter."""
        self.page(path, "", status, headers={"Location": to})

    @property
    def paths(self) -> list[str]:
        """Every path asked for, with its query, in order."""
        return [one.path for one in self.asked]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(
            Asked(request.path_qs, dict(request.headers), request.method, await request.text())
        )
        queue = self.answers.get(request.path, [])
        if not queue:
            return web.Response(status=404, text="no such page")
        return await (queue.pop(0) if len(queue) > 1 else queue[0])(request)


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Run a site on a free port of 127.0.0.1."""
    served = Site()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", served._answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    served.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        await runner.cleanup()
