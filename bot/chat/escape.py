"""Text from outside, made safe to show in Discord: it cannot ping, forge layout, hide a link or smuggle an invite."""

from __future__ import annotations

import re
import unicodedata

from bot.core.prose import shorten

MOST_MARKS = 2
"""Combining marks a letter keeps: two are enough for Vietnamese; Zalgo has dozens."""

_UNSEEN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKDOWN = re.compile(r"([\\*_~`|\[\]<>#])")
_LEADING = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))")
_SPACE = re.compile(r"[ \t\n\u0085\u2028\u2029]+")  # no-break spaces stay: French needs them
_PING = re.compile(r"@(?=\S)")
_LINK = re.compile(r"(?i)(https?|ftp|discord|steam):(?=\\?/\\?/)|(www|discord(?:app)?)\.(?=\w)")
_BREAK = "\u200b"  # unseen, and no longer a mention or a link


def outside(text: str, most: int = 10_000) -> str:
    """Return *text* on one line, at most *most* characters before escaping, with nothing in it that acts."""
    # a page of comments is shown a few hundred letters each: the rest is not looked at
    flat = _SPACE.sub(" ", _UNSEEN.sub("", text[: 4 * most + 100])).strip()
    flat = shorten(_plain_marks(flat), most)
    safe = _MARKDOWN.sub(r"\\\1", flat)
    safe = _LEADING.sub(
        lambda m: f"{m[1]}{m[2] if m[2].isdigit() else chr(92) + m[2]}{_BREAK * m[2].isdigit()}",
        safe,
    )
    safe = _PING.sub(f"@{_BREAK}", safe)
    return _LINK.sub(lambda m: m.group() + _BREAK, safe)


def link(words: str, url: str | None, most_url: int = 300, most_words: int = 250) -> str:
    """Return *words* (from outside) as a link to *url*, or bare where the address is not one that can be shown."""
    safe = outside(words, most_words).replace(_BREAK, "")
    if not url or len(url) > most_url or not re.fullmatch(r"https?://[^\s<>()\"\\]+", url):
        return outside(words, most_words)
    return f"[{safe}](<{url}>)"


def _plain_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
