"""From candidate elements to items: the nodes of each, its fields, and whom it answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.html import HtmlElement

from bot.core.models import Cid, Comment, State
from bot.sources.comments.candidates import Candidate
from bot.sources.comments.fields import Fields, fields_of
from bot.sources.comments.signs import NOT_RUN, NUMBERED, PINGBACK, is_called

FEWEST_LETTERS = 2


@dataclass
class Item:
    """One element list that may be a comment; `parent` is the index of the item it answers."""

    nodes: list[HtmlElement]
    fields: Fields
    parent: int | None
    number: str | None

    @property
    def worth(self) -> float:
        """How much this item proves to be a comment: words, and who said them when."""
        if not self.fields.text:
            return 0.0
        words = math.sqrt(min(len(self.fields.text.split()), 300))
        sure = 0.25 + 0.5 * bool(self.fields.author) + 0.35 * bool(self.fields.dated)
        return words * sure * (1.0 - self.fields.links)


def items_of(candidate: Candidate) -> list[Item]:
    """Return the items of *candidate* that are comments; none if too few of its elements are."""
    roots = _roots(candidate)
    inside = {node: at for at, nodes in enumerate(roots) for node in nodes}
    tree = _Tree(inside)
    items: list[Item] = []
    kept: dict[int, int] = {}
    for at, nodes in enumerate(roots):
        fields = fields_of(
            nodes,
            lambda node, own=at: inside.get(node, own) != own,  # type: ignore[misc] # bound here
            marked=candidate.marked,
        )
        if _is_noise(nodes[0]) or sum(map(str.isalnum, fields.text)) < FEWEST_LETTERS:
            continue
        parent = tree.parent(nodes[0])
        kept[at] = len(items)
        items.append(
            Item(nodes, fields, kept.get(parent) if parent is not None else None, _number(nodes))
        )
    return items if _convincing(items, candidate) else []


class _Tree:
    """Who answers whom, from how the items lie in each other and beside each other."""

    def __init__(self, inside: dict[HtmlElement, int]) -> None:
        self._inside = inside
        self._within: dict[HtmlElement, list[int]] = {}
        for node, at in inside.items():
            for up in (node, *node.iterancestors()):
                self._within.setdefault(up, []).append(at)

    def parent(self, node: HtmlElement) -> int | None:
        """
        Return the item that *node* answers.

        Either *node* lies inside it, or inside a list of replies that follows it: an element of another kind than the
        items, whose nearest sibling before holds the one item that is answered.
        """
        child = node
        for up in node.iterancestors():
            if up in self._inside:
                return self._inside[up]
            if child not in self._inside and up.tag not in {"body", "html"}:
                for before in child.itersiblings(preceding=True):
                    held = self._within.get(before, [])
                    if held:
                        if len(set(held)) == 1 and _kind(before) != _kind(child):
                            return held[0]
                        break
            child = up
        return None


def _kind(element: HtmlElement) -> tuple[str, str]:
    words = (element.get("class") or "").split()
    return str(element.tag), words[0] if words else ""


def _convincing(items: list[Item], candidate: Candidate) -> bool:
    if not items:
        return False
    authors = sum(bool(item.fields.author) for item in items) / len(items)
    dates = sum(bool(item.fields.dated) for item in items) / len(items)
    linked = sum(item.fields.links > 0.6 for item in items) / len(items)
    texts = Counter(item.fields.text for item in items)
    if linked > 0.5 or max(texts.values()) > max(2, len(items) / 2):
        return False
    if candidate.weight > 1.1:
        return True  # numbered and called comments, or stated as such: nothing else is
    if candidate.marked:
        return authors + dates >= 0.5
    if len(items) == 1:
        form = any(node.tag in {"textarea", "form"} for node in items[0].nodes[0].iter())
        return authors + dates == 2 and not form
    return authors >= 0.5 and authors + dates >= 1.2


def _roots(candidate: Candidate) -> list[list[HtmlElement]]:
    """
    Return the nodes of each item.

    A mark may be the item itself, a small part of it (an anchor, a heading), or the head of a run of siblings (dt, then
    dd). Small marks climb to the largest ancestor that holds no other mark; siblings' runs end at the next mark.
    """
    marks = list(candidate.elements)
    marked = set(marks)
    holds: Counter[HtmlElement] = Counter()
    for mark in marks:
        for up in mark.iterancestors():
            holds[up] += 1
    nested = any(holds[mark] for mark in marks)
    roots = []
    for mark in marks:
        root = mark
        if not nested and len(marks) > 1 and _small(mark):
            for up in mark.iterancestors():
                if holds[up] > 1 or up.tag in {"body", "html"}:
                    break
                root = up
        roots.append(
            [root, *_run(root, marked)]
            if root.tag in {"dt", "a", "h3", "h4", "h5"} or _small(root)
            else [root]
        )
    return roots


def _small(element: HtmlElement) -> bool:
    return len("".join(element.itertext()).split()) < 4


def _run(head: HtmlElement, marked: set[HtmlElement]) -> Iterator[HtmlElement]:
    for sibling in head.itersiblings():
        if (
            sibling in marked
            or not isinstance(sibling.tag, str)
            or any(e in marked for e in sibling.iter())
        ):
            return
        if sibling.tag == "form" or is_called(NOT_RUN, sibling):
            return
        yield sibling


def _is_noise(element: HtmlElement) -> bool:
    return is_called(PINGBACK, element)


def _number(nodes: list[HtmlElement]) -> str | None:
    for node in nodes[0].iter():
        if not isinstance(node.tag, str):
            continue
        match = NUMBERED.match(node.get("id") or node.get("name") or "")
        if match:
            return match["number"]
    return None


def comments_of(items: list[Item], url: str | None) -> tuple[Comment, ...]:
    """Return *items* as comments with ids unique in the page."""
    ids: list[Cid] = []
    taken: set[Cid] = set()
    for at, item in enumerate(items, 1):
        cid = Cid(f"page:{item.number or at}")
        while cid in taken:
            cid = Cid(f"{cid}.{at}")
        taken.add(cid)
        ids.append(cid)
    return tuple(
        Comment(
            id=cid,
            parent=ids[item.parent] if item.parent is not None else None,
            author=item.fields.author,
            text=item.fields.text,
            posted_at=item.fields.posted_at,
            score=item.fields.score,
            url=_address(item.fields.href, url),
            state=State.OK,
        )
        for cid, item in zip(ids, items, strict=True)
    )


def _address(href: str | None, url: str | None) -> str | None:
    if not href or not (url or href.startswith("http")):
        return None
    try:
        return urljoin(url or "", href)
    except ValueError:
        return None
