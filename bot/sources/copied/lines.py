"""The lines of a copied text, and what each one alone could be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.sources.comments.dates import looks_dated
from bot.sources.comments.declared import counted

LONGEST_NAME = 40


class Role(StrEnum):
    """What a line is for. Every line has exactly one, so that nothing is lost."""

    BLANK = "blank"
    TITLE = "title"
    BYLINE = "byline"
    DATE = "date"
    BODY = "body"
    COUNT = "count"  # "Comments (10)"
    AUTHOR = "author"  # of a comment
    META = "meta"  # of a comment: date, votes, buttons
    WORDS = "words"  # of a comment
    NOISE = "noise"


@dataclass(frozen=True)
class Line:
    """One line with its end: `text` is the line without surrounding space."""

    raw: str
    number: int

    @property
    def text(self) -> str:
        """The line without surrounding space."""
        return self.raw.strip(" \t\r\n\u00a0\u202f\ufeff")


_BUTTON = (
    r"(?:reply|replies|upvote|downvote|vote|award|share|report|save|follow|more|like|dislike|likes?|answer|quote|"
    r"level \d+|op|edited|pinned(?: by .{1,40})?|show (?:less|more)|read more|view \d* ?repl(?:y|ies)|"
    r"hide repl(?:y|ies)|collapse|parent|prev|next|root|top|context|flag|favorite|unvote|give award|new|"
    r"translate to \w+|load more|répondre|j['’]aime|signaler|partager|citer|traduire|antworten|gefällt mir|melden|"
    r"teilen|zitieren|responder|me gusta|rispondi|mi piace|\[[-–—+]?\d*( more)?\]|"
    r"\d+ (?:repl(?:y|ies)|points?|likes?|votes?|upvotes?|réponses?|antworten)|[\d.,]+\s?[kKmM]?|•|·|\|)"
)
_CONTROLS = re.compile(rf"^\W*(?:{_BUTTON}(?:\W+|$))+$", re.IGNORECASE)
_UNIT = (
    r"(?:second|minute|hour|day|week|month|year|heure|jour|mois|semaine|an|stunde|tag|woche|monat|jahr|hora|día|mes|"
    r"año|ora|giorno)\w*"
)
_AGE = (
    rf"(?:\d+\s?(?:s|sec|m|min|mo|h|hr|d|w|y|yr|j)\b\.?(?:\s+ago)?|\d+\s+{_UNIT}(?:\s+ago)?|"
    r"(?:il y a|vor|hace|fa)\s+.{2,20}|"
    r"(?:today|yesterday|hier|gestern|heute|aujourd['’]hui|ayer|hoy|ieri|oggi)"
    r"(?:\s+(?:at|à|um|a las|alle))?\s*[\d:h]*(?:\s?[ap]m)?)"
)
_MONTH = r"(?:jan|feb|fév|mar|mär|apr|avr|may|mai|jun|juin|jul|juil|aug|août|sep|oct|okt|nov|dec|déc|dez)[a-zéû]*\.?"
_WHEN = (
    rf"(?:{_AGE}|{_MONTH}\s+['’]?\d{{1,4}}(?:,?\s+\d{{4}})?|\d{{1,2}}\.?\s+{_MONTH}(?:\s+\d{{4}})?|"
    r"[\d./-]{6,10}(?:[ ,]+\d\d?:\d\d)?|\d\d?:\d\d(?:\s?[AP]M)?)"
)
_DATE_ONLY = re.compile(
    rf"^\W*(?:edited\s+)?(?:(?:on|le|am|el|il)\s+)?{_WHEN}(?:\s+(?:at|à|um)\s+[\d:h]+(?:\s?[ap]m)?)?"
    r"\W*(?:\(edited\)|modifié|bearbeitet|edited)?\W*$",
    re.IGNORECASE,
)
# "name 3 hours ago | parent | next [–]", "name  Nov 2023", "name — 12:03", "u/name • 3h ago"
_HEAD = re.compile(
    r"^(?P<name>@?(?:u/)?[^\s|•·—,:][^|•·—\t]{0,38}?)"
    r"(?:\s*[|•·—,]\s*|\s{2,}|\t+|\s+(?=\d+\s+\w+\s+ago|on\s+\w{3}))"
    r"(?:(?:OP|author|auteur|modérateur|moderator|admin|leader|regular)\W+)*"
    rf"(?:on\s+)?{_WHEN}(?P<rest>.{{0,60}})$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"^(?P<name>[^\s:][^:\n]{0,38}?)\s+(?:says|said|wrote|schreibt|schrieb|meint|a (?:dit|écrit)|dice|dijo|ha scritto)"
    r"(?:\s*:|\s+(?:on|at|am|le|el|il)\b.{0,50}:?|\s*)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"^(?:@|u/|/u/)?[^\W_][\w.\-'’ ]*$|^(?:@|u/|/u/)\S+$")
_ENDS = re.compile(r"[.!?…:;,»”\"')]$")


def is_control(text: str) -> bool:
    """Whether a line is a button or a number beside one."""
    return bool(_CONTROLS.match(text))


def is_date(text: str) -> bool:
    """Whether a line is a date or an age and nothing else."""
    return len(text) <= 60 and bool(_DATE_ONLY.match(text))


def head(text: str) -> str | None:
    """Return the name in a line that states who wrote when, None for any other line."""
    if len(text) > 140:
        return None
    for pattern in (_HEAD, _SAYS):
        match = pattern.match(text)
        if match and looks_like_name(match["name"].strip()):
            rest = match.groupdict().get("rest") or ""
            tail = len(rest) < 30 and not _ENDS.search(rest)
            if not rest.strip() or is_control(rest) or tail:
                return bare(match["name"])
    return None


def bare(name: str) -> str:
    """Return *name* without the sign that a site puts before it."""
    return re.sub(r"^(?:@|/?u/)", "", name.strip())


def looks_like_name(text: str) -> bool:
    """Whether a line alone could be the name of a reader."""
    if not text or len(text) > LONGEST_NAME or len(text.split()) > 4 or not _NAME.match(text):
        return False
    return not (
        _ENDS.search(text)
        or is_control(text)
        or is_date(text)
        or counted(text) is not None
        or text.isdigit()
    )


def name_worth(text: str) -> float:
    """Return how much a line alone looks like the name of a reader rather than a short remark, 0 to 1."""
    if not looks_like_name(text):
        return 0.0
    words = text.split()
    worth = 0.5
    worth += 0.35 if text.startswith(("@", "u/", "/u/")) else 0.0
    worth += 0.2 if len(words) == 1 else -0.1 * (len(words) - 1)
    worth += 0.15 if re.search(r"\d|[_\-.]|[a-z][A-Z]", text) else 0.0
    worth += 0.1 if all(word[0].isupper() for word in words) else 0.0
    return max(0.05, min(worth, 1.0))


def seems_dated(text: str) -> bool:
    """Whether a short line states a date among other words."""
    return len(text) <= 80 and looks_dated(text)
