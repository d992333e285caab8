"""Comments that a page states as data: JSON-LD, and its counts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from bot.core.models import Cid, Comment
from bot.sources.comments.dates import date_of
from bot.sources.markup import plain
from bot.sources.values import json_of

MOST_BYTES = 5_000_000
MOST_COMMENTS = 20_000
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_KINDS = frozenset({"Comment", "UserComments", "Answer"})

Node = dict[str, object]


@dataclass
class _Named:
    number: int = 0

    def next(self) -> Cid:
        self.number += 1
        return Cid(f"page:ld{self.number}")


def json_ld(root: HtmlElement) -> Iterator[Node]:
    """Return every object in the page's JSON-LD, outermost first; broken JSON is passed over."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        text = (script.text or "")[:MOST_BYTES]
        try:
            value = json_of(text)
        except ValueError:
            continue
        stack = deque([value])
        for _ in range(MOST_COMMENTS * 10):
            if not stack:
                break
            value = stack.popleft()
            if isinstance(value, dict):
                yield value
                stack.extend(v for v in value.values() if isinstance(v, dict | list))
            elif isinstance(value, list):
                stack.extend(value)


def declared_in_data(nodes: Iterable[Node]) -> int | None:
    """Return the number of comments that JSON-LD *nodes* state."""
    for node in nodes:
        count = _int(node.get("commentCount"))
        if count is not None and count >= 0:
            return count
    return None


def structured_comments(nodes: list[Node]) -> tuple[Comment, ...]:
    """
    Return the schema.org comments among JSON-LD *nodes*, replies with their parents.

    A list: nodes are told apart by identity, and must all stay alive.
    """
    found: dict[int, Comment] = {}
    names = _Named()
    parents: dict[int, Cid] = {}
    for node in nodes:
        kinds = map(_text, _list(node.get("@type")))
        if _KINDS.isdisjoint(kinds) or len(found) >= MOST_COMMENTS:
            continue
        text = plain(_text(node.get("text") or node.get("commentText") or node.get("description")))
        if not text or id(node) in found:
            continue
        cid = names.next()
        found[id(node)] = Comment(
            id=cid,
            parent=parents.get(id(node)),
            author=_name(node.get("author") or node.get("creator")),
            text=text,
            posted_at=date_of(_text(node.get("dateCreated") or node.get("datePublished"))),
            score=_int(node.get("upvoteCount")),
            url=_text(node.get("url")) or None,
        )
        for reply in (*_list(node.get("comment")), *_list(node.get("suggestedAnswer"))):
            if isinstance(reply, dict):
                parents[id(reply)] = cid

    return tuple(found.values())


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _name(value: object) -> str | None:
    for one in _list(value):
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip():
            return plain(name)[:200] or None
    return None


def _int(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and _NUMBER.fullmatch(str(value)) else None
