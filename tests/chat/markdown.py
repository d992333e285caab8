"""
What Discord makes of a text: what acts in it, and the letters a person sees.

After Discord's help page on Markdown and the "Message Formatting" page of its developer documentation; where clients
differ, whatever any of them lets act.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

SIGNS = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""

LINES = (
    ("heading", re.compile(r" *#{1,3} +(?=\S)")),
    ("small", re.compile(r" *-# +(?=\S)")),
    ("quote", re.compile(r" *>(?:>>)? ")),
    ("list", re.compile(r" *(?:[-*+]|\d{1,10}[.)]) +(?=\S)")),
)
"""What acts where a line begins; a quote's own line may begin with another."""

ATOMS = (
    ("fence", re.compile(r"```.*?```", re.DOTALL)),
    ("code", re.compile(r"(`+).+?\1", re.DOTALL)),
    ("mention", re.compile(r"<(?:@[!&]?|#)\d+>|@everyone|@here")),
    ("emoji", re.compile(r"<a?:\w+:\d+>")),
    ("time", re.compile(r"<t:-?\d+(?::[a-zA-Z])?>")),
    ("command", re.compile(r"</[^:>]+:\d+>")),
    ("navigation", re.compile(r"<(?:id|\d+):\w+(?::\d+)?>")),
    ("url", re.compile(r"<?(?:https?|ftp|discord|steam)://[^\s<>]+>?", re.IGNORECASE)),
    ("invite", re.compile(r"(?:discord\.gg|discord(?:app)?\.com/invite)/\w+", re.IGNORECASE)),
)
SPANS = (
    ("spoiler", "||"),
    ("bold", "**"),
    ("underlined", "__"),
    ("struck", "~~"),
    ("italic", "*"),
    ("italic", "_"),
)
MASKED = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(<?([^\s<>()]+)>?(?: +\"[^\"]*\")?\)")
TURNING = re.compile("[\u202a-\u202e\u2066\u2067\u200e\u200f]")


@dataclass
class Made:
    """What a text turned into: `acts` counts (kind, what it leads to), `shown` is what a person reads."""

    acts: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: str = ""


def made_of(text: str) -> Made:
    """Return what Discord makes of *text*."""
    made = Made()
    made.acts.update(("turned", sign) for sign in TURNING.findall(text))
    fence = ATOMS[0][1].search(re.sub(r"\\.", "..", text))
    if fence:
        made.acts["fence", ""] += 1
    for line in text.split("\n"):
        rest, again = line, True
        while again:
            again = False
            for kind, pattern in LINES:
                found = pattern.match(rest)
                if found:
                    made.acts[kind, ""] += 1
                    rest, again = rest[found.end() :], kind == "quote"
                    break
        _inline(rest, made)
        made.shown += "\n"
    return made


def _inline(text: str, made: Made) -> None:
    at = 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in SIGNS and at + 1 < len(text):
            made.shown += text[at + 1]
            at += 2
            continue
        masked = MASKED.match(text, at)
        if masked:
            made.acts["link", masked[2]] += 1
            _inline(masked[1], made)
            at = masked.end()
            continue
        atom = next((x for x in ((k, p.match(text, at)) for k, p in ATOMS) if x[1]), None)
        if atom and atom[1]:
            made.acts[atom[0], atom[1].group()] += 1
            made.shown += atom[1].group()
            at = atom[1].end()
            continue
        at = _span(text, at, made)


def _span(text: str, at: int, made: Made) -> int:
    for kind, sign in SPANS:
        if text.startswith(sign, at):
            end = _closing(text, at + len(sign), sign)
            if end is not None:
                made.acts[kind, ""] += 1
                _inline(text[at + len(sign) : end], made)
                return end + len(sign)
    made.shown += text[at]
    return at + 1


def _closing(text: str, start: int, sign: str) -> int | None:
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(sign, at) and at > start:
            return at
        else:
            at += 1
    return None
