"""Comments of WordPress as its two APIs give them → ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.models import Cid, Comment, State
from bot.sources.markup import plain
from bot.sources.values import address, count, mapping, number, text, time

WORDS = frozenset({"", "comment", "review"})  # pingbacks and trackbacks are other sites' links
# what a visitor should not be shown, where a plugin lets it through all the same
_WITHHELD = {
    "hold": State.HIDDEN,
    "unapproved": State.HIDDEN,
    "spam": State.REMOVED,
    "trash": State.REMOVED,
}


@dataclass(frozen=True)
class Given:
    """One item of a list of comments, whatever it is."""

    id: int
    parent: int | None
    kind: str
    status: str
    author: str | None
    html: str | None
    at: datetime | None
    url: str | None
    likes: int | None = None
    title: str | None = None  # of the post


def of_rest(item: Mapping[str, Any]) -> Given | None:
    """Read an item of `/wp/v2/comments`; None for what is none."""
    id = number(item.get("id"))
    if id is None:
        return None
    return Given(
        id=id,
        parent=number(item.get("parent")),
        kind=text(item.get("type")) or "",
        status=text(item.get("status")) or "",
        author=plain(text(item.get("author_name"))) or None,
        html=text(mapping(item.get("content")).get("rendered")),
        at=time(item.get("date_gmt")),
        url=address(item.get("link")),
    )


def of_hosted(item: Mapping[str, Any]) -> Given | None:
    """Read an item of WordPress.com's `replies`; None for what is none."""
    id = number(item.get("ID"))
    if id is None:
        return None
    return Given(
        id=id,
        parent=number(mapping(item.get("parent")).get("ID")),
        kind=text(item.get("type")) or "",
        status=text(item.get("status")) or "",
        author=plain(text(mapping(item.get("author")).get("name"))) or None,
        html=text(item.get("content")),
        at=time(item.get("date")),
        url=address(item.get("URL")),
        likes=count(item.get("like_count")),
        title=plain(text(mapping(item.get("post")).get("title"))) or None,
    )


def comments_of(given: Iterable[Given]) -> list[Comment]:
    """
    Return the comments among what was *given*, each id once, in the order given.

    An answer to what is not there (not approved, deleted) stands at the top.
    """
    said = {one.id: one for one in given if one.kind in WORDS}
    return [_comment(one, said) for one in said.values()]


def _comment(one: Given, said: Mapping[int, Given]) -> Comment:
    state = _WITHHELD.get(one.status, State.OK)
    above = one.parent if one.parent in said and one.parent != one.id else None
    return Comment(
        id=Cid(f"wordpress:{one.id}"),
        parent=Cid(f"wordpress:{above}") if above is not None else None,
        author=one.author,
        text=plain(one.html) if state is State.OK else "",
        posted_at=one.at,
        score=one.likes,
        url=one.url,
        state=state,
    )
