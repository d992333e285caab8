"""Where sentences begin and end, as spans of the text: what is shown is always the original."""

from __future__ import annotations

import re

# One list for all languages: a stop too few leaves a longer sentence, a stop too many leaves half of one.
_JOINING = frozenset(  # a full stop after these ends nothing, whatever comes next
    """
    mr mrs ms dr prof st sen rep gov lt col sgt capt rev vs cf approx ca al mm mme mlle env
    hr fr frl bzw sog inkl exkl evtl ggf vgl dipl ing
    sr sra srta dra dña ud uds ej sig sigg dott avv exmo dhr mevr mw bijv drs
    """.split()  # noqa: SIM905 # a list of so many strings is no better read
)
_COUNTING = frozenset(  # before a number
    """
    no nº nr n p pp s art abs fig vol cap pág pag chap av apr
    jan feb mar jun jul aug sep sept oct nov dec janv févr avr juil oct déc jän mär okt dez ene abr ago dic gen set fev
    """.split()  # noqa: SIM905 # as above
)
# unless a new sentence begins
_CLOSING = frozenset("etc usw ecc enz inc ltd corp co jr bros ff u.a o.ä a.m p.m".split())  # noqa: SIM905 # as above
_LETTERS = re.compile(
    r"[^\W\d_I](?:\.[^\W\d_])*|\d{1,2}"
)  # initials, U.S., z.B.; 3. Mai, items of a list
_OPENING = "([\"'“‘«»„-"
_STOPS = ".!?…。！？؟।"
_CLOSERS = "\"'”’“»«›‹)]」』"

_END = re.compile(
    rf"(?<![.!?…])[.!?…]++[{re.escape(_CLOSERS)}]*+(?:[\u00a0\u202f ]»)?(?=\s|$)"
    r"|[。！？]++[」』”’）]*+|[؟।]++(?=\s|$)"
    r"|\n{2,}|\n(?=[ \t]*(?:[-•*–]|\d{1,2}[.)])[ \t])"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of *text*, without the space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        if not _goes_on(text, start, end):
            _add(spans, text, start, end.end())
            start = end.end()
    _add(spans, text, start, len(text))
    return spans


def ending(text: str) -> str:
    """Return the signs a sentence ends with ("?!"), quotation marks and brackets left off; "" where it does not end."""
    said = text.rstrip(_CLOSERS + " \n\u00a0\u202f")
    return said[len(said.rstrip(_STOPS)) :]


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether the sentence from *start* goes on after what looks like its end."""
    after = text[end.end() : end.end() + 3].lstrip()[:1]
    if end.group()[-1:] in _CLOSERS:
        return after.islower()  # “How?” he asked
    if end.group() != ".":
        return False
    said = text[max(start, end.start() - 12) : end.start()].split()
    word = said[-1].lstrip(_OPENING) if said else ""
    if _LETTERS.fullmatch(word):
        return True
    word = word.lower().rpartition("'")[2].rpartition("’")[2]
    return (
        word in _JOINING
        or (word in _COUNTING and after.isdigit())
        or (word in _CLOSING and (after.islower() or after in {",", ";", ")"}))
    )


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
