"""
Stack Exchange: questions, their answers, and the comments on both.

The question is what the readers talk about. Four methods of the API hand out the rest, a hundred items a page: 300
requests a day without a key, 10,000 with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Discussion
from bot.core.ports import Progress, Report, Stage
from bot.errors import BrokenAnswer, PageNotFound
from bot.sources.cuts import cut
from bot.sources.platform import Material
from bot.sources.platforms.stackexchange_api import (
    ANSWERS,
    ANSWERS_TO,
    COMMENTS_ON,
    PAGE,
    QUESTIONS,
    Api,
    Asking,
    Items,
)
from bot.sources.platforms.stackexchange_posts import article_of, comments_of, title_of
from bot.sources.values import number
from bot.sources.web import Job, Web

SITES = (
    "askubuntu.com",
    "mathoverflow.net",
    "serverfault.com",
    "stackapps.com",
    "stackoverflow.com",
    "superuser.com",
)

_POST = re.compile(r"/(questions|q|a)/([0-9]{1,12})(?:/.*)?")


class StackExchange:
    """Reads questions of every site of the network; *api* is for tests."""

    name = "stackexchange"

    def __init__(self, key: str | None = None, api: Api | None = None) -> None:
        self._api = api or Api(key, "https://api.stackexchange.com/2.3")

    def recognises(self, link: str) -> bool:
        """Whether *link* is a question's or an answer's page; an answer's leads to its whole question."""
        return _post(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: no page keeps its own comments there."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read a question; raises `SiteBusy` where the day's quota is used up, too."""
        post = _post(link)
        if post is None:
            raise PageNotFound(host=host_of(link))
        site, kind, id = post
        asking = Asking(site, web, job)
        report(Progress(Stage.COMMENTS))
        question = await self._question(id, asking, of_answer=kind == "a")
        id = number(question.get("question_id")) or 0
        answers = await self._api.all(ANSWERS_TO, [id], "answer_id", asking)
        stated = max(number(question.get("answer_count")) or 0, len(answers.found))
        report(Progress(Stage.COMMENTS, len(answers.found), stated))
        remarks = await self._remarks([id, *answers.found], asking)
        report(Progress(Stage.COMMENTS, len(answers.found) + len(remarks.found)))
        url = f"https://{site}/questions/{id}"
        discussion = Discussion(
            platform=self.name,
            url=url,
            title=title_of(question),
            # how many answers there are is stated; of comments there are as many as are handed out
            declared=stated + len(remarks.found),
            comments=tuple(comments_of(answers.found.values(), remarks.found.values(), url)),
            gaps=tuple(_gaps(stated, answers, remarks, self._api.host)),
        )
        return Material(article=article_of(question, url, site), discussions=(discussion,))

    async def _question(self, id: int, asking: Asking, *, of_answer: bool) -> Mapping[str, Any]:
        """Return the question *id*, or the one that the answer *id* belongs to."""
        found = None if of_answer else await self._api.first(QUESTIONS, id, asking)
        if found is None:  # the sites follow an answer's id from any address, too
            answer = await self._api.first(ANSWERS, id, asking)
            above = number(answer.get("question_id")) if answer else None
            found = await self._api.first(QUESTIONS, above, asking) if above else None
        if found is None:
            raise PageNotFound(host=asking.site)
        if number(found.get("question_id")) is None:
            raise BrokenAnswer(host=self._api.host)
        return found

    async def _remarks(self, posts: list[int], asking: Asking) -> Items:
        remarks = Items()
        for at in range(0, len(posts), PAGE):
            some = await self._api.all(COMMENTS_ON, posts[at : at + PAGE], "comment_id", asking)
            remarks.found.update(some.found)
            if some.stopped:
                remarks.stopped = some.stopped
                break
        return remarks


def _post(link: str) -> tuple[str, str, int] | None:
    """Return site, kind and id of the post that *link* leads to."""
    parts = urlsplit(link)
    site = (parts.hostname or "").removeprefix("www.")
    family = site in SITES or site.endswith((".stackexchange.com", *(f".{one}" for one in SITES)))
    found = _POST.fullmatch(parts.path)
    return (site, found[1], int(found[2])) if family and found else None


def _gaps(stated: int, answers: Items, remarks: Items, host: str) -> Iterator[Gap]:
    lost = stated - len(answers.found)
    stopped = answers.stopped or remarks.stopped
    if stopped:
        # how many comments there are nobody knows: a number would be of the answers alone
        yield cut(stopped, host, None if remarks.stopped else lost)
    elif lost:
        yield Gap(GapCode.COMMENTS_MISSING, count=lost)
    if not (answers.found or remarks.found or lost or stopped):
        yield Gap(GapCode.COMMENTS_NONE)
