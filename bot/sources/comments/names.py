"""Who wrote an item: the element that is called so, an attribute, or a line like "Ann says:"."""

from __future__ import annotations

import re

from bot.sources.comments import signs
from bot.sources.comments.dates import looks_dated
from bot.sources.comments.outline import Outline

LONGEST_NAME = 60
_SAYS = re.compile(
    r"^\W*(?:(?:posted |comment |written |submitted |von |par |by |de )+(?:by:? |von |par )?)?"
    r"(?P<name>[^\n|•]{2,60}?)\s*(?:,? (?:says|said|wrote|writes|added|replied|commented|schreibt|schrieb|sagt|sagte|"
    r"meint|a (?:dit|écrit)|dice|dijo|escribió|disse|ha scritto)\b|\s?[|•·]\s|\s[-–—]\s|"
    r"\s*[,(]?\s*(?:on|at|am|le|el)\s+(?=\w*,?\s*\w*\s*\d)).*$",
    re.IGNORECASE | re.DOTALL,
)
_POSTED = re.compile(
    r"^\W*(?:posted|comment(?:ed)?|written|submitted|geschrieben|verfasst|publié|posté|escrito)\s+(?:by|von|par|por)\W+"
    r"(?P<name>[^\n|•]{2,60}?)\s*(?:$|[|•,]|\b(?:on|at|am|le)\b)",
    re.IGNORECASE,
)
_TRIM = re.compile(
    r"^(?:(?:posted|comment|written|submitted) by|by|von|par|author|from|name|user)\b:?\s+|^\d{1,4}[.)]\s+|"
    r"\s*,?\s*\b(?:says|said|wrote|writes|added|schreibt|sagt|meint|a dit|a écrit|dice|on|at)\s*[.:…]*\s*$|\s*[:…]\s*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:reply|antworten|répondre|report|share|like|link|permalink|quote|edit|flag|website|comments?|\d[\d.,]*|"
    r"\#\d+|view|profile|guest author|author|log in.*|sign in.*|click here.*|more|reply to .*|in reply to .*)$",
    re.IGNORECASE,
)
_ATTRIBUTES = ("data-author", "author", "data-username", "data-user-name", "data-name", "data-user")
_SHORT_TAGS = frozenset({"a", "b", "strong", "h3", "h4", "h5", "h6", "dt", "span", "i", "em"})


def name_in(page: Outline, own: list[int]) -> tuple[str | None, int | None]:
    """Return the name that an element of the item is called after, and that element."""
    wanted = signs.NAME
    for pick in (
        [at for at in own if page.signs[at] & wanted],
        [at for at in own if page.elements[at].tag == "cite"],
        [
            at
            for at in own
            if page.signs[at] & signs.AUTHOR and not page.signs[at] & signs.NOT_AUTHOR
        ],
    ):
        for at in pick:
            name = _name(page, at)
            if name:
                return name, at
    return None, None


def stated_name(page: Outline, roots: tuple[int, ...]) -> str | None:
    """Return the name that an attribute states, else that of the first link or bold words before the text."""
    for root in roots:
        for key in _ATTRIBUTES:
            value = (page.elements[root].get(key) or "").strip()
            if 0 < len(value) <= LONGEST_NAME:
                return value
    return None


def by_line(line: str) -> str | None:
    """Return the name in a line that only says who wrote and when: "Ann says:", "Posted by Bob on May 7, 2024"."""
    if not 2 < len(line) <= 140:
        return None
    said = _POSTED.match(line) or _SAYS.match(line)
    if said is None or not (
        looks_dated(line) or line.endswith((":", "...", "…")) or _POSTED.match(line)
    ):
        return None
    return _clean(said["name"]) if len(said["name"].split()) <= 6 else None


def _name(page: Outline, at: int) -> str | None:
    if page.words[at] == 0:
        return _clean((page.elements[at].get("content") or "")[:LONGEST_NAME])
    inner = next(
        (i for i in range(at + 1, page.ends[at]) if page.signs[i] & signs.NAME and page.words[i]),
        None,
    )
    if inner is not None:
        at = inner
    if page.words[at] > 30:
        return None
    text = page.said(at)
    if page.words[at] > 4 or looks_dated(text):
        link = next(
            (
                page.said(i)
                for i in range(at + 1, page.ends[at])
                if page.elements[i].tag in {"a", "b", "strong", "cite"} and 0 < page.words[i] <= 5
            ),
            "",
        )
        if link and not looks_dated(link) and (cleaned := _clean(link)):
            return cleaned
        said = _SAYS.match(text)
        text = said["name"] if said and (len(text) > 30 or looks_dated(text)) else text
    return _clean(text)


def _clean(text: str) -> str | None:
    text = _TRIM.sub("", _TRIM.sub("", text.strip())).strip(' \u00a0:,|•·-–—"“”()[]')
    if not 0 < len(text) <= LONGEST_NAME or not any(map(str.isalnum, text)):
        return None
    return None if looks_dated(text) or _NO_NAME.match(text) else text
