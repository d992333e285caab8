"""
What a model's own sentences may contain: no number, link or mention that is not in what was read.

Models state figures nobody gave; a reader cannot tell them from the article's. A sentence with such a figure goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.core.models import Reading

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f\u2009 ]\d{3})*(?:[.,]\d+)?(?!\d)")
_SEPARATOR = re.compile(r"[.,'’\u00a0\u202f\u2009 ](?=\d{3}(?!\d))")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_LINK = re.compile(
    r"\[([^\]]*)\]\([^)]*\)|(?:https?://|www\.|discord\.gg/)\S+|<[@#][!&]?\d+>|@\w[\w.]*"
)


def numbers(text: str) -> set[str]:
    """Return the numbers written in *text*, without separators of thousands, with a point for decimals."""
    found = set()
    for match in _NUMBER.finditer(text):
        written = match.group()
        found.add(_SEPARATOR.sub("", written).replace(",", "."))
        # "1.234" may be a decimal, "12 500" two numbers: what a source writes counts either way
        found.add(written.replace(",", "."))
        found.update(re.findall(r"\d+", written))
    return found


def _claimed(text: str) -> set[str]:
    return {_SEPARATOR.sub("", m.group()).replace(",", ".") for m in _NUMBER.finditer(text)}


@dataclass
class Proofreader:
    """Checks sentences against one reading, and counts what it takes out."""

    reading: Reading
    numbers_dropped: int = 0
    links_dropped: int = 0
    _source: str = field(init=False)
    _numbers: set[str] = field(init=False)

    def __post_init__(self) -> None:
        """Gather what may be cited."""
        article = self.reading.article
        parts = [place.title or "" for place in self.reading.discussions]
        if article:
            parts += [article.title or "", article.text]
            parts.append(
                article.published.strftime("%Y %-m %m %-d %d") if article.published else ""
            )
        parts += [comment.text for comment in self.reading.readable]
        self._source = "\n".join(parts)
        self._numbers = numbers(self._source)

    def clean(self, text: str, *, most: int) -> str:
        """Return *text* on one line, at most *most* characters, without figures or links of its own."""
        text = _LINK.sub(self._link, " ".join(text.split()))
        kept = []
        for sentence in _SENTENCE.split(text.strip()):
            if _claimed(sentence) <= self._numbers:
                kept.append(sentence)
            else:
                self.numbers_dropped += 1
        return shorten(" ".join(" ".join(kept).split()), most)

    def _link(self, match: re.Match[str]) -> str:
        if match.group() in self._source:
            return match.group()
        self.links_dropped += 1
        return match.group(1) or ""


def shorten(text: str, most: int) -> str:
    """Return *text* cut to *most* characters at a space, with an ellipsis where it was cut."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[most // 2 :] else cut).rstrip(" ,;:") + "…"
