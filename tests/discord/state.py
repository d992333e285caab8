"""Everything Discord keeps in this process: people, servers, channels, messages, files, and who hears of changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord

from tests.chat.server import DISCORD_EPOCH, FORUM_CHANNEL
from tests.discord.clock import Clock
from tests.discord.guild import THREADS, Guild, person
from tests.discord.posts import HAS_THREAD, Post, Posts
from tests.discord.refused import (
    Refused,
    cannot_edit,
    closed_door,
    missing_access,
    missing_permissions,
    too_many_old_edits,
    unknown_channel,
    unknown_guild,
)

Json = dict[str, Any]
Tell = Callable[[str, Json, int | None], None]
"""Tells an event (name, data, server) to whoever is connected."""

BOT = 1_000_000_000_000_000_003
"""The bot's user, and its application: they share an id."""

NONCE_LIFE = timedelta(minutes=5)
"""Discord checks a nonce "in the past few minutes"."""

HOUR = timedelta(hours=1)

GROUP = 3
"""The kind of a channel of some people among themselves."""


class State:
    """What there is; changes are told through *tell* as Discord tells them."""

    def __init__(self, tell: Tell, base: str = "") -> None:
        self.clock = Clock()
        self.tell = tell
        self.base = base  # where files are served from
        self.bot = person(BOT, "chorus", bot=True)
        self.message_content = False  # the privileged intent, in the developer portal
        self.users: dict[int, Json] = {BOT: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.others: dict[int, Guild] = {}  # servers without the bot: people bring it there
        self.dms: dict[int, Json] = {}
        self.groups: dict[int, Json] = {}  # people among themselves: they bring it there too
        self.posts = Posts(self.clock)
        self.files: dict[str, bytes] = {}  # by the path they are served at
        self.shut: set[int] = set()  # people who take no direct messages

    def user(self, name: str) -> int:
        id = self.clock.id()
        self.users[id] = person(id, name)
        return id

    def guild(self, name: str, owner: int, *, id: int | None = None) -> Guild:
        """Add a server with the bot in it; nobody is told (see `join`)."""
        guild = Guild(self.clock, id or self.clock.id(), name, owner)
        guild.member(self.bot)
        guild.member(self.users[owner])
        self.guilds[guild.id] = guild
        return guild

    def other(self, name: str, owner: int) -> Guild:
        """Add a server without the bot."""
        guild = Guild(self.clock, self.clock.id(), name, owner)
        guild.member(self.users[owner])
        self.others[guild.id] = guild
        return guild

    def group(self, *people: int) -> int:
        """Return a new channel of *people* among themselves."""
        id = self.clock.id()
        recipients = [self.users[one] for one in people]
        self.groups[id] = {
            "id": str(id),
            "type": GROUP,
            "name": None,
            "icon": None,
            "owner_id": str(people[0]),
            "recipients": recipients,
            "last_message_id": None,
        }
        return id

    def is_outside(self, channel: int) -> bool:
        """Whether the bot is in *channel* only because somebody brings it along (a user install)."""
        guild = self.home(channel)
        return channel in self.groups if guild is None else guild.id in self.others

    def join(self, guild: Guild) -> None:
        """Tell that the bot was added to *guild*."""
        told = guild.payload(BOT)
        del told["unavailable"]  # as for a server that was not there at the start
        self.tell("GUILD_CREATE", told, guild.id)

    def outage(self, guild: Guild, *, over: bool = False) -> None:
        """Tell that Discord cannot reach a server just now, or that it can again."""
        guild.available = over
        if over:
            self.tell("GUILD_CREATE", guild.payload(BOT), guild.id)
        else:
            self.tell("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    def leave(self, guild: Guild) -> None:
        """The bot is thrown out."""
        del self.guilds[guild.id]
        self.tell("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    def server(self, id: int) -> Guild:
        """Return a server the bot is in; raises `Refused`."""
        if id not in self.guilds:
            raise unknown_guild()
        return self.guilds[id]

    def home(self, channel: int) -> Guild | None:
        """Return the server of a channel, None for direct messages; raises `Refused`."""
        for guild in (*self.guilds.values(), *self.others.values()):
            if channel in guild.channels or channel in guild.threads:
                return guild
        if channel not in self.dms and channel not in self.groups:
            raise unknown_channel()
        return None

    def place(self, channel: int) -> Json:
        """Return a channel, a thread or direct messages; raises `Refused`."""
        guild = self.home(channel)
        return guild.place(channel) if guild else (self.dms | self.groups)[channel]

    def dm(self, who: int) -> int:
        """Return the channel of direct messages with *who*."""
        for id, channel in self.dms.items():
            if channel["recipients"][0]["id"] == str(who):
                return id
        id = self.clock.id()
        recipients = [self.users[who]]
        self.dms[id] = {"id": str(id), "type": 1, "recipients": recipients, "last_message_id": None}
        return id

    def allow(self, channel: int, **rights: bool) -> Guild | None:
        """Raise `Refused` where the bot does not see *channel* or lacks *rights* there; return the server."""
        guild = self.home(channel)
        if self.is_outside(channel):
            raise missing_access()
        if guild is not None:
            if not guild.sees(BOT, channel):
                raise missing_access()
            held = guild.rights(BOT, channel)
            if not all(getattr(held, name) for name, wanted in rights.items() if wanted):
                raise missing_permissions()
        return guild

    def say(self, channel: int, author: Json, body: Json, **more: Any) -> Post:
        """Put a message everybody sees into *channel*, and tell it."""
        guild, content = self.home(channel), body.get("content") or ""
        mentioned = [int(id) for id in re.findall(r"<@!?(\d+)>", content)]
        if body.get("message_reference"):
            more = {**self._reply(channel, int(author["id"]), body["message_reference"]), **more}
        if guild:
            more = {"guild_id": str(guild.id), **more}
        users = {id: self.users[id] for id in mentioned if id in self.users}
        post = self.posts.add(channel, author, body, **{"mentions": list(users.values()), **more})
        place = self.place(channel)
        place["last_message_id"] = str(post.id)
        if place["type"] in THREADS and post.id != channel:
            place["message_count"] += 1
            place["total_message_sent"] += 1
        self._tell("MESSAGE_CREATE", channel, self.told(post))
        return post

    def post(self, channel: int, body: Json) -> Post:
        """Put the bot's message *body* into *channel*; raises `Refused`."""
        place = self.place(channel)
        thread = place["type"] in THREADS
        self.allow(channel, send_messages_in_threads=thread, send_messages=not thread)
        if place["type"] == FORUM_CHANNEL:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        if place["type"] == 1 and int(place["recipients"][0]["id"]) in self.shut:
            raise closed_door()
        if body.get("enforce_nonce") and (known := self._once(channel, body.get("nonce"))):
            return known
        return self.say(channel, self.bot, body)

    def edit(self, post: Post, body: Json) -> Post:
        """Edit a message of the bot's; raises `Refused`."""
        if post.author != BOT:
            raise cannot_edit()
        if self.age(post.id) > HOUR and post.old_edits is not None:
            if post.old_edits == 0:
                raise too_many_old_edits(0.1)
            post.old_edits -= 1
        self.posts.edit(post, body)
        if post.to is None:
            self._tell("MESSAGE_UPDATE", post.channel, self.told(post))
        return post

    def delete(self, post: Post) -> None:
        """Delete a message and tell it."""
        post.gone = True
        if post.to is None:
            ids = {"id": str(post.id), "channel_id": str(post.channel)}
            self._tell("MESSAGE_DELETE", post.channel, _in(self.home(post.channel), ids))

    def react(self, post: Post, who: int, emoji: str) -> None:
        """Put a reaction below a message, and tell it."""
        others = [one for one in post.payload.get("reactions", []) if one["emoji"]["name"] != emoji]
        known = [one for one in post.payload.get("reactions", []) if one not in others]
        count = 1 + sum(one["count"] for one in known)
        this = {
            "count": count,
            "count_details": {"burst": 0, "normal": count},
            "me": who == BOT or any(one["me"] for one in known),
            "me_burst": False,
            "burst_colors": [],
            "emoji": {"id": None, "name": emoji},
        }
        post.payload = {**post.payload, "reactions": [*others, this]}
        guild = self.home(post.channel)
        ids = {"user_id": str(who), "channel_id": str(post.channel), "message_id": str(post.id)}
        told = {**ids, "emoji": this["emoji"], "burst": False, "type": 0}
        if guild is not None:
            told["member"] = guild.one(who)
        self._tell("MESSAGE_REACTION_ADD", post.channel, _in(guild, told))

    def pin(self, post: Post, *, on: bool) -> None:
        """Pin or unpin a message, and tell it; raises `Refused`."""
        if on:
            self.posts.pin(post)
        else:
            self.posts.unpin(post)
        newest = next((p.pinned_at for p in self.posts.pins(post.channel)), None)
        told = {"channel_id": str(post.channel), "last_pin_timestamp": newest}
        self._tell("CHANNEL_PINS_UPDATE", post.channel, _in(self.home(post.channel), told))

    def thread(self, guild: Guild, parent: int, name: str, owner: int, post: Post | None) -> int:
        """Start a thread, below a message or not, and tell it."""
        id = guild.thread(name, parent, owner, id=post.id if post else None)
        if post is not None:
            post.payload = {**post.payload, "flags": post.flags | HAS_THREAD}
        told = {**guild.threads[id], "newly_created": True}
        self.tell("THREAD_CREATE", told, guild.id)
        return id

    def archive(self, guild: Guild, thread: int, *, on: bool = True) -> None:
        """Close a thread, or open it again, and tell it."""
        one = guild.threads[thread]
        one["thread_metadata"] = {
            **one["thread_metadata"],
            "archived": on,
            "archive_timestamp": self.clock.stamp(),
        }
        self.tell("THREAD_UPDATE", dict(one), guild.id)

    def remove(self, channel: int) -> None:
        """Delete a channel or a thread with all that is in it, and tell it."""
        guild = self.home(channel)
        assert guild is not None
        for post in self.posts.there():
            post.gone = post.gone or post.channel == channel
        thread = guild.threads.pop(channel, None)
        if thread is not None:
            told = {name: thread[name] for name in ("id", "guild_id", "parent_id", "type")}
            self.tell("THREAD_DELETE", told, guild.id)
        else:
            self.tell("CHANNEL_DELETE", guild.channels.pop(channel), guild.id)

    def told(self, post: Post) -> Json:
        """Return a message as the gateway tells it: with its writer's membership."""
        guild = self.home(post.channel)
        member = guild.members.get(post.author) if guild else None
        if guild is None or member is None:
            return post.payload
        without = {name: value for name, value in member.items() if name != "user"}
        return {**post.payload, "guild_id": str(guild.id), "member": without}

    def seen(self, post: Post) -> Json:
        """Return a message as the bot sees it: without its content, where it lacks the privileged intent."""
        payload = post.payload
        if self.message_content or self.open_to_bot(payload):
            return payload
        return emptied(payload)

    def open_to_bot(self, payload: Json) -> bool:
        """Whether the bot sees the content of a message without a privilege: its own, to it, or in private."""
        mine = payload["author"]["id"] == str(BOT)
        to_me = any(one["id"] == str(BOT) for one in payload["mentions"])
        return mine or to_me or int(payload["channel_id"]) in self.dms

    def age(self, id: int) -> timedelta:
        """Return how long ago *id* was made, by this clock."""
        made = (id >> 22) + DISCORD_EPOCH
        return timedelta(milliseconds=self.clock.now().timestamp() * 1000 - made)

    def upload(self, name: str, data: bytes) -> Json:
        """Keep a file a person attaches; return it as Discord sends it."""
        id = self.clock.id()
        path = f"/attachments/{id}/{name}"
        self.files[path] = data
        url = self.base + path
        return {
            "id": str(id),
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": "text/plain; charset=utf-8",
        }

    def _tell(self, event: str, channel: int, data: Json) -> None:
        """Tell what happened in *channel*, where the bot sees it."""
        guild = self.home(channel)
        if self.is_outside(channel):
            return
        if guild is None or guild.sees(BOT, channel):
            self.tell(event, data, guild.id if guild else None)

    def _reply(self, channel: int, author: int, reference: Json) -> Json:
        to = self.posts.all.get(int(reference["message_id"]))
        if to is None or to.gone:
            if reference.get("fail_if_not_exists", True):
                faults = {"message_reference": "Unknown message"}
                raise Refused(400, 50035, "Invalid Form Body", errors=faults)
            return {}
        guild = self.home(channel)
        if guild and not guild.rights(author, channel).read_message_history:
            raise Refused(
                403, 160002, "You cannot reply without permission to read message history"
            )
        ids = {"message_id": str(to.id), "channel_id": str(to.channel), "type": 0}
        return {"type": 19, "message_reference": _in(guild, ids), "referenced_message": to.payload}

    def _once(self, channel: int, nonce: Any) -> Post | None:
        """Return the message that the bot posted here with *nonce* in the past few minutes."""
        for post in self.posts.there():
            if (post.channel, post.author, post.payload.get("nonce")) == (channel, BOT, nonce) and (
                self.age(post.id) < NONCE_LIFE
            ):
                return post
        return None


def emptied(payload: Json) -> Json:
    """Return a message without what the privileged intent is needed for."""
    shown = {**payload, "content": "", "embeds": [], "attachments": [], "components": []}
    if payload.get("referenced_message"):
        shown["referenced_message"] = emptied(payload["referenced_message"])
    return shown


def _in(guild: Guild | None, payload: Json) -> Json:
    return {**payload, "guild_id": str(guild.id)} if guild else payload


def bits(rights: discord.Permissions) -> str:
    """Return rights as Discord writes them."""
    return str(rights.value)
