"""Links in foreign answers: whether they are links, and whether they lead to a page to talk about. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.core.links import canonical, host_of
from bot.errors import UsageError

_NO_PAGES = (".jpg", ".jpeg", ".png", ".gif", ".gifv", ".webp", ".avif", ".mp4", ".webm", ".mov")


def link_of(value: object) -> str | None:
    """Return a foreign value as a canonical link, None where it is none."""
    try:
        return canonical(value) if isinstance(value, str) else None
    except UsageError:
        return None


def page_of(value: object, *own: str) -> str | None:
    """
    Return the canonical link of the page that *value* leads to; None where it is no link to one.

    Pictures and films are no pages, and neither is anything on the hosts *own* and below them: what a place holds
    itself is not elsewhere.
    """
    link = link_of(value)
    if link is None or urlsplit(link).path.lower().endswith(_NO_PAGES):
        return None
    host = host_of(link)
    return None if any(host == name or host.endswith(f".{name}") for name in own) else link
