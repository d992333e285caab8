"""
The feed of a Reddit thread (Atom, RFC 4287) → a post and its comments. Pure.

Its first entry is the post; the others are comments without score and without parent, those of deleted accounts
without author.
"""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

from bot.core.models import Comment, State
from bot.sources.about import link_of, page_of
from bot.sources.markup import plain, plain_tree
from bot.sources.platforms.reddit_thread import (
    GONE,
    ID,
    OWN,
    SITE,
    Post,
    author_of,
    comment_id,
    made,
)
from bot.sources.trees import fragment_tree
from bot.sources.values import text, time

_ATOM = "{http://www.w3.org/2005/Atom}"
_PAGE = (b"<!doctype html", b"<html")


def is_page(body: bytes) -> bool:
    """Whether *body* is a page or nothing, where a feed or JSON was asked for: how Reddit turns programs away."""
    start = body.lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    return not start or start.startswith(_PAGE)


def of_feed(body: bytes, id: str) -> tuple[Post, tuple[Comment, ...]] | None:
    """Return the post *id* and the comments of its feed; None where *body* is no such feed."""
    # neither entities nor anything from elsewhere: a feed needs none, and a hostile one would fill the memory
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag != f"{_ATOM}feed":
        return None
    entries = {_said(entry, "id") or "": entry for entry in root.iter(f"{_ATOM}entry")}
    first = entries.get(f"t3_{id}")
    post = Post(id, f"{SITE}/comments/{id}/", None) if first is None else _post(first, id)
    comments = tuple(
        comment
        for name, entry in entries.items()
        if (comment := _comment(entry, name, post)) is not None
    )
    return None if first is None and not comments else (post, comments)


def _post(entry: etree._Element, id: str) -> Post:
    tree = fragment_tree(_said(entry, "content") or "")
    nodes = [] if tree is None else list(tree.iter("div", "a"))
    body = next((div for div in nodes if div.tag == "div" and div.get("class") == "md"), None)
    out = next((a for a in nodes if a.tag == "a" and (a.text or "").strip() == "[link]"), None)
    link = entry.find(f"{_ATOM}link")
    here = link_of(link.get("href")) if link is not None else None
    own = here if here and here.startswith(f"{SITE}/") and f"/comments/{id}/" in here else None
    return made(
        Post(id, own or f"{SITE}/comments/{id}/", _said(entry, "title")),
        words=_own_words(plain_tree(body, _not_own)) if body is not None else "",
        about=page_of(out.get("href"), *OWN) if out is not None else None,
        author=_author(entry),
        at=_said(entry, "published"),
    )


def _comment(entry: etree._Element, name: str, post: Post) -> Comment | None:
    kind, _, id = name.partition("_")
    author = _author(entry)
    if kind != "t1" or not ID.fullmatch(id) or author == "AutoModerator":
        return None
    body = plain(_said(entry, "content"), _not_own)
    return Comment(
        id=comment_id(id),
        parent=None,
        author=author,
        text=_own_words(body),
        posted_at=time(_said(entry, "updated")),
        url=f"{post.comments}{id}/",
        state=GONE.get(body.lower(), State.OK),
    )


def _said(entry: etree._Element, name: str) -> str | None:
    return text(entry.findtext(f"{_ATOM}{name}"))


def _author(entry: etree._Element) -> str | None:
    name = text(entry.findtext(f"{_ATOM}author/{_ATOM}name"))
    return author_of(name.removeprefix("/u/")) if name else None


def _own_words(body: str) -> str:
    return "" if body.lower() in GONE else body


def _not_own(node: HtmlElement) -> bool:
    return bool(node.tag == "blockquote")
