"""Who wrote an item: the element that is called so, an attribute, or a line like "Ann says:"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sources.comments import signs
from bot.sources.comments.dates import looks_dated, undated
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
    r"^\W*(?:\d+\W+)?(?:posted|comment(?:ed)?|written|submitted|geschrieben|verfasst|kommentar|commentaire|comentario|"
    r"publié|posté|escrito)\s+(?:by|von|par|por|de|da)\W+"
    r"(?P<name>[^\n|•]{2,60}?)\s*(?:$|[|•,]|\b(?:on|at|am|le)\b)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^\W*(?:\d+\W+)?(?:posted|comment(?:ed)?|written|submitted|am|on|le|el|geschrieben|publié)\b.*\d.*"
    r"\b(?:by|von|par|por|da)\b:?\s+(?P<name>[^\n|•,]{2,40})$",
    re.IGNORECASE,
)
_TRIM = re.compile(
    r"^https?://\S+\s+|^(?:(?:posted|comment|written|submitted) by|by|von|par|author|from|name|user)\b:?\s+|"
    r"^#?\d{1,4}[.)]?\s+(?=\D)|\s*\(\d+\)$|"
    r"\s*,?\s*\b(?:says|said|wrote|writes|added|schreibt|sagt|meint|a dit|a écrit|dice|on|at)\s*[.:…]*\s*$|\s*[:…]\s*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:by|von|par|por|posted|reply|antworten|répondre|report|share|like|link|permalink|quote|edit|flag|website|comments?|\d[\d.,]*|"
    r"\#\d+|view|profile|guest author|author|log in.*|sign in.*|click here.*|more|reply to .*|in reply to .*)$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:join|edit|updat|modif|regist|since|seit|last|bearbeitet|geändert|ago|vor|uhr|published|comment)",
    re.IGNORECASE,
)
_MOST_NAMES = 3
_ATTRIBUTES = ("data-author", "author", "data-username", "data-user-name", "data-name", "data-user")
_NAME_WITHIN = 60  # elements of an item: names stand at its head
_VARYING = re.compile(r"\d+")


def name_in(page: Outline, own: list[int]) -> tuple[str | None, int | None]:
    """Return the name that an element of the item is called after, and that element."""
    wanted = signs.NAME
    for pick in (
        [at for at in own if page.signs[at] & wanted],
        [at for at in own if page.tags[at] == "cite"],
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


Path = tuple[str, ...]
"""Tags and first classes from an item's root to one of its elements: where a list keeps one of its fields."""


def column(page: Outline, owns: list[list[int]]) -> Path | None:
    """Return where most of some items have a name, told by its shape alone: short, early, and seldom the same."""
    found: dict[Path, list[str]] = {}
    places: dict[Path, int] = {}
    for own in owns:
        seen: set[Path] = set()
        for order, (path, at) in enumerate(_paths(page, own)):
            if path in seen or not 0 < page.words[at] <= 4 or not page.own_words(at):
                continue
            seen.add(path)
            text = (
                _clean(page.said(at)) if not page.signs[at] & (signs.CONTROL | signs.BODY) else None
            )
            if text and not text[0].isdigit():
                found.setdefault(path, []).append(text)
                places[path] = max(places.get(path, 0), order)
    shared = [
        path
        for path, texts in found.items()
        if len(texts) >= 0.6 * len(owns) and len(set(texts)) > 0.5 * len(texts)
    ]
    return min(shared, key=lambda path: places[path], default=None) if len(owns) > 1 else None


def name_at(page: Outline, own: list[int], where: Path) -> tuple[str | None, int | None]:
    """Return the name that an item has *where* its list keeps them."""
    for path, at in _paths(page, own):
        if path == where and 0 < page.words[at] <= 4 and page.own_words(at):
            return _clean(page.said(at)), at
    return None, None


def _paths(page: Outline, own: list[int]) -> Iterator[tuple[Path, int]]:
    paths: dict[int, Path] = {}
    for at in own[:_NAME_WITHIN]:
        element = page.elements[at]
        name = (element.get("class") or "")[:200].split()
        step = f"{element.tag}.{_VARYING.sub('', name[0]) if name else ''}"
        paths[at] = (*paths.get(page.parents[at], ()), step)
        yield paths[at], at


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
    if looks_dated(line) and (signed := _SIGNED.match(line)):
        return _clean(signed["name"])
    said = _POSTED.match(line) or _SAYS.match(line)
    if said is None or not (
        looks_dated(line) or line.endswith((":", "...", "…")) or _POSTED.match(line)
    ):
        return _beside_date(line)
    return _clean(said["name"]) if len(said["name"].split()) <= 6 else None


def _beside_date(line: str) -> str | None:
    """Return the name in a line that is nothing but a name and a date: "Ann (May 7, 2024)"."""
    if len(line) > LONGEST_NAME or not looks_dated(line):
        return None
    words = [word for word in undated(line).split() if any(map(str.isalnum, word))]
    name = " ".join(words)
    if len(words) > _MOST_NAMES or _EVENT.search(name) or not any(map(str.isalpha, name)):
        return None
    return _clean(name)


def _name(page: Outline, at: int) -> str | None:
    if page.words[at] == 0:
        return _clean((page.elements[at].get("content") or "")[:LONGEST_NAME])
    at = _innermost(page, at)
    if page.words[at] > 30:
        return None
    text = page.said(at)
    if page.words[at] > 1:
        link = next(
            (
                page.said(i)
                for i in range(at + 1, page.ends[at])
                if page.tags[i] in {"a", "b", "strong", "cite"} and 0 < page.words[i] <= 5
            ),
            "",
        )
        if link and not looks_dated(link) and (cleaned := _clean(link)):
            return cleaned
    if page.words[at] > 4 or looks_dated(text):
        said = _SAYS.match(text)
        text = said["name"] if said and (len(text) > 30 or looks_dated(text)) else text
    return _clean(text)


def _innermost(page: Outline, at: int) -> int:
    """Return the first element in *at* that is surely the name, else the first that is called the author too."""
    inside = [i for i in range(at + 1, min(page.ends[at], at + _NAME_WITHIN)) if page.words[i]]
    by_name = signs.AUTHOR | signs.NOT_AUTHOR
    sure = (i for i in inside if page.signs[i] & signs.NAME)
    called = (i for i in inside if page.signs[i] & by_name == signs.AUTHOR)
    return next(sure, next(called, at))


def _clean(text: str) -> str | None:
    if looks_dated(text):
        text = undated(text[:200])
    text = _TRIM.sub("", _TRIM.sub("", text.strip())).strip(' \u00a0:,|•·-–—"“”()[]')
    if not 0 < len(text) <= LONGEST_NAME or not any(map(str.isalnum, text)):
        return None
    return None if looks_dated(text) or _NO_NAME.match(text) else text
