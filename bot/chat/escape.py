"""Text from outside, made safe to show in Discord: it cannot ping, forge layout, hide a link or smuggle an invite."""

from __future__ import annotations

import re
import unicodedata

from bot.core.prose import shorten

MOST_LOOKED_AT = 50_000
"""Letters of a text that are looked at: what is shown of it is a few hundred at most."""

MOST_MARKS = 5
"""Marks a letter keeps: Hebrew and Tibetan need up to five. Of those of Latin letters two are enough (Vietnamese)."""

# Letters that nobody sees and that turn or hide others. Joiners (200C, 200D) stay where letters of other scripts or
# emoji need them: Persian is misspelt without, a family falls apart.
_NEVER = (
    r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
_JOINED = r"[^\x00-\x7f\s\u200c\u200d]"
# begins with one class of letters: the search skips to those
_UNSEEN = re.compile(
    rf"[{_NEVER}\u200c\u200d](?:(?<=[{_NEVER}])|(?<!{_JOINED}[\u200c\u200d])|(?!{_JOINED}))"
)
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED = re.compile(f"({_MARKS}{{2}}){_MARKS}+")
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\*_~`|[]<>#"})
_LEADING = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))")
# no-break spaces stay: French needs them
_SPACE = re.compile(r"[ \t\n\u0085\u1680\u2000-\u200a\u2028\u2029\u205f\u2800\u3000]+")
_FILE = str.maketrans({sign: f"\\{sign}" for sign in "\\*_~`|[]<>&"})
_FILE_LEADING = re.compile(r"^(\d*)([-+=#]|(?<=\d)[.)])")
_PING = re.compile(r"@(?=\S)")
_LINK = re.compile(r"(?i)(https?|ftp|discord|steam):(?=\\?/\\?/)|(www|discord(?:app)?)\.(?=\w)")
# an address that opens an invitation to a server, whatever words stand over it
_INVITE = re.compile(
    r"(?i)https?://(?:[\w-]+\.)*(?:discord\.(?:gg|me|io|li|link)|dsc\.gg|invite\.gg|discord(?:app)?\.com/+invite)\b"
)
_BREAK = "\u200b"  # unseen, and no longer a mention or a link
_ISOLATED = "\u2068{}\u2069"  # what is written from right to left turns nothing around itself


def outside(text: str, most: int = 10_000) -> str:
    """Return *text* on one line, at most *most* characters before escaping, with nothing in it that acts."""
    flat = seen(text, most)
    safe = flat.translate(_MARKDOWN)
    safe = _LEADING.sub(
        lambda m: f"{m[1]}{m[2] if m[2].isdigit() else chr(92) + m[2]}{_BREAK * m[2].isdigit()}",
        safe,
    )
    safe = _PING.sub(f"@{_BREAK}", safe)
    safe = _LINK.sub(lambda m: m.group() + _BREAK, safe)
    return _ISOLATED.format(safe) if _turns(flat) else safe


def seen(text: str, most: int) -> str:
    """Return what a person sees of *text*, on one line of at most *most* characters: for labels, where nothing acts."""
    likely = 4 * most + 100
    flat = _flat(text[:likely], most)
    if len(flat) <= most and len(text) > likely:  # much of it is not seen
        flat = _flat(text[:MOST_LOOKED_AT], most)
    return shorten(flat, most)


def link(words: str, url: str | None, most_url: int = 300, most_words: int = 250) -> str:
    """Return *words* (from outside) as a link to *url*, or bare where the address is not one that can be shown."""
    safe = outside(words, most_words)
    if not safe or not url or len(url) > most_url:
        return safe
    if not re.fullmatch(r"https?://[^\s<>()\"\\]+", url) or _UNSEEN.search(url):
        return safe
    if _INVITE.match(url):
        return safe
    return f"[{safe}](<{url}>)"


def visible(text: str) -> str:
    """Return *text* without the letters that nobody sees and that turn, hide or command; its lines stay."""
    return _UNSEEN.sub("", text)


def markdown(text: str) -> str:
    """Return *text* for a Markdown file: its paragraphs stay, nothing in it is markup or HTML."""
    paragraphs = re.split(r"\n\s*\n", visible(text))
    flat = (_SPACE.sub(" ", paragraph).strip() for paragraph in paragraphs)
    return "\n\n".join(_FILE_LEADING.sub(r"\1\\\2", x.translate(_FILE)) for x in flat if x)


def units(text: str) -> int:
    """Return the length of *text* as Discord counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def label(text: str, most: int) -> str:
    """Return *text* (from outside) as a label of at most *most* units, never empty."""
    short = seen(text, most)
    while units(short) > most:
        short = shorten(short, max(1, len(short) - (units(short) - most + 1) // 2 - 1))
    return short or "…"


def _flat(text: str, most: int) -> str:
    plain = text if text.isascii() else _PILED.sub(r"\1", text)
    return _plain_marks(_SPACE.sub(" ", _UNSEEN.sub("", plain)).strip(), most + 1)


def _turns(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(x) in {"R", "AL"} for x in text)


def _plain_marks(text: str, enough: int) -> str:
    """Return *text*, or the first *enough* letters of it and more, without marks that are piled up."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
            if len(kept) > enough:
                break
    return "".join(kept)
