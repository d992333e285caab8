"""What readers say and nothing else: every position with its summary and quotes, a page at a time."""

from __future__ import annotations

from bot.chat.cards import SCALES, Parts, moment
from bot.chat.escape import outside, units
from bot.chat.facts import Numbered, are_apart, numbered, read
from bot.chat.sentences import Sentences
from bot.core.models import Digested

ROOM = 2_200  # letters of positions on a page: head, question and last line have the rest of Discord's 4,000
MOST_ON_A_PAGE = 6
HEAD = 0.35  # its scale


def in_full(digested: Digested, words: Sentences) -> list[list[str]]:
    """Return the pages, each as its texts, "" for a line between; one at least."""
    pages: list[list[str]] = []
    room = count = 0
    place = None
    parts = Parts(digested, words, HEAD)
    for one in numbered(digested):
        text = _position(one, digested, words)
        if units(text) > room or count == MOST_ON_A_PAGE:
            pages.append([])
            room, count, place = ROOM, 0, None
        if are_apart(digested.reading) and one.place != place:
            place = one.place
            pages[-1].append(parts.place(place))
        pages[-1].append(text)
        room, count = room - units(text), count + 1
    pages = pages or [[]]
    pages[-1] += parts.rest(len(digested.digest.positions))
    question = outside(digested.digest.question or "", 200)
    head = [parts.head(), "", *([f"**{question}**"] if question else [])]
    last = f"-# {read(digested, words, moment(digested.reading.read_at, 'R'))}"
    return [[*head, *texts, "", last] for texts in pages]


def _position(one: Numbered, digested: Digested, words: Sentences) -> str:
    for scale in SCALES:
        text = Parts(digested, words, scale).position(one, full=True)
        if units(text) <= ROOM:
            break
    return text
