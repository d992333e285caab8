"""Any HTML page: its article and its readers' comments. Pure: no network, no clock."""

from __future__ import annotations

import copy
from urllib.parse import urlsplit

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Article, Comment, Discussion, Reading
from bot.errors import EmptyPage, NothingFound, Walled
from bot.sources.comments import found
from bot.sources.comments.declared import declared
from bot.sources.comments.structured import declared_in_data
from bot.sources.comments.widgets import widget
from bot.sources.epoch import EPOCH
from bot.sources.markup import plain_tree
from bot.sources.metadata import Metadata, metadata
from bot.sources.walls import pays, wall

FEWEST_WORDS = 25  # of an article: a caption or a cookie notice has fewer
TEASER_WORDS = 200  # with a subscription notice, fewer words than these are a teaser


def read_page(page: str, url: str | None) -> Reading:
    """
    Return the article and comments of the HTML *page* that came from *url*.

    Raises `EmptyPage`, `Walled` or `NothingFound` where there is neither.
    """
    root = _parsed(page)
    comments = found(root, url)
    about = metadata(root, url)
    visible = plain_tree(root)
    if not visible and not comments.comments:
        raise EmptyPage
    article = _article(root, about, url, comments.elements, visible)
    place = _place(root, page, url, comments.comments)
    if article is None and not comments.comments:
        kind = wall(visible)
        raise Walled(kind=kind) if kind else NothingFound
    places = (place,)
    return Reading(
        target=url or "",
        article=article,
        discussions=places,
        read_at=EPOCH,
        hash=fingerprint(article, places, url or "", PUBLIC),
    )


def _parsed(page: str) -> HtmlElement:
    # an encoding declared inside the text is wrong by now, and lxml refuses str that declares one
    data = page.encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, ValueError):
        raise EmptyPage from None
    # what no reader sees is where instructions to machines are hidden
    for hidden in [e for e in root.iter() if isinstance(e, HtmlElement) and _is_hidden(e)]:
        if hidden.getparent() is not None:
            hidden.drop_tree()
    return root


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in {"html", "body", "svg", "path"}:
        return False
    if element.tag in {"template", "noscript"}:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _article(
    root: HtmlElement,
    about: Metadata,
    url: str | None,
    comments: tuple[HtmlElement, ...],
    visible: str,
) -> Article | None:
    text = _text(root, comments, about.title)
    kind = wall(visible)
    if len(text.split()) < FEWEST_WORDS or kind in {"robot", "cookies", "login", "script"}:
        return None
    teaser = len(text.split()) < TEASER_WORDS and pays(visible)
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


def _text(root: HtmlElement, comments: tuple[HtmlElement, ...], title: str | None) -> str:
    """Return the article's paragraphs; comments are taken out first, so that none leaks into it."""
    for element in comments:
        if element.getparent() is not None and element.tag not in {"body", "html"}:
            element.drop_tree()
    tree = copy.deepcopy(root)
    extracted = trafilatura.bare_extraction(
        tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    text = str(getattr(extracted, "text", None) or "")
    # each line once: a caption stands twice, under the picture and in its description
    lines = dict.fromkeys(line.strip() for line in text.split("\n") if line.strip())
    lines.pop(title or "", None)
    return "\n\n".join(lines)


def _place(
    root: HtmlElement, page: str, url: str | None, comments: tuple[Comment, ...]
) -> Discussion:
    stated = declared_in_data(root)
    stated = declared(root) if stated is None else stated
    gaps: tuple[Gap, ...] = ()
    elsewhere = widget(page)
    if not comments:
        gaps = (
            (Gap(GapCode.COMMENTS_ELSEWHERE, elsewhere),)
            if elsewhere
            else (Gap(GapCode.COMMENTS_MISSING, count=stated),)
            if stated
            else (Gap(GapCode.COMMENTS_NONE),)
        )
    elif stated is not None and stated > len(comments):
        gaps = (Gap(GapCode.COMMENTS_MISSING, count=stated - len(comments)),)
    return Discussion("page", url, None, stated, comments, gaps)


def _language(text: str) -> str | None:
    from py3langid import classify  # brings numpy: only where a page does not say

    language, _ = classify(text[:3000])
    return str(language)
