"""What of a comment may stand for it: whole sentences, the writer's own, understood without what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.core.models import Comment
from bot.extractive.sentences import ending, sentences
from bot.extractive.vectors import words_in

FEWEST_WORDS, MOST_WORDS = 5, 40
MOST_LETTERS = 5_000  # of a comment: some 800 words; a crowd that pastes books would take a minute
MOST_SAYINGS = 80  # of a comment; who writes more has said it by then

Span = tuple[int, int]

_FENCE = re.compile(r"\s*(?:```|~~~)")
_NOT_OWN = re.compile(
    r"\s*(?:>|&gt;)"  # a line that quotes
    r"|(?: {4}|\t)"  # code
    r"|.{0,200}\b(?:wrote|writes|said|écrit|schrieb|schreibt|escribió|ha scritto|escreveu|schreef)\s?:\s*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“„][^“”„]{20,}[“”]|«[^«»]{20,}»|»[^«»]{20,}«|\"[^\"]{20,}\"")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SIGN = re.compile(r"[{}\[\]<>=|\\$_#;^~*/`+]")
_PROSE = 12  # letters a sign: prose has more, code fewer
_HEAD = re.compile(r"(?:[-•*–]\s+|\d{1,2}[.)]+\s+|\[\d{1,2}\]:?\s*)+")
_ADDRESS = re.compile(r"(?:[@#]\s?[\w.-]+[,:]?\s+)+")  # to whom it is said
_ROBOT = re.compile(r"(?i:automod)|\[bot\]$|[-_ ][Bb]ot$|[a-z]Bot$")
_ROBOTIC = re.compile(
    r"\b(?:I am|I['’]m|this is) an? (?:\w+ )?bot\b|performed automatically"
    # an excerpt of another site that links here
    r"|^\s*\[(?:…|\.{3})\]|(?:continue reading|read more|lire la suite|weiterlesen|seguir leyendo)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Saying:
    """
    `text[start:end]` of a comment, with the number of own `words` in it.

    It is `whole` where it ends and is said to nobody by name, `first` where nothing stands before it.
    """

    start: int
    end: int
    words: int
    whole: bool
    first: bool


def by_robot(comment: Comment) -> bool:
    """Whether *comment* is the notice of a program, by its author's name or its own word."""
    return bool(_ROBOT.search(comment.author or "") or _ROBOTIC.search(comment.text[:MOST_LETTERS]))


def own_words(text: str) -> list[Span]:
    """Return the stretches of *text* that are the writer's own prose: no quoted lines, no code, no bare links."""
    found: list[Span] = []
    fenced = broken = False
    start = 0
    for line in text[:MOST_LETTERS].splitlines(keepends=True):
        end = start + len(line)
        fence = _FENCE.match(line) is not None
        fenced ^= fence
        if not line.strip():
            pass
        elif fence or fenced or not _prose(line):
            broken = True
        elif found and not broken:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
            broken = False
        start = end
    return found


def sayings(text: str) -> Iterator[Saying]:
    """
    Yield what of *text* may be shown: a stretch of own words as it is, else every run of whole sentences that fits.

    At most `MOST_SAYINGS`. A sentence of more than `MOST_WORDS` is none: half of it may say the opposite.
    """
    return islice(_sayings(text), MOST_SAYINGS)


def _sayings(text: str) -> Iterator[Saying]:
    first = True
    for start, end in own_words(text):
        spans = [(start + a, start + b) for a, b in sentences(text[start:end])]
        fits = words_in(text[start:end]) <= MOST_WORDS
        runs = [(spans[0][0], spans[-1][1])] if fits else _runs(text, spans)
        for run in runs:
            yield from _saying(text, *run, cut=not fits, first=first and run[0] == spans[0][0])
        first = False


def _runs(text: str, spans: list[Span]) -> Iterator[Span]:
    for at, (start, _) in enumerate(spans):
        for _, end in spans[at:]:
            if words_in(text[start:end]) > MOST_WORDS:
                break
            yield start, end


def _saying(text: str, start: int, end: int, *, cut: bool, first: bool) -> Iterator[Saying]:
    head = _HEAD.match(text, start, end)
    start = head.end() if head else start
    address = _ADDRESS.match(text, start, end)
    start = address.end() if address else start
    said = text[start:end]
    last = said.split()[-1:]
    if last and _LINK.match(last[0]):
        said = said.removesuffix(last[0]).rstrip(" \n([<:")
    own = words_in(_QUOTED.sub("", _LINK.sub("", said)))
    if own >= FEWEST_WORDS and own * 2 >= words_in(said):
        whole = address is None and (not cut or ending(said) != "")
        yield Saying(start, start + len(said), own, whole, first)


def _prose(line: str) -> bool:
    if _NOT_OWN.match(line) or _QUOTED.fullmatch(line.strip()):
        return False
    said = _LINK.sub("", line)
    signs = len(_SIGN.findall(said))
    return signs * _PROSE <= max(len(said), 2 * _PROSE) and any(map(str.isalnum, said))
