"""
Things of Reddit's API (https://www.reddit.com/dev/api, answers with `raw_json=1`) → a post and its comments. Pure.

`t3` is a post, `t1` a comment with its replies inside, `more` the ids of comments that are not in the answer; one
without ids says that there are replies below its parent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from bot.core.models import Article, Cid, Comment, State
from bot.sources.about import link_of, page_of
from bot.sources.markdown import plain_markdown
from bot.sources.threads import in_thread_order
from bot.sources.values import mapping, mappings, number, text, time

SITE = "https://www.reddit.com"
OWN = ("reddit.com", "redd.it", "redditmedia.com")
ID = re.compile(r"[a-z0-9]{1,13}")
# what stands in place of a body: deleted by its author; removed by moderators, or by the site
GONE = {
    "[deleted]": State.DELETED,
    "[removed]": State.REMOVED,
    "[ removed by reddit ]": State.REMOVED,
}
_PERMALINK = re.compile(r"/(?:r|u|user)/[\w-]+/comments/[a-z0-9]+/[^\s/?#]+/")


@dataclass(frozen=True)
class Post:
    """What a thread is about, and its page's `link`. `declared` is the number of comments Reddit states."""

    id: str
    link: str
    title: str | None
    declared: int | None = None
    article: Article | None = None
    about: str | None = None
    adult: bool = False

    @property
    def comments(self) -> str:
        """What the link of each comment begins with."""
        return self.link if _PERMALINK.search(self.link) else f"{SITE}/comments/{self.id}/_/"


class Thread:
    """A thread as it is put together from one answer after another."""

    def __init__(self, post: Post, things: list[Mapping[str, Any]]) -> None:
        self.post = post
        self._comments: dict[Cid, Comment] = {}
        self._notices: set[str] = set()  # of the moderators' robot, which are no comments
        self._more: list[str] = []  # ids that were named and not given
        self._deeper: list[str] = []  # ids of comments whose replies were not given
        self._named: set[tuple[bool, str | None]] = set()  # what was ever in one of these two
        self.add(things)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """What was read so far."""
        return in_thread_order(self._comments.values())

    @property
    def read(self) -> int:
        """How many comments were read so far."""
        return len(self._comments)

    @property
    def declared(self) -> int | None:
        """How many comments Reddit states, without its robot's."""
        stated = self.post.declared
        return None if stated is None else max(stated - len(self._notices), 0)

    @property
    def missing(self) -> int:
        """How many comments are known of and were not read."""
        return max((self.declared or 0) - self.read, len(self._more), 0)

    @property
    def unfinished(self) -> bool:
        """Whether there is something left to ask for."""
        return bool(self._more or self._deeper)

    def take(self, most: int) -> tuple[list[str], str | None]:
        """Return up to *most* ids to ask for, else the id of a comment whose replies to ask for; each comes once."""
        ids, self._more = self._more[:most], self._more[most:]
        return ids, self._deeper.pop(0) if self._deeper and not ids else None

    def add(self, things: list[Mapping[str, Any]]) -> None:
        """Add what an answer holds: comments with their replies, and ids of what it does not hold."""
        open_ = things[::-1]
        while open_:  # no recursion: depth is the site's to choose
            thing = open_.pop()
            data = mapping(thing.get("data"))
            id = id_of(data)
            if thing.get("kind") == "more":
                self._follow(data)
            elif thing.get("kind") == "t1" and id is not None:
                if data.get("stickied") is True and data.get("author") == "AutoModerator":
                    self._notices.add(id)
                else:
                    self._comments.setdefault(comment_id(id), _comment(id, data, self.post))
                open_ += _children(mapping(data.get("replies")))[::-1]

    def _follow(self, data: Mapping[str, Any]) -> None:
        said = data.get("children")
        ids = [id for id in said if _is_id(id)] if isinstance(said, list) else []
        above = _parent(data)
        self._more += [id for id in dict.fromkeys(ids) if (True, id) not in self._named]
        if above and not ids and (False, above) not in self._named:
            self._deeper.append(above)
        self._named |= {(True, id) for id in ids} | {(False, above)}


def split(answer: object) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]] | None:
    """Return the post and the things below it of a `comments/<id>` answer; None where it is none."""
    listings = mappings(answer)
    if len(listings) < 2:
        return None
    first = next(iter(_children(listings[0])), {})
    post = mapping(first.get("data"))
    return (post, _children(listings[1])) if first.get("kind") == "t3" and id_of(post) else None


def more_of(answer: object) -> list[Mapping[str, Any]] | None:
    """Return the things of a `morechildren` answer, None where it is none."""
    things = mapping(mapping(mapping(answer).get("json")).get("data")).get("things")
    return mappings(things) if isinstance(things, list) else None


def post_of(data: Mapping[str, Any]) -> Post:
    """Return a post: its own words or, for a question, its title are the article; a link leads to it."""
    id = id_of(data) or ""
    said = text(data.get("permalink")) or ""
    link = link_of(f"{SITE}{said}") if _PERMALINK.fullmatch(said) else None
    return made(
        Post(
            id,
            link or f"{SITE}/comments/{id}/",
            text(data.get("title")),
            number(data.get("num_comments")),
            adult=data.get("over_18") is True,
        ),
        words=_own_words(text(data.get("selftext"))),
        about=None if data.get("is_self") is True else page_of(data.get("url"), *OWN),
        author=author_of(data.get("author")),
        at=data.get("created_utc"),
    )


def made(post: Post, *, words: str, about: str | None, author: str | None, at: object) -> Post:
    """Return *post* with what it is about: the page *about*, else its *words*, else its title alone."""
    said = words or post.title
    if about or not said:
        return replace(post, about=about)
    article = Article(
        url=post.link,
        title=post.title,
        text=said,
        site="Reddit",
        authors=(author,) if author else (),
        published=time(at),
    )
    return replace(post, article=article)


def id_of(data: Mapping[str, Any]) -> str | None:
    """Return the id of a post or a comment, None where it has none of theirs."""
    id = data.get("id")
    return id if _is_id(id) else None


def author_of(value: object) -> str | None:
    """Return the author's name, None for one who has deleted the account."""
    name = text(value)
    return None if name == "[deleted]" else name


def comment_id(id: str) -> Cid:
    """Return the id a comment has in a reading."""
    return Cid(f"reddit:{id}")


def _children(listing: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return mappings(mapping(listing.get("data")).get("children"))


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _parent(data: Mapping[str, Any]) -> str | None:
    kind, _, id = (text(data.get("parent_id")) or "").partition("_")
    return id if kind == "t1" and ID.fullmatch(id) else None


def _own_words(body: str | None) -> str:
    return "" if body is None or body.lower() in GONE else plain_markdown(body)


def _comment(id: str, data: Mapping[str, Any], post: Post) -> Comment:
    body = text(data.get("body"))
    above = _parent(data)
    return Comment(
        id=comment_id(id),
        parent=comment_id(above) if above else None,
        author=author_of(data.get("author")),
        text=_own_words(body),
        posted_at=time(data.get("created_utc")),
        score=None if data.get("score_hidden") is True else number(data.get("score")),
        url=f"{post.comments}{id}/",
        state=State.DELETED if body is None else GONE.get(body.lower(), State.OK),
    )
