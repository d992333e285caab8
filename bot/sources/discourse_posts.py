"""Posts of a Discourse topic as they come → an article and comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

from lxml import html

from bot.core.models import Article, Cid, Comment, State
from bot.sources.markup import plain
from bot.sources.values import mappings, number, text, time

REGULAR, MODERATOR = (
    1,
    2,
)  # post types of words; 3 is a small action ("closed"), 4 a whisper of the staff
LIKE = 2  # in actions_summary
# What a forum writes in place of post 1 where the topic belongs to an article: the link to it is all there is, or
# stands in its own <small> below an excerpt.
_COMPANION = re.compile(
    r"companion discussion topic|discussion topic for the original (?:entry|article|post)"
    r"|sujet de discussion (?:associé|compagnon)|Begleitthema",
    re.IGNORECASE,
)


def comments_of(
    posts: Iterable[Mapping[str, Any]], topic: str, *, first_too: bool
) -> list[Comment]:
    """
    Return the comments among *posts*, by post number, each once; *topic* is the topic's link.

    Post 1 is one of them only if *first_too*. Replies to what is not there stand at the top.
    """
    ordered = sorted(
        {number(post.get("id")): post for post in posts if _speaks(post)}.values(),
        key=lambda post: number(post.get("post_number")) or 0,
    )
    shown = [p for p in ordered if first_too or number(p.get("post_number")) != 1]
    ids = {number(post.get("post_number")): Cid(f"discourse:{post['id']}") for post in shown}
    return [_comment(post, ids, topic) for post in shown]


def article_of(post: Mapping[str, Any], title: str | None, topic: str, site: str) -> Article | None:
    """Return what an ordinary topic is about: its first post; None where that has no words."""
    words = _words(post)
    if not words or _state(post, words) is not State.OK:
        return None
    author = text(post.get("username"))
    return Article(
        url=topic,
        title=title,
        text=words,
        site=site,
        authors=(author,) if author else (),
        published=time(post.get("created_at")),
    )


def companion_of(post: Mapping[str, Any], topic: str) -> str | None:
    """Return the link of the article whose comments the topic is, None for an ordinary topic."""
    cooked = text(post.get("cooked")) or ""
    said = _COMPANION.search(cooked)
    if said is None:
        return None
    tree = html.fragment_fromstring(cooked, create_parent="div")
    for link in reversed(
        tree.xpath(".//a[@href]")
    ):  # an excerpt with links of its own stands above
        address = str(urljoin(topic, link.get("href")))
        if address.startswith(("http://", "https://")):
            return address
    return None


def _speaks(post: Mapping[str, Any]) -> bool:
    return number(post.get("id")) is not None and post.get("post_type", REGULAR) in {
        REGULAR,
        MODERATOR,
    }


def _comment(post: Mapping[str, Any], ids: Mapping[int | None, Cid], topic: str) -> Comment:
    words = _words(post)
    state = _state(post, words)
    here = number(post.get("post_number"))
    above = ids.get(number(post.get("reply_to_post_number")))
    id = Cid(f"discourse:{post['id']}")
    return Comment(
        id=id,
        parent=above if above != id else None,
        author=text(post.get("username")),
        text=words if state is State.OK else "",
        posted_at=time(post.get("created_at")),
        score=_likes(post),
        url=f"{topic}/{here}" if here is not None else topic,
        state=state,
    )


def _state(post: Mapping[str, Any], words: str) -> State:
    if post.get("user_deleted") is True:
        return State.DELETED
    if post.get("deleted_at"):
        return State.REMOVED
    if post.get("hidden") is True:
        return State.HIDDEN
    return State.OK if words else State.DELETED


def _words(post: Mapping[str, Any]) -> str:
    """Return the post's own words: quotes of others, link previews and footnotes of the forum are not."""
    return plain(text(post.get("cooked")), _not_own)


def _not_own(node: html.HtmlElement) -> bool:
    classes = (node.get("class") or "").split()
    if node.tag == "aside":
        return bool({"quote", "onebox"} & set(classes))
    return bool({"meta", "lightbox", "anchor", "badge", "link-counts"} & set(classes))


def _likes(post: Mapping[str, Any]) -> int | None:
    """Return the likes; the `score` Discourse gives is its own ranking figure, not votes."""
    for action in mappings(post.get("actions_summary")):
        if action.get("id") == LIKE:
            return number(action.get("count")) or 0
    return 0 if isinstance(post.get("actions_summary"), list) else None
