"""How many comments a page says it has, in ten languages."""

from __future__ import annotations

import re

from bot.sources.comments import signs
from bot.sources.comments.outline import Outline
from bot.sources.comments.signs import HEADINGS, lists

_NOUN = (
    r"(?:(?:reader |user |leser)?comments?|replies|responses?|thoughts|kommentare?n?|leserkommentare?|antworten|"
    r"commentaires?|réactions?|réponses?|comentarios?|respuestas|comentários?|respostas|commenti|commento|risposte|"
    r"reacties?|kommentarer|kommentit|kommenttia|komentarz[ey]?|komentářů?|комментари(?:й|я|ев)|отзыв(?:ов|а)?)"
)
_NUMBER = r"(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+|\d+)"
COUNTED = re.compile(
    rf"^\W*(?:(?:\w+ ){{0,2}}{_NUMBER}\s*\+?\s*{_NOUN}\b|{_NOUN}\s*[(\[:]?\s*{_NUMBER}\s*[)\]]?\s*$)",
    re.IGNORECASE,
)
_LONGEST_NAMES = 500
_MOST_LINES = 100
_MOST_WORDS = 25  # "12 responses to", and a title


def counted(line: str) -> int | None:
    """Return the number of comments that a short line states: "12 comments", "Commentaires (10)"."""
    match = COUNTED.match(line.strip()[:200])
    if match is None:
        return None
    return int(re.sub(r"\D", "", next(group for group in match.groups() if group)))


def declared(page: Outline) -> int | None:
    """
    Return the number of comments stated in *page*, the largest of its kind.

    A heading's is taken before that of other lines, and theirs before a link's that leads to another page.
    """
    found: dict[int, int] = {}
    for line in page.announced[:_MOST_LINES]:
        rank = 1
        for up in (line, *page.above(line, 3)):
            element = page.elements[up]
            if page.words[up] > _MOST_WORDS:
                break
            if element.tag == "a" and "#" not in (element.get("href") or "#"):
                rank = 0
            elif element.tag in HEADINGS:
                rank = 2
            number = counted(page.said(up))
            if number is not None and not _beside(page, up):
                found[rank] = max(found.get(rank, 0), number)
    return found[max(found)] if found else None


def _beside(page: Outline, at: int) -> bool:
    return any(_aside(page, up) for up in (at, *page.above(at)))


def _aside(page: Outline, at: int) -> bool:
    element = page.elements[at]
    names = f"{element.get('id') or ''} {element.get('class') or ''}"[:_LONGEST_NAMES]
    return page.tags[at] in {"aside", "nav"} or (
        page.tags[at] != "body" and (page.signs[at] & signs.SIDE > 0 or lists(names))
    )
