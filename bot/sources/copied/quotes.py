"""Words of one comment that stand again in another, below the name of who said them: quotes, in forums and chats."""

from __future__ import annotations

import re
from collections import defaultdict

from bot.sources.copied.names import bare
from bot.sources.copied.page import Page
from bot.sources.copied.said import Said, text_of, without

MOST_LETTERS = 20_000_000
"""Searched in all: past it, quotes stay where they are."""
MOST_EARLIER = 20
"""Comments of one author that are searched, the newest first."""

# "hal:", "@hal", "Replying to hal", "hal wrote:"
_QUOTED = re.compile(
    r"(?:Replying to |@)(?P<name>.{1,60})|"
    r"(?P<said>.{1,60}?)(?: (?:said|wrote|a écrit|a dit|schrieb|hat geschrieben|escribió|ha scritto))? ?:"
)


def unquoted(page: Page, said: list[Said]) -> list[Said]:
    """
    Return *said* without what comments repeat of earlier ones, each with the name above it.

    A view would be counted twice, once under the wrong name. Only what stands letter for letter in an earlier comment
    of that name is taken for a quote, and never all of a comment.
    """
    earlier: dict[str, list[str]] = defaultdict(list)
    left = MOST_LETTERS
    found = []
    for one in said:
        quoted: set[int] = set()
        texts = [part.at for part in one.words]
        at = 0
        while at < len(texts):
            told = earlier.get(_name(page.texts[texts[at]]), ())
            end = at + 1
            while end < len(texts) and left > 0 and any(page.texts[texts[end]] in t for t in told):
                left -= sum(map(len, told))
                end += 1
            if end > at + 1:
                quoted.update(texts[at:end])
            left -= sum(map(len, told))
            at = end
        one = without(one, quoted) if len(quoted) < len(texts) and quoted else one  # noqa: PLW2901
        found.append(one)
        mine = earlier[one.head.name.casefold()]
        mine.insert(0, text_of(page, one.words))
        del mine[MOST_EARLIER:]
    return found


def _name(text: str) -> str:
    match = _QUOTED.fullmatch(text) if len(text) <= 80 else None
    return bare((match["name"] or match["said"]).strip()).casefold() if match else ""
