"""
Bluesky: a post and the replies to it.

`app.bsky.feed.getPostThread` answers whoever asks, ten levels at a time whatever depth is asked for
(https://github.com/bluesky-social/atproto/issues/3147): what is below is asked for by the post that has it. Authors who
do not want to be shown to people without an account are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Discussion
from bot.core.ports import Progress, Report, Stage
from bot.errors import (
    AccessDenied,
    BrokenAnswer,
    FetchError,
    PageNotFound,
    PageTooLarge,
    SiteFailed,
    TooManyRequests,
    UnreadableError,
)
from bot.sources.contents import json_value
from bot.sources.platform import FOR_THE_ARTICLE, Material
from bot.sources.platforms.bluesky_thread import Post, Thread, post_of
from bot.sources.threads import gaps_of
from bot.sources.values import mapping
from bot.sources.web import JSON, Job, Web

HOST = "bsky.app"
# levels a question asks for; the second where the first is too much: a thousand replies are about a megabyte
# (https://github.com/bluesky-social/atproto/issues/2351)
DEPTHS = (100, 1)

_PATH = re.compile(
    r"/profile/(did:[a-z]+:[\w.:%-]{1,256}|[\w.-]{1,253})/post/([\w.~:-]{1,512})/?", re.ASCII
)


class Bluesky:
    """Reads posts of Bluesky. The address is an argument so that tests can point it at a site of their own."""

    name = "bluesky"

    def __init__(self, api: str = "https://public.api.bsky.app") -> None:
        self._api = api

    def recognises(self, link: str) -> bool:
        """Whether *link* is a post's page."""
        return _uri_in(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: a post may be about a page, but none says that its comments are there."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """
        Read a post and what is below it; what it answers itself is left out.

        Raises `AccessDenied` where its author asks not to be shown.
        """
        uri = _uri_in(link)
        if uri is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        node = await self._thread(uri, web, job)
        post = post_of(node)
        if post is None:
            raise BrokenAnswer(host=HOST)
        if post.out:
            raise AccessDenied(host=HOST, status=None)
        thread = Thread(post)
        thread.add(node)
        report(Progress(Stage.COMMENTS, thread.read, thread.declared))
        gap = await self._rest(thread, post, web, job, report)
        out = Gap(GapCode.AUTHORS_OPTED_OUT, count=thread.opted_out) if thread.opted_out else None
        comments = thread.comments
        discussion = Discussion(
            platform=self.name,
            url=post.link,
            title=None,
            declared=thread.declared,
            comments=comments,
            gaps=gaps_of(comments, gap, out),
        )
        if post.about:
            return Material(discussions=(discussion,), about=post.about)
        return Material(article=post.article, discussions=(discussion,))

    async def _rest(
        self, thread: Thread, post: Post, web: Web, job: Job, report: Report
    ) -> Gap | None:
        """Add what is below the first levels; return what is missing in the end."""
        while uri := thread.take():
            try:
                job.spare(FOR_THE_ARTICLE if post.about else 0)
                thread.add(await self._thread(uri, web, job))
            except TooManyRequests:
                return Gap(GapCode.REQUEST_LIMIT, HOST, thread.missing)
            except PageNotFound:  # deleted meanwhile
                continue
            except (FetchError, UnreadableError):  # what was read stands
                return Gap(GapCode.COMMENTS_UNREADABLE, HOST, thread.missing)
            report(Progress(Stage.COMMENTS, thread.read, thread.declared))
        return Gap(GapCode.COMMENTS_LIMIT, HOST, thread.missing) if thread.missing else None

    async def _thread(self, uri: str, web: Web, job: Job) -> Mapping[str, Any]:
        """Return the node of post *uri*; raises `PageNotFound` where there is no such post."""
        try:
            node = await self._ask(uri, DEPTHS[0], web, job)
        except PageTooLarge:
            node = await self._ask(uri, DEPTHS[1], web, job)
        except SiteFailed as error:
            if error.facts["status"] != 400:
                raise
            raise PageNotFound(host=HOST) from error
        if node.get("notFound") is True:
            raise PageNotFound(host=HOST)
        return node

    async def _ask(self, uri: str, depth: int, web: Web, job: Job) -> Mapping[str, Any]:
        asked = f"uri={quote(uri, safe=':/')}&depth={depth}&parentHeight=0"
        link = f"{self._api}/xrpc/app.bsky.feed.getPostThread?{asked}"
        answer = await web.get(link, job=job, accept=JSON)
        return mapping(mapping(json_value(answer, HOST)).get("thread"))


def _uri_in(link: str) -> str | None:
    parts = urlsplit(link)
    found = _PATH.fullmatch(unquote(parts.path))
    if found is None or (parts.hostname or "").lower() not in {HOST, f"www.{HOST}"}:
        return None
    return f"at://{found[1]}/app.bsky.feed.post/{found[2]}"
