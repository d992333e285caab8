"""Discord's REST API on the wire: who asks, what is answered, what goes wrong on the way, and a history of it all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from aiohttp import web

from tests.discord.bell import Bell
from tests.discord.checks import faults
from tests.discord.refused import Refused, invalid_form

Json = dict[str, Any]

API = "/api/v10"


@dataclass
class Call:
    """
    One request, and in the end its answer; `at` is when it came (`perf_counter`).

    `route` is as Discord's description names it ("PATCH /channels/{channel_id}"), `ids` what stood for the names.
    """

    route: str
    path: str
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    at: float
    status: int = 0
    answer: Any = None

    def id(self, name: str) -> int:
        return int(self.ids[name])

    def number(self, name: str) -> int | None:
        """Return a number of the query."""
        return int(self.query[name]) if name in self.query else None


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Trouble:
    """
    What happens to a request instead of, or besides, its answer; the classmethods name the usual cases.

    `status` with `body` and `headers` takes the answer's place. `held` keeps the request back until it is set, `late`
    keeps back the answer only, when what was asked is done.
    `cut` breaks the connection: "before" anything was done, or "after", when only the answer is lost.
    """

    status: int | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    held: asyncio.Event | None = None
    late: asyncio.Event | None = None
    cut: str | None = None

    @classmethod
    def too_many(cls, seconds: float, *, everywhere: bool = False) -> Trouble:
        """429: this route, or every one, is closed for *seconds*."""
        body = {
            "message": "You are being rate limited.",
            "retry_after": seconds,
            "global": everywhere,
        }
        scope = "global" if everywhere else "user"
        headers = {"Retry-After": str(-(-seconds // 1)), "X-RateLimit-Scope": scope}
        return cls(429, body, headers)

    @classmethod
    def error(cls, status: int = 500) -> Trouble:
        """Discord's own failure, as its proxy words it."""
        return cls(status, "<html>upstream connect error</html>")

    @classmethod
    def refusal(cls, refused: Refused) -> Trouble:
        return cls(refused.status, refused.body)


@dataclass(frozen=True)
class _Planned:
    trouble: Trouble
    containing: str


class Rest:
    """
    Serves the routes it is given.

    `calls` is everything that was asked; `faults` is what Discord would have refused as malformed, and was: a test that
    does not expect any asserts that there is none.
    """

    def __init__(self, bell: Bell, token: str) -> None:
        self.bell = bell
        self.token = token
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.layout: Callable[[Call], bool] = lambda _: False
        self._planned: dict[str, list[_Planned]] = {}

    def plan(self, route: str, *troubles: Trouble, containing: str = "") -> None:
        """Let the next requests of *route*, or only those whose body has these words, end so, in this order."""
        planned = self._planned.setdefault(route, [])
        planned += [_Planned(trouble, containing) for trouble in troubles]

    def of(self, route: str) -> list[Call]:
        """Return what was asked of *route*."""
        return [call for call in self.calls if call.route == route]

    def serve(self, app: web.Application, routes: Mapping[str, Handler]) -> None:
        """Add *routes* to *app*, and a last one for what is asked but not here."""
        for route, handler in routes.items():
            method, _, path = route.partition(" ")
            app.router.add_route(method, API + path, self._served(route, handler))
        app.router.add_route("*", API + "/{rest:.*}", self._served("?", _nowhere))

    def _served(
        self, route: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            at = perf_counter()
            body = await _body(request)
            path = request.path.removeprefix(API)
            call = Call(route, path, request.match_info, request.query, body, at)
            self.calls.append(call)
            self.bell.ring()
            headers: Mapping[str, str] = {}
            trouble = self._due(call)
            if trouble is not None:
                if trouble.held is not None:
                    await trouble.held.wait()
                if trouble.cut == "before":
                    return _cut(request)
            if trouble is not None and trouble.status is not None:
                call.status, call.answer = trouble.status, trouble.body
                headers = trouble.headers
            else:
                self._answer(request, call, handler)
            self.bell.ring()
            if trouble is not None and trouble.late is not None:
                await trouble.late.wait()
            if trouble is not None and trouble.cut == "after":
                return _cut(request)
            return _response(call, headers)

        return serve

    def _answer(self, request: web.Request, call: Call, handler: Handler) -> None:
        try:
            self._check(request, call)
            call.answer = handler(call)
            call.status = 204 if call.answer is None else 200
        except Refused as refused:
            call.status, call.answer = refused.status, refused.body

    def _check(self, request: web.Request, call: Call) -> None:
        known = "{interaction_token}" in call.route or "{webhook_token}" in call.route
        if not known and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")
        if call.route == "?":
            self.faults.append(f"this Discord has no {request.method} {call.path}")
        elif call.body is not None:
            found = faults(call.route, call.body, v2=self.layout(call))
            self.faults += found
            if found:
                raise invalid_form(found)

    def _due(self, call: Call) -> Trouble | None:
        for planned in self._planned.get(call.route, []):
            if planned.containing in json.dumps(call.body, ensure_ascii=False):
                self._planned[call.route].remove(planned)
                return planned.trouble
        return None


def _nowhere(_: Call) -> Any:
    raise Refused(404, 0, "404: Not Found")


async def _body(request: web.Request) -> Any:
    """Return the JSON of a request; of one with files, the JSON beside them."""
    if request.content_type == "multipart/form-data":
        return json.loads(str((await request.post())["payload_json"]))
    text = await request.text()
    return json.loads(text) if text else None


def _response(call: Call, headers: Mapping[str, str]) -> web.Response:
    # the library takes answers without "Via" for those of a proxy before Discord, and looks for this very type
    sent = {"Via": "1.1 loopback", **headers}
    if call.status == 204:
        return web.Response(status=204, headers=sent)
    if isinstance(call.answer, str):
        return web.Response(status=call.status, headers=sent, text=call.answer)
    data = json.dumps(call.answer).encode()
    return web.Response(
        status=call.status, headers=sent, body=data, content_type="application/json"
    )


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
