"""Posts of a Discourse topic as they come → an article and comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from bot.core.models import Article, Cid, Comment, State
from bot.sources.markup import plain
from bot.sources.trees import fragment_tree
from bot.sources.values import mappings, number, text, time

WORDS = (1, 2)  # post types: ordinary, a moderator's; 3 is a small action ("closed"), 4 a whisper
LIKE = 2  # in actions_summary
_COMPANION = re.compile(
    r"companion discussion topic|discussion topic for the original (?:entry|article|post)",
    re.IGNORECASE,
)
_NOTICE = "(.//small[preceding-sibling::*[1][self::hr]])[last()]//a[@href]"


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
    ids: dict[int, Cid] = {}
    comments = []
    for post in shown:  # a reply comes after what it replies to: no circles
        comments.append(_comment(post, ids, topic))
        here = number(post.get("post_number"))
        if here is not None:
            ids[here] = comments[-1].id
    return comments


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
    """
    Return the link of the article whose comments the topic is, None for an ordinary topic.

    A forum writes its notice in its own language, below an excerpt or alone: a rule, then a <small> with one link whose
    words are its address (Discourse's topic_embed.rb). Plugins that make such topics write the English words.
    """
    cooked = re.sub(r"[\x00\ud800-\udfff]", "", text(post.get("cooked")) or "")
    if "href" not in cooked:
        return None
    tree = fragment_tree(cooked)
    if tree is None:
        return None
    links = tree.xpath(_NOTICE)
    if len(links) == 1 and links[0].text_content().strip() == links[0].get("href").strip():
        return _web_address(links[0], topic)
    if _COMPANION.search(cooked) is None:
        return None
    # an excerpt with links of its own stands above
    found = (_web_address(link, topic) for link in reversed(tree.xpath(".//a[@href]")))
    return next(filter(None, found), None)


def _web_address(link: HtmlElement, topic: str) -> str | None:
    try:
        address = str(urljoin(topic, link.get("href").strip()))
    except ValueError:  # "http://[": no address
        return None
    return address if address.startswith(("http://", "https://")) else None


def _speaks(post: Mapping[str, Any]) -> bool:
    return number(post.get("id")) is not None and post.get("post_type", WORDS[0]) in WORDS


def _comment(post: Mapping[str, Any], ids: Mapping[int, Cid], topic: str) -> Comment:
    words = _words(post)
    state = _state(post, words)
    here = number(post.get("post_number"))
    above = number(post.get("reply_to_post_number"))
    return Comment(
        id=Cid(f"discourse:{post['id']}"),
        parent=None if above is None else ids.get(above),
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


def _not_own(node: HtmlElement) -> bool:
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
