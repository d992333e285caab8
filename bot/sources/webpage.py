"""Any HTML page: its article and its readers' comments. Pure: no network, no clock."""

from __future__ import annotations

from urllib.parse import urlsplit

import trafilatura
from lxml.html import HtmlElement

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Article, Reading
from bot.errors import EmptyPage, NothingFound, TooHeavy, Walled
from bot.sources.comments.discussions import discussions
from bot.sources.comments.items import ItemList, lists_of
from bot.sources.comments.outline import MOST_ELEMENTS, Outline
from bot.sources.comments.structured import json_ld
from bot.sources.epoch import EPOCH
from bot.sources.markup import count_words, plain_tree
from bot.sources.metadata import Metadata, metadata
from bot.sources.trees import page_tree
from bot.sources.walls import FEW_WORDS as MOST_WALL_WORDS
from bot.sources.walls import pays, wall

_UNSAID = ("script", "style", "svg", "iframe", "link")
FEWEST_WORDS = 25  # of an article: a caption or a cookie notice has fewer
TEASER_WORDS = 200  # with a subscription notice, fewer words than these are a teaser
MOST_ARTICLE_ELEMENTS = 30_000
"""Besides the comments; the largest of 1,400 real pages has 10,534. Trafilatura's time grows with their square."""
SECONDS = 20
"""What reading a page may take; what would take more is not begun."""


def read_page(page: str, url: str | None) -> Reading:
    """
    Return the article and comments of the HTML *page* that came from *url*.

    Raises `EmptyPage`, `Walled`, `TooHeavy` or `NothingFound` where there is neither.
    """
    root = page_tree(page)
    size = _size(root)
    if size > MOST_ELEMENTS:
        raise TooHeavy(seconds=SECONDS)
    outline = Outline(root)
    nodes = list(json_ld(root))
    lists = lists_of(outline)
    places = discussions(root, outline, lists, nodes, url)
    comments = any(place.comments for place in places)
    if not outline.words[0] and not comments:
        raise EmptyPage
    about = metadata(root, url, nodes)
    few = plain_tree(root) if outline.words[0] <= MOST_WALL_WORDS else ""
    _drop(root, outline, lists)
    heavy = size > MOST_ARTICLE_ELEMENTS and _size(root) > MOST_ARTICLE_ELEMENTS
    article = None if heavy else _article(root, about, url, few)
    if article is None and not comments:
        if heavy:
            raise TooHeavy(seconds=SECONDS)
        kind = wall(few)
        raise Walled(kind=kind) if kind else NothingFound
    return Reading(
        target=url or "",
        article=article,
        discussions=places,
        read_at=EPOCH,
        hash=fingerprint(article, places, url or "", PUBLIC),
        adult=about.adult,
    )


def _size(root: HtmlElement) -> int:
    return int(root.xpath("count(//*)"))


def _drop(root: HtmlElement, outline: Outline, lists: list[ItemList]) -> None:
    """Take out of the tree what no reader sees, where instructions to machines are hidden, and the comments."""
    elements = [
        outline.elements[root] for some in lists for item in some.items for root in item.roots
    ]
    # what says nothing is copied several times while the article is looked for: JSON-LD alone may hold it
    unsaid = [e for e in root.iter(*_UNSAID) if "ld+json" not in (e.get("type") or "")]
    for element in (*outline.hidden, *elements, *unsaid):
        if element.getparent() is not None and element.tag not in {"body", "html"}:
            element.drop_tree()


def _article(root: HtmlElement, about: Metadata, url: str | None, few: str) -> Article | None:
    text = _text(root, about.title)
    words = count_words(text)
    if words < FEWEST_WORDS or wall(few) in {"robot", "cookies", "login", "script"}:
        return None
    teaser = words < TEASER_WORDS and pays(few or plain_tree(root))
    return Article(
        url=about.url or url,
        title=about.title,
        text=text,
        site=about.site or (urlsplit(url).hostname if url else None),
        authors=about.authors,
        published=about.published,
        language=about.language or _language(text),
        gaps=(Gap(GapCode.ARTICLE_PARTIAL, "paywall"),) if teaser else (),
    )


def _text(root: HtmlElement, title: str | None) -> str:
    """Return the article's paragraphs."""
    extracted = trafilatura.bare_extraction(
        root, fast=True, include_comments=False, with_metadata=False
    )
    text = str(getattr(extracted, "text", None) or "")
    # each line once: a caption stands twice, under the picture and in its description
    lines = dict.fromkeys(line.strip() for line in text.split("\n") if line.strip())
    lines.pop(title or "", None)
    return "\n\n".join(lines)


def _language(text: str) -> str | None:
    from py3langid import classify  # brings numpy: only where a page does not say

    language, _ = classify(text[:1000])
    return str(language)
