"""
Hacker News: stories and their comments.

The whole tree in one answer of Algolia's index; the page itself where the index fails or lags behind; item by item from
Firebase where both fail. The page comes first of these two because it takes one request for some hundred comments,
Firebase one for each. Formats: https://hn.algolia.com/api, https://github.com/HackerNews/API. Deleted and dead comments
keep their place: their replies stand below them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import html

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Article, Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import BrokenAnswer, FetchError, PageNotFound, TooManyRequests
from bot.sources.contents import json_value, page_text
from bot.sources.cuts import cut
from bot.sources.hackernews_story import (
    ITEM,
    Story,
    kids,
    more_follows,
    of_algolia,
    of_firebase,
    of_page,
    story_of_comment,
)
from bot.sources.platform import Material
from bot.sources.values import mapping, number
from bot.sources.web import JSON, Job, Web

HOSTS = frozenset({"news.ycombinator.com", "hn.algolia.com"})


class HackerNews:
    """Reads stories of Hacker News. The addresses are arguments so that tests can point them at a site of their own."""

    name = "hackernews"

    def __init__(
        self,
        algolia: str = "https://hn.algolia.com/api/v1",
        firebase: str = "https://hacker-news.firebaseio.com/v0",
        site: str = "https://news.ycombinator.com",
    ) -> None:
        self._algolia = algolia
        self._firebase = firebase
        self._site = site

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
            return await self._from_algolia(id, web, job), None
        except TooManyRequests:
            raise
        except FetchError as first:
            for source in (self._from_page, self._from_firebase):
                try:
                    return await source(id, web, job, report)
                except TooManyRequests:
                    raise
                except FetchError:
                    continue
            raise first

    async def _from_algolia(self, id: int, web: Web, job: Job) -> Story:
        item = await self._json(f"{self._algolia}/items/{id}", web, job)
        above = number(item.get("story_id"))
        if item.get("type") == "comment" and above not in {None, id}:
            item = await self._json(f"{self._algolia}/items/{above}", web, job)
        return of_algolia(item)

    async def _from_page(
        self, id: int, web: Web, job: Job, report: Report
    ) -> tuple[Story, Gap | None]:
        first = await self._page(id, 1, web, job)
        above = story_of_comment(first)
        if above is not None:
            id = above
            first = await self._page(id, 1, web, job)
        pages = [first]
        stopped: FetchError | None = None
        while more_follows(pages[-1]):
            try:
                pages.append(await self._page(id, len(pages) + 1, web, job))
            except FetchError as error:  # what was read stands
                stopped = error
                break
            report(Progress(Stage.COMMENTS, len(of_page(pages, id).comments)))
        story = of_page(pages, id)
        if story.title is None and not story.comments:
            raise BrokenAnswer(host=host_of(self._site))
        return story, cut(stopped, host_of(self._site), _missing(story)) if stopped else None

    async def _from_firebase(
        self, id: int, web: Web, job: Job, report: Report
    ) -> tuple[Story, Gap | None]:
        item = await self._item(id, web, job)
        while item.get("type") == "comment" and number(item.get("parent")) is not None:
            item = await self._item(item["parent"], web, job)  # the job's limit ends a circle
        found: dict[int, Mapping[str, Any] | None] = {}
        wanted = kids(item)
        while wanted:
            answers = await asyncio.gather(
                *(self._item_or_none(kid, web, job) for kid in wanted), return_exceptions=True
            )
            for kid, answer in zip(wanted, answers, strict=True):
                if isinstance(answer, TooManyRequests):
                    continue
                if isinstance(answer, BaseException):
                    raise answer
                found[kid] = answer
            report(Progress(Stage.COMMENTS, len(found), number(item.get("descendants"))))
            limit = next((a for a in answers if isinstance(a, TooManyRequests)), None)
            if limit is not None:
                story = of_firebase(item, found)
                return story, cut(limit, host_of(self._firebase), _missing(story))
            below = [kid for one in wanted for kid in kids(found[one] or {}) if kid not in found]
            wanted = list(dict.fromkeys(below))
        return of_firebase(item, found), None

    async def _item(self, id: int, web: Web, job: Job) -> Mapping[str, Any]:
        return await self._json(f"{self._firebase}/item/{id}.json", web, job)

    async def _item_or_none(self, id: int, web: Web, job: Job) -> Mapping[str, Any] | None:
        try:
            return await self._item(id, web, job)
        except PageNotFound:  # `null`: gone
            return None

    async def _page(self, id: int, page: int, web: Web, job: Job) -> html.HtmlElement:
        more = f"&p={page}" if page > 1 else ""
        answer = await web.get(f"{self._site}/item?id={id}{more}", job=job)
        return html.document_fromstring(page_text(answer))

    async def _json(self, link: str, web: Web, job: Job) -> Mapping[str, Any]:
        answer = await web.get(link, job=job, accept=JSON)
        value = json_value(answer, host_of(link))
        if value is None:
            raise PageNotFound(host=host_of(link))
        found = mapping(value)
        if number(found.get("id")) is None:
            raise BrokenAnswer(host=host_of(link))
        return found


def _id_in(link: str) -> int | None:
    parts = urlsplit(link)
    host = (parts.hostname or "").lower()
    if host == "hn.algolia.com" and parts.path.startswith("/api/v1/items/"):
        said = parts.path.rpartition("/")[2]
    elif host == "news.ycombinator.com" and parts.path == "/item":
        said = parse_qs(parts.query).get("id", [""])[0]
    else:
        return None
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 13 else None


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


def _missing(story: Story) -> int:
    return max((story.declared or 0) - len(story.comments), 0)


def _gaps(story: Story, stopped: Gap | None) -> tuple[Gap, ...]:
    states = Counter(comment.state for comment in story.comments)
    deleted = states[State.DELETED] + states[State.REMOVED]
    missing = _missing(story)
    gaps = [stopped] if stopped else []
    if deleted:
        gaps.append(Gap(GapCode.COMMENTS_DELETED, count=deleted))
    if missing and stopped is None:
        gaps.append(Gap(GapCode.COMMENTS_MISSING, count=missing))
    if not story.comments:
        gaps.append(Gap(GapCode.COMMENTS_NONE))
    return tuple(gaps)
