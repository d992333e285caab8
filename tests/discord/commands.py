"""The commands a bot registered, and what the app of a person makes of them: offered, checked, sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from tests.discord.guild import Guild
from tests.discord.state import State

Json = dict[str, Any]

IN_SERVER, WITH_BOT, AMONG_PEOPLE = 0, 1, 2
"""Where a command can be typed: the last only of a bot that a person has installed."""

FOR_A_PERSON = 1  # a kind of installation

SLASH, OF_USER, OF_MESSAGE = 1, 2, 3
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(3, 12)
TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}


class NotOffered(AssertionError):
    """The person's app would not let them do this: no such command, option or value, or not for them."""


@dataclass(frozen=True)
class File:
    """A file a person attaches."""

    name: str
    data: bytes


class Commands:
    """What is registered, for everywhere (None) and for single servers; `puts` counts the registrations."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._kept: dict[int | None, list[Json]] = {}
        self.puts = 0

    def replace(self, guild: int | None, commands: list[Json]) -> list[Json]:
        """Register *commands* in place of those that are there; return them as Discord does."""
        self.puts += 1
        known = {(c["type"], c["name"]): c["id"] for c in self._kept.get(guild, [])}
        self._kept[guild] = [
            {
                "application_id": self._state.bot["id"],
                "default_member_permissions": None,
                "description": "",
                "nsfw": False,
                "options": [],
                **command,
                "id": known.get((command.get("type", SLASH), command["name"]))
                or str(self._state.clock.id()),
                "type": command.get("type", SLASH),
                "version": str(self._state.clock.id()),
                **({"guild_id": str(guild)} if guild else {}),
            }
            for command in commands
        ]
        return self._kept[guild]

    def all(self, guild: int | None) -> list[Json]:
        return self._kept.get(guild, [])

    def find(self, kind: int, name: str, guild: Guild | None, user: int, channel: int) -> Json:
        """Return the command that *user* sees in *channel*; raises `NotOffered`."""
        here = [*self.all(guild.id if guild else None), *self.all(None)]
        those = [c for c in here if (c["type"], c["name"]) == (kind, name)]
        if not those:
            raise NotOffered(f"no command {name!r} among {[c['name'] for c in here]}")
        wanted = those[0]["default_member_permissions"]
        if guild and wanted is not None:
            rights = guild.rights(user, channel)
            if not rights.administrator and not rights >= discord.Permissions(int(wanted)):
                raise NotOffered(f"{name!r} is not for this member")
        outside = self._state.is_outside(channel)
        context = IN_SERVER if guild else AMONG_PEOPLE if outside else WITH_BOT
        if context not in (those[0].get("contexts") or [IN_SERVER, WITH_BOT]):
            raise NotOffered(f"{name!r} is not for this kind of channel")
        if outside and FOR_A_PERSON not in (those[0].get("integration_types") or []):
            raise NotOffered(f"{name!r} is not for those who have installed the bot themselves")
        return those[0]

    def slash(
        self,
        words: str,
        given: Mapping[str, Any],
        guild: Guild | None,
        user: int,
        channel: int,
        *,
        typing: str | None = None,
    ) -> Json:
        """Return the data of `/words option:…`; *typing* is the option that is only half typed."""
        name, *below = words.split()
        command = self.find(SLASH, name, guild, user, channel)
        described, wrap = command["options"], []
        for word in below:
            step = next((o for o in described if o["name"] == word and o["type"] in (1, 2)), None)
            if step is None:
                raise NotOffered(f"no {word!r} in /{name}")
            wrap.append(step)
            described = step.get("options", [])
        resolved: dict[str, Json] = {}
        options = self._options(described, given, guild, resolved, typing)
        for step in reversed(wrap):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        data = {"id": command["id"], "name": name, "type": SLASH, "options": options}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return {**data, **({"resolved": resolved} if resolved else {})}

    def _options(
        self,
        described: list[Json],
        given: Mapping[str, Any],
        guild: Guild | None,
        resolved: dict[str, Json],
        typing: str | None,
    ) -> list[Json]:
        known = {option["name"]: option for option in described}
        if unknown := [name for name in given if name not in known]:
            raise NotOffered(f"no option {unknown} among {list(known)}")
        missing = [n for n, o in known.items() if o.get("required") and n not in given]
        if missing and typing is None:
            raise NotOffered(f"{missing} must be given")
        sent = []
        for name, option in known.items():
            if name not in given:
                continue
            one = {"name": name, "type": option["type"]}
            if name == typing:
                sent.append({**one, "value": given[name], "focused": True})
            else:
                _check(option, given[name])
                sent.append({**one, "value": self._value(option, given[name], guild, resolved)})
        return sent

    def _value(
        self, option: Json, value: Any, guild: Guild | None, resolved: dict[str, Json]
    ) -> Any:
        """Return what is sent for *value*: of people, channels, roles and files the id, with the thing beside it."""
        kind, state = option["type"], self._state
        if kind in TYPES:
            return value
        if kind == FILE:
            file = state.upload(value.name, value.data)
            resolved.setdefault("attachments", {})[file["id"]] = file
            return file["id"]
        if kind in (USER, MENTIONABLE) and value in state.users:
            resolved.setdefault("users", {})[str(value)] = state.users[value]
            if guild and value in guild.members:
                member = {n: v for n, v in guild.members[value].items() if n != "user"}
                resolved.setdefault("members", {})[str(value)] = {**member, "permissions": "0"}
        elif kind == CHANNEL:
            place = {**state.place(value), "permissions": "0"}
            if option.get("channel_types") and place["type"] not in option["channel_types"]:
                raise NotOffered(f"a channel of another kind: {place['name']}")
            resolved.setdefault("channels", {})[str(value)] = place
        elif kind in (ROLE, MENTIONABLE) and guild:
            resolved.setdefault("roles", {})[str(value)] = guild.roles[value]
        return str(value)


def _check(option: Json, value: Any) -> None:
    """Raise `NotOffered` where the app would not take *value*."""
    kind, name = option["type"], option["name"]
    types = TYPES.get(kind, (File,) if kind == FILE else (int,))
    if not isinstance(value, types) or (isinstance(value, bool) and kind != BOOLEAN):
        raise NotOffered(f"{name} is not of this kind: {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise NotOffered(f"{name} is one of {choices}")
    size: float
    if kind == STRING:
        size, least, most = len(str(value)), option.get("min_length", 0), option.get("max_length")
    elif kind in (INTEGER, NUMBER):
        size, least, most = float(str(value)), option.get("min_value"), option.get("max_value")
    else:
        return
    if (least is not None and size < least) or (most is not None and size > most):
        raise NotOffered(f"{name} is between {least} and {most}")
