"""Links that lead into Discord: which server, which channel, which message. No Discord here, nothing is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

# /channels/SERVER/CHANNEL, …/MESSAGE, and …/threads/THREAD, which the browser shows for a thread beside its channel
_LINK = re.compile(
    r"https?://(?:(?:www|canary|ptb)\.)?discord(?:app)?\.com/channels/"
    r"(@me|\d{1,20})/(\d{1,20})(?:/threads/(\d{1,20}))?(?:/(\d{1,20}))?/*(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Place:
    """A channel (threads are channels), or one message in it. `guild` is None for direct messages."""

    guild: int | None
    channel: int
    message: int | None = None

    @property
    def link(self) -> str:
        """The one spelling of this place: what is kept and compared."""
        ids = (self.guild or "@me", self.channel, *([self.message] if self.message else []))
        return "https://discord.com/channels/" + "/".join(map(str, ids))


def place_in(link: str) -> Place | None:
    """Return the place *link* leads to; None where it does not lead to a channel of Discord."""
    found = _LINK.fullmatch(link)
    if found is None:
        return None
    guild, channel, thread, message = found.groups()
    return Place(
        None if guild.startswith("@") else int(guild),
        int(thread or channel),
        int(message) if message else None,
    )
