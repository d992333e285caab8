"""
Disqus: the thread that a page embeds.

The embedded page holds its first posts, about fifty, as JSON in a script of its own; no key is needed for it. The rest
is handed out to registered programs only, and is a gap that says how much it is. Fields: https://disqus.com/api/docs/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Comment, Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import BrokenAnswer, FetchError, PageNotFound
from bot.sources.contents import page_text
from bot.sources.markup import plain
from bot.sources.platform import Material
from bot.sources.platforms.disqus_thread import Thread, comments_of, thread_in, thread_of
from bot.sources.values import address, count, json_of, mapping, mappings, number, text
from bot.sources.web import Job, Web

_DATA = re.compile(r"<script\b[^<>]{0,200}\bid=[\"']disqus-threadData[\"'][^<>]{0,200}>")


class Disqus:
    """Reads embedded threads. *embed* is an argument so that tests can point it at a site of their own."""

    name = "disqus"

    def __init__(self, embed: str = "https://disqus.com/embed/comments/") -> None:
        self._embed = embed

    def recognises(self, link: str) -> bool:
        """Whether *link* is the embedded page's, with a forum and what the thread is called there."""
        return thread_of(link, self._embed) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return the link of the thread that the page at *url* embeds."""
        thread = thread_in(html, url, self._embed)
        return thread.link(self._embed) if thread else None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read a thread's first posts; raises what the embedded page's failure is."""
        thread = thread_of(link, self._embed)
        if thread is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        data: Mapping[str, Any] = {}
        for question in thread.questions():
            try:
                data = await self._data(question, web, job)
            except FetchError:
                if data:
                    break  # the surest name was answered: the thread is empty
                raise
            if mappings(mapping(data.get("response")).get("posts")):
                break
        said = mapping(data.get("response"))
        about = mapping(said.get("thread"))
        page = address(about.get("link")) or next(iter(thread.addresses), None)
        comments = comments_of(mappings(said.get("posts")), page)
        total = count(mapping(data.get("cursor")).get("total"))
        total = count(about.get("posts")) if total is None else total
        declared = None if total is None else max(total, len(comments))
        report(Progress(Stage.COMMENTS, len(comments), declared))
        discussion = Discussion(
            platform=self.name,
            url=page,
            title=plain(text(about.get("clean_title")) or text(about.get("title"))) or None,
            declared=declared,
            comments=tuple(comments),
            gaps=tuple(_gaps(comments, declared)),
        )
        return Material(discussions=(discussion,), about=page)

    async def _data(self, thread: Thread, web: Web, job: Job) -> Mapping[str, Any]:
        answer = await web.get(thread.link(self._embed), job=job)
        html = page_text(answer)
        start = _DATA.search(html)
        said = html[start.end() :].partition("</script")[0] if start else ""
        try:
            data = mapping(json_of(said))
        except ValueError as error:
            raise BrokenAnswer(host=host_of(self._embed)) from error
        if number(data.get("code")) != 0 or not isinstance(data.get("response"), dict):
            raise BrokenAnswer(host=host_of(self._embed))  # its `response` is a sentence then
        return data


def _gaps(comments: list[Comment], declared: int | None) -> Iterator[Gap]:
    gone = sum(comment.state is not State.OK for comment in comments)
    left = (declared or 0) - len(comments)
    if left:
        yield Gap(GapCode.COMMENTS_LIMIT, "Disqus", left)
    elif not comments:
        yield Gap(GapCode.COMMENTS_NONE)
    if gone:
        yield Gap(GapCode.COMMENTS_DELETED, count=gone)
