"""
Mastodon: a status and the replies to it, on any host.

`/api/v1/statuses/<id>` and its `/context` (https://docs.joinmastodon.org/methods/statuses) give whoever has no account
up to sixty replies, twenty levels deep, and of a status of another host only the replies that arrived here: so it is
asked for at home. What is not public is not read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import AccessDenied, BrokenAnswer, FetchError, PageNotFound, UnreadableError
from bot.sources.contents import json_value
from bot.sources.platform import Material
from bot.sources.platforms.mastodon_status import (
    OPEN,
    article_of,
    comments_of,
    counted,
    home_of,
    id_of,
    place_of,
)
from bot.sources.probe import probe
from bot.sources.threads import gaps_of, in_thread_order
from bot.sources.values import mapping, mappings, text
from bot.sources.web import JSON, Job, Web

Status = Mapping[str, Any]


class Mastodon:
    """Reads statuses of any Mastodon, and of what speaks like one."""

    name = "mastodon"

    def recognises(self, link: str) -> bool:
        """Whether *link* has the shape of a status'; whether it is one is known when the host answers."""
        return place_of(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: a status may be about a page, but none says that its comments are there."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """
        Read a status and what is below it; what it answers itself is left out.

        Raises `BrokenAnswer` where *link* is no status after all, `AccessDenied` where it is not for everybody.
        """
        place = place_of(link)
        if place is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        base, status = await self._at_home(*place, web, job)
        host, id = host_of(base), id_of(status) or ""
        if status.get("visibility") not in OPEN:
            raise AccessDenied(host=host, status=None)
        gap = None
        below: list[Status] = []
        try:
            answer = await web.get(f"{base}/api/v1/statuses/{id}/context", job=job, accept=JSON)
            below = mappings(mapping(json_value(answer, host)).get("descendants"))
        except (FetchError, UnreadableError):  # the status itself stands
            gap = Gap(GapCode.COMMENTS_UNREADABLE, host)
        # in a thread: a host may be anybody's, and its HTML made to keep the loop busy
        comments = in_thread_order(await asyncio.to_thread(comments_of, below, id, base))
        declared, absent = counted([status, *below])
        missing = absent + sum(comment.state is State.HIDDEN for comment in comments)
        if missing and gap is None:
            gap = Gap(GapCode.COMMENTS_LIMIT, host, missing)
        report(Progress(Stage.COMMENTS, len(comments), declared))
        article = await asyncio.to_thread(article_of, status, base)
        discussion = Discussion(
            platform=self.name,
            url=article.url if article else link,
            title=None,
            declared=declared,
            comments=comments,
            gaps=gaps_of(comments, gap),
        )
        return Material(article=article, discussions=(discussion,))

    async def _at_home(self, base: str, id: str, web: Web, job: Job) -> tuple[str, Status]:
        """Return a status from the host where it was written, or as *base* has it where that one does not answer."""
        here = await self._status(base, id, web, job)
        home = home_of(here, base)
        if home is not None:
            try:
                there = await self._status(*home, web, job)
            except (FetchError, UnreadableError):
                return base, here
            if text(there.get("uri")) == text(here.get("uri")):
                return home[0], there
        return base, here

    async def _status(self, base: str, id: str, web: Web, job: Job) -> Status:
        status = await probe(f"{base}/api/v1/statuses/{id}", web, job)
        if id_of(status) is None or not mapping(status.get("account")):
            raise BrokenAnswer(host=host_of(base))
        return status
