"""
Drives the real client with no gateway and no network.

Only the HTTP adapter behind interactions and webhooks and the client's `request` are replaced; parsing of arguments,
checks, error dispatch, dynamic items and serialisation are the library's own. It touches private names of discord.py,
so the library is pinned and a new version shows here first.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import discord
from discord.webhook import async_ as webhook

from bot.chat.client import ChorusClient
from tests.chat.server import MAY_TALK, Server

_ids = count(1_420_000_000_000_000_000)
DISCORD_EPOCH = 1_420_070_400_000
COMPONENTS_V2 = 32768
FORM = 9  # the type of an answer that opens a form
HISTORY = "GET /channels/{channel_id}/messages"


@dataclass(frozen=True)
class Sent:
    """One request: the adapter's method (or the HTTP route), its JSON and files, and the id of its message."""

    how: str
    payload: dict[str, Any]
    id: int = 0
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The message in it."""
        found: dict[str, Any] = self.payload.get("data", self.payload) or {}
        return found

    @property
    def text(self) -> str:
        """All its text, as a person sees it: Discord hides a backslash before a sign."""
        shown = "\n".join(texts(self.data.get("components", [])))
        return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown)

    @property
    def private(self) -> bool:
        return bool(self.data.get("flags", 0) & 64)


def texts(components: list[dict[str, Any]]) -> list[str]:
    found = []
    for component in components:
        if "content" in component:
            found.append(component["content"])
        found += texts(component.get("components", []))
    return found


def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component, nested ones and accessories included."""
    found = []
    for one in components:
        beside = [one["accessory"]] if "accessory" in one else []
        found += [one, *walk(one.get("components", [])), *beside]
    return found


