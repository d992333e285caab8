"""
The three places that hold a story of Hacker News: Algolia's index, its page, and Firebase.

Formats: https://hn.algolia.com/api, https://github.com/HackerNews/API; the page has no contract.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from lxml.html import HtmlElement

from bot.core.gaps import Gap
from bot.core.links import host_of
from bot.core.ports import Progress, Report, Stage
from bot.errors import BrokenAnswer, FetchError, PageNotFound, UnreadableError
from bot.sources.contents import json_value, page_text
from bot.sources.cuts import cut
from bot.sources.platforms.hackernews_story import (
    Story,
    kids,
    more_follows,
    of_algolia,
    of_firebase,
    of_page,
    story_of_comment,
)
from bot.sources.trees import page_tree
from bot.sources.values import mapping, number
from bot.sources.web import JSON, Job, Web

AT_ONCE = 20  # items asked for together


class Sources:
    """Asks for the story of an item. Each raises `FetchError`; a part that failed is a gap beside the story."""

    def __init__(self, algolia: str, firebase: str, site: str) -> None:
        self._algolia = algolia
        self._firebase = firebase
        self._site = site

    async def algolia(self, id: int, web: Web, job: Job) -> Story:
        """Return the whole tree from the index."""
        item = await self._json(f"{self._algolia}/items/{id}", web, job)
        seen = {id}
        while item.get("type") == "comment":
            above = number(item.get("story_id")) or number(item.get("parent_id"))
            if above is None or above in seen:
                raise BrokenAnswer(host=host_of(self._algolia))
            seen.add(above)
            item = await self._json(f"{self._algolia}/items/{above}", web, job)
        return of_algolia(item)

    async def page(self, id: int, web: Web, job: Job, report: Report) -> tuple[Story, Gap | None]:
        """Return the story as its page shows it, some hundred comments a request."""
        first = await self._page(id, 1, web, job)
        above = story_of_comment(first)
        if above is not None:
            id = above
            first = await self._page(id, 1, web, job)
        pages = [first]
        story = of_page(pages, id)
        stopped: FetchError | None = None
        while more_follows(pages[-1]):
            try:
                pages.append(await self._page(id, len(pages) + 1, web, job))
            except FetchError as error:  # what was read stands
                stopped = error
                break
            before, story = len(story.comments), of_page(pages, id)
            if len(story.comments) == before:
                break  # the same page again
            report(Progress(Stage.COMMENTS, len(story.comments), story.declared))
        if story.title is None and not story.comments:
            raise BrokenAnswer(host=host_of(self._site))
        return story, cut(stopped, host_of(self._site), story.missing) if stopped else None

    async def firebase(
        self, id: int, web: Web, job: Job, report: Report
    ) -> tuple[Story, Gap | None]:
        """Return the story item by item: one request a comment."""
        item = await self._item(id, web, job)
        while item.get("type") == "comment" and number(item.get("parent")) is not None:
            item = await self._item(item["parent"], web, job)  # the job's limit ends a circle
        found: dict[int, Mapping[str, Any] | None] = {}
        stopped: FetchError | None = None
        wanted = kids(item)
        asked = {number(item.get("id")), *wanted}
        while wanted and stopped is None:
            some, wanted = wanted[:AT_ONCE], wanted[AT_ONCE:]
            answers = await asyncio.gather(
                *(self._item_or_none(kid, web, job) for kid in some), return_exceptions=True
            )
            for kid, answer in zip(some, answers, strict=True):
                if isinstance(answer, FetchError):  # what was read stands
                    stopped = answer
                elif isinstance(answer, BaseException):
                    raise answer
                else:
                    found[kid] = answer
                    below = [one for one in kids(answer or {}) if one not in asked]
                    asked.update(below)
                    wanted += below
            report(Progress(Stage.COMMENTS, len(found), number(item.get("descendants"))))
        story = of_firebase(item, found)
        if stopped is not None and not found:
            raise stopped
        return story, cut(stopped, host_of(self._firebase), story.missing) if stopped else None

    async def stated(self, id: int, web: Web, job: Job) -> int:
        """Return how many comments the site says the story *id* has."""
        return number((await self._item(id, web, job)).get("descendants")) or 0

    async def _item(self, id: int, web: Web, job: Job) -> Mapping[str, Any]:
        return await self._json(f"{self._firebase}/item/{id}.json", web, job)

    async def _item_or_none(self, id: int, web: Web, job: Job) -> Mapping[str, Any] | None:
        try:
            return await self._item(id, web, job)
        except PageNotFound:  # `null`: gone
            return None

    async def _page(self, id: int, page: int, web: Web, job: Job) -> HtmlElement:
        more = f"&p={page}" if page > 1 else ""
        try:
            answer = await web.get(f"{self._site}/item?id={id}{more}", job=job)
            return page_tree(page_text(answer))
        except UnreadableError as error:
            raise BrokenAnswer(host=host_of(self._site)) from error

    async def _json(self, link: str, web: Web, job: Job) -> Mapping[str, Any]:
        try:
            value = json_value(await web.get(link, job=job, accept=JSON), host_of(link))
        except UnreadableError as error:  # a picture
            raise BrokenAnswer(host=host_of(link)) from error
        if value is None:
            raise PageNotFound(host=host_of(link))
        found = mapping(value)
        if number(found.get("id")) is None:
            raise BrokenAnswer(host=host_of(link))
        return found
