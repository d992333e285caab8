"""Chorus and what there is besides: every extractor takes a page and its address and returns what it found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import trafilatura
from lxml import etree, html

from bot.errors import UnreadableError
from bot.sources.webpage import read_page

_LEFT_OUT = ("script", "style", "noscript", "form", "select", "textarea")
_PLACE = re.compile(r"comment|discuss|respon|disqus|repl(?:y|ies)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """The article's text and the comments as (author, text); a library that does not part them has one."""

    article: str = ""
    comments: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        return "\n".join(f"{author}\n{text}" for author, text in self.comments)


Extractor = Callable[[str, str], Found]


def chorus(page: str, url: str) -> Found:
    try:
        reading = read_page(page, url or None)
    except UnreadableError:
        return Found()
    comments = tuple((one.author or "", one.text) for one in reading.readable)
    return Found(reading.article.text if reading.article else "", comments)


def library(*, fast: bool = False, precision: bool = False) -> Extractor:
    def extract(page: str, url: str) -> Found:
        found = trafilatura.bare_extraction(page, url=url, fast=fast, favor_precision=precision)
        text = str(getattr(found, "text", None) or "")
        # one line is one comment: what a caller can do with one text
        lines = str(getattr(found, "comments", None) or "").split("\n")
        return Found(text, tuple(("", line) for line in lines if line.strip()))

    return extract


def naive(page: str, _url: str) -> Found:
    """All text of the outermost elements whose id or class speaks of comments, without forms."""
    try:
        root = html.document_fromstring(
            page.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError):
        return Found()
    etree.strip_elements(root, *_LEFT_OUT, with_tail=False)
    places = [
        element
        for element in root.iter(
            "div", "ol", "ul", "section", "dl", "table", "aside", "article", "li"
        )
        if _PLACE.search(f"{element.get('id') or ''} {element.get('class') or ''}")
    ]
    inside = set(places)
    outermost = [p for p in places if not any(up in inside for up in p.iterancestors())]
    return Found(
        "", tuple(("", " ".join(" ".join(map(str, p.itertext())).split())) for p in outermost)
    )


EXTRACTORS: dict[str, Extractor] = {
    "chorus": chorus,
    "trafilatura": library(),
    "trafilatura fast": library(fast=True),
    "trafilatura precision": library(precision=True),
    "naive rule": naive,
}
