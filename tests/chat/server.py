"""
A server as Discord keeps it: members, roles, channels, threads, and what was said in them.

Answers the requests the client makes of it as Discord's documentation says; everything it was asked is in `asked`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import discord

ID = 10
EVERYONE, STAFF = 10, 11  # roles; the first has the server's id
MEMBER, CLERK, OWNER, BOT = 4, 5, 6, 3

NEWS, OFFICE, FORUM = 20, 21, 22
"""A channel for everybody, one for the staff, a forum for everybody."""

LANE, POST, SECRET, MEMO = 30, 31, 32, 33
"""A thread below a message in NEWS, a post in FORUM, a private thread in NEWS, a thread in OFFICE."""

TEXT, PUBLIC_THREAD, PRIVATE_THREAD, FORUM_CHANNEL = 0, 11, 12, 15
MAY_TALK = discord.Permissions(
    view_channel=True,
    read_message_history=True,
    send_messages=True,
    send_messages_in_threads=True,
)
"""What a member may do; moderators manage threads too."""

DISCORD_EPOCH = 1_420_070_400_000
Json = dict[str, Any]


class Answer:
    """What the library wants to know of a refused request."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = "refused"


def snowflake(at: datetime, step: int = 0) -> int:
    """Return an id made at *at*, as Discord makes them."""
    return (int(at.timestamp() * 1000) - DISCORD_EPOCH << 22) + step


def user(id: int, name: str = "", called: str | None = None, **more: Any) -> Json:
    name = name or f"u{id}"
    return {
        "id": str(id),
        "username": name,
        "discriminator": "0",
        "avatar": None,
        "global_name": called,
        **more,
    }


def said(id: int, content: str, by: Json | None = None, **more: Any) -> Json:
    """A message as Discord sends it."""
    if "to" in more:
        more = {**reply(more.pop("to")), **more}
    return {
        "id": str(id),
        "author": by or user(MEMBER),
        "content": content,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "type": 0,
        "flags": 0,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "components": [],
        **more,
    }


def reply(to: int) -> Json:
    return {"type": 19, "message_reference": {"message_id": str(to)}}


