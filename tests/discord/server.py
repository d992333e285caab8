"""
Discord on loopback: its REST API and its gateway on one port of this machine, for the real library to speak with.

What it answers follows Discord's documentation and published description, and reports of what is not in them; each is
named where it is used. It is one process's world: bots are told where it is (`bot.lead`), people are `Person`s.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from tests.discord.bell import PATIENCE, Bell
from tests.discord.commands import Commands
from tests.discord.gateway import Gateway
from tests.discord.interactions import Interactions
from tests.discord.people import Person
from tests.discord.posts import Post
from tests.discord.rest import Rest
from tests.discord.routes import Routes
from tests.discord.state import State

T = TypeVar("T")

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMw.loop.back"
"""The one the bot signs in with."""


class Loopback:
    """
    The server, and in it one town: a server "Marlow" with an owner, the channels `news` and `office` (for the staff).

    `state` is what there is, `rest` what was asked and what goes wrong, `gateway` who is connected.
    """

    def __init__(self) -> None:
        self.bell = Bell()
        self.gateway = Gateway(self.bell, TOKEN)
        self.rest = Rest(self.bell, TOKEN)
        self.state = self.gateway.state = State(self.gateway.tell)
        self.interactions = Interactions(self.state)
        self.commands = Commands(self.state)
        self.routes = Routes(self.state, self.gateway, self.interactions, self.commands)
        self.rest.layout = self.routes.layout
        self.owner = self.state.user("owner")
        self.marlow = self.state.guild("Marlow", self.owner)
        self.news = self.marlow.channel("news")
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/attachments/{id}/{name}", self._file)
        self.rest.serve(app, self.routes.all())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        # hundreds may connect at once; who finds the queue full tries again a second later, or three
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=4096).start()
        host, port = self._runner.addresses[0][:2]
        self.url = self.state.base = f"http://{host}:{port}"
        self.gateway.url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.gateway.end()
        if self._runner is not None:
            await self._runner.cleanup()

    async def until(self, look: Callable[[], T], seconds: float = PATIENCE) -> T:
        """Return what *look* finds as soon as that is true; looked at whenever something happened here."""
        return await self.bell.until(look, seconds)

    def someone(self, name: str = "ann", *roles: int, locale: str = "en-US") -> Person:
        """Return a new member of Marlow, in the channel `news`."""
        id = self.state.user(name)
        self.marlow.member(self.state.users[id], roles)
        return Person(self, id, self.news, locale)

    def by(self, id: int) -> Person:
        """Return someone who is there already."""
        return Person(self, id, self.news)

    def shown(self, words: str) -> list[Post]:
        """Return the messages that say *words* now."""
        return [post for post in self.state.posts.there() if words in post.text]

    async def shows(self, words: str) -> Post:
        """Wait until exactly one message says *words*; return it."""
        (post,) = await self.until(lambda: self.shown(words))
        return post

    async def _file(self, request: web.Request) -> web.Response:
        data = self.state.files.get(request.path)
        return web.Response(status=404) if data is None else web.Response(body=data)
