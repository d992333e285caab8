"""A story of Hacker News from any of its three shapes: Algolia's tree, Firebase's items, the page's rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from bot.core.models import Cid, Comment, State
from bot.sources.markup import plain, plain_tree
from bot.sources.values import mappings, number, text, time

ITEM = "https://news.ycombinator.com/item?id="


@dataclass(frozen=True)
class Story:
    """A story, and its comments in thread order. `declared` is the number its place states, where it does."""

    id: int
    title: str | None
    url: str | None
    text: str
    author: str | None
    at: datetime | None
    declared: int | None
    comments: tuple[Comment, ...]

    @property
    def missing(self) -> int:
        """How many comments are stated and not found."""
        return max((self.declared or 0) - len(self.comments), 0)


def of_algolia(item: Mapping[str, Any]) -> Story:
    """Read `items/<id>`: the whole tree, so what was walked is what there is."""
    comments: list[Comment] = []
    root = number(item.get("id")) or 0
    done = {root}
    open_: list[tuple[Mapping[str, Any], int | None]] = [
        (child, None) for child in reversed(mappings(item.get("children")))
    ]
    while open_:  # no recursion: depth is the site's to choose
        node, parent = open_.pop()
        id = number(node.get("id"))
        if id is None or id in done:
            continue
        done.add(id)
        here = parent
        if node.get("type", "comment") == "comment":  # poll options are children too
            here = id
            words = plain(text(node.get("text")))
            state = State.OK if words else State.DELETED
            comments.append(
                _comment(id, parent, text(node.get("author")), words, node.get("created_at"), state)
            )
        open_ += [(child, here) for child in reversed(mappings(node.get("children")))]
    return _story(root, item, item.get("author"), item.get("created_at"), len(comments), comments)


def of_firebase(item: Mapping[str, Any], found: Mapping[int, Mapping[str, Any] | None]) -> Story:
    """Read a story's item and the items below it; None stands for one that is gone."""
    comments: list[Comment] = []
    done = {number(item.get("id"))}
    open_: list[tuple[int, int | None]] = [(kid, None) for kid in reversed(kids(item))]
    while open_:
        id, parent = open_.pop()
        if id in done or id not in found:
            continue
        done.add(id)
        node = found[id] or {}
        words = plain(text(node.get("text")))
        dead = node.get("dead") is True
        state = State.REMOVED if dead else State.OK if words else State.DELETED
        comments.append(_comment(id, parent, text(node.get("by")), words, node.get("time"), state))
        open_ += [(kid, id) for kid in reversed(kids(node))]
    root = number(item.get("id")) or 0
    declared = number(item.get("descendants"))
    return _story(root, item, item.get("by"), item.get("time"), declared, comments)


def kids(item: Mapping[str, Any]) -> list[int]:
    """Return the ids of the replies to a Firebase item, in the order of the site."""
    found = item.get("kids")
    some = found if isinstance(found, list) else []
    return list(dict.fromkeys(kid for kid in some if number(kid) is not None))


def of_page(trees: Iterable[HtmlElement], id: int) -> Story:
    """Read the pages of one story."""
    pages = list(trees)
    first = pages[0]
    comments: list[Comment] = []
    seen: set[int] = set()
    above: list[int] = []  # the ids on the way down to the row before
    for tree in pages:
        for row in tree.xpath('//tr[contains(@class, "comtr")]'):
            here = _whole(row.get("id"))
            if here is None or here in seen:  # a row comes again: somebody commented meanwhile
                continue
            seen.add(here)
            depth = _whole(next(iter(row.xpath('.//td[contains(@class, "ind")]/@indent')), "")) or 0
            above = above[:depth]
            comments.append(_of_row(row, here, above[-1] if above else None))
            above.append(here)
    link = next(iter(first.xpath('//span[@class="titleline"]/a')), None)
    said = re.search(r"(\d+)\s*comment", " ".join(first.xpath('//td[@class="subtext"]//text()')))
    top = next(iter(first.xpath('//div[contains(@class, "toptext")]')), None)
    address = link.get("href") if link is not None else None
    return Story(
        id=id,
        title=link.text_content().strip() if link is not None else None,
        url=address if address and "://" in address else None,
        text=plain_tree(top) if top is not None else "",
        author=next(iter(first.xpath('//td[@class="subtext"]//a[@class="hnuser"]/text()')), None),
        at=_age(first, '//td[@class="subtext"]'),
        declared=_whole(said[1]) if said else None,
        comments=tuple(comments),
    )


def more_follows(tree: HtmlElement) -> bool:
    """Whether the page has a next one."""
    return bool(tree.xpath('//a[contains(@class, "morelink")]'))


def story_of_comment(tree: HtmlElement) -> int | None:
    """Return the id of the story a comment's page belongs to, None on a story's own page."""
    for address in tree.xpath('//span[@class="onstory"]/a/@href'):
        if found := re.search(r"item\?id=([0-9]{1,12})\b", address):
            return int(found[1])
    return None


def _of_row(row: HtmlElement, id: int, parent: int | None) -> Comment:
    body = next(iter(row.xpath('.//div[contains(@class, "commtext")]')), None)
    words = ""
    if body is not None:
        words = plain_tree(body, lambda node: "reply" in (node.get("class") or "").split())
    flagged = body is None and "flagged" in row.text_content()
    state = State.OK if words else State.REMOVED if flagged else State.DELETED
    author = next(iter(row.xpath('.//a[contains(@class, "hnuser")]/text()')), None)
    return _comment(id, parent, author, words, _age(row, "."), state)


def _whole(said: str | None) -> int | None:
    return int(said) if said and re.fullmatch("[0-9]{1,12}", said) else None


def _age(node: HtmlElement, where: str) -> datetime | None:
    said = next(iter(node.xpath(f'{where}//span[@class="age"]/@title')), "")
    return time(said.partition(" ")[0])


def _story(
    id: int,
    item: Mapping[str, Any],
    author: object,
    at: object,
    declared: int | None,
    comments: list[Comment],
) -> Story:
    return Story(
        id=id,
        title=text(item.get("title")),
        url=text(item.get("url")),
        text=plain(text(item.get("text"))),
        author=text(author),
        at=time(at),
        declared=declared,
        comments=tuple(comments),
    )


def _comment(
    id: int, parent: int | None, author: str | None, words: str, at: object, state: State
) -> Comment:
    return Comment(
        id=Cid(f"hn:{id}"),
        parent=None if parent is None else Cid(f"hn:{parent}"),
        author=author,
        text=words if state is State.OK else "",
        posted_at=at if isinstance(at, datetime) else time(at),
        url=f"{ITEM}{id}",
        state=state,
    )
