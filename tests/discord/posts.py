"""Messages as Discord keeps them: they really exist, change, are pinned and are gone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.chat.fake_discord import COMPONENTS_V2, texts, walk
from tests.discord.clock import Clock
from tests.discord.refused import too_many_pins, unknown_message

Json = dict[str, Any]

PRIVATE, THINKING, HAS_THREAD = 1 << 6, 1 << 7, 1 << 5
KEPT_BY_BOT = COMPONENTS_V2 | PRIVATE
"""The flags a bot's message keeps from its request."""

MOST_PINS = 250


@dataclass
class Post:
    """
    One message: `payload` as Discord sends it, `before` what it was earlier, `to` the only one who sees it.

    `old_edits`, where set, is how many edits are left to it (a test says so of messages older than an hour).
    """

    payload: Json
    to: int | None = None
    before: list[Json] = field(default_factory=list)
    gone: bool = False
    pinned_at: str | None = None
    old_edits: int | None = None

    @property
    def id(self) -> int:
        return int(self.payload["id"])

    @property
    def channel(self) -> int:
        return int(self.payload["channel_id"])

    @property
    def author(self) -> int:
        return int(self.payload["author"]["id"])

    @property
    def flags(self) -> int:
        return int(self.payload["flags"])

    @property
    def private(self) -> bool:
        return bool(self.flags & PRIVATE)

    @property
    def thinking(self) -> bool:
        return bool(self.flags & THINKING)

    @property
    def components(self) -> list[Json]:
        """All components, nested ones included."""
        return walk(self.payload["components"])

    @property
    def text(self) -> str:
        """All its text as a person sees it: Discord hides a backslash before a sign."""
        return text_of(self.payload)

    @property
    def texts(self) -> list[str]:
        """What it said, from the first version to the present one."""
        return [text_of(one) for one in (*self.before, self.payload)]

    def component(self, word: str) -> Json:
        """Return the only component whose id, or else whose label, holds *word*."""
        exactly = [c for c in self.components if c.get("custom_id") == word]
        those = exactly or [c for c in self.components if word in (c.get("custom_id") or "")]
        those = those or [c for c in self.components if word in (c.get("label") or "")]
        assert len(those) == 1, f"{len(those)} components for {word!r} in {self.text!r}"
        return those[0]


class Posts:
    """Every message there ever was, deleted ones marked, in the order of their ids."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.all: dict[int, Post] = {}

    def add(
        self, channel: int, author: Json, body: Json, *, to: int | None = None, **more: Any
    ) -> Post:
        """Add a message of *author*; *body* is what was sent, *more* takes the place of what follows from it."""
        id = int(more.pop("id", 0)) or self._clock.id()
        payload = {
            "id": str(id),
            "channel_id": str(channel),
            "author": author,
            "content": body.get("content") or "",
            "timestamp": self._clock.stamp(),
            "edited_timestamp": None,
            "tts": False,
            "type": 0,
            "flags": (body.get("flags") or 0) & KEPT_BY_BOT,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "pinned": False,
            "components": numbered(body.get("components") or []),
            **({"nonce": body["nonce"]} if body.get("nonce") is not None else {}),
            **more,
        }
        post = self.all[id] = Post(payload, to)
        return post

    def edit(self, post: Post, body: Json) -> None:
        """Change what *body* names; a message that was thinking no longer is."""
        post.before.append(post.payload)
        flags = (body.get("flags") or 0) & COMPONENTS_V2
        changed: Json = {
            name: body[name] or [] for name in ("embeds", "components") if name in body
        }
        if "content" in body:
            changed["content"] = body["content"] or ""
        if "components" in changed:
            changed["components"] = numbered(changed["components"])
        post.payload = {
            **post.payload,
            **changed,
            "flags": post.flags & ~THINKING | flags,
            "edited_timestamp": self._clock.stamp(),
        }

    def one(self, id: int, channel: int | None = None) -> Post:
        """Return a message that is there; raises `Refused`."""
        post = self.all.get(id)
        if post is None or post.gone or channel not in (None, post.channel):
            raise unknown_message()
        return post

    def there(self) -> list[Post]:
        """Return the messages that were not deleted, oldest first."""
        return [self.all[id] for id in sorted(self.all) if not self.all[id].gone]

    def history(
        self,
        channel: int,
        limit: int = 50,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
    ) -> list[Post]:
        """Return what everybody in *channel* sees, newest first: as Discord pages, at most *limit*."""
        kept = [p for p in self.there() if p.channel == channel and p.to is None]
        if after is not None:  # those that follow, though newest first
            return [p for p in kept if p.id > after][:limit][::-1]
        if around is not None:
            older = [p for p in kept if p.id < around][-(limit // 2) :]
            return [*older, *(p for p in kept if p.id >= around)][:limit][::-1]
        return [p for p in kept if before is None or p.id < before][::-1][:limit]

    def pins(self, channel: int) -> list[Post]:
        """Return what is pinned, the newest pin first."""
        those = [p for p in self.there() if p.channel == channel and p.pinned_at]
        return sorted(those, key=lambda post: post.pinned_at or "", reverse=True)

    def pin(self, post: Post) -> None:
        """Pin a message; raises `Refused` where the channel is full."""
        if not post.pinned_at and len(self.pins(post.channel)) >= MOST_PINS:
            raise too_many_pins()
        post.pinned_at = post.pinned_at or self._clock.stamp()
        post.payload = {**post.payload, "pinned": True}

    def unpin(self, post: Post) -> None:
        post.pinned_at = None
        post.payload = {**post.payload, "pinned": False}


def text_of(payload: Json) -> str:
    words = [payload["content"], *texts(payload["components"])]
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", "\n".join(filter(None, words)))


def numbered(components: list[Json]) -> list[Json]:
    """Return *components* with the numbers that Discord gives to those without."""
    numbers = count(1)

    def one(component: Json) -> Json:
        made = {**component, "id": component.get("id") or next(numbers)}
        if "components" in made:
            made["components"] = [one(child) for child in made["components"]]
        if "accessory" in made:
            made["accessory"] = one(made["accessory"])
        return made

    return [one(component) for component in components]
