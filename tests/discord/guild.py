"""A server: roles, channels, threads, members, and what each of them may do where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import discord

from tests.chat.server import (
    FORUM_CHANNEL,
    MAY_TALK,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    user,
)
from tests.discord.clock import Clock
from tests.discord.refused import unknown_channel, unknown_member

Json = dict[str, Any]

CHANNELS = (TEXT, FORUM_CHANNEL)
THREADS = (PUBLIC_THREAD, PRIVATE_THREAD)


@dataclass
class Guild:
    """
    One server. Ids are numbers here, strings in what is sent.

    `joined` are the members of threads. A guild that is not `available` is one that Discord cannot reach just now.
    """

    clock: Clock
    id: int
    name: str
    owner: int
    locale: str = "en-US"
    roles: dict[int, Json] = field(default_factory=dict)
    channels: dict[int, Json] = field(default_factory=dict)
    threads: dict[int, Json] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    available: bool = True

    def __post_init__(self) -> None:
        self.role("@everyone", MAY_TALK, id=self.id)

    def role(self, name: str, rights: discord.Permissions, *, id: int | None = None) -> int:
        id = id or self.clock.id()
        self.roles[id] = {
            "id": str(id),
            "name": name,
            "permissions": str(rights.value),
            "position": len(self.roles),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return id

    def member(self, who: Json, roles: Iterable[int] = ()) -> None:
        self.members[int(who["id"])] = {
            "user": who,
            "nick": None,
            "avatar": None,
            "roles": [str(role) for role in roles],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def channel(self, name: str, kind: int = TEXT, *, only: int | None = None) -> int:
        """Add a channel, for everybody or for the role *only*; return its id."""
        id, view = self.clock.id(), str(discord.Permissions(view_channel=True).value)
        closed = [
            {"id": str(self.id), "type": 0, "allow": "0", "deny": view},
            {"id": str(only), "type": 0, "allow": view, "deny": "0"},
        ]
        self.channels[id] = {
            "id": str(id),
            "guild_id": str(self.id),
            "name": name,
            "type": kind,
            "position": len(self.channels),
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "last_message_id": None,
            "flags": 0,
            "permission_overwrites": closed if only else [],
        }
        return id

    def thread(
        self,
        name: str,
        parent: int,
        owner: int,
        kind: int = PUBLIC_THREAD,
        *,
        id: int | None = None,
    ) -> int:
        """Add a thread; one below a message has the message's *id*."""
        id = id or self.clock.id()
        self.threads[id] = {
            "id": str(id),
            "guild_id": str(self.id),
            "parent_id": str(parent),
            "owner_id": str(owner),
            "name": name,
            "type": kind,
            "message_count": 0,
            "total_message_sent": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "last_message_id": None,
            "flags": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": self.clock.stamp(),
                "create_timestamp": self.clock.stamp(),
                "locked": False,
            },
        }
        self.joined[id] = {owner}
        return id

    def overwrite(self, channel: int, who: int, rights: discord.Permissions, *, deny: bool) -> None:
        """Allow or deny a role or member *rights* in *channel*, on top of what stands."""
        one = {"id": str(who), "type": 0 if who in self.roles else 1, "allow": "0", "deny": "0"}
        one["deny" if deny else "allow"] = str(rights.value)
        self.channels[channel]["permission_overwrites"].append(one)

    def place(self, id: int) -> Json:
        """Return a channel or thread; raises `Refused`."""
        found = self.channels.get(id) or self.threads.get(id)
        if found is None:
            raise unknown_channel()
        return found

    def one(self, member: int) -> Json:
        """Return a member; raises `Refused`."""
        if member not in self.members:
            raise unknown_member()
        return self.members[member]

    def rights(self, member: int, channel: int) -> discord.Permissions:
        """Return what *member* may do in *channel*, by the rules of Discord's documentation."""
        if member == self.owner:
            return discord.Permissions.all()
        mine = {self.id, *map(int, self.one(member)["roles"])}
        value = 0
        for role in mine:
            value |= int(self.roles[role]["permissions"])
        if discord.Permissions(value).administrator:
            return discord.Permissions.all()
        place = self.place(channel)
        if place["type"] in THREADS:
            place = self.place(int(place["parent_id"]))
        stands = {int(o["id"]): o for o in place["permission_overwrites"]}
        for of in ({self.id}, mine - {self.id}, {member}):
            those = [stands[id] for id in of if id in stands]
            for one in those:
                value &= ~int(one["deny"])
            for one in those:
                value |= int(one["allow"])
        rights = discord.Permissions(value)
        return rights if rights.view_channel else discord.Permissions.none()

    def sees(self, member: int, channel: int) -> bool:
        """Whether *member* sees *channel*: of a private thread its members and those who manage threads."""
        rights = self.rights(member, channel)
        private = self.place(channel)["type"] == PRIVATE_THREAD
        if private and not rights.manage_threads and member not in self.joined[channel]:
            return False
        return rights.view_channel

    def payload(self, bot: int) -> Json:
        """Return what the gateway tells of the server: the bot is the only member in it, threads are those it sees."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner),
            "preferred_locale": self.locale,
            "features": ["COMMUNITY"],
            "emojis": [],
            "stickers": [],
            "roles": list(self.roles.values()),
            "channels": list(self.channels.values()),
            "threads": [thread for id, thread in self.threads.items() if self.sees(bot, id)],
            "members": [self.members[bot]],
            "member_count": len(self.members),
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "afk_timeout": 300,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "verification_level": 0,
        }


def person(id: int, name: str, *, bot: bool = False) -> Json:
    """Return a user as Discord sends one."""
    return user(id, name, name.title(), bot=bot)
