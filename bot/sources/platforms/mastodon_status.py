"""Statuses of Mastodon's API (https://docs.joinmastodon.org/entities/Status) → an article and comments. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.core.links import host_of
from bot.core.models import Article, Cid, Comment, State
from bot.sources.about import link_of
from bot.sources.markup import plain
from bot.sources.values import mapping, number, text, time

OPEN = ("public", "unlisted")  # no set: what stands there may be anything
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_PATH = re.compile(
    r"(?:/web|/deck)?/@[\w.-]+(?:@[\w.:-]+)?/(\d{1,20})/?"
    r"|(?:/ap)?/users/[\w.-]+/statuses/(\d{1,20})/?"
)


def place_of(link: str | None) -> tuple[str, str] | None:
    """Return the base and the id of a link to a status, None where it has not the shape of one."""
    parts = urlsplit(link or "")
    found = _PATH.fullmatch(parts.path)
    return (f"{parts.scheme}://{parts.netloc}", found[1] or found[2]) if found else None


def home_of(status: Mapping[str, Any], base: str) -> tuple[str, str] | None:
    """Return where a status of another host than *base* is at home, None where it is or nobody can tell."""
    for name in ("url", "uri"):
        home = place_of(link_of(status.get(name)))
        if home is not None:
            return home if home[0] != base else None
    return None


def article_of(status: Mapping[str, Any], base: str) -> Article | None:
    """Return what a status says, None where it has no words."""
    words = _words(status)
    author = _author(status)
    if not words:
        return None
    return Article(
        url=_link(status, base),
        title=None,
        text=words,
        site=host_of(base),
        authors=(author,) if author else (),
        published=time(status.get("created_at")),
        language=_language(status),
    )


def comments_of(statuses: Iterable[Mapping[str, Any]], root: str, base: str) -> list[Comment]:
    """Return *statuses* below the status *root*; what is not for everybody keeps its place and says nothing."""
    return [_comment(one, root, base) for one in statuses if id_of(one) not in {None, root}]


def id_of(status: Mapping[str, Any]) -> str | None:
    """Return the id of a status, None where it has none."""
    id = status.get("id")
    return id if isinstance(id, str) and _ID.fullmatch(id) else None


def counted(statuses: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many replies *statuses* state together, and how many of these are not among them."""
    every = list(statuses)
    there = Counter(text(one.get("in_reply_to_id")) for one in every)
    stated = {id_of(one): max(number(one.get("replies_count")) or 0, 0) for one in every}
    return sum(stated.values()), sum(max(n - there[id], 0) for id, n in stated.items())


def _comment(status: Mapping[str, Any], root: str, base: str) -> Comment:
    above = text(status.get("in_reply_to_id"))
    shown = status.get("visibility") in OPEN
    return Comment(
        id=Cid(f"mastodon:{id_of(status)}"),
        parent=Cid(f"mastodon:{above}") if above and above != root else None,
        author=_author(status) if shown else None,
        text=_words(status) if shown else "",
        posted_at=time(status.get("created_at")),
        score=number(status.get("favourites_count")) if shown else None,
        url=_link(status, base) if shown else None,
        state=State.OK if shown else State.HIDDEN,
    )


def _words(status: Mapping[str, Any]) -> str:
    """Return a status' words, below its content warning where it has one."""
    parts = (text(status.get("spoiler_text")), plain(text(status.get("content")), _unseen))
    return "\n\n".join(part for part in parts if part)


def _unseen(node: HtmlElement) -> bool:
    # the ends of addresses, and the link that stands for a quoted status where it cannot be shown
    return bool({"invisible", "quote-inline"} & set((node.get("class") or "").split()))


def _author(status: Mapping[str, Any]) -> str | None:
    return text(mapping(status.get("account")).get("acct"))


def _link(status: Mapping[str, Any], base: str) -> str | None:
    author = _author(status)
    return link_of(status.get("url")) or link_of(author and f"{base}/@{author}/{id_of(status)}")


def _language(status: Mapping[str, Any]) -> str | None:
    said = text(status.get("language")) or ""
    code = said.partition("-")[0].lower()
    return code if re.fullmatch("[a-z]{2}", code) else None