@dataclass
class Discord:
    """
    What was sent, in order; `failures` are raised instead of the next answers of that method.

    `server` answers what is asked of it. `here` takes the place of parts of every interaction: who, where. `original`
    is the message that an interaction edits, where it must be one that was sent before.
    """

    client: ChorusClient
    server: Server | None = None
    here: dict[str, Any] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    failures: dict[str, deque[Exception]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    channels: list[int | None] = field(default_factory=list)  # of the HTTP routes, in order
    behind: int | None = None  # the id of the message that is pressed or that a form stands on
    ephemeral: bool = False  # whether what was pressed last is seen by one person only
    original: int = 0

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any, **kwargs: Any) -> dict[str, Any]:
            sent = self._note(name, kwargs)
            shown = {**message(flags=sent.payload.get("flags", 0)), "id": str(sent.id)}
            if name == "create_interaction_response":
                made = {"id": str(next(_ids)), "type": 2, "response_message_id": str(sent.id)}
                return {"interaction": made, "resource": {"type": 4, "message": shown}}
            return shown

        return call

    def _note(self, how: str, given: dict[str, Any]) -> Sent:
        waiting = self.failures.get(how)
        if waiting:
            raise waiting.popleft()
        params = given.get("params")
        parts = {part["name"]: part for part in getattr(params, "multipart", None) or ()}
        payload = given.get("payload") or given.get("json") or getattr(params, "payload", None)
        if "payload_json" in parts:
            payload = json.loads(parts.pop("payload_json")["value"])
        files = {part["filename"]: part["value"].read() for part in parts.values()}
        edited = self.original if how == "edit_webhook_message" else 0
        sent = Sent(how, payload or {}, edited or next(_ids), files)
        self.sent.append(sent)
        return sent

    async def request(self, route: Any, **kwargs: Any) -> Any:
        """Stand in for the client's HTTP requests: channel messages."""
        if self.server is not None:
            path = route.url.removeprefix(route.BASE).partition("?")[0]
            known = self.server.answer(route.method, path, kwargs.get("params") or {})
            if known is not None:
                return known
        sent = self._note(f"{route.method} {route.path}", kwargs)
        self.channels.append(route.channel_id)
        if route.path.endswith("/commands") or f"{route.method} {route.path}" == HISTORY:
            return []
        if route.path == "/users/@me/channels":
            return {"id": "77", "type": 1, "recipients": [user()]}
        return {**message(), "id": str(sent.id)}

    async def cdn(self, url: str) -> bytes:
        """Stand in for Discord's file servers."""
        return self.files[url]

    @property
    def last(self) -> Sent:
        return self.sent[-1]

    async def slash(self, name: str, locale: str = "en-US", **options: Any) -> None:
        """Invoke `/name`; options that are `File` become attachments."""
        given, resolved = [], {}
        for key, value in options.items():
            kind = {str: 3, int: 4, bool: 5}.get(type(value), 11)
            if isinstance(value, File):
                id = str(next(_ids))
                resolved[id] = value.payload(id)
                value = id  # noqa: PLW2901 - Discord sends the id, and the file beside it
            given.append({"name": key, "type": kind, "value": value})
        data = {"id": "9", "name": name, "type": 1, "options": given}
        if resolved:
            data["resolved"] = {"attachments": resolved}
        await self._dispatch(2, data, locale)

    async def menu(self, name: str, content: str, locale: str = "en-US", **more: Any) -> None:
        """Choose *name* from the menu of a message."""
        target = {**message(content=content), **more}
        data = {
            "id": "9",
            "name": name,
            "type": 3,
            "target_id": target["id"],
            "resolved": {"messages": {target["id"]: target}},
        }
        await self._dispatch(2, data, locale)

    def be(
        self,
        who: int,
        at: int | None,
        rights: discord.Permissions = MAY_TALK,
        ours: discord.Permissions = MAY_TALK,
        guild: int | None = 10,
    ) -> None:
        """From now on *who* asks, in the channel *at* (None: a direct message), where these are the rights."""
        assert self.server is not None
        if at is None:
            dm = {"id": "70", "type": 1, "recipients": [user(who)]}
            self.here = {"channel": dm, "channel_id": "70", "user": user(who), "context": 1}
            return
        server = self.server
        place = server.channels.get(at) or server.threads.get(at) or {}
        channel = {"id": str(at), "type": 0, "name": "elsewhere", "position": 0, **place}
        member = server.members.get(who) or {**server.members[4], "user": user(who)}
        self.here = {
            "channel": channel,
            "channel_id": str(at),
            "guild_id": str(guild),
            "guild": {"id": str(guild), "features": [], "locale": "en-US"},
            "member": {**member, "permissions": str(rights.value)},
            "app_permissions": str(ours.value),
        }

    async def press(
        self,
        shown: Sent,
        custom_id: str,
        locale: str = "en-US",
        *,
        private: bool = False,
        **data: Any,
    ) -> None:
        """Press a button (or choose from a select) on a message that was sent, to one person if *private*."""
        every = walk(shown.data["components"])
        kind = next(c["type"] for c in every if c.get("custom_id") == custom_id)
        data = {"custom_id": custom_id, "component_type": kind, "id": 99, **data}
        edited = shown.payload.get("type") == 7  # an edit leaves the message as private as it was
        self.ephemeral = private or shown.private or (edited and self.ephemeral)
        behind = self._behind(_shown(shown, private=self.ephemeral))
        await self._dispatch(3, data, locale, message=behind)

    async def fill_in(
        self, shown: Sent, form: Sent, locale: str = "en-US", *, private: bool = False, **said: str
    ) -> None:
        """Send a form that was opened from the message *shown*, with what was *said* in its fields."""
        assert FORM == form.payload["type"]
        labels = []
        for label in form.data["components"]:
            one = label["component"]
            value = said.get(one["custom_id"], "")
            answer = {"value": value} if one["type"] == 4 else {"values": [value]}
            inner = {"type": one["type"], "id": 2, "custom_id": one["custom_id"], **answer}
            labels.append({"type": 18, "id": 1, "component": inner})
        data = {"custom_id": form.data["custom_id"], "components": labels}
        await self._dispatch(5, data, locale, message=_shown(shown, private=private))

    def _behind(self, shown: dict[str, Any]) -> dict[str, Any]:
        return {**shown, "id": str(self.behind)} if self.behind else shown

    async def type(
        self, name: str, option: str, typed: str, locale: str = "en-US", **given: Any
    ) -> list[dict[str, Any]]:
        """Type into an option of `/name`; return what is offered."""
        options = [{"name": key, "type": 3, "value": value} for key, value in given.items()]
        options.append({"name": option, "type": 3, "value": typed, "focused": True})
        await self._dispatch(4, {"id": "9", "name": name, "type": 1, "options": options}, locale)
        assert 8 == self.last.payload["type"]
        choices: list[dict[str, Any]] = self.last.data["choices"]
        return choices

    async def submit(self, custom_id: str, locale: str = "en-US", **fields: str) -> None:
        """Send in a form that was opened from a private message."""
        parts = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": value}}
            for name, value in fields.items()
        ]
        data = {"custom_id": custom_id, "components": parts}
        behind = message(flags=COMPONENTS_V2 | 64, id=self.behind)
        await self._dispatch(5, data, locale, message=behind)

    async def react(
        self, message: int, emoji: str, who: dict[str, Any], at: int, guild: int = 10
    ) -> None:
        """Put a reaction on a message of a server."""
        event = {
            "user_id": who["user"]["id"],
            "channel_id": str(at),
            "message_id": str(message),
            "guild_id": str(guild),
            "emoji": {"id": None, "name": emoji},
            "member": who,
            "type": 0,
            "burst": False,
        }
        self.client._connection.parse_message_reaction_add(event)  # type: ignore[arg-type]
        await self._settle()

    async def say(self, content: str, **more: Any) -> None:
        """Send a message to the bot: it mentions it, in a server."""
        payload = {**message(content=content, author=user(8)), **more}
        self.client._connection.parse_message_create(payload)  # type: ignore[arg-type]
        await self._settle()

    async def _dispatch(self, kind: int, data: dict[str, Any], locale: str, **extra: Any) -> None:
        payload = {**interaction(kind, data, locale, **extra), **self.here}
        if "user" in payload:
            for part in ("guild_id", "guild", "member"):
                del payload[part]
        self.client._connection.parse_interaction_create(payload)  # type: ignore[arg-type]
        await self._settle()

    async def _settle(self) -> None:
        mine = asyncio.current_task()
        for _ in range(20):
            others = [t for t in asyncio.all_tasks() if t is not mine and is_discords(t)]
            if not others:
                return
            await asyncio.wait(others)


