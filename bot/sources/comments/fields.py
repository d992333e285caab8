"""Who, what, when: the fields of one item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from bot.sources.comments.dates import date_of, looks_dated
from bot.sources.comments.signs import AUTHOR, BODY, CONTROL, CONTROL_WORDS, DATE, UNSEEN, is_called
from bot.sources.markup import plain_tree

LONGEST_NAME = 60
_SAYS = re.compile(
    r"^\W*(?:(?:posted |comment |written |von |par |by |de )+(?:by:? |von |par )?)?(?P<name>[^\n|•]{2,60}?)\s*"
    r"(?:,? (?:says|said|wrote|writes|schreibt|schrieb|sagt|meint|a (?:dit|écrit)|dice|dijo|escribió|disse|"
    r"ha scritto)\b|\s[|•-]\s|\s+(?:on|at|am|le)\s+(?=\w*\s*\d)).*$",
    re.IGNORECASE | re.DOTALL,
)
_TRIM = re.compile(
    r"^(?:posted by|comment by|by|von|par|author|from)\b:?\s*|"
    r"\s*(?:says|said|wrote|schreibt|sagt|a dit|a écrit)?\s*[.:…]*\s*$",
    re.IGNORECASE,
)

_DATE_TAGS = frozenset(
    {
        "abbr",
        "span",
        "a",
        "time",
        "div",
        "p",
        "small",
        "em",
        "cite",
        "td",
        "li",
        "dd",
        "i",
        "b",
        "font",
    }
    | {"h3", "h4", "h5", "h6"}
)

Foreign = Callable[[HtmlElement], bool]
"""Whether an element belongs to another item, nested in this one."""


@dataclass(frozen=True)
class Fields:
    """What one item says. `links` is the share of its letters inside links, 0 to 1."""

    author: str | None
    text: str
    posted_at: datetime | None
    dated: bool
    score: int | None
    href: str | None
    links: float


def fields_of(nodes: list[HtmlElement], foreign: Foreign, *, marked: bool = True) -> Fields:
    """
    Return the fields of the item made of *nodes*, without what is *foreign* in them.

    Where the page calls the item a comment (*marked*), an unnamed link or bold word at its head is its author; else
    every teaser with a link would have one.
    """
    own = list(_own(nodes, foreign))
    author, author_element = _author(own)
    when, when_element = _when(own)
    dated = when_element is not None or when is not None
    body = _body(own)
    if author is None and marked:
        author, author_element = _opening_name(own, body)
    if marked and not dated and body is not None:
        head = plain_tree(nodes[0], lambda e: foreign(e) or e is body)
        dated = len(head) <= 200 and looks_dated(head)
        when = date_of(head) if dated else None
    meta = {element for element in (author_element, when_element) if element is not None}

    def skip(element: HtmlElement) -> bool:
        return foreign(element) or element in meta or _is_control(element)

    parts = [body] if body is not None else nodes
    text = "\n\n".join(filter(None, (plain_tree(part, skip) for part in parts)))
    if body is None:
        text, said = _without_head(text, author)
        author = author or said
    return Fields(
        author=author
        or next(
            (
                e.get("data-author") or e.get("author")
                for e in nodes
                if e.get("data-author") or e.get("author")
            ),
            None,
        ),
        text=text,
        posted_at=when,
        dated=dated,
        score=_score(nodes[0]),
        href=_href(own),
        links=_link_share(list(_own(parts, foreign)), skip, text),
    )


def _own(nodes: list[HtmlElement], foreign: Foreign) -> Iterator[HtmlElement]:
    """Walk the elements of the item without recursion, leaving out what is foreign or unseen."""
    stack = list(reversed(nodes))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in UNSEEN or foreign(element):
            continue
        yield element
        stack.extend(reversed(element))


def _author(own: list[HtmlElement]) -> tuple[str | None, HtmlElement | None]:
    for wanted in (_states_author, _is_cite, _named_author):
        for element in own:
            if wanted(element):
                name = _name(element)
                if name:
                    return name, element
    return None, None


def _opening_name(
    own: list[HtmlElement], body: HtmlElement | None
) -> tuple[str | None, HtmlElement | None]:
    """Return a short link or bold word beside the body, or at the very beginning where no body is marked."""
    inside = set(body.iter()) if body is not None else set()
    start = _words(own[0]) if own else ""
    for element in own[1:]:
        if element.tag not in {"a", "b", "strong", "h4", "h5", "cite"} or element in inside:
            continue
        name = _name(element)
        if name and not CONTROL_WORDS.match(name) and (body is not None or start.startswith(name)):
            return name, element
    return None, None


def _states_author(element: HtmlElement) -> bool:
    return (
        element.get("itemprop") in {"author", "creator"}
        or "author" in (element.get("rel") or "")
        or "fn" in (element.get("class") or "").split()
    )


def _is_cite(element: HtmlElement) -> bool:
    return bool(element.tag == "cite")


def _named_author(element: HtmlElement) -> bool:
    return is_called(AUTHOR, element) and not is_called(_NOT_AUTHOR, element)


_NOT_AUTHOR = re.compile(
    r"avatar|image|photo|picture|title$|date|time|meta$|text|content|body", re.IGNORECASE
)


def _name(element: HtmlElement) -> str | None:
    inner = next(
        (
            e
            for e in element.iter()
            if isinstance(e.tag, str)
            and e is not element
            and (e.get("itemprop") == "name" or "fn" in (e.get("class") or "").split())
        ),
        element,
    )
    text = " ".join("".join(inner.itertext()).split()) or (inner.get("content") or "")
    if len(text) > LONGEST_NAME:
        link = next(
            (
                " ".join("".join(e.itertext()).split())
                for e in element.iter("a", "b", "strong", "cite")
            ),
            "",
        )
        said = _SAYS.match(text)
        text = link if 0 < len(link) <= LONGEST_NAME else said["name"] if said else ""
    text = _TRIM.sub("", text).strip(" \u00a0:,|•·-–—")
    return (
        text
        if 0 < len(text) <= LONGEST_NAME and any(map(str.isalnum, text)) and not looks_dated(text)
        else None
    )


def _when(own: list[HtmlElement]) -> tuple[datetime | None, HtmlElement | None]:
    for element in own:
        stamp = (
            element.get("datetime")
            or element.get("data-time")
            or element.get("data-at-unix")
            or (
                element.get("content")
                if "date" in (element.get("itemprop") or "").lower()
                else None
            )
        )
        if stamp:
            return date_of(stamp), element
    short = [(_words(element), element) for element in own[1:] if element.tag in _DATE_TAGS]
    dated = [(text, e) for text, e in short if 4 <= len(text) <= 50 and looks_dated(text)]
    if dated:
        # the smallest that is called so, else the smallest: a date also stands in what holds it
        named = [pair for pair in dated if is_called(DATE, pair[1])]
        text, element = min(named or dated, key=lambda pair: len(pair[0]))
        return date_of(element.get("title") or "") or date_of(text), element
    for element in own:
        text = " ".join(filter(None, (element.text, *(child.tail for child in element))))
        text = " ".join(text.split())
        if 4 <= len(text) <= 120 and looks_dated(text[:80]):
            holds_more = element in own[:1] or len(text) > 60
            return date_of(text), None if holds_more else element
    return None, None


def _words(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _body(own: list[HtmlElement]) -> HtmlElement | None:
    """Return the element that is called the body of the comment: the outermost, the one with most words."""
    named = [
        e
        for e in own[1:]
        if e.get("itemprop") in {"text", "commentText", "description"}
        or (is_called(BODY, e) and not is_called(_NOT_BODY, e))
    ]
    sized = [(len("".join(e.itertext()).split()), e) for e in named]
    return (
        max(sized, key=lambda pair: pair[0])[1] if sized and max(n for n, _ in sized) > 0 else None
    )


_NOT_BODY = re.compile(
    r"meta|author|header|footer|avatar|date|wrap(?:per)?$|container", re.IGNORECASE
)


def _is_control(element: HtmlElement) -> bool:
    if element.tag in UNSEEN:
        return True
    few = len(text := " ".join("".join(element.itertext()).split())) <= 60
    if (
        few
        and element.tag
        in {"a", "span", "div", "li", "small", "p", "em", "sup", "strong", "td", "label"}
        and CONTROL_WORDS.match(text)
    ):
        return True
    return few and is_called(CONTROL, element) and not is_called(BODY, element)


def _without_head(text: str, author: str | None) -> tuple[str, str | None]:
    """Return *text* without the lines before the words, "Ann says:" and dates, and the name they give."""
    lines = text.split("\n")
    name = None
    for at in range(min(4, len(lines))):
        line = lines[at].strip()
        said = _SAYS.match(line) if len(line) <= 120 else None
        if (
            not line
            or CONTROL_WORDS.match(line)
            or (author and line.strip(" :|,-") == author)
            or (len(line) <= 60 and looks_dated(line) and len(line.split()) < 9)
        ):
            continue
        if said and at < 2 and (looks_dated(line) or line.endswith(":")):
            name = name or said["name"].strip()
            continue
        return "\n".join(lines[at:]).strip(), name
    return "\n".join(lines[4:]).strip(), name


def _score(element: HtmlElement) -> int | None:
    for name in ("score", "data-score", "data-votes"):
        value = element.get(name)
        if value and re.fullmatch(r"-?\d{1,7}", value):
            return int(value)
    return None


def _href(own: list[HtmlElement]) -> str | None:
    for element in own:
        href = element.get("href") or ""
        if (
            element.tag == "a"
            and re.search(r"#[\w:.-]*\d|comment-?page|/comments?/|[?&]comment", href)
            and not re.search(r"respond|reply", href)
        ):
            return href
    return None


def _link_share(own: list[HtmlElement], skip: Foreign, text: str) -> float:
    """Return how much of the item's words are links: lists of articles are links, comments are not."""
    skipped = {inner for element in own if skip(element) for inner in element.iter()}
    links = (e for e in own if e.tag == "a" and e not in skipped)
    letters = sum(len("".join(a.itertext())) for a in links)
    return min(1.0, letters / max(len(text), 1)) if letters > 30 else 0.0
