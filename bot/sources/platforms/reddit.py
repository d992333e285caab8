"""
Reddit: posts and their comments.

With the keys of a registered application the whole thread comes from its API (https://www.reddit.com/dev/api); without
them the feed of the thread is read, which gives comments without scores and without order, as many as Reddit likes.
Programs without keys are turned away since May 2026 wherever Reddit notices them: that is `KeyNeeded`, not a failure.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Comment, Discussion
from bot.core.ports import Progress, Report, Stage
from bot.errors import (
    AccessDenied,
    BrokenAnswer,
    FetchError,
    KeyNeeded,
    PageNotFound,
    TooManyRequests,
    UnreadableError,
)
from bot.sources.platform import FOR_THE_ARTICLE, Material
from bot.sources.platforms.reddit_api import MORE, KeyRefused, RedditApi
from bot.sources.platforms.reddit_feed import is_page, of_feed
from bot.sources.platforms.reddit_thread import SITE, Post, Thread
from bot.sources.threads import gaps_of
from bot.sources.web import Job, Web

ATOM = "application/atom+xml"
PLACE = "Reddit"

_log = logging.getLogger(__name__)
_POST = re.compile(r"(?:/(?:r|u|user)/[\w-]+)?/(?:comments|gallery)/([a-z0-9]{1,13})(?:/.*)?")
_SHARE = re.compile(r"/(?:r|u|user)/[\w-]+/s/\w+/?")
_SHORT = re.compile(r"/([a-z0-9]{1,13})/?")


class Reddit:
    """
    Reads posts of Reddit; *id* and *secret* are the operator's application, where there is one.

    The addresses are arguments so that tests can point them at a site of their own.
    """

    name = "reddit"

    def __init__(
        self,
        id: str | None = None,
        secret: str | None = None,
        *,
        site: str = SITE,
        api: str = "https://oauth.reddit.com",
    ) -> None:
        self._site = site
        self._api = RedditApi(id, secret, site=site, api=api) if id and secret else None

    def recognises(self, link: str) -> bool:
        """Whether *link* is a post's, a comment's (which leads to its whole thread), or one of the app's short ones."""
        return _id_in(link) is not None or _is_share(link)

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: pages link to Reddit, but none keeps its own comments there."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read the thread of *link*; raises `KeyNeeded` where Reddit turns the bot away for having no key."""
        report(Progress(Stage.COMMENTS))
        id = _id_in(link) or await self._shared(link, web, job)
        try:
            if self._api:
                return await self._from_api(self._api, id, web, job, report)
        except KeyRefused:
            _log.warning("Reddit refuses the application's key: its feeds are read instead")
        return await self._from_feed(id, web, job, report)

    async def _shared(self, link: str, web: Web, job: Job) -> str:
        """Return the id of the post that a link of the app's share button leads to."""
        short = f"{self._site}{urlsplit(link).path}"
        with _turned_away():
            target = await web.target(short, job=job)
        if target is None:  # a page in place of the redirect
            raise KeyNeeded(platform=PLACE)
        id = _id_in(target)
        if id is None:
            raise PageNotFound(host=host_of(short))
        return id

    async def _from_feed(self, id: str, web: Web, job: Job, report: Report) -> Material:
        link = f"{self._site}/comments/{id}/.rss?limit=100"
        with _turned_away():
            answer = await web.get(link, job=job, accept=ATOM)
        if is_page(answer.body):
            raise KeyNeeded(platform=PLACE)
        found = of_feed(answer.body, id)
        if found is None:
            raise BrokenAnswer(host=host_of(link))
        post, comments = found
        report(Progress(Stage.COMMENTS, len(comments)))
        # it does not say how many there are: a short feed may be the whole thread or not
        gaps = gaps_of(comments, Gap(GapCode.COMMENTS_LIMIT, PLACE))
        return self._material(post, None, comments, gaps)

    async def _from_api(
        self, api: RedditApi, id: str, web: Web, job: Job, report: Report
    ) -> Material:
        thread = Thread(*await api.thread(id, web, job))
        report(Progress(Stage.COMMENTS, thread.read, thread.declared))
        gap = await self._rest(api, thread, web, job, report)
        comments = thread.comments
        return self._material(thread.post, thread.declared, comments, gaps_of(comments, gap))

    async def _rest(
        self, api: RedditApi, thread: Thread, web: Web, job: Job, report: Report
    ) -> Gap | None:
        """Add what the first answer only named; return what is missing in the end."""
        post = thread.post.id
        while thread.unfinished:
            left = thread.missing
            ids, above = thread.take(MORE)
            try:
                job.spare(FOR_THE_ARTICLE if thread.post.about else 0)
                if above is None:
                    thread.add(await api.more(post, ids, web, job))
                else:
                    thread.add(await api.below(post, above, web, job))
            except TooManyRequests:
                return Gap(GapCode.REQUEST_LIMIT, PLACE, left)
            except (FetchError, UnreadableError, KeyRefused):  # what was read stands
                return Gap(GapCode.COMMENTS_UNREADABLE, PLACE, left)
            report(Progress(Stage.COMMENTS, thread.read, thread.declared))
        return Gap(GapCode.COMMENTS_LIMIT, PLACE, thread.missing) if thread.missing else None

    def _material(
        self, post: Post, declared: int | None, comments: tuple[Comment, ...], gaps: tuple[Gap, ...]
    ) -> Material:
        place = Discussion(self.name, post.link, post.title, declared, comments, gaps)
        return Material(
            article=post.article, discussions=(place,), about=post.about, adult=post.adult
        )


@contextmanager
def _turned_away() -> Iterator[None]:
    """Say what Reddit means by refusing a reader without a key."""
    try:
        yield
    except AccessDenied as error:
        if error.facts["status"] is None:  # the operator's own list
            raise
        raise KeyNeeded(platform=PLACE) from error


def _id_in(link: str) -> str | None:
    parts = urlsplit(link)
    host = (parts.hostname or "").lower()
    if host in {"redd.it", "www.redd.it"}:
        found = _SHORT.fullmatch(parts.path)
    else:
        found = _POST.fullmatch(parts.path) if _is_reddit(host) else None
    return found[1] if found else None


def _is_share(link: str) -> bool:
    parts = urlsplit(link)
    return _is_reddit((parts.hostname or "").lower()) and bool(_SHARE.fullmatch(parts.path))


def _is_reddit(host: str) -> bool:
    return host == "reddit.com" or host.endswith(".reddit.com")
