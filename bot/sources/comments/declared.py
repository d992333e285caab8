"""How many comments a page says it has, in ten languages."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from bot.sources.comments.signs import UNSEEN, is_called

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
_HEADINGS = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "span",
    "div",
    "p",
    "a",
    "strong",
    "button",
    "li",
    "legend",
)
_LISTED = re.compile(r"related|recent|popular|teaser|sidebar|card|list-?item|promo", re.IGNORECASE)


def counted(line: str) -> int | None:
    """Return the number of comments that a short line states: "12 comments", "Commentaires (10)"."""
    match = COUNTED.match(line.strip()[:200])
    if match is None:
        return None
    return int(re.sub(r"\D", "", next(group for group in match.groups() if group)))


def declared(root: HtmlElement) -> int | None:
    """Return the number of comments stated in the page: a heading's before a link's, the largest of its kind."""
    found: dict[bool, int] = {}
    for element in root.iter(*_HEADINGS):
        if len(element) > 6 or element.tag in UNSEEN:
            continue
        text = " ".join("".join(element.itertext()).split())
        if not 2 < len(text) <= 80:
            continue
        number = counted(text)
        if number is None or any(
            is_called(_LISTED, up) or up.tag in {"aside", "nav"}
            for up in (element, *element.iterancestors())
        ):
            continue
        heading = element.tag.startswith("h")
        found[heading] = max(found.get(heading, 0), number)
    return found.get(True, found.get(False))
