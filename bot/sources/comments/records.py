"""Comments that are objects of foreign JSON: what their fields are called, and who answers whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.models import Cid, Comment, State
from bot.sources.comments.dates import date_of
from bot.sources.markup import plain
from bot.sources.values import time

MOST_COMMENTS = 20_000
LONGEST_TEXT = 100_000
LONGEST_NAME = 200

Node = dict[str, object]

_TEXTS = (
    "text", "body", "content", "message", "commentText", "comment_text", "commentBody", "comment_body", "body_html",
    "bodyHtml", "html", "raw_message", "markdown", "description", "comment",
)  # fmt: skip
_AUTHORS = (
    "author", "user", "creator", "owner", "commenter", "poster", "postedBy", "commenting_user",
    "profile", "userProfile", "username", "userName",
    "user_name", "author_name", "authorName", "displayName", "display_name", "nickname", "name",
)  # fmt: skip
_NAMES = (
    "name",
    "displayName",
    "display_name",
    "username",
    "userName",
    "login",
    "nickname",
    "fullName",
    "full_name",
)
_DATES = (
    "dateCreated", "datePublished", "createdAt", "created_at", "created", "date", "date_gmt", "publishedAt",
    "published_at", "published", "postedAt", "posted_at", "createdDate", "creationDate", "timestamp", "time",
    "commentTime", "submitted", "postDate", "isoDateTime",
)  # fmt: skip
_SCORES = (
    "upvoteCount",
    "score",
    "likes",
    "likeCount",
    "likesCount",
    "like_count",
    "upvotes",
    "votes",
    "points",
    "numRecommends",
)
_LINKS = ("url", "permalink", "link", "href")
_IDS = ("id", "@id", "identifier", "commentId", "comment_id", "_id", "uuid", "short_id", "id_code")
_PARENTS = (
    "parentId",
    "parent_id",
    "parentID",
    "parent",
    "inReplyTo",
    "in_reply_to",
    "replyTo",
    "parentItem",
    "parent_comment",
)
_REPLIES = (
    "comment",
    "comments",
    "replies",
    "children",
    "answers",
    "suggestedAnswer",
    "acceptedAnswer",
    "responses",
)
_TYPES = ("__typename", "type", "@type", "type_of")
_ID = re.compile(r"[\w.:/-]{1,60}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class Record:
    """What one object says; `key` and `parent` are the ids its own page gives."""

    key: str | None
    parent: str | None
    author: str | None
    text: str
    posted_at: datetime | None
    dated: bool
    score: int | None
    url: str | None
    deleted: bool


def record(node: Node) -> Record:
    """Return the fields of *node*, whatever they are called."""
    stamp = _first(node, _DATES)
    return Record(
        key=_key(_first(node, _IDS)),
        parent=_key(_first(node, _PARENTS)),
        author=_author(node),
        text=plain(_text(node)[:LONGEST_TEXT]),
        posted_at=_time(stamp),
        dated=isinstance(stamp, str | int | float),
        score=_integer(_first(node, _SCORES)),
        url=_string(_first(node, _LINKS)) or None,
        deleted=any(node.get(key) is True for key in ("deleted", "isDeleted", "is_deleted")),
    )


def is_said(node: Node) -> bool:
    """Whether *node* has words, somebody who said them, and a time, or at least a type that says "comment"."""
    dated = isinstance(_first(node, _DATES), str | int | float) or _is_called_comment(node)
    return dated and bool(_text(node)) and _author(node) is not None


def refers(node: Node) -> bool:
    """Whether *node* says that it is a comment, or what it answers."""
    return _is_called_comment(node) or any(key in node for key in (*_PARENTS, "replies"))


def _is_called_comment(node: Node) -> bool:
    return "comment" in str(_first(node, _TYPES) or "")[:LONGEST_NAME].lower()


def replies(node: Node) -> list[Node]:
    """Return the objects that *node* holds as answers to it."""
    found: list[Node] = []
    for key in _REPLIES:
        value = node.get(key)
        some = value if isinstance(value, list) else [value]
        if isinstance(value, dict) and isinstance(value.get("nodes"), list):
            some = value["nodes"]
        found.extend(one for one in some if isinstance(one, dict))
    return found


def comments_of_nodes(nodes: Iterable[Node]) -> tuple[Comment, ...]:
    """
    Return *nodes* and the answers in them as comments with ids unique in the page, each before its answers.

    A node that is also an answer in another is there once. All must stay alive: they are told apart by identity.
    """
    found: list[tuple[Record, Cid, Cid | None]] = []
    keys: dict[str, Cid] = {}
    taken: set[Cid] = set()
    seen: set[int] = set()
    stack: list[tuple[Node, Cid | None]] = [(node, None) for node in nodes]
    stack.reverse()
    while stack and len(found) < MOST_COMMENTS:
        node, around = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        said = record(node)
        cid = around
        if said.text or said.deleted:
            cid = Cid(f"page:{said.key}")
            if said.key is None or cid in taken:
                cid = Cid(f"page:d{len(found) + 1}")
            taken.add(cid)
            keys.setdefault(said.key or "", cid)
            found.append((said, cid, around))
        stack.extend((reply, cid) for reply in reversed(replies(node)))
    parents = {cid: keys.get(said.parent or "-", around) for said, cid, around in found}
    _cut_circles(parents)
    return tuple(_comment(said, cid, parents[cid]) for said, cid, _ in found)


def _comment(said: Record, cid: Cid, parent: Cid | None) -> Comment:
    return Comment(
        id=cid,
        parent=parent,
        author=said.author,
        text="" if said.deleted else said.text,
        posted_at=said.posted_at,
        score=said.score,
        url=said.url,
        state=State.DELETED if said.deleted else State.OK,
    )


def _cut_circles(parents: dict[Cid, Cid | None]) -> None:
    """Make a comment that would answer one of its own answers answer nothing."""
    rooted: set[Cid] = set()
    for start in parents:
        path: set[Cid] = set()
        at: Cid | None = start
        while at is not None and at not in rooted:
            path.add(at)
            up = parents[at]
            if up in path:
                parents[at] = up = None
            at = up
        rooted |= path


def _first(node: Node, keys: tuple[str, ...]) -> object:
    return next((node[key] for key in keys if node.get(key) not in (None, "")), None)


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _text(node: Node) -> str:
    for key in _TEXTS:
        value = node.get(key)
        if isinstance(value, dict):  # {"content": {"rendered": "<p>…"}}
            value = next(
                (value[k] for k in ("rendered", "html", "text", "raw") if k in value), None
            )
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _author(node: Node) -> str | None:
    for key in _AUTHORS:
        value = node.get(key)
        one = value[0] if isinstance(value, list) and value else value
        name = _first(one, _NAMES) if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip():
            return plain(name[:LONGEST_NAME]) or None
    return None


def _key(value: object) -> str | None:
    if isinstance(value, dict):
        value = _first(value, _IDS)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _time(value: object) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return time(value / 1_000 if abs(value) > 10**11 else value)
    return time(value) or date_of(_string(value)[:LONGEST_NAME])


def _integer(value: object) -> int | None:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and abs(value) < 10**9 else None
