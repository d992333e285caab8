"""
Which elements of a page may be its comments: lists of marked elements, and repeated siblings in a place for comments.

A candidate is a list; whether its elements have authors, dates and words is for `items` to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from bot.sources.comments.signs import COMMENT, ELSE, NUMBERED, is_called, names

MOST_ELEMENTS = 200_000
"""Of a page; what comes after is not looked at. A thread of 10,000 comments has about 150,000."""

_MICRODATA = re.compile(r"schema\.org/(?:Comment|UserComments|Answer)\b", re.IGNORECASE)
_ASIDE = frozenset({"aside", "nav"})
_NEVER = frozenset(
    {
        "html",
        "body",
        "head",
        "script",
        "style",
        "link",
        "meta",
        "img",
        "br",
        "hr",
        "svg",
        "path",
        "iframe",
    }
    | {
        "input",
        "button",
        "label",
        "select",
        "option",
        "textarea",
        "form",
        "picture",
        "source",
        "figure",
    }
)
_DATA = (
    "data-comment-id",
    "data-commentid",
    "data-comment",
    "data-post-id",
    "data-shortid",
    "data-postid",
    "thingid",
)


@dataclass(frozen=True)
class Candidate:
    """Elements that may each be a comment, in document order, and how much their mark proves (1 is a lot)."""

    elements: tuple[HtmlElement, ...]
    weight: float
    marked: bool  # by name or number; else only repeated


def candidates(root: HtmlElement) -> Iterator[Candidate]:
    """Return every list of elements in the page *root* that may be its comments."""
    groups: dict[tuple[str, ...], list[HtmlElement]] = {}
    for _, element in zip(range(MOST_ELEMENTS), root.iter(), strict=False):
        if isinstance(element.tag, str) and element.tag not in _NEVER:
            for mark in _marks(element):
                groups.setdefault(mark, []).append(element)
    for mark, elements in groups.items():
        weight = _weight(mark, elements)
        if weight:
            yield Candidate(tuple(elements), weight, marked=_says_comment(mark, elements))
    yield from _siblings(root)


def _marks(element: HtmlElement) -> Iterator[tuple[str, ...]]:
    tag = element.tag
    if element.get("itemprop") == "comment" or _MICRODATA.search(element.get("itemtype") or ""):
        yield ("microdata",)
    number = NUMBERED.match(element.get("id") or (element.get("name") if tag == "a" else "") or "")
    if number:
        yield ("id", tag, number["kind"].lower())
    if any(element.get(name) for name in _DATA):
        yield ("data", tag)
    if element.get("data-author") and element.get("data-content"):
        yield ("data", tag, "author")
    for name in (element.get("class") or "").split():
        if COMMENT.search(name) and not ELSE.search(name):
            yield ("class", tag, name.lower())


def _says_comment(mark: tuple[str, ...], elements: list[HtmlElement]) -> bool:
    """Whether the mark itself says "comment": a bare number ("c12", "post-7") or one lone class does not."""
    match mark:
        case ("id", _, kind):
            return bool(COMMENT.search(kind))
        case ("class", *_):
            return len(elements) > 1
        case _:
            return True


def _weight(mark: tuple[str, ...], elements: list[HtmlElement]) -> float:
    if _beside(elements[0]):
        return 0.0
    match mark:
        case ("microdata",):
            return 1.2
        case ("id", _, kind):
            if ELSE.search(kind):
                return 0.0
            return 1.15 if COMMENT.search(kind) else 0.9 if len(elements) > 2 else 0.0
        case ("data", *_):
            return 1.0
        case _:
            return 1.0 if len(elements) > 1 else 0.7


def _beside(element: HtmlElement) -> bool:
    """Whether *element* stands in a side bar, a menu or a list of recent comments."""
    for at, parent in enumerate(element.iterancestors()):
        if parent.tag in _ASIDE or (parent.tag == "form" and at < 3 and len(parent) < 40):
            return True
        if parent.tag == "body":
            return False
        if is_called(_SIDE, parent):
            return True
    return False


_SIDE = re.compile(
    r"(?:recent|latest|last|letzte|derni(?:e|è)re?s|ultimos|newest)[-_]?(?:comment|komment|post|repl)|"
    r"^(?:recent|latest|related|sidebar|widget|nav|navigation|navbar|menu|footer)$|^(?:sidebar|related|widget_)",
    re.IGNORECASE,
)


def _siblings(root: HtmlElement) -> Iterator[Candidate]:
    """Return repeated siblings of one tag and class inside elements that are called a place for comments."""
    for area in root.iter("div", "section", "ul", "ol", "dl", "table", "tbody", "td"):
        called = COMMENT.search(names(area))
        if called is None or is_called(ELSE, area) or _beside(area):
            continue
        yield from _repeated(area)
        for child in area:
            if isinstance(child.tag, str):
                yield from _repeated(child)


def _repeated(parent: HtmlElement) -> Iterable[Candidate]:
    groups: dict[tuple[str, str], list[HtmlElement]] = {}
    for child in parent:
        if isinstance(child.tag, str) and child.tag in {
            "div",
            "li",
            "article",
            "section",
            "tr",
            "dt",
            "dl",
            "p",
            "table",
        }:
            words = (child.get("class") or "").split()
            sign = (
                re.sub(r"\d+|\b(?:odd|even|alt|first|last|depth)\b", "", words[0]) if words else ""
            )
            groups.setdefault((child.tag, sign), []).append(child)
    return [
        Candidate(tuple(group), 0.8 if len(group) > 2 else 0.6, marked=False)
        for group in groups.values()
        if len(group) > 1
    ]
