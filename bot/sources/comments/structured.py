"""Comments that a page states as JSON-LD, and its counts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from bot.core.models import Comment
from bot.sources.comments.records import Node, comments_of_nodes
from bot.sources.values import json_of

MOST_CHARACTERS = 5_000_000
MOST_NODES = 200_000
_NUMBER = re.compile(r"[0-9]{1,9}")
_KINDS = frozenset({"Comment", "UserComments", "Answer"})


def json_ld(root: HtmlElement) -> Iterator[Node]:
    """Return every object in the page's JSON-LD, outermost first; broken JSON is passed over."""
    left = MOST_NODES
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            value = json_of((script.text or "")[:MOST_CHARACTERS])
        except ValueError:
            continue
        queue = deque([value] if isinstance(value, dict | list) else ())
        while queue and left:
            left -= 1
            value = queue.popleft()
            if isinstance(value, dict):
                yield value
            inside = value.values() if isinstance(value, dict) else value
            queue.extend(one for one in inside if isinstance(one, dict | list))


def declared_in_data(nodes: Iterable[Node]) -> int | None:
    """Return the number of comments that JSON-LD *nodes* state."""
    for node in nodes:
        count = node.get("commentCount")
        if isinstance(count, int | str) and _NUMBER.fullmatch(str(count)):
            return int(count)
    return None


def structured_comments(nodes: list[Node]) -> tuple[Comment, ...]:
    """
    Return the comments among JSON-LD *nodes*, in document order, replies as answers to what holds them.

    A list: nodes are told apart by identity, and must all stay alive.
    """
    return comments_of_nodes(node for node in nodes if _KINDS & set(_kinds(node)))


def _kinds(node: Node) -> list[str]:
    kind = node.get("@type")
    return [one for one in (kind if isinstance(kind, list) else [kind]) if isinstance(one, str)]