@dataclass
class Server:
    """`gone` and `shut` are the channels that answer 404 and 403; `failing` a status for everything."""

    channels: dict[int, Json] = field(default_factory=dict)
    threads: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, list[Json]] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    shut: set[int] = field(default_factory=set)
    failing: int | None = None
    asked: list[str] = field(default_factory=list)
    locale: str = "en-US"

    def __post_init__(self) -> None:
        self._channel(NEWS, "news", TEXT)
        self._channel(OFFICE, "office", TEXT, closed=True)
        self._channel(FORUM, "ideas", FORUM_CHANNEL)
        self.thread(LANE, "Bike lane", NEWS)
        self.thread(POST, "More trees", FORUM)
        self.thread(SECRET, "Between us", NEWS, PRIVATE_THREAD)
        self.thread(MEMO, "Salaries", OFFICE)
        self.member(MEMBER)
        self.member(CLERK, roles=[STAFF])
        self.member(OWNER)
        self.member(BOT, roles=[STAFF])
        self.joined[SECRET] = {BOT, CLERK}

    def thread(self, id: int, name: str, parent: int, kind: int = PUBLIC_THREAD) -> None:
        self.threads[id] = {
            "id": str(id),
            "guild_id": str(ID),
            "parent_id": str(parent),
            "owner_id": str(OWNER),
            "name": name,
            "type": kind,
            "message_count": 0,
            "member_count": 2,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 60,
                "archive_timestamp": "2026-01-01T00:00:00+00:00",
                "locked": False,
            },
        }

    def member(self, id: int, roles: list[int] | None = None) -> None:
        self.members[id] = {
            "user": user(id, bot=id == BOT),
            "roles": [str(role) for role in roles or []],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def tell(self, channel: int, *messages: Json) -> None:
        """Put messages into a channel, oldest first."""
        kept = self.messages.setdefault(channel, [])
        for message in messages:
            one = {**message, "channel_id": str(channel)}
            if "message_reference" in one:
                elsewhere = {"channel_id": str(channel), "guild_id": str(ID)}
                one["message_reference"] = {**elsewhere, **one["message_reference"]}
            kept.append(one)
        if channel in self.threads:
            # Discord leaves out the message that a thread begins with
            below = [one for one in kept if int(one["id"]) != channel]
            self.threads[channel]["message_count"] = len(below)

    def join(self, client: discord.Client, *, without: int | None = None) -> None:
        """Let *client* be in the server, as the gateway tells it; it has not heard of the thread *without*."""
        client._connection._add_guild_from_data(self.data(without))  # type: ignore[arg-type]

    def data(self, without: int | None = None) -> Json:
        """Return the server as the gateway tells it, all but the thread *without*."""
        return {
            "id": str(ID),
            "name": "Marlow",
            "owner_id": str(OWNER),
            "preferred_locale": self.locale,
            "roles": [
                self._role(EVERYONE, "@everyone", MAY_TALK.value),
                self._role(STAFF, "staff", 0),
            ],
            "channels": list(self.channels.values()),
            "threads": [t for id, t in self.threads.items() if id != without],
            "members": [self.members[BOT]],
            "features": ["COMMUNITY"],
            "emojis": [],
        }

    def answer(self, method: str, path: str, params: Json) -> Any:
        """Return what Discord answers, None where the request is not about this server."""
        for pattern, give in self._routes.items():
            found = re.fullmatch(pattern, f"{method} {path}")
            if found:
                self.asked.append(f"{method} {path}")
                if self.failing:
                    raise discord.DiscordServerError(Answer(self.failing), None)  # type: ignore[arg-type]
                return give(*map(int, found.groups()), **params)
        return None

    @property
    def _routes(self) -> dict[str, Callable[..., Any]]:
        return {
            r"GET /channels/(\d+)": self._get_channel,
            r"GET /channels/(\d+)/messages": self._history,
            r"GET /channels/(\d+)/messages/(\d+)": self._message,
            r"GET /channels/(\d+)/thread-members/(\d+)": self._thread_member,
            rf"GET /guilds/{ID}/members/(\d+)": self._member,
        }

    def _get_channel(self, id: int) -> Json:
        self._check(id)
        return self.channels.get(id) or self.threads[id]

    def _history(
        self, id: int, limit: int, before: int | None = None, after: int | None = None
    ) -> list[Json]:
        self._check(id)
        kept = sorted(self.messages.get(id, []), key=lambda m: int(m["id"]))
        if after is not None:  # those that follow, though newest first
            return [m for m in kept if int(m["id"]) > int(after)][:limit][::-1]
        older = [m for m in kept if before is None or int(m["id"]) < int(before)]
        return older[::-1][:limit]

    def _message(self, channel: int, id: int) -> Json:
        self._check(channel)
        for message in self.messages.get(channel, []):
            if message["id"] == str(id):
                return message
        raise missing()

    def _thread_member(self, thread: int, id: int) -> Json:
        if id not in self.joined.get(thread, set()):
            raise missing()
        joined = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
        return {"id": str(thread), "user_id": str(id), "join_timestamp": joined, "flags": 0}

    def _member(self, id: int) -> Json:
        if id not in self.members:
            raise missing()
        return self.members[id]

    def _check(self, channel: int) -> None:
        if channel in self.shut:
            raise discord.Forbidden(Answer(403), {"code": 50001, "message": "Missing Access"})  # type: ignore[arg-type]
        if channel not in self.channels and channel not in self.threads:
            raise missing()

    def _channel(self, id: int, name: str, kind: int, *, closed: bool = False) -> None:
        view = str(discord.Permissions(view_channel=True).value)
        shut = [
            {"id": str(EVERYONE), "type": 0, "allow": "0", "deny": view},
            {"id": str(STAFF), "type": 0, "allow": view, "deny": "0"},
        ]
        self.channels[id] = {
            "id": str(id),
            "guild_id": str(ID),
            "name": name,
            "type": kind,
            "position": 0,
            "permission_overwrites": shut if closed else [],
        }

    def _role(self, id: int, name: str, rights: int) -> Json:
        return {
            "id": str(id),
            "name": name,
            "permissions": str(rights),
            "position": 0,
            "color": 0,
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


def missing() -> discord.NotFound:
    return discord.NotFound(Answer(404), {"code": 10003, "message": "Unknown"})  # type: ignore[arg-type]
