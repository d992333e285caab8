"""What a page says of itself: title, site, authors, date, language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from bot.sources.comments.dates import date_of
from bot.sources.comments.records import Node

LONGEST_TITLE = 500
_ARTICLES = re.compile(r"Article|BlogPosting|NewsArticle|Report|DiscussionForumPosting|WebPage$")
# what search engines take for a page that is for adults only: their own word, and the label of adult sites
# (https://developers.google.com/search/docs/crawling-indexing/safesearch, https://www.rtalabel.org)
_ADULT = frozenset({"adult", "mature", "restricted", "rta-5042-1996-1400-1577-rta"})
_NO = frozenset({"false", "no", "http://schema.org/false", "https://schema.org/false"})
_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Metadata:
    """None and () where the page does not say."""

    url: str | None
    title: str | None
    site: str | None
    authors: tuple[str, ...]
    published: datetime | None
    language: str | None
    adult: bool = False


def metadata(root: HtmlElement, url: str | None, nodes: list[Node]) -> Metadata:
    """Return what the page *root* says in meta tags, JSON-LD, title and headings; whole documents agree on these."""
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            said.setdefault(name, content)
    data: dict[str, object] = next(
        (n for n in nodes if _ARTICLES.search(str(n.get("@type"))) and n.get("headline")),
        {},
    )
    site = said.get("og:site_name") or said.get("application-name")
    title = said.get("og:title") or _string(data.get("headline")) or _heading(root, site)
    dates = (
        said.get("article:published_time"),
        _string(data.get("datePublished")),
        *(said.get(name) for name in ("date", "datepublished", "dc.date", "pubdate")),
        _time(root),
    )
    return Metadata(
        url=_canonical(root, url),
        title=title[:LONGEST_TITLE] if title else None,
        site=site,
        authors=_authors(data.get("author"))
        or _authors(said.get("author") or said.get("article:author") or said.get("dc.creator")),
        published=next(filter(None, (date_of(date) for date in dates if date)), None),
        language=_language(root, said),
        adult=_adult(said, nodes),
    )


def _canonical(root: HtmlElement, url: str | None) -> str | None:
    """Return the canonical address, if it is of the page's own host: another host's would send readers away."""
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            try:
                address = urljoin(url or "", link.get("href"))
                mine, theirs = (
                    urlsplit(url or address).hostname or "",
                    urlsplit(address).hostname or "",
                )
            except ValueError:
                return None
            if address.startswith("http") and mine.removeprefix("www.") == theirs.removeprefix(
                "www."
            ):
                return str(address)
    return None


def _heading(root: HtmlElement, site: str | None) -> str | None:
    title = next((" ".join("".join(t.itertext()).split()) for t in root.iter("title")), "")
    headings = [" ".join("".join(h.itertext()).split()) for h in root.iter("h1")]
    for heading in headings:
        if heading and heading in title:
            return heading
    parts = [part for part in re.split(r"\s+[|–—»·-]\s+", title) if part != site]
    return max(parts, key=len) if parts and any(parts) else next(filter(None, headings), None)


def _authors(value: object) -> tuple[str, ...]:
    some = value if isinstance(value, list) else [value]
    names = []
    for one in some:
        name = one.get("name") if isinstance(one, dict) else one
        if (
            isinstance(name, str)
            and 0 < len(name.strip()) <= 100
            and not name.startswith(("http", "www."))
        ):
            names.append(" ".join(name.split()))
    return tuple(dict.fromkeys(names))[:10]


def _time(root: HtmlElement) -> str | None:
    for time in root.iter("time"):
        if time.get("datetime") and not any(
            "comment" in (up.get("class") or "") for up in time.iterancestors()
        ):
            return str(time.get("datetime"))
    return None


def _language(root: HtmlElement, said: dict[str, str]) -> str | None:
    stated = (
        root.get("lang")
        or root.get("xml:lang")
        or said.get("og:locale")
        or said.get("content-language")
        or ""
    )
    match = _CODE.match(stated.lower())
    return match.group() if match else None


def _adult(said: dict[str, str], nodes: list[Node]) -> bool:
    families = (said.get("isfamilyfriendly"), *(node.get("isFamilyFriendly") for node in nodes))
    return said.get("rating", "").lower() in _ADULT or any(
        str(value).lower() in _NO for value in families if isinstance(value, str | bool)
    )


def _string(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
