"""
Views of a Bluesky thread (https://docs.bsky.app/docs/api/app-bsky-feed-get-post-thread) → a post and comments. Pure.

Whoever asks not to be shown to people without an account (the label `!no-unauthenticated`) is not read: such a post
keeps its place, without its words and without its author.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.models import Article, Cid, Comment, State
from bot.sources.about import page_of
from bot.sources.epoch import EPOCH
from bot.sources.threads import in_thread_order
from bot.sources.values import mapping, mappings, number, text, time

SITE = "https://bsky.app"
_URI = re.compile(
    r"at://(did:[a-z]+:[\w.:%-]{1,256})/app\.bsky\.feed\.post/([\w.~:-]{1,512})", re.ASCII
)
_HANDLE = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}", re.IGNORECASE)
_NO_HANDLE = "handle.invalid"  # what is shown of one that no longer leads to its account
_OUT = "!no-unauthenticated"


@dataclass(frozen=True)
class Post:
    """One post as the API shows it; `out` where its author asks not to be shown. `replies` is the number it states."""

    uri: str
    did: str
    key: str
    author: str
    words: str
    at: datetime | None
    likes: int | None
    replies: int
    about: str | None
    out: bool

    @property
    def id(self) -> Cid:
        """The comment's id; keys are an author's own, and one who is not shown is not named."""
        return Cid(f"bluesky:{self.key}" if self.out else f"bluesky:{self.did}/{self.key}")

    @property
    def link(self) -> str:
        """Where people open it."""
        return f"{SITE}/profile/{self.author}/post/{self.key}"

    @property
    def article(self) -> Article | None:
        """The post as what its readers talk about; None where it has no words."""
        if not self.words:
            return None
        return Article(
            url=self.link,
            title=None,
            text=self.words,
            site="Bluesky",
            authors=(self.author,),
            published=self.at,
        )

    def comment(self, above: Cid | None) -> Comment:
        """Return the post as a comment below *above*."""
        if self.out:
            return Comment(self.id, above, None, "", state=State.HIDDEN)
        return Comment(self.id, above, self.author, self.words, self.at, self.likes, self.link)


class Thread:
    """A thread below the post *root*, as it is put together from one answer after another."""

    def __init__(self, root: Post) -> None:
        self._root = root.id
        self._asked = {root.uri}
        self._cut: list[str] = []  # the posts whose replies were not given
        self._comments: dict[Cid, Comment] = {}
        self._stated: dict[Cid, int] = {}
        self._out: set[str] = set()
        self._blocked: set[Cid] = set()
        if root.about and len(root.words.split()) > 1:
            # who links to a page and says something about it is one of its readers
            self._comments[root.id] = root.comment(None)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """What was read so far; siblings by time, because they come in no order."""
        told = self._comments.values()
        return in_thread_order(sorted(told, key=lambda one: (one.posted_at or EPOCH, one.id)))

    @property
    def read(self) -> int:
        """How many comments were read so far."""
        return len(self._comments)

    @property
    def declared(self) -> int:
        """How many replies the posts state, and the first post where it is a comment."""
        return sum(self._stated.values()) + (self._root in self._comments)

    @property
    def missing(self) -> int:
        """How many of the replies that posts state were not given, those of blocked authors included."""
        there = (one for one in self._comments.values() if one.id not in self._blocked)
        given = Counter(comment.parent for comment in there)
        return sum(max(n - given[id], 0) for id, n in self._stated.items())

    @property
    def opted_out(self) -> int:
        """How many authors ask not to be shown."""
        return len(self._out)

    def take(self) -> str | None:
        """Return the uri of a post whose replies are still to be asked for; each comes once."""
        return self._cut.pop(0) if self._cut else None

    def add(self, node: Mapping[str, Any]) -> None:
        """Add what is below *node*, which is a post of this thread."""
        open_ = [node]
        while open_:  # no recursion: depth is the site's to choose
            one = open_.pop()
            post = post_of(one)
            if post is None:
                continue
            replies = one.get("replies")
            self._stated[post.id] = post.replies
            if post.replies and not isinstance(replies, list) and post.uri not in self._asked:
                self._asked.add(post.uri)
                self._cut.append(post.uri)
            for reply in mappings(replies):
                self._reply(reply, post.id)
            open_ += mappings(replies)[::-1]

    def _reply(self, node: Mapping[str, Any], above: Cid) -> None:
        post = post_of(node)
        comment = post.comment(above) if post else _absent(node, above)
        if comment is None:
            return
        self._comments.setdefault(comment.id, comment)
        if post is None and comment.state is State.HIDDEN:
            self._blocked.add(comment.id)
        elif post is not None and post.out:
            self._out.add(post.did)


def post_of(node: Mapping[str, Any]) -> Post | None:
    """Return the post of a node, None where none is shown there."""
    view = mapping(node.get("post"))
    place = _URI.fullmatch(text(view.get("uri")) or "")
    if place is None:
        return None
    author = mapping(view.get("author"))
    record = mapping(view.get("record"))
    handle = text(author.get("handle")) or ""
    named = _HANDLE.fullmatch(handle) and handle != _NO_HANDLE
    labels = [*mappings(author.get("labels")), *mappings(view.get("labels"))]
    return Post(
        uri=place[0],
        did=place[1],
        key=place[2],
        author=handle if named else place[1],
        words=text(record.get("text")) or "",
        at=time(record.get("createdAt")) or time(view.get("indexedAt")),
        likes=number(view.get("likeCount")),
        replies=max(number(view.get("replyCount")) or 0, 0),
        about=_about(view, record),
        out=any(one.get("val") == _OUT and one.get("neg") is not True for one in labels),
    )


def _absent(node: Mapping[str, Any], above: Cid) -> Comment | None:
    """Return the place of a post that is gone or blocked, None where there is none."""
    place = _URI.fullmatch(text(node.get("uri")) or "")
    gone = node.get("notFound") is True
    if place is None or not (gone or node.get("blocked") is True):
        return None
    state = State.DELETED if gone else State.HIDDEN
    return Comment(Cid(f"bluesky:{place[1]}/{place[2]}"), above, None, "", state=state)


def _about(view: Mapping[str, Any], record: Mapping[str, Any]) -> str | None:
    """Return the page a post shows a card of, else the only one its words link to."""
    for embed in (mapping(view.get("embed")), mapping(record.get("embed"))):
        for one in (embed, mapping(embed.get("media"))):  # alone, or beside a quoted post
            if card := page_of(mapping(one.get("external")).get("uri"), "bsky.app"):
                return card
    linked = set(_linked(record))
    return linked.pop() if len(linked) == 1 else None


def _linked(record: Mapping[str, Any]) -> Iterator[str]:
    for facet in mappings(record.get("facets")):
        for feature in mappings(facet.get("features")):
            if link := page_of(feature.get("uri"), "bsky.app"):
                yield link
