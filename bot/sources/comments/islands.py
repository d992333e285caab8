"""
Comments in the data that a page brings for its scripts: `__NEXT_DATA__`, `window.__INITIAL_STATE__`, JSON in scripts.

No page says which of its objects are comments. Lists are taken whose objects have words, an author and a time, where
the way to them, or what the objects are called or refer to, says that they are comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from bot.core.models import Comment
from bot.sources.comments.records import Node, comments_of_nodes, is_said, refers

MOST_CHARACTERS = 10_000_000
MOST_VALUES = 300_000
MOST_ASSIGNMENTS = 200
_ASSIGNED = re.compile(r"=\s*(?:(?P<parse>JSON\.parse\(\s*)(?=[\"'])|(?=[\[{]))|^\s*(?=[\[{])")
_QUOTED = re.compile(r"'((?:[^'\\]++|\\.)*+)'", re.DOTALL)
_ESCAPED = re.compile(r"\\.|\"", re.DOTALL)
_NOUNS = (
    "comment",
    "reply",
    "replies",
    "respons",
    "respond",
    "discussion",
    "reaction",
    "kommentar",
    "comentario",
)
_SAMPLE = 50
_DECODER = json.JSONDecoder(strict=False)
_Path = tuple[str, ...]


def island_comments(root: HtmlElement) -> tuple[Comment, ...]:
    """Return the comments in the scripts of the page *root*; those of the largest list, answers included."""
    found: tuple[Comment, ...] = ()
    for value in _values(root):
        for nodes in _lists(value).values():
            comments = comments_of_nodes(nodes)
            found = max(found, comments, key=len)
    return found


def _values(root: HtmlElement) -> Iterator[object]:
    left = MOST_CHARACTERS
    for script in root.iter("script"):
        text = (script.text or "")[:left]
        if "ld+json" in (script.get("type") or "") or not _may_hold_comments(text):
            continue
        left -= len(text)
        yield from _assigned(text)


def _may_hold_comments(text: str) -> bool:
    return ("uthor" in text or "ser" in text or "ame" in text) and _speaks_of_comments(text)


def _speaks_of_comments(text: str) -> bool:
    text = text.lower()
    return any(noun in text for noun in _NOUNS)


def _assigned(text: str) -> Iterator[object]:
    """Return the JSON that a script is, or assigns."""
    at = tried = 0
    for _ in range(MOST_ASSIGNMENTS):
        match = _ASSIGNED.search(text, at)
        if match is None or tried > MOST_CHARACTERS:
            return
        at = match.end()
        try:
            value, at = _parsed(text, at) if match["parse"] else _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            tried += max(getattr(error, "pos", at) - at, 1)
            at += 1
        else:
            yield value


def _parsed(text: str, at: int) -> tuple[object, int]:
    """Return the JSON in the string literal *at*, and where that ends."""
    if text[at] == '"':
        inside, end = _DECODER.raw_decode(text, at)
        return json.loads(inside, strict=False), end
    match = _QUOTED.match(text, at)
    if match is None:
        raise ValueError
    double = _ESCAPED.sub(lambda m: {'"': '\\"', "\\'": "'"}.get(m[0], m[0]), match[1])
    return json.loads(json.loads(f'"{double}"', strict=False), strict=False), match.end()


def _lists(value: object) -> dict[_Path, list[Node]]:
    """Return the lists of comments in *value*, those with the same way to them as one."""
    found: dict[_Path, list[Node]] = {}
    stack: list[tuple[object, _Path]] = [(value, ())]
    for _ in range(MOST_VALUES):
        if not stack:
            break
        here, path = stack.pop()
        nodes = _nodes(here)
        if nodes and _are_comments(nodes, path):
            found.setdefault(path, []).extend(nodes)
        elif isinstance(here, dict):
            inside = [(one, key) for key, one in here.items() if isinstance(one, dict | list)]
            stack.extend((one, (*path[-2:], str(key))) for one, key in reversed(inside))
        elif isinstance(here, list):
            stack.extend((one, path) for one in reversed(here) if isinstance(one, dict | list))
    return found


def _nodes(value: object) -> list[Node]:
    """Return the objects of a list, or of an object that has nothing else: a table by id."""
    some = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(some, list):
        return []
    nodes = [one for one in some if isinstance(one, dict)]
    return nodes if isinstance(value, list) or len(nodes) == len(some) else []


def _are_comments(nodes: list[Node], path: _Path) -> bool:
    sample = nodes[:_SAMPLE]
    said = [node for node in sample if is_said(node)]
    if len(said) * 2 < len(sample) or any("headline" in node or "slug" in node for node in said):
        return False
    called = any(map(_speaks_of_comments, path))
    return called or any(refers(node) for node in said)
