"""What the surroundings of a list prove: a place that is called comments, a heading that announces them, a side bar."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from bot.sources.comments import signs
from bot.sources.comments.outline import Outline
from bot.sources.comments.signs import HEADINGS, speaks_of_comments

CALLED = 2.0
"""Points for a place that is called comments, or is announced by a heading."""

ASIDE = -6.0
"""Points for side bars, menus and footers: no list there can be the comments."""

_STEPS = 6  # ancestors whose names count
_NEAR = 40  # words between a heading and what it heads: how to sort, who may write
_HEADING_WORDS = 30
_LINES = 5
_MOST_ASIDE = 0.8  # of a page's words: what holds more is the page, whatever it is called


class Places:
    """The surroundings of a page's lists, each looked at once."""

    def __init__(self, page: Outline) -> None:
        self._page = page
        self._around: dict[tuple[int, bool], float] = {}

    def worth(self, at: int, *, numbered: bool) -> float:
        """Return the points of the place where a list begins *at*; *numbered* items are not put off by names."""
        parent = self._page.parents[at]
        key = (parent, numbered)
        if key not in self._around:
            self._around[key] = self._surroundings(at, numbered=numbered)
        around = self._around[key]
        return CALLED if around == 0.0 and self._announced(at) else around

    def heading(self, start: int, at: int) -> str | None:
        """Return the heading that announces what begins *at*, if it stands between *start* and there."""
        page = self._page
        lines = page.announced[bisect_left(page.announced, start) : bisect_left(page.announced, at)]
        for line in reversed(lines[-_LINES:]):
            if page.before[at] - page.before[line] > _NEAR:
                break
            for up in (line, *page.above(line, 4)):
                if page.words[up] > _HEADING_WORDS or up < start:
                    break
                if page.tags[up] in HEADINGS and page.ends[up] <= at:
                    return page.said(up)
        return None

    def _surroundings(self, at: int, *, numbered: bool) -> float:
        page = self._page
        found = 0.0
        for steps, up in enumerate(page.above(at)):
            said = page.signs[up]
            tag = page.tags[up]
            if tag in {"html", "body"}:
                break
            aside = tag in {"aside", "nav"} or (
                not numbered and (tag == "footer" or said & signs.SIDE)
            )
            if aside and page.words[up] < _MOST_ASIDE * page.words[0]:
                return ASIDE
            if steps < _STEPS and said & signs.COMMENT and not said & signs.ELSE:
                found = CALLED
        return found

    def _announced(self, at: int) -> bool:
        """Whether the last line that announces comments stands right before *at*, and heads it."""
        page = self._page
        last = bisect_right(page.announced, at) - 1
        if last < 0:
            return False
        line = page.announced[last]
        near = page.before[at] - page.before[line] <= _NEAR and page.ends[line] <= at
        return near and not self._headed(line, at) and self._heads(line, at)

    def _headed(self, line: int, at: int) -> bool:
        """Whether another heading than that of comments stands between a line and what begins *at*."""
        page = self._page
        between = page.headings[
            bisect_left(page.headings, line + 1) : bisect_left(page.headings, at)
        ]
        return any(page.words[up] and not speaks_of_comments(page.said(up)) for up in between)

    def _heads(self, line: int, at: int) -> bool:
        """Whether a line is a heading, and not what one clicks to get to another place than *at*."""
        page = self._page
        link = False
        for up in (line, *page.above(line, 4)):
            tag = page.tags[up]
            if page.words[up] > _HEADING_WORDS:
                break
            if tag in HEADINGS:
                return True
            link = link or (tag == "a" and self._leads_away(up, at))
        return not link

    def _leads_away(self, link: int, at: int) -> bool:
        href = self._page.elements[link].get("href", "#")
        if not href.startswith("#"):
            return True
        page = self._page
        target = next((e for e in page.elements[at:] if href[1:] and e.get("id") == href[1:]), None)
        return target is not None and page.index[target] > at
