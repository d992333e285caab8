"""
WordPress: the comments of a post, from the site's own REST API or, for blogs hosted there, from WordPress.com's.

A hundred come in one answer, with their number in a header. Where a site has no readable addresses, the path of the API
travels as `rest_route`. Formats: https://developer.wordpress.org/rest-api/reference/comments/ and
https://developer.wordpress.com/docs/api/1.1/get/sites/%24site/posts/%24post_ID/replies/
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Comment, Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import (
    BrokenAnswer,
    FetchError,
    PageNotFound,
    SiteBusy,
    SiteFailed,
    TooManyRequests,
)
from bot.sources.contents import Answer, json_value
from bot.sources.cuts import cut
from bot.sources.platform import Material
from bot.sources.platforms.wordpress_comments import Given, comments_of, of_hosted, of_rest
from bot.sources.platforms.wordpress_post import PER_PART, Post, post_in, post_of
from bot.sources.values import count, mapping, mappings
from bot.sources.web import JSON, Job, Web

HOLES = 1  # parts that may fail before the rest is given up

_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")


@dataclass(frozen=True)
class _Part:
    given: tuple[Given, ...]
    total: int | None
    parts: int | None


@dataclass
class _Found:
    """What was read so far. `stopped` is what left a hole or ended it."""

    given: dict[int, Given]
    total: int | None
    stopped: FetchError | None = None

    @property
    def left(self) -> int | None:
        return None if self.total is None else max(self.total - len(self.given), 0)


class WordPress:
    """Reads the comments of posts. *hosted* is an argument so that tests can point it at a site of their own."""

    name = "wordpress"

    def __init__(self, hosted: str = "https://public-api.wordpress.com/rest/v1.1") -> None:
        self._hosted = hosted

    def recognises(self, link: str) -> bool:
        """Whether *link* is an API's for the comments of a post, or for the post."""
        return post_of(link, self._hosted) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return the API's link of the comments of the page at *url*, if it is one post's."""
        post = post_in(html, url, self._hosted)
        return post.comments if post else None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read a post's comments; raises where not even the first hundred are handed out."""
        post = post_of(link, self._hosted)
        if post is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        found = await self._all(post, web, job, report)
        # in a thread: a site may be anybody's, and its HTML made to keep the loop busy
        comments = await asyncio.to_thread(comments_of, found.given.values())
        others = len(found.given) - len(comments)  # pingbacks; WordPress.com counts them
        total = None if found.total is None else max(found.total, len(found.given))
        page = _page_of(comments) or post.page
        discussion = Discussion(
            platform=self.name,
            url=page,
            title=next((one.title for one in found.given.values() if one.title), None),
            declared=None if total is None else total - others,
            comments=tuple(comments),
            gaps=tuple(_gaps(comments, found, host_of(post.comments))),
        )
        return Material(discussions=(discussion,), about=page)

    async def _all(self, post: Post, web: Web, job: Job, report: Report) -> _Found:
        part = await self._part(post, 1, web, job)
        found = _Found({one.id: one for one in part.given}, part.total)
        parts, full = part.parts, len(part.given) >= PER_PART
        number, holes = 1, 0
        while number < parts if parts is not None else full:
            report(Progress(Stage.COMMENTS, len(found.given), found.total))
            number += 1
            try:
                part = await self._part(post, number, web, job)
            except FetchError as error:
                if isinstance(error, SiteFailed) and error.facts["status"] == 400:
                    break  # rest_post_invalid_page_number: there are fewer by now
                found.stopped = error
                holes += 1
                for_good = isinstance(error, TooManyRequests | SiteBusy)
                if for_good or parts is None or holes > HOLES:
                    break
                continue
            fresh = {one.id: one for one in part.given if one.id not in found.given}
            if not fresh:
                break
            found.given.update(fresh)
            full = len(part.given) >= PER_PART
        report(Progress(Stage.COMMENTS, len(found.given), found.total))
        return found

    async def _part(self, post: Post, number: int, web: Web, job: Job) -> _Part:
        answer = await web.get(post.part(number), job=job, accept=JSON)
        host = host_of(post.comments)
        value = json_value(answer, host)
        if post.hosted:
            items = mapping(value).get("comments")
            total = count(mapping(value).get("found"))
            parts = None if total is None else -(-total // PER_PART)
        else:
            items, total = value, _header(answer, "x-wp-total")
            parts = _header(answer, "x-wp-totalpages")
        if not isinstance(items, list):  # an error's JSON, with status 200
            raise BrokenAnswer(host=host)
        read = of_hosted if post.hosted else of_rest
        given = await asyncio.to_thread(lambda: [read(item) for item in mappings(items)])
        return _Part(tuple(one for one in given if one is not None), total, parts)


def _header(answer: Answer, name: str) -> int | None:
    said = answer.headers.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _page_of(comments: list[Comment]) -> str | None:
    """Return the address of the post, as the link of a comment says it."""
    link = next((comment.url for comment in comments if comment.url), None)
    return _COMMENT_PAGE.sub("/", link.partition("#")[0]) if link else None


def _gaps(comments: list[Comment], found: _Found, host: str) -> Iterator[Gap]:
    withheld = sum(comment.state is not State.OK for comment in comments)
    if found.stopped and found.left != 0:
        yield cut(found.stopped, host, found.left)
    elif found.left:
        yield Gap(GapCode.COMMENTS_MISSING, count=found.left)
    elif not comments:
        yield Gap(GapCode.COMMENTS_NONE)
    if withheld:
        yield Gap(GapCode.COMMENTS_DELETED, count=withheld)
