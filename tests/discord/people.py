"""People, and what they do in Discord: type commands, press buttons, fill in forms, talk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from tests.discord.commands import OF_MESSAGE, NotOffered
from tests.discord.interactions import COMMAND, FORM, PRESS, TYPING, Asked
from tests.discord.posts import Post

if TYPE_CHECKING:
    from tests.discord.server import Loopback

Json = dict[str, Any]

ROLES, CHANNELS = 6, 8
"""Lists that Discord fills itself."""

DID_NOT_RESPOND = 5.0
"""Seconds until a person is told that the application did not respond: Discord's three, and some for a slow machine."""


@dataclass(frozen=True)
class Person:
    """
    Someone in a channel. What they do returns when the bot has acknowledged it; `TimeoutError` if it does not.

    With `wait=False` it returns at once, for bots that are slow, down, or disconnected on purpose.
    """

    discord: Loopback
    id: int
    channel: int
    locale: str = "en-US"

    def at(self, channel: int) -> Self:
        """Return the same person in another channel."""
        return replace(self, channel=channel)

    def in_private(self) -> Self:
        """Return the same person in direct messages with the bot."""
        return self.at(self.discord.state.dm(self.id))

    async def slash(self, name: str, *, wait: bool = True, **options: Any) -> Asked:
        """Type `/name`; a command of a group is two words. Files are `File`s, people and channels their ids."""
        state = self.discord.state
        guild = state.home(self.channel)
        data = self.discord.commands.slash(name, options, guild, self.id, self.channel)
        return await self._ask(COMMAND, data, wait=wait)

    async def autocomplete(self, name: str, option: str, typed: str, **options: Any) -> Asked:
        """Type `/name option:typed` without sending it; what is offered is in `choices`."""
        guild = self.discord.state.home(self.channel)
        given = {**options, option: typed}
        data = self.discord.commands.slash(name, given, guild, self.id, self.channel, typing=option)
        return await self._ask(TYPING, data)

    async def context_menu(self, name: str, message: Post, *, wait: bool = True) -> Asked:
        """Choose *name* from the menu of *message*."""
        guild = self.discord.state.home(self.channel)
        found = self.discord.commands.find(OF_MESSAGE, name, guild, self.id, self.channel)
        data = {
            "id": found["id"],
            "name": name,
            "type": OF_MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message.payload}},
        }
        return await self._ask(COMMAND, data, wait=wait)

    async def click(self, message: Post, word: str, *, wait: bool = True) -> Asked:
        """Press the button of *message* whose id, or label, holds *word*."""
        data = {**self._usable(message, word), "component_type": 2}
        return await self._ask(PRESS, data, pressed=message, wait=wait)

    async def select(self, message: Post, word: str, *values: str, wait: bool = True) -> Asked:
        """Choose *values* from the list of *message* whose id holds *word*."""
        found = message.component(word)
        least, most = found.get("min_values", 1), found.get("max_values", 1)
        if not set(values) <= set(self.offered(found)) or not least <= len(values) <= most:
            raise NotOffered(f"{values} of {self.offered(found)}")
        data = {
            **self._usable(message, word),
            "component_type": found["type"],
            "values": list(values),
        }
        return await self._ask(PRESS, data, pressed=message, wait=wait)

    def offered(self, select: Json) -> list[str]:
        """Return what can be chosen from a list: its own options, or the server's roles or channels."""
        guild = self.discord.state.home(self.channel)
        if select["type"] == ROLES and guild is not None:
            return [str(role) for role in guild.roles]
        if select["type"] == CHANNELS and guild is not None:
            kinds = select.get("channel_types") or []
            return [id for c in guild.channels.values() for id in [c["id"]] if c["type"] in kinds]
        return [option["value"] for option in select.get("options", [])]

    async def submit(self, asked: Asked, *, wait: bool = True, **values: str) -> Asked:
        """Fill in the form that *asked* opened, fields by their ids, and send it off."""
        parts, left = [], dict(values)
        for part in asked.form["components"]:
            inside = part.get("component") or next(iter(part.get("components", [])), None)
            if inside is None:
                parts.append({"type": part["type"], "id": 0})
                continue
            filled = {"type": inside["type"], "custom_id": inside["custom_id"], "id": 0}
            if "options" in inside:
                chosen = [o["value"] for o in inside["options"] if o.get("default")]
                filled["values"] = [left.pop(inside["custom_id"], chosen[0])]
            else:
                filled["value"] = left.pop(inside["custom_id"], inside.get("value") or "")
                _check_field(inside, filled["value"])
            where = {"component": filled} if "component" in part else {"components": [filled]}
            parts.append({"type": part["type"], "id": 0, **where})
        if left:
            raise NotOffered(f"no field {list(left)}")
        data = {"custom_id": asked.form["custom_id"], "components": parts}
        return await self._ask(FORM, data, pressed=asked.pressed, wait=wait)

    def say(self, content: str, *, to: Post | None = None) -> Post:
        """Write a message, in answer *to* another or not. Nobody need answer, so nothing is waited for."""
        state = self.discord.state
        body: Json = {"content": content}
        if to is not None:
            body["message_reference"] = {"message_id": str(to.id)}
        return state.say(self.channel, state.users[self.id], body)

    async def react(self, message: Post, emoji: str) -> None:
        """Press a reaction below a message."""
        self.discord.state.react(message, self.id, emoji)

    def sees(self, message: Post) -> bool:
        return message.to in {None, self.id}

    def _usable(self, message: Post, word: str) -> Json:
        found = message.component(word)
        if message.gone or not self.sees(message) or found.get("disabled"):
            raise NotOffered(f"{word!r} cannot be used")
        return {"custom_id": found["custom_id"], "id": found["id"]}

    async def _ask(
        self, kind: int, data: Json, *, pressed: Post | None = None, wait: bool = True
    ) -> Asked:
        discord = self.discord
        asked = discord.interactions.ask(
            kind, self.id, self.channel, data, locale=self.locale, pressed=pressed
        )
        if wait:
            await discord.until(lambda: asked.answer, DID_NOT_RESPOND)
        return asked


def _check_field(field: Json, value: str) -> None:
    least = field.get("min_length") or (1 if field.get("required", True) else 0)
    if not least <= len(value) <= (field.get("max_length") or 4000) and (
        value or field.get("required", True)
    ):
        raise NotOffered(f"{field['custom_id']} takes {least} to {field.get('max_length')}")
