"""Which discussions are about a link: what three places answer when they are asked for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.core.links import canonical, page_key
from bot.core.models import Discussion, Lead
from bot.errors import UsageError
from bot.sources.values import mapping, mappings, number, text

MOST_LINKS = 3  # names of a page that are asked for: as typed, after redirects, as it calls itself
MOST_TITLE = 300
MOST_COMMENTS = 10_000_000  # a place that says it has more is not believed

_SECRET = re.compile(
    r"(?:^|&)(?:[^&=]*(?:token|secret|signature|passw|sess|auth|api_?key)[^&=]*|key|sig|code|jwt)=",
    re.IGNORECASE,
)
Hit = tuple[str, Lead]  # what it is about, and the discussion


@dataclass(frozen=True)
class Index:
    """A place to ask: the address that asks for a link, and the hits in its answer, the link's or not."""

    ask: Callable[[str], str]
    hits: Callable[[Any], Iterator[Hit]]


def hackernews(api: str, site: str = "https://news.ycombinator.com") -> Index:
    """Return the index of Hacker News (https://hn.algolia.com/api); it finds words, so it is asked without a scheme."""
    asked = {"restrictSearchableAttributes": "url", "tags": "story", "typoTolerance": "false"}

    def ask(link: str) -> str:
        return f"{api}/search?{urlencode({'query': page_key(link), **asked, 'hitsPerPage': 20})}"

    def hits(answer: Any) -> Iterator[Hit]:
        for item in mappings(mapping(answer).get("hits")):
            id = text(item.get("objectID")) or ""
            if re.fullmatch("[0-9]{1,12}", id):
                yield _hit(
                    "hackernews",
                    f"{site}/item?id={id}",
                    item.get("url"),
                    item.get("title"),
                    item.get("num_comments"),
                )

    return Index(ask, hits)


def lemmy(site: str) -> Index:
    """Return the index of a Lemmy instance (GET /api/v3/search); it compares whole addresses."""
    asked = {"type_": "Url", "listing_type": "All", "sort": "MostComments", "limit": 10}

    def ask(link: str) -> str:
        return f"{site}/api/v3/search?{urlencode({'q': canonical(link), **asked})}"

    def hits(answer: Any) -> Iterator[Hit]:
        for item in mappings(mapping(answer).get("posts")):
            post = mapping(item.get("post"))
            id = number(post.get("id"))
            if (
                id is not None
                and post.get("removed") is not True
                and post.get("deleted") is not True
            ):
                yield _hit(
                    "lemmy",
                    f"{site}/post/{id}",
                    post.get("url"),
                    post.get("name"),
                    mapping(item.get("counts")).get("comments"),
                )

    return Index(ask, hits)


def lobsters(site: str) -> Index:
    """Return the index of Lobsters (GET /stories/url/all.json)."""

    def ask(link: str) -> str:
        return f"{site}/stories/url/all.json?{urlencode({'url': canonical(link)})}"

    def hits(answer: Any) -> Iterator[Hit]:
        for item in mappings(answer):
            id = text(item.get("short_id")) or ""
            if re.fullmatch("[a-z0-9]{1,12}", id):
                yield _hit(
                    "lobsters",
                    f"{site}/s/{id}",
                    item.get("url"),
                    item.get("title"),
                    item.get("comment_count"),
                )

    return Index(ask, hits)


def askable(links: Iterable[str]) -> list[str]:
    """Return one spelling of each page that *links* lead to; what carries a secret is not told to others."""
    found: dict[str, str] = {}
    for link in links:
        key = _key(link)
        if key is not None and not _SECRET.search(urlsplit(link).query):
            found.setdefault(key, link)
    return list(found.values())[:MOST_LINKS]


def best(hits: Iterable[Hit], links: Iterable[str], without: Iterable[str]) -> Lead | None:
    """Return the discussion of one of *links* with the most comments, None for none; *without* are known already."""
    about = {page_key(link) for link in links}
    known = {_key(link) for link in without}
    leads = (lead for page, lead in hits if _key(page) in about and _key(lead.url) not in known)
    return max((lead for lead in leads if lead.comments), key=_size, default=None)


def _size(lead: Lead) -> int:
    return lead.comments or 0


def unread(leads: Iterable[Lead], places: Iterable[Discussion]) -> tuple[Lead, ...]:
    """Return those of *leads* that are none of *places*, each once."""
    seen = {_key(place.url) for place in places if place.url}
    return tuple({_key(lead.url): lead for lead in leads if _key(lead.url) not in seen}.values())


def _hit(platform: str, link: str, page: object, title: object, comments: object) -> Hit:
    count = number(comments) or 0
    shown = (text(title) or "")[:MOST_TITLE] or None
    return text(page) or "", Lead(
        platform, link, shown, count if 0 < count < MOST_COMMENTS else None
    )


def _key(link: str) -> str | None:
    """Return `page_key` of a link that somebody else wrote, None where it is none."""
    try:
        return page_key(link)
    except (UsageError, ValueError):
        return None
