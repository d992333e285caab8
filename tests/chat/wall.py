"""
Channels as Discord keeps them: messages that change, age, are pinned and are gone; refusals with Discord's codes.

Takes the place of the client's HTTP requests about messages and pins; what it does not know goes on to the record.
What was done is in `done`, with the time by the test's clock; what Discord would refuse as malformed in `faults`.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import discord

from bot.chat.client import ChorusClient
from tests.chat.fake_discord import texts
from tests.chat.server import BOT, ID, PUBLIC_THREAD, Answer, said, snowflake, user
from tests.conftest import SteadyClock
from tests.discord.checks import faults

HOUR, MOST_OLD, WINDOW = timedelta(hours=1), 3, timedelta(seconds=6)
"""Of messages older than an hour three edits in six seconds a channel are taken (30046)."""

MOST_PINS = 250
PINS_ADD = 6
DIRECT = 77
Json = dict[str, Any]


@dataclass
class Post:
    """One message; `before` are its earlier versions."""

    id: int
    channel: int
    payload: Json
    at: datetime
    before: list[Json] = field(default_factory=list)
    gone: bool = False

    @property
    def text(self) -> str:
        """What a person reads: Discord hides a backslash before a sign."""
        shown = "\n".join(texts(self.payload.get("components") or []))
        return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown)


@dataclass(frozen=True)
class Done:
    """One request that was taken, "POST", "PATCH", "PIN", "UNPIN", …; `old`: of a message past its hour."""

    at: datetime
    how: str
    channel: int
    message: int
    old: bool = False


class Wall:
    """`gone`, `shut`, `archived` and `locked` are channels; `denied` is what takes a right the bot lacks."""

    def __init__(self, clock: SteadyClock) -> None:
        self.clock = clock
        self.posts: dict[int, Post] = {}
        self.pins: list[int] = []
        self.foreign: Counter[int] = Counter()  # pins of others, by channel
        self.gone: set[int] = set()
        self.shut: set[int] = set()
        self.archived: set[int] = set()
        self.locked: set[int] = set()
        self.denied: set[str] = set()
        self.left = False
        self.deaf = False  # nobody takes direct messages
        self.failing: list[Exception] = []  # raised by the next requests
        self.busy: set[int] = (
            set()
        )  # channels where people's buttons take every edit of old messages
        self.crash: str | None = (
            None  # the request at which the process stops, "after POST": once it was taken
        )
        self.crashed = False
        self.done: list[Done] = []
        self.faults: list[str] = []
        self._nonces: dict[str, int] = {}
        self._steps = count(1)
        self._client: ChorusClient | None = None
        self._beyond: Any = None

    def hang(self, client: ChorusClient) -> None:
        """Take the place of *client*'s requests; again after a restart."""
        self._client, self._beyond = client, client.http.request
        client.http.request = self.request  # type: ignore[method-assign]

    async def request(self, route: Any, **kwargs: Any) -> Any:
        """Stand in for the client's HTTP requests."""
        path = route.url.removeprefix(route.BASE).partition("?")[0]
        for pattern, give in self._routes.items():
            found = re.fullmatch(pattern, f"{route.method} {path}")
            if found:
                if self.failing:
                    raise self.failing.pop(0)
                how = give.__name__.removeprefix("_").upper()
                self._stop(how)
                answer = give(*map(int, found.groups()), kwargs.get("json") or {})
                self._stop(f"after {how}")
                return answer
        return await self._beyond(route, **kwargs)

    @property
    def _routes(self) -> dict[str, Any]:
        channel = r"/channels/(\d+)"
        return {
            rf"POST {channel}/messages": self._post,
            rf"GET {channel}/messages/(\d+)": self._get,
            rf"PATCH {channel}/messages/(\d+)": self._patch,
            rf"DELETE {channel}/messages/(\d+)": self._delete,
            rf"PUT {channel}/messages/pins/(\d+)": self._pin,
            rf"DELETE {channel}/messages/pins/(\d+)": self._unpin,
            rf"GET {channel}": self._channel,
            rf"PATCH {channel}": self._open,
            rf"GET /guilds/{ID}": lambda _: self._guild(),
            r"POST /users/@me/channels": lambda _: self._direct(),
        }

    # what people see and do

    @property
    def pinned(self) -> list[Post]:
        return [self.posts[id] for id in self.pins]

    def shown(self, channel: int) -> list[Post]:
        """Every message of the bot's that stands in *channel*, oldest first."""
        return [p for p in self.posts.values() if p.channel == channel and not p.gone]

    def unpin_by_hand(self, message: int, *, told: bool = True) -> None:
        self.pins.remove(message)
        if told:
            self._tell_pins(self.posts[message].channel)

    def delete_by_hand(self, message: int, *, told: bool = True) -> None:
        post = self.posts[message]
        post.gone, self.pins = True, [id for id in self.pins if id != message]
        if told and self._client:
            ids = {"id": str(message), "channel_id": str(post.channel), "guild_id": str(ID)}
            self._client._connection.parse_message_delete(ids)  # type: ignore[arg-type]

    def trouble(self, what: str, channel: int) -> None:
        """Let *channel* be gone or shut to the bot, its thread be locked, a right be taken, or the server be left."""
        if what == "denied":
            self.denied |= {"PIN"}
        elif what == "left":
            self.left = True
        elif what == "locked":
            self.locked.add(channel)
            self.archived.add(channel)
        else:
            getattr(self, what).add(channel)

    def old_edits(self) -> list[Done]:
        return [one for one in self.done if one.how == "PATCH" and one.old]

    # the routes

    def _post(self, channel: int, payload: Json) -> Json:
        self._check("POST /channels/{channel_id}/messages", payload)
        if channel == DIRECT:
            if self.deaf:
                raise refused(403, 50007)
        else:
            self._enter(channel, "POST")
            if channel in self.locked:
                raise refused(403, 160005)
        known = self._nonces.get(str(payload.get("nonce")))
        if known is not None:
            return self._seen(self.posts[known])
        id = snowflake(self.clock.at, next(self._steps))
        self.posts[id] = Post(id, channel, payload, self.clock.at)
        if payload.get("nonce") is not None:
            self._nonces[str(payload["nonce"])] = id
        self._note("POST", channel, id)
        return self._seen(self.posts[id])

    def _get(self, channel: int, id: int, _: Json) -> Json:
        self._enter(channel, "GET")
        return self._seen(self._one(channel, id))

    def _patch(self, channel: int, id: int, payload: Json) -> Json:
        self._check("PATCH /channels/{channel_id}/messages/{message_id}", payload)
        self._enter(channel, "PATCH")
        post = self._one(channel, id)
        if channel in self.archived:
            raise refused(400, 50083)
        old = self.clock.at - post.at > HOUR
        if old and (channel in self.busy or self._edits_lately(channel) >= MOST_OLD):
            raise refused(429, 30046)
        post.before.append(post.payload)
        post.payload = {**post.payload, **payload}
        self._note("PATCH", channel, id, old=old)
        return self._seen(post)

    def _delete(self, channel: int, id: int, _: Json) -> None:
        self._enter(channel, "DELETE")
        if id in self.posts:
            self._one(channel, id).gone = True
            self.pins = [pin for pin in self.pins if pin != id]
        self._note("DELETE", channel, id)

    def _pin(self, channel: int, id: int, _: Json) -> None:
        self._enter(channel, "PIN")
        self._one(channel, id)
        if channel in self.archived:
            raise refused(400, 50083)
        here = [pin for pin in self.pins if self.posts[pin].channel == channel]
        if id not in self.pins:
            if len(here) + self.foreign[channel] >= MOST_PINS:
                raise refused(400, 30003)
            self.pins.append(id)
        self._note("PIN", channel, id)
        self._tell_pins(channel)
        if self._client:
            notice = said(snowflake(self.clock.at, next(self._steps)), "", user(BOT, bot=True))
            payload = {**notice, "type": PINS_ADD, "channel_id": str(channel), "guild_id": str(ID)}
            self._client._connection.parse_message_create(payload)  # type: ignore[arg-type]

    def _unpin(self, channel: int, id: int, _: Json) -> None:
        self._enter(channel, "PIN")
        self._one(channel, id)
        if channel in self.archived:
            raise refused(400, 50083)
        self.pins = [pin for pin in self.pins if pin != id]
        self._note("UNPIN", channel, id)
        self._tell_pins(channel)

    def _channel(self, channel: int, _: Json) -> Json:
        self._enter(channel, "GET")
        return self._thread(channel)

    def _open(self, channel: int, payload: Json) -> Json:
        self._enter(channel, "OPEN")
        assert {"archived": False} == payload
        if channel in self.locked:
            raise refused(403, 50013)
        self.archived.discard(channel)
        self._note("OPEN", channel, 0)
        return self._thread(channel)

    def _guild(self) -> Json:
        if self.left:
            raise refused(404, 10004)
        return {"id": str(ID), "name": "Marlow", "owner_id": "6", "roles": [], "emojis": []}

    def _direct(self) -> Json:
        return {"id": str(DIRECT), "type": 1, "recipients": [user(4)]}

    def _thread(self, channel: int) -> Json:
        state = {"archived": channel in self.archived, "locked": channel in self.locked}
        times = {"auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00+00:00"}
        return {
            "id": str(channel),
            "guild_id": str(ID),
            "parent_id": "20",
            "owner_id": "6",
            "name": "a thread",
            "type": PUBLIC_THREAD,
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": {**state, **times},
        }

    def _enter(self, channel: int, how: str) -> None:
        if channel in self.gone:
            raise refused(404, 10003)
        if self.left or channel in self.shut:
            raise refused(403, 50001)
        if how in self.denied:
            raise refused(403, 50013)

    def _one(self, channel: int, id: int) -> Post:
        post = self.posts.get(id)
        if post is None or post.gone or post.channel != channel:
            raise refused(404, 10008)
        return post

    def _edits_lately(self, channel: int) -> int:
        lately = self.clock.at - WINDOW
        return sum(one.channel == channel and one.at > lately for one in self.old_edits())

    def _seen(self, post: Post) -> Json:
        about = {"channel_id": str(post.channel), "pinned": post.id in self.pins}
        components = post.payload.get("components") or []
        return {**said(post.id, "", user(BOT, bot=True)), **about, "components": components}

    def _stop(self, how: str) -> None:
        if how == self.crash:
            self.crash, self.crashed = None, True
            raise asyncio.CancelledError

    def _check(self, route: str, payload: Json) -> None:
        self.faults += faults(route, payload, v2=True)
        if (payload.get("allowed_mentions") or {}).get("parse", ["?"]) != []:
            self.faults.append(f"{route}: may ping")
        if (
            route.startswith("POST")
            and not payload.get("flags", 0) & 1 << 12
            and "nonce" in payload
        ):
            self.faults.append(f"{route}: rings")

    def _note(self, how: str, channel: int, message: int, *, old: bool = False) -> None:
        self.done.append(Done(self.clock.at, how, channel, message, old))

    def _tell_pins(self, channel: int) -> None:
        if self._client:
            data = {"guild_id": str(ID), "channel_id": str(channel), "last_pin_timestamp": None}
            self._client._connection.parse_channel_pins_update(data)  # type: ignore[arg-type]


def refused(status: int, code: int) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(Answer(status), {"code": code, "message": "refused"})  # type: ignore[arg-type]
