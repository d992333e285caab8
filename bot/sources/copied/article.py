"""The article above the comments: its title, author, date and paragraphs, without what a page puts around them."""

from __future__ import annotations

import re

from bot.sources.comments.dates import looks_dated
from bot.sources.copied.names import heading, looks_like_name
from bot.sources.copied.page import Role

_BY = re.compile(
    r"^(?:par|by|von|por|di|da|door|av|autor:?|author:?|written by|propos recueillis par)\s+(?P<name>.{3,60})$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:à propos de l['’]auteur|about the author|über den autor|sobre el autor|sull'autore)\W*$",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"©|\(c\)\s|\bcopyright\b|\b(?:photo|crédit|credit|foto|image|bild)\s?:")
_CREDIT_SIGNS = ("©", "(c)", "copyright", ":")
LONGEST_CREDIT = 250
PROSE_WORDS = 12
HEAD_LINES = 8
"""Of the words of the page: where author and date stand."""


def roles(texts: list[str]) -> list[Role]:
    """Return the role of each line above the comments; *texts* are those that are not blank."""
    found = [Role.BODY for _ in texts]
    if not texts:
        return found
    found[0] = Role.TITLE
    for at, text in enumerate(texts[1:HEAD_LINES], 1):
        if _is_prose(text):
            break
        by = _BY.match(text)
        if Role.BYLINE not in found and (by or (looks_like_name(text) and len(text.split()) > 1)):
            found[at] = Role.BYLINE
        elif len(text) <= 80 and looks_dated(text):
            found[at] = Role.DATE
    _cut_tail(texts, found)
    _drop_captions(texts, found)
    return found


def author(texts: list[str], found: list[Role]) -> str | None:
    """Return the name in the byline."""
    for text, role in zip(texts, found, strict=True):
        if role is Role.BYLINE:
            match = _BY.match(text)
            return match["name"] if match else text
    return None


def _is_prose(text: str) -> bool:
    return len(text.split()) >= PROSE_WORDS and not _is_credit(text)


def _is_credit(text: str) -> bool:
    low = text[:LONGEST_CREDIT].lower()
    # the signs first: the pattern alone took a fifth of the time of a long text
    signed = len(text) < LONGEST_CREDIT and any(sign in low for sign in _CREDIT_SIGNS)
    return signed and _CREDIT.search(low) is not None


def _cut_tail(texts: list[str], found: list[Role]) -> None:
    """Mark as noise what follows the text: the author once more with a biography, calls to join, related links."""
    name = (author(texts, found) or "").casefold()
    end = len(texts)
    body = [at for at, role in enumerate(found) if role is Role.BODY]
    prose: list[int] = []
    for at in body:
        text, before = texts[at], texts[at - 1] if at else ""
        by = _BY.match(text)
        again = name and (text.casefold() == name or (by and by["name"].casefold() == name))
        if prose and (again or _ABOUT.match(text) or heading(text, before) is not None):
            end = at
            break
        if _is_prose(text):
            prose.append(at)
    last = prose[-1] if prose else end
    for at in body:
        # after the last paragraph: titles of other articles, dates, rubrics; a last short sentence stays
        if at >= end or (at > last and not re.search(r"[.!?…»”\"]$", texts[at])):
            found[at] = Role.NOISE


def _drop_captions(texts: list[str], found: list[Role]) -> None:
    """Mark credits, and lines that stand twice, as noise: captions do, under the picture and beside it."""
    seen = {text for text, role in zip(texts, found, strict=True) if role is Role.TITLE}
    for at, text in enumerate(texts):
        if found[at] is not Role.BODY:
            continue
        if text in seen or _is_credit(text):
            found[at] = Role.NOISE
        seen.add(text)
