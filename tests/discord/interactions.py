"""What people asked the bot for: each is acknowledged once, within three seconds; its token lives 15 minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.discord.commands import AMONG_PEOPLE, IN_SERVER, WITH_BOT
from tests.discord.posts import PRIVATE, THINKING, Post
from tests.discord.refused import (
    Refused,
    answered_already,
    token_expired,
    too_many_follow_ups,
    unknown_interaction,
    unknown_webhook,
)
from tests.discord.state import BOT, State, bits

Json = dict[str, Any]

COMMAND, PRESS, TYPING, FORM = 2, 3, 4, 5
"""Kinds of interactions: a command or menu, a button or list, a half-typed option, a form sent off."""

SAY, THINK, THINK_QUIETLY, CHANGE, CHOICES, OPEN_FORM = 4, 5, 6, 7, 8, 9
"""Kinds of answers."""

MOST_FOLLOW_UPS = 5  # outside the bot's own servers

TO_ACKNOWLEDGE = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)


@dataclass
class Asked:
    """
    One interaction: who asked what and where, and how it was answered.

    `answer` is the body of the acknowledgement, `original` the message it made (or the pressed one it changes).
    """

    id: int
    token: str
    kind: int
    user: int
    channel: int
    payload: Json
    pressed: Post | None = None
    answer: Json | None = None
    original: Post | None = None
    followups: list[Post] = field(default_factory=list)
    versions: int = 0  # of the pressed message, before this

    @property
    def how(self) -> int:
        """The kind of the acknowledgement."""
        assert self.answer is not None
        return int(self.answer["type"])

    @property
    def shown(self) -> Post:
        """The answer as it stands now."""
        assert self.original is not None, f"answered with {self.answer}"
        return self.original

    @property
    def choices(self) -> dict[str, Any]:
        """What was offered for a half-typed option: values by their names."""
        return {c["name"]: c["value"] for c in ((self.answer or {}).get("data") or {})["choices"]}

    @property
    def form(self) -> Json:
        """The form that was opened."""
        assert self.how == OPEN_FORM
        form: Json = (self.answer or {})["data"]
        return form


class Interactions:
    """All of them, by token."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.all: dict[str, Asked] = {}

    def ask(
        self,
        kind: int,
        user: int,
        channel: int,
        data: Json,
        *,
        locale: str,
        pressed: Post | None = None,
    ) -> Asked:
        """Make the interaction and tell it to the bot."""
        state, id, token = self._state, self._state.clock.id(), secrets.token_urlsafe(64)
        guild, outside = state.home(channel), state.is_outside(channel)
        rights = guild.rights(user, channel) if guild else None
        owners = {"1": str(user)} if outside else {"0": str(guild.id if guild else 0)}
        place = {**state.place(channel), **({"permissions": bits(rights)} if rights else {})}
        payload: Json = {
            "id": str(id),
            "application_id": str(BOT),
            "token": token,
            "version": 1,
            "type": kind,
            "data": data,
            "locale": locale,
            "channel_id": str(channel),
            "channel": place,
            "attachment_size_limit": 10_485_760,
            "entitlements": [],
            "authorizing_integration_owners": owners,
            "context": IN_SERVER if guild else AMONG_PEOPLE if outside else WITH_BOT,
        }
        if guild is not None and rights is not None:
            payload |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "features": [], "locale": guild.locale},
                "guild_locale": guild.locale,
                "member": {**guild.one(user), "permissions": bits(rights)},
                "app_permissions": bits(rights if outside else guild.rights(BOT, channel)),
            }
        else:
            payload |= {"user": state.users[user], "app_permissions": "0"}
        if pressed is not None:
            payload["message"] = pressed.payload
        asked = self.all[token] = Asked(id, token, kind, user, channel, payload, pressed)
        asked.versions = len(pressed.before) if pressed else 0
        state.tell("INTERACTION_CREATE", payload, guild.id if guild else None)
        return asked

    def acknowledge(self, id: int, token: str, body: Json) -> Asked:
        """Take the first answer to an interaction; raises `Refused`."""
        asked = self.all.get(token)
        if asked is None or asked.id != id:
            raise unknown_interaction()
        if asked.answer is not None:
            raise answered_already()
        if self._state.age(asked.id) > TO_ACKNOWLEDGE:
            raise unknown_interaction()
        asked.answer = body
        data = body.get("data") or {}
        if asked.how == SAY:
            asked.original = self._say(asked, data)
        elif asked.how == THINK:
            asked.original = self._say(asked, {"flags": (data.get("flags") or 0) & PRIVATE})
            asked.original.payload["flags"] |= THINKING
        elif asked.how in (THINK_QUIETLY, CHANGE):
            asked.original = asked.pressed
            if asked.how == CHANGE and asked.pressed is not None:
                self._state.edit(asked.pressed, data)
        return asked

    def follow(self, token: str, body: Json) -> Post:
        """
        Say something more; the first words after "thinking" take its place while it is there. Raises `Refused`.

        After it was deleted they are a message of their own (discord/discord-api-docs#2739, mended in 2021).
        """
        asked = self.alive(token)
        if asked.how == THINK and asked.shown.thinking and not asked.shown.gone:
            return self._state.edit(asked.shown, body)
        outside = "0" not in asked.payload["authorizing_integration_owners"]
        if outside and len(asked.followups) >= MOST_FOLLOW_UPS:
            raise too_many_follow_ups()
        post = self._say(asked, body)
        asked.followups.append(post)
        return post

    def message(self, token: str, which: str) -> Post:
        """Return the message *which* (an id or "@original") of an interaction; raises `Refused`."""
        asked = self.alive(token)
        if which == "@original":
            if asked.original is None:
                raise unknown_webhook()
            return self._state.posts.one(asked.original.id)
        post = self._state.posts.one(int(which))
        if post not in (asked.original, *asked.followups):
            raise Refused(404, 10008, "Unknown Message")
        return post

    def alive(self, token: str) -> Asked:
        """Return an interaction that was acknowledged and may still be spoken to; raises `Refused`."""
        asked = self.all.get(token)
        if asked is None or self._state.age(asked.id) > TOKEN_LIFE:
            raise token_expired()
        if asked.answer is None:
            raise unknown_webhook()
        return asked

    def thinking(self) -> list[Post]:
        """Return the answers that still say "thinking…", where the token lives: later Discord ends them itself."""
        return [
            asked.original
            for asked in self.all.values()
            if asked.original is not None
            and asked.original.thinking
            and not asked.original.gone
            and self._state.age(asked.id) <= TOKEN_LIFE
        ]

    def _say(self, asked: Asked, body: Json) -> Post:
        state, private = self._state, bool((body.get("flags") or 0) & PRIVATE)
        metadata = {
            "id": str(asked.id),
            "type": asked.kind,
            "user": state.users[asked.user],
            "authorizing_integration_owners": asked.payload["authorizing_integration_owners"],
        }
        more = {
            "type": 20 if asked.kind == COMMAND else 0,
            "application_id": str(BOT),
            "webhook_id": str(BOT),
            "interaction_metadata": metadata,
        }
        if private:
            return state.posts.add(asked.channel, state.bot, body, to=asked.user, **more)
        return state.say(asked.channel, state.bot, body, **more)
