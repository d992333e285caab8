"""The article above the comments: its title, author, date and paragraphs, without what a page puts around them."""

from __future__ import annotations

import re

from bot.sources.comments.declared import counted
from bot.sources.copied.lines import Line, Role, looks_like_name, seems_dated

_BY = re.compile(
    r"^(?:par|by|von|por|di|da|door|av|autor:?|author:?|written by|propos recueillis par)\s+(?P<name>.{3,60})$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:à propos de l['’]auteur|about the author|über den autor|sobre el autor|sull'autore)\W*$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"©|\(c\)\s|\bcopyright\b|\b(?:photo|crédit|credit|foto|image|bild)\s*:", re.IGNORECASE
)
PROSE_WORDS = 12
HEAD_LINES = 8
"""Of the words of the page: where author and date stand."""


def roles(lines: list[Line]) -> list[Role]:
    """Return the role of each line above the comments."""
    found = [Role.BLANK if not line.text else Role.BODY for line in lines]
    texted = [at for at, line in enumerate(lines) if line.text]
    if not texted:
        return found
    found[texted[0]] = Role.TITLE
    for at in texted[1:HEAD_LINES]:
        text = lines[at].text
        if _is_prose(text):
            break
        by = _BY.match(text)
        if Role.BYLINE not in found and (by or (looks_like_name(text) and len(text.split()) > 1)):
            found[at] = Role.BYLINE
        elif seems_dated(text):
            found[at] = Role.DATE
    _cut_tail(lines, found, texted)
    _drop_captions(lines, found, texted)
    return found


def author(lines: list[Line], found: list[Role]) -> str | None:
    """Return the name in the byline."""
    for line, role in zip(lines, found, strict=True):
        if role is Role.BYLINE:
            match = _BY.match(line.text)
            return match["name"] if match else line.text
    return None


def _is_prose(text: str) -> bool:
    return len(text.split()) >= PROSE_WORDS and not _CREDIT.search(text)


def _cut_tail(lines: list[Line], found: list[Role], texted: list[int]) -> None:
    """Mark as noise what follows the text: the author once more with a biography, calls to join, related links."""
    name = (author(lines, found) or "").casefold()
    end = len(lines)
    body = [at for at in texted if found[at] is Role.BODY]
    seen_prose = False
    for at in body:
        text = lines[at].text
        by = _BY.match(text)
        again = name and (text.casefold() == name or (by and by["name"].casefold() == name))
        if seen_prose and (again or _ABOUT.match(text) or counted(text) is not None):
            end = at
            break
        seen_prose = seen_prose or _is_prose(text)
    prose = [at for at in body if at < end and _is_prose(lines[at].text)]
    last = prose[-1] if prose else end
    for at in body:
        # after the last paragraph: titles of other articles, dates, rubrics; a last short sentence stays
        if at >= end or (at > last and not re.search(r"[.!?…»”\"]$", lines[at].text)):
            found[at] = Role.NOISE


def _drop_captions(lines: list[Line], found: list[Role], texted: list[int]) -> None:
    """Mark credits, and lines that stand twice, as noise: captions do, under the picture and beside it."""
    seen: set[str] = {lines[at].text for at in texted if found[at] is Role.TITLE}
    for at in texted:
        if found[at] is not Role.BODY:
            continue
        text = lines[at].text
        if text in seen or (_CREDIT.search(text) and len(text) < 250):
            found[at] = Role.NOISE
        seen.add(text)
