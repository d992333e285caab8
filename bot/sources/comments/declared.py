"""How many comments a page says it has, in ten languages."""

from __future__ import annotations

import re

from bot.sources.comments.outline import Outline

_NOUN = (
    r"(?:(?:reader |user |leser)?comments?|replies|responses?|thoughts|kommentare?n?|leserkommentare?|antworten|"
    r"commentaires?|réactions?|réponses?|comentarios?|respuestas|comentários?|respostas|commenti|commento|risposte|"
    r"reacties?|kommentarer|kommentit|kommenttia|komentarz[ey]?|komentářů?|комментари(?:й|я|ев)|отзыв(?:ов|а)?)"
)
_NUMBER = r"(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+|\d+)"
_DIGIT = re.compile(r"\d")
COUNTED = re.compile(
    rf"^\W*(?:(?:\w+ ){{0,2}}{_NUMBER}\s*\+?\s*{_NOUN}\b|{_NOUN}\s*[(\[:]?\s*{_NUMBER}\s*[)\]]?\s*$)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"related|recent|popular|teaser|sidebar|card|list-?item|promo", re.IGNORECASE)
_MOST_WORDS = 8


def counted(line: str) -> int | None:
    """Return the number of comments that a short line states: "12 comments", "Commentaires (10)"."""
    match = COUNTED.match(line.strip()[:200])
    if match is None:
        return None
    return int(re.sub(r"\D", "", next(group for group in match.groups() if group)))


def declared(page: Outline) -> int | None:
    """Return the number of comments stated in *page*: a heading's before a link's, the largest of its kind."""
    found: dict[bool, int] = {}
    for at, element in enumerate(page.elements):
        if not 0 < page.words[at] <= _MOST_WORDS or page.ends[at] - at > 6:
            continue
        text = page.said(at)
        if not 2 < len(text) <= 80 or not _DIGIT.search(text):
            continue
        number = counted(text)
        if number is None or any(_listed(page, up) for up in (at, *page.above(at))):
            continue
        heading = str(element.tag).startswith("h")
        found[heading] = max(found.get(heading, 0), number)
    return found.get(True, found.get(False))


def _listed(page: Outline, at: int) -> bool:
    element = page.elements[at]
    if element.tag in {"html", "body"}:
        return False
    return element.tag in {"aside", "nav"} or bool(
        _LISTED.search(f"{element.get('id') or ''} {element.get('class') or ''}"[:1_000])
    )
