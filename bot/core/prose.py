"""
What a model's own sentences may contain: no number, link, mention or quotation that is not in what was read.

Models state figures nobody gave; a reader cannot tell them from the article's. A sentence with such a figure goes. And
models do as comments tell them: what a comment links or calls is its writer's, and stays in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from bot.core.folding import folded
from bot.core.models import Reading

READ = 8  # times as much as may stay is looked at, for what is taken out of it; a model may go on for ever

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f\u2009 ]\d{3})*(?:[.,]\d+)?(?!\d)")
_SEPARATOR = re.compile(r"[.,'’\u00a0\u202f\u2009 ](?=\d{3}(?!\d))")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_LINK = re.compile(
    r"!?\[([^\]]*)\]\([^)]*\)|<?\b[a-z][a-z0-9+.-]*://\S+|\b(?:www\.|discord\.gg/)\S+"
    r"|<(?:[@#][!&]?|a?:\w+:|t:)\d+[^>]*>|@(\w[\w.]*)",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"“([^”“]*)”|\"([^\"]*)\"|«\s*([^«»]*?)\s*»|„([^„“”]*)[“”]")
# what steers a terminal or turns letters around, tags nobody sees, halves of surrogate pairs; joiners stay, emoji and
# Persian need them
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\ufeff\u202a-\u202e\u2060-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKS = re.compile(r"```|\*\*|__|~~|\|\||^\s*(?:[#>*+-]+\s+)+")


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
    quotes_dropped: int = 0
    _article: str = field(init=False)
    _comments: str = field(init=False)
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
        self._article = "\n".join(parts)
        self._comments = "\n".join(comment.text for comment in self.reading.readable)
        self._numbers = numbers(self._article) | numbers(self._comments)

    @cached_property
    def _folded(self) -> str:
        # comment by comment: one call over three megabytes would hold up every other thread meanwhile
        return "\n".join(map(folded, (self._article, *(c.text for c in self.reading.readable))))

    def clean(self, text: str, *, most: int, beside: str = "") -> str:
        """
        Return *text* on one line, at most *most* characters, without figures, links or quotations of its own.

        It may link and call what the article does, or *beside*: the comment it stands with.
        """
        text = _MARKS.sub("", " ".join(_UNSEEN.sub("", text[: READ * most]).split()))
        text = _LINK.sub(lambda match: self._link(match, beside), text)
        text = _QUOTATION.sub(self._quotation, text)
        kept = []
        for sentence in _SENTENCE.split(text.strip()):
            if _claimed(sentence) <= self._numbers:
                kept.append(sentence)
            else:
                self.numbers_dropped += 1
        return shorten(" ".join(" ".join(kept).split()), most)

    def _link(self, match: re.Match[str], beside: str) -> str:
        if match[0] in self._article or match[0] in beside:
            return match[0]
        self.links_dropped += 1
        if match[2] and match[0] in self._comments:
            return match[2]
        return match[1] or ""

    def _quotation(self, match: re.Match[str]) -> str:
        words = next(filter(None, match.groups()), "")
        if folded(words) in self._folded:
            return match[0]
        self.quotes_dropped += 1
        return words


def shorten(text: str, most: int) -> str:
    """Return *text* cut to *most* characters at a space, with an ellipsis where it was cut."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[most // 2 :] else cut).rstrip(" ,;:") + "…"
