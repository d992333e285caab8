"""Who, what, when: the fields of one item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from bot.sources.comments import signs
from bot.sources.comments.dates import date_of, is_stamp, looks_dated
from bot.sources.comments.names import Path, by_line, name_at, name_in, stated_name
from bot.sources.comments.outline import Outline
from bot.sources.markup import written

_SHORT = 12  # words: names, dates and what one clicks are no longer
_TITLE = 25
_META = 14  # words of a name, a date, a place
_WORDS = 20  # a body with so many is the body, whatever else there is
_ANSWERS = re.compile(r"(?:re|aw|antw|sv|tr|rv)\b\W", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLICKED = re.compile(
    r"^\W*(?:reply|answer|respond|quote|permalink|link|report(?: abuse)?|flag|share|like|edit|antworten|zitieren|"
    r"melden|r[eé]pondre(?: à ce \w+)?|signaler|citer|responder|citar|rispondi|beantwoorden|reageer|svar|"
    r"odpowiedz|ответить|says|said|wrote|log in to reply|login to reply|permalien|\(edit\)|top|delete|"
    r"replies|collapse|expand|upvote|downvote|"
    r"view replies|reply to this|link to this(?: comment)?|parent|unregistered|guest|#|\d+|\||at|on|level \d+|"
    r"continue this thread|replied|posted|by|par|von|por|le|denunciar|valorar|positivo|negativo|"
    r"citar mensaje)\W*:?\W*$",
    re.IGNORECASE,
)
_LONGEST_DATE = 100
_LONGEST_LINK = 2_000
_PERMALINK = re.compile(r"#[\w:.-]*\d|comment-?page|/comments?/|[?&]comment")
_JOINED = re.compile(
    r"join|regist(?:ered|riert)|member since|mitglied seit|dabei seit|inscrit|registrado|iscritto|last (?:seen|active)",
    re.IGNORECASE,
)
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


def fields_of(
    page: Outline, roots: tuple[int, ...], nested: frozenset[int], names: Path | None = None
) -> Fields:
    """
    Return the fields of the item that fills *roots*, without the items *nested* in it.

    Where nothing is called a name, the one that stands where *names* says is taken.
    """
    own = own_of(page, roots, nested)
    bodies = _bodies(page, own)
    head = _without(page, own, bodies)
    author, author_at = name_in(page, head)
    if author is None and bodies:
        author, author_at = name_in(page, own)
    if author is None and names:
        author, author_at = name_at(page, own, names)
    when, dated, date_at = _when(page, head)
    if not dated and bodies:
        when, dated, date_at = _when(page, own)
    without = {at for at in (author_at, date_at) if at is not None and page.words[at] <= _SHORT}

    def skip(element: HtmlElement) -> bool:
        at = page.index.get(element)
        return at is None or at in nested or at in without or _is_clicked(page, at)

    parts = [written(page.elements[part], skip) for part in bodies or roots]
    title = _title(page, head, bodies[0], author_at) if bodies else ""
    text = "\n\n".join(filter(None, (title, *parts)))
    author = author or stated_name(page, roots)
    if author is None and date_at is not None and page.words[date_at] <= 2 * _SHORT:
        author = by_line(page.said(date_at))
    if author is None and bodies:
        author = _signed(page, roots, nested | set(bodies))
    if not bodies:
        text, named = _without_head(text, author, page.title)
        author = author or named
    elif any(page.dates[body] for body in bodies):
        text = _after_label(text)
    return Fields(author, text, when, dated, _score(page, own), _href(page, own, date_at))


def _signed(page: Outline, roots: tuple[int, ...], without: frozenset[int]) -> str | None:
    """Return the name in a line before or after the words: "Posted by Ann | May 7"."""
    around = "\n".join(
        written(page.elements[root], lambda e: page.index.get(e, -1) in without)
        for root in roots
        if root not in without
    )
    lines = [line.strip() for line in around.split("\n") if line.strip()]
    edges = lines if len(lines) <= 8 else [*lines[:4], *lines[-4:]]
    return next(filter(None, map(by_line, edges)), None)


def own_of(page: Outline, roots: tuple[int, ...], nested: frozenset[int]) -> list[int]:
    """Return the elements of the item that fills *roots*, without the items *nested* in it."""
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


def _bodies(page: Outline, own: list[int]) -> list[int]:
    """
    Return the elements that are called the body, if they have most of the words.

    Of two in each other the outer one, unless names or dates are in it and not in the inner.
    """
    found: list[int] = []
    controls = 0
    for at in own:
        said = page.signs[at]
        if said & signs.CONTROL and page.words[at] <= 4:
            controls += page.words[at]
        if at == own[0] or not said & signs.BODY or said & (signs.NOT_BODY | signs.CONTROL):
            continue
        if found and at < page.ends[found[-1]]:
            outer = found[-1]
            signed = page.authors[outer] + page.dates[outer] > page.authors[at] + page.dates[at]
            if not (page.words[at] and signed):
                continue
            found.pop()
        if page.words[at]:
            found.append(at)

    words = sum(page.words[at] for at in found)
    head = _without(page, own, found)
    said = sum(page.own_words(at) for at in head) - controls - _META
    if words >= min(said, _WORDS):
        return found
    # a short one, among names and dates: where nothing else is as long as a sentence
    short = all(page.own_words(at) <= _SHORT for at in head)
    named = any(page.authors[at] for at in head) and any(page.dates[at] for at in head)
    return found if short and named else []


def _without(page: Outline, own: list[int], bodies: list[int]) -> list[int]:
    """Return the elements of *own* that are in none of *bodies*, nor around one."""
    left = own
    for body in bodies:
        end = page.ends[body]
        left = [at for at in left if at >= end or page.ends[at] <= body]
    return left


def _title(page: Outline, head: list[int], body: int, author: int | None) -> str:
    """Return the heading of a comment before its *body*, if it is not a name, and not that of what it answers."""
    for at in head:
        if at > body:
            break
        called = page.tags[at] in _HEADINGS or page.signs[at] & signs.TITLE
        if not called or not 0 < page.words[at] <= _TITLE or page.dates[at] or page.authors[at]:
            continue
        if page.signs[at] & signs.CONTROL or (author and at <= author < page.ends[at]):
            continue
        links = (i for i in range(at + 1, page.ends[at]) if page.tags[i] == "a" and page.words[i])
        title = page.said(next(links, at))
        return "" if _ANSWERS.match(title) or title in page.title else title
    return ""


def _when(page: Outline, own: list[int]) -> tuple[datetime | None, bool, int | None]:
    """Return the time an item states, whether it states one, and the element that does, if nothing else is in it."""
    for at in own:
        if page.signs[at] & signs.DATE:
            element = page.elements[at]
            stamp = _stamp(element) if page.signs[at] & signs.STAMP else None
            if stamp is None and "date" in (element.get("itemprop") or "").lower():
                stamp = element.get("content")
            if stamp:
                return date_of(stamp), True, at
    dated = [
        (page.said(at), at)
        for at in own[1:]
        if page.dates[at]
        and 0 < page.words[at] <= _SHORT
        and page.tags[at] != "tr"
        and not _of_person(page, at)
    ]
    dated = [(text, at) for text, at in dated if 4 <= len(text) <= 80 and looks_dated(text)]
    if dated:
        # the smallest that is called so, else the smallest, the innermost: a date also stands in what holds it
        named = [pair for pair in dated if page.signs[pair[1]] & signs.DATE]
        text, at = min(named or dated, key=lambda pair: (len(pair[0]), -pair[1]))
        titles = (page.elements[up].get("title") or "" for up in (at, *page.above(at, 2)))
        stated = next(filter(None, (date_of(title[:_LONGEST_DATE]) for title in titles)), None)
        return stated or date_of(text), True, at
    for at in own:
        if page.dates[at]:
            element = page.elements[at]
            for written in (element.text, *(child.tail for child in element)):
                text = " ".join((written or "")[:200].split())
                if 4 <= len(text) <= 160 and looks_dated(text):
                    return date_of(text), True, None
    return None, False, None


def _stamp(element: HtmlElement) -> str | None:
    values = [str(element.get(name) or "") for name in signs.STAMPS]
    return next(filter(is_stamp, values), str(element.get("datetime") or "")) or None


def _of_person(page: Outline, at: int) -> bool:
    """Whether a date is when somebody joined, or was last seen: the words before it say so."""
    before = page.elements[at].getprevious()
    place = page.index.get(before) if before is not None else None
    label = page.said(place) if place is not None and page.words[place] <= 4 else ""
    return _JOINED.search(f"{label} {page.said(at)}") is not None


def _is_clicked(page: Outline, at: int) -> bool:
    if page.words[at] > _SHORT:
        return False
    said = page.signs[at]
    if said & signs.CONTROL and not said & signs.BODY:
        return True
    return page.words[at] <= 5 and page.tags[at] != "body" and bool(_CLICKED.match(page.said(at)))


def _after_label(text: str) -> str:
    """Return *text* without the word that a date left behind: "Posted"."""
    first, _, rest = text.partition("\n")
    return rest.strip() if rest.strip() and _CLICKED.match(first) else text


def _without_head(text: str, author: str | None, title: str) -> tuple[str, str | None]:
    """Return *text* without "Ann says:", dates and links before and after the words, and the name that they give."""
    lines = [line.rstrip() for line in text.split("\n")]
    name = None
    start = 0
    for at, line in enumerate(lines[:6]):
        said = by_line(line.strip())
        if said and at < 4 and not (author and name):
            name = name or said
        elif line and line.strip() not in title and not _is_meta(line.strip(), author):
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
    if not any(map(str.isalnum, line)) or _CLICKED.match(line):
        return True
    if _ANSWERS.match(line) and len(line.split()) <= _SHORT:
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


def _href(page: Outline, own: list[int], date: int | None) -> str | None:
    """Return the link of the comment: the one that its date is, else one that looks so."""
    around = [] if date is None else [date, *page.above(date, 2), *range(date, page.ends[date])]
    mine = set(own)
    for at in (*(at for at in around if at in mine), *own):
        href = page.elements[at].get("href") if page.tags[at] == "a" else None
        if not href or len(href) > _LONGEST_LINK or _REPLY_LINK.search(href):
            continue
        if _PERMALINK.search(href) or (at in around and not href.startswith(("#", "javascript:"))):
            return str(href)
    return None
