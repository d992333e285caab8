"""Which of the links in a message are worth an offer, told from the address alone: nothing is read for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.core.links import canonical
from bot.core.servers import ServerSettings, may_read
from bot.errors import UsageError

_NO_PAGE = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp|mp[34]|m4[av]|webm|mov|mkv|avi|ogg|opus|wav|flac|pdf|zip|gz|xz|7z|rar|exe"
    r"|msi|dmg|apk|iso)$",
    re.IGNORECASE,
)
# pictures, sound and films; places that show nothing to those who are not signed in
_NOTHING_TO_READ = frozenset(
    {
        "discord.com",
        "discord.gg",
        "discordapp.com",
        "discordapp.net",
        "tenor.com",
        "giphy.com",
        "klipy.com",
        "imgur.com",
        "youtube.com",
        "youtu.be",
        "twitch.tv",
        "spotify.com",
        "soundcloud.com",
        "tiktok.com",
        "instagram.com",
        "facebook.com",
        "twitter.com",
        "x.com",
    }
)
_ADULT_ENDS = frozenset({"adult", "porn", "sex", "xxx"})  # top-level domains made for it
_ADULT_SITES = frozenset(
    {
        "pornhub.com",
        "xvideos.com",
        "xnxx.com",
        "xhamster.com",
        "redtube.com",
        "youporn.com",
        "spankbang.com",
        "onlyfans.com",
        "fansly.com",
        "chaturbate.com",
        "e621.net",
        "nhentai.net",
        "hentaihaven.com",
        "rule34.paheal.net",
        "literotica.com",
    }
)
_ADULT_PATH = re.compile(r"(?:^|[/_-])(?:nsfw|gonewild)", re.IGNORECASE)


def offered(links: Iterable[str], settings: ServerSettings, *, grown_up: bool) -> str | None:
    """
    Return the first of *links* that may be offered where links are, None without one.

    Not offered: what is no page of text, what is blocked, and outside *grown_up* channels what is for adults only.
    """
    for link in links:
        try:
            target = canonical(link)
        except UsageError:
            continue
        if (
            is_page(target)
            and not may_read(settings, target)
            and (grown_up or not is_adult(target))
        ):
            return link
    return None


def is_page(link: str) -> bool:
    """Whether a canonical *link* may lead to text; a front page is no article."""
    parts = urlsplit(link)
    somewhere = parts.path not in {"", "/"} or bool(parts.query)
    readable = not _is_of(parts.hostname or "", _NOTHING_TO_READ)
    return somewhere and readable and not _NO_PAGE.search(parts.path)


def is_adult(link: str) -> bool:
    """Whether a canonical *link* says by itself that it is for adults; most that are do not."""
    parts = urlsplit(link)
    host = parts.hostname or ""
    end = host.rpartition(".")[2]
    return end in _ADULT_ENDS or _is_of(host, _ADULT_SITES) or bool(_ADULT_PATH.search(parts.path))


def _is_of(host: str, sites: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in sites for at in range(len(labels)))
