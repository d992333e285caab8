"""Who, what, when: the fields of one item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from bot.sources.comments import signs
from bot.sources.comments.dates import date_of, looks_dated
from bot.sources.comments.names import by_line, name_in, stated_name
from bot.sources.comments.outline import Outline
from bot.sources.markup import plain_tree

_SHORT = 12  # words: names, dates and what one clicks are no longer
_CLICKED = re.compile(
    r"^\W*(?:reply|answer|respond|quote|permalink|link|report(?: abuse)?|flag|share|like|edit|antworten|zitieren|"
    r"melden|répondre|repondre|signaler|citer|responder|citar|rispondi|beantwoorden|reageer|svar|odpowiedz|ответить|says|said|"
    r"wrote|log in to reply|login to reply|permalien|\(edit\)|top|delete|replies|collapse|expand|upvote|downvote|"
    r"view replies|reply to this|link to this(?: comment)?|parent|unregistered|guest|#|\d+|\||at|on)\W*:?\W*$",
    re.IGNORECASE,
)
_PERMALINK = re.compile(r"#[\w:.-]*\d|comment-?page|/comments?/|[?&]comment")
_POINTS = re.compile(r"([+-]?\d{1,6})(?: (?:points?|likes?|votes?))?")
_REPLY_LINK = re.compile(r"respond|reply")


@dataclass(frozen=True)
class Fields:
    """What one item says."""

    author: str | None
    text: str
    posted_at: datetime | None
    dated: bool
    score: int | None
    href: str | None


def fields_of(page: Outline, roots: tuple[int, ...], nested: frozenset[int]) -> Fields:
    """Return the fields of the item that fills *roots*, without the items *nested* in it."""
    own = list(_own(page, roots, nested))
    body = _body(page, own)
    head = own if body is None else [at for at in own if not body <= at < page.ends[body]]
    author, author_at = name_in(page, head)
    if author is None and body is not None:
        author, author_at = name_in(page, own)
    when, dated, date_at = _when(page, head)
    if not dated and body is not None:
        when, dated, date_at = _when(page, own)
    without = {at for at in (author_at, date_at) if at is not None and page.words[at] <= _SHORT}

    def skip(element: HtmlElement) -> bool:
        at = page.index.get(element)
        return at is None or at in nested or at in without or _is_clicked(page, at)

    parts = roots if body is None else (body,)
    text = "\n\n".join(filter(None, (plain_tree(page.elements[part], skip) for part in parts)))
    author = author or stated_name(page, roots)
    if author is None and date_at is not None:
        author = by_line(page.said(date_at)) if page.words[date_at] <= 2 * _SHORT else None
    if body is None:
        text, named = _without_head(text, author)
        author = author or named
    return Fields(author, text, when, dated, _score(page, own), _href(page, own))


def _own(page: Outline, roots: tuple[int, ...], nested: frozenset[int]) -> list[int]:
    own: list[int] = []
    for root in roots:
        at = root
        while at < page.ends[root]:
            if at in nested:
                at = page.ends[at]
                continue
            own.append(at)
            at += 1
    return own


def _body(page: Outline, own: list[int]) -> int | None:
    """Return the element that is called the body, if it has most of the words."""
    called = [
        at
        for at in own[1:]
        if page.signs[at] & signs.BODY and not page.signs[at] & signs.NOT_BODY and page.words[at]
    ]
    if not called:
        return None
    body = max(called, key=lambda at: page.words[at])
    meta = sum(
        page.words[at] for at in own if page.signs[at] & signs.CONTROL and page.words[at] <= 4
    )
    whole = sum(page.words[at] for at in own[:1])
    return body if page.words[body] * 2 >= min(whole - meta - 14, 40) else None


def _when(page: Outline, own: list[int]) -> tuple[datetime | None, bool, int | None]:
    """Return the time an item states, whether it states one, and the element that does, if nothing else is in it."""
    for at in own:
        if page.signs[at] & signs.DATE:
            element = page.elements[at]
            stamp = (
                element.get("datetime") or element.get("data-time") or element.get("data-at-unix")
            )
            if stamp is None and "date" in (element.get("itemprop") or "").lower():
                stamp = element.get("content")
            if stamp:
                return date_of(stamp), True, at
    dated = [
        (page.said(at), at)
        for at in own[1:]
        if page.dates[at] and 0 < page.words[at] <= _SHORT and page.elements[at].tag != "tr"
    ]
    dated = [(text, at) for text, at in dated if 4 <= len(text) <= 80 and looks_dated(text)]
    if dated:
        # the smallest that is called so, else the smallest: a date also stands in what holds it
        named = [pair for pair in dated if page.signs[pair[1]] & signs.DATE]
        text, at = min(named or dated, key=lambda pair: len(pair[0]))
        return date_of(page.elements[at].get("title") or "") or date_of(text), True, at
    for at in own:
        if page.dates[at]:
            element = page.elements[at]
            for written in (element.text, *(child.tail for child in element)):
                text = " ".join((written or "")[:200].split())
                if 4 <= len(text) <= 160 and looks_dated(text):
                    return date_of(text), True, None
    return None, False, None


def _is_clicked(page: Outline, at: int) -> bool:
    if page.words[at] > _SHORT:
        return False
    said = page.signs[at]
    if said & signs.CONTROL and not said & signs.BODY:
        return True
    return (
        page.words[at] <= 5
        and page.elements[at].tag != "body"
        and bool(_CLICKED.match(page.said(at)))
    )


def _without_head(text: str, author: str | None) -> tuple[str, str | None]:
    """Return *text* without "Ann says:", dates and links before and after the words, and the name that they give."""
    lines = [line.rstrip() for line in text.split("\n")]
    name = None
    start = 0
    for at, line in enumerate(lines[:6]):
        said = by_line(line.strip())
        if said and at < 4 and not (author and name):
            name = name or said
        elif line and not _is_meta(line.strip(), author):
            break
        start = at + 1
    end = len(lines)
    for line in reversed(lines[start:][-6:]):
        said = by_line(line.strip())
        if line and not said and not _is_meta(line.strip(), author):
            break
        name = name or said
        end -= 1
    return "\n".join(lines[start:end]).strip(), name


def _is_meta(line: str, author: str | None) -> bool:
    if _CLICKED.match(line):
        return True
    if author and line.strip(" :|,-–—•·") == author:
        return True
    return len(line) <= 60 and len(line.split()) < 9 and looks_dated(line)


def _score(page: Outline, own: list[int]) -> int | None:
    element = page.elements[own[0]]
    for name in ("score", "data-score", "data-votes"):
        value = element.get(name)
        if value and re.fullmatch(r"-?\d{1,7}", value):
            return int(value)
    for at in own:
        if page.signs[at] & signs.SCORE and 0 < page.words[at] <= 2:
            match = _POINTS.fullmatch(page.said(at))
            if match:
                return int(match[1])
    return None


def _href(page: Outline, own: list[int]) -> str | None:
    for at in own:
        element = page.elements[at]
        href = element.get("href") if element.tag == "a" else None
        if href and len(href) < 2_000 and _PERMALINK.search(href) and not _REPLY_LINK.search(href):
            return str(href)
    return None
