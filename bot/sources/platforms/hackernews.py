"""
Hacker News: stories and their comments.

The whole tree in one answer of Algolia's index, held against the number Firebase states; the page itself where the
index fails or lags behind; item by item from Firebase where both fail. The page comes first of these two because it
takes one request for some hundred comments, Firebase one for each. Deleted and dead comments keep their place: their
replies stand below them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Article, Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import FetchError, PageNotFound, TooManyRequests
from bot.sources.platform import Material
from bot.sources.platforms.hackernews_sources import Sources
from bot.sources.platforms.hackernews_story import ITEM, Story
from bot.sources.web import Job, Web

LAG = 0.1  # of the stated comments not in the index yet: up to this they are only counted

_ID = re.compile("([0-9]{1,12})")
_INDEXED = re.compile("/(?:api/v1/items|story)/([0-9]{1,12})(?:/.*)?")
_TAGGED = re.compile(r"\bstory_([0-9]{1,12})\b")


class HackerNews:
    """Reads stories of Hacker News. The addresses are arguments so that tests can point them at a site of their own."""

    name = "hackernews"

    def __init__(
        self,
        algolia: str = "https://hn.algolia.com/api/v1",
        firebase: str = "https://hacker-news.firebaseio.com/v0",
        site: str = "https://news.ycombinator.com",
    ) -> None:
        self._sources = Sources(algolia, firebase, site)

    def recognises(self, link: str) -> bool:
        """Whether *link* is an item's page; a comment's link leads to its whole story."""
        return _id_in(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: pages link to Hacker News, but none keeps its own comments there."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read the story of *link*; raises what Algolia raised where all three sources fail."""
        id = _id_in(link)
        if id is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        story, stopped = await self._story(id, web, job, report)
        report(Progress(Stage.COMMENTS, len(story.comments), story.declared))
        discussion = Discussion(
            platform=self.name,
            url=f"{ITEM}{story.id}",
            title=story.title,
            declared=story.declared,
            comments=story.comments,
            gaps=_gaps(story, stopped),
        )
        if story.url and story.url.startswith(("http://", "https://")):
            return Material(discussions=(discussion,), about=story.url)
        return Material(article=_article(story), discussions=(discussion,))

    async def _story(self, id: int, web: Web, job: Job, report: Report) -> tuple[Story, Gap | None]:
        try:
            story = await self._sources.algolia(id, web, job)
        except TooManyRequests:
            raise
        except FetchError as first:
            for source in (self._sources.page, self._sources.firebase):
                try:
                    return await source(id, web, job, report)
                except TooManyRequests:
                    raise
                except FetchError:
                    continue
            raise first
        return await self._caught_up(story, web, job, report)

    async def _caught_up(
        self, story: Story, web: Web, job: Job, report: Report
    ) -> tuple[Story, Gap | None]:
        """Return *story* with the number its site states, from its page where the index lags far behind."""
        try:
            stated = await self._sources.stated(story.id, web, job)
        except FetchError:
            return story, None
        lag = stated - len(story.comments)
        if lag <= 0:  # dead comments are in the index, and not in the number
            return story, None
        if lag > stated * LAG:
            try:
                newer, stopped = await self._sources.page(story.id, web, job, report)
            except FetchError:
                pass
            else:
                if len(newer.comments) > len(story.comments):
                    return newer, stopped
        return replace(story, declared=stated), None


def _id_in(link: str) -> int | None:
    """Return the item that *link* leads to: its page, its place in Algolia's index, or a search below a story."""
    parts = urlsplit(link)
    query = parse_qs(parts.query)
    said = None
    if parts.hostname == "news.ycombinator.com" and parts.path == "/item":
        said = _ID.fullmatch(query.get("id", [""])[0])
    elif parts.hostname == "hn.algolia.com":
        said = _INDEXED.fullmatch(parts.path) or _TAGGED.search(query.get("tags", [""])[0])
    return int(said[1]) if said else None


def _article(story: Story) -> Article | None:
    """Return the question or text the story itself is, None where it has no words of its own."""
    if not story.text:
        return None
    return Article(
        url=f"{ITEM}{story.id}",
        title=story.title,
        text=story.text,
        site="Hacker News",
        authors=(story.author,) if story.author else (),
        published=story.at,
    )


def _gaps(story: Story, stopped: Gap | None) -> tuple[Gap, ...]:
    states = Counter(comment.state for comment in story.comments)
    deleted = states[State.DELETED] + states[State.REMOVED]
    gaps = [stopped] if stopped else []
    if deleted:
        gaps.append(Gap(GapCode.COMMENTS_DELETED, count=deleted))
    if story.missing and stopped is None:
        gaps.append(Gap(GapCode.COMMENTS_MISSING, count=story.missing))
    if not story.comments:
        gaps.append(Gap(GapCode.COMMENTS_NONE))
    return tuple(gaps)