def _shown(sent: Sent, *, private: bool) -> dict[str, Any]:
    """Return the message that *sent* has become, to be pressed."""
    components = [dict(c) for c in sent.data["components"]]
    shown = message(flags=COMPONENTS_V2 | 64 * private, components=components)
    return {**shown, "id": str(sent.id)} if sent.id else shown


def is_discords(task: asyncio.Task[Any]) -> bool:
    """Whether the library made *task* for an interaction or an event."""
    name = getattr(task.get_coro(), "__qualname__", "")
    return (
        "discord" in task.get_name()
        or "_run_event" in name
        or "wrapper" in name
        or "schedule" in name
    )


@dataclass(frozen=True)
class File:
    """A file a person attaches; its bytes are in `Discord.files`, by its address."""

    name: str
    url: str
    size: int

    def payload(self, id: str) -> dict[str, Any]:
        return {
            "id": id,
            "filename": self.name,
            "size": self.size,
            "url": self.url,
            "proxy_url": self.url,
        }


class _NoSession:
    """What the client holds in place of a connection; it can be closed."""

    async def close(self) -> None:
        pass


def connect(client: ChorusClient) -> Discord:
    """Give *client* a record in place of the network; call inside the event loop."""
    fake = Discord(client)
    client.loop = client._connection.loop = client.http.loop = asyncio.get_running_loop()
    client.http._HTTPClient__session = _NoSession()  # type: ignore[attr-defined]
    client.http.request = fake.request  # type: ignore[method-assign]
    client.http.get_from_cdn = fake.cdn  # type: ignore[method-assign]
    webhook.async_context.set(fake)  # type: ignore[arg-type]
    client._connection.user = discord.ClientUser(state=client._connection, data=user(3))  # type: ignore[arg-type]
    client._connection.application_id = 2
    client._ready = asyncio.Event()
    client._ready.set()
    return fake


def snowflake(at: datetime) -> int:
    """Return an id whose time is *at*: a token's life is counted from it."""
    return (int(at.timestamp() * 1000) - DISCORD_EPOCH << 22) + next(_ids) % 4_000_000


def message(
    *,
    id: int | None = None,
    flags: int = 0,
    components: list[dict[str, Any]] | None = None,
    content: str = "",
    author: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "id": str(id or next(_ids)),
        "channel_id": "20",
        "author": author or user(3),
        "content": content,
        "flags": flags,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "type": 0,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "components": components or [],
    }


def user(id: int = 4) -> dict[str, Any]:
    return {"id": str(id), "username": f"u{id}", "discriminator": "0", "avatar": None}


NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
"""When everything is asked: the same instant at which the tests' clock starts."""


def interaction(kind: int, data: dict[str, Any], locale: str, **extra: Any) -> dict[str, Any]:
    return {
        "id": str(snowflake(NOW)),
        "application_id": "2",
        "token": "token-of-the-asker",
        "version": 1,
        "type": kind,
        "locale": locale,
        "guild_locale": "en-US",
        "channel": {"id": "20", "type": 0, "name": "news", "position": 0, "permissions": "0"},
        "channel_id": "20",
        "guild_id": "10",
        "guild": {"id": "10", "features": [], "locale": "en-US"},
        "member": {
            "user": user(),
            "roles": [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(MAY_TALK.value),
        },
        "app_permissions": str(discord.Permissions.text().value | 1 << 10),
        "attachment_size_limit": 10_485_760,
        "entitlements": [],
        "authorizing_integration_owners": {"0": "10"},
        "context": 0,
        "data": data,
        **extra,
    }
