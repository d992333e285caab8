"""
Lemmy: posts of any of its hosts, and their comments.

The API is asked as version 0.19 has it, in pages of fifty, the oldest first (https://join-lemmy.org/api). Version 1.0
answers the same questions but always gives the first page: it is then asked in its own way, by cursor. Ids are a host's
own, so the link's host is asked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Cid, Comment, Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import BrokenAnswer, FetchError, PageNotFound, TooManyRequests, UnreadableError
from bot.sources.contents import json_value
from bot.sources.platform import FOR_THE_ARTICLE, Material
from bot.sources.platforms.lemmy_post import Post, comment_of, post_of
from bot.sources.probe import probe
from bot.sources.threads import gaps_of, in_thread_order
from bot.sources.values import mapping, mappings, text
from bot.sources.web import JSON, Job, Web

PAGE = 50  # comments a request: what every version gives at most
LONGEST_CURSOR = 1_000  # they have about a hundred letters

_LINK = re.compile(r"/(post|comment)/(\d{1,18})(?:/\d{1,18})?/?")


class Lemmy:
    """Reads posts of any Lemmy."""

    name = "lemmy"

    def recognises(self, link: str) -> bool:
        """Whether *link* has the shape of a post's or a comment's; whether it is one is known when the host answers."""
        return _LINK.fullmatch(urlsplit(link).path) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: pages link to posts about them, but none keeps its own comments there."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read a post, by its own link or a comment's; raises `BrokenAnswer` where *link* is neither after all."""
        parts = urlsplit(link)
        found = _LINK.fullmatch(parts.path)
        if found is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        base = f"{parts.scheme}://{parts.netloc}"
        asked = f"id={found[2]}" if found[1] == "post" else f"comment_id={found[2]}"
        answer = await probe(f"{base}/api/v3/post?{asked}", web, job)
        # in a thread: a host may be anybody's, and its text made to keep the loop busy
        post = await asyncio.to_thread(post_of, mapping(answer.get("post_view")), base)
        if post is None:
            raise BrokenAnswer(host=host_of(link))
        comments, gap = await self._comments(post, base, web, job, report)
        place = Discussion(
            platform=self.name,
            url=post.link,
            title=post.title,
            declared=post.declared,
            comments=comments,
            gaps=gaps_of(comments, gap),
        )
        return Material(
            article=post.article, discussions=(place,), about=post.about, adult=post.adult
        )

    async def _comments(
        self, post: Post, base: str, web: Web, job: Job, report: Report
    ) -> tuple[tuple[Comment, ...], Gap | None]:
        """Return every comment the host hands out, in thread order, and what is missing."""
        found: dict[Cid, Comment] = {}
        page: _Page | None = _Page(post.id)
        code = GapCode.COMMENTS_UNREADABLE
        while page:
            try:
                job.spare(FOR_THE_ARTICLE if post.about else 0)
                answer = await web.get(f"{base}{page.path}", job=job, accept=JSON)
                said = mapping(json_value(answer, host_of(base)))
            except TooManyRequests:
                code = GapCode.REQUEST_LIMIT
                break
            except (FetchError, UnreadableError):  # what was read stands
                break
            came = await asyncio.to_thread(_comments_of, mappings(said.get(page.list)), base)
            fresh = {c.id: c for c in came if c is not None and c.id not in found}
            found |= fresh
            report(Progress(Stage.COMMENTS, len(found), post.declared))
            page = page.after(said, full=len(came) >= PAGE, fresh=bool(fresh))
        missing = (post.declared or 0) - sum(c.state is State.OK for c in found.values())
        gap = Gap(GapCode.COMMENTS_MISSING, count=missing) if missing > 0 else None
        if page:  # there was more to ask for
            gap = Gap(code, host_of(base), max(missing, 1))
        return in_thread_order(found.values()), gap


def _comments_of(views: list[Mapping[str, Any]], base: str) -> list[Comment | None]:
    return [comment_of(view, base) for view in views]


@dataclass(frozen=True)
class _Page:
    """A page of a post's comments: by number, or by cursor ("" is the first) from version 1.0."""

    post: int
    number: int = 1
    cursor: str | None = None

    @property
    def path(self) -> str:
        if self.cursor is None:
            asked = f"sort=Old&type_=All&limit={PAGE}&page={self.number}"
            return f"/api/v3/comment/list?post_id={self.post}&{asked}"
        after = (
            f"&page_cursor={quote(self.cursor, safe='', errors='replace')}" if self.cursor else ""
        )
        return f"/api/v4/comment/list?post_id={self.post}&sort=old&type_=all&limit={PAGE}{after}"

    @property
    def list(self) -> str:
        return "comments" if self.cursor is None else "items"

    def after(self, said: Mapping[str, Any], *, full: bool, fresh: bool) -> _Page | None:
        """Return the page that follows this one, whose answer *said* what; None behind the last."""
        if self.cursor is None:
            if not full:
                return None
            return replace(self, number=self.number + 1) if fresh else replace(self, cursor="")
        cursor = text(said.get("next_page"))
        if cursor is None or len(cursor) > LONGEST_CURSOR or not (fresh or self.cursor == ""):
            return None
        return replace(self, cursor=cursor)
