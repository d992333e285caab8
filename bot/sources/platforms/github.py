"""
GitHub: issues and pull requests, with everything people wrote below them.

The REST API (https://docs.github.com/rest/issues): 60 requests an hour and address without a token, 5,000 with one. The
issue's own text is what the others talk about. Discussions have no such API and are read as pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Discussion
from bot.core.ports import Progress, Report, Stage
from bot.errors import (
    AccessDenied,
    BrokenAnswer,
    FetchError,
    PageNotFound,
    SiteBusy,
    UnreadableError,
)
from bot.sources.contents import json_value
from bot.sources.cuts import cut
from bot.sources.platform import Material
from bot.sources.platforms.github_posts import article_of, comments_of
from bot.sources.values import mapping, mappings, number, text
from bot.sources.web import Job, Web

KIND = "application/vnd.github+json"
PAGE = 100  # items a page: the most there are

_ISSUE = re.compile(
    r"/([A-Za-z0-9-]{1,39})/([\w.-]{1,100})/(?:issues|pull)/([0-9]{1,9})(?:/(?:files|commits|checks).*)?/?",
    re.ASCII,
)


@dataclass(frozen=True)
class _Issue:
    repository: str  # "owner/name"
    id: int

    @property
    def path(self) -> str:
        return f"/repos/{self.repository}/issues/{self.id}"

    @property
    def pull_path(self) -> str:
        return f"/repos/{self.repository}/pulls/{self.id}"


@dataclass
class _List:
    """The items of a list by their ids; `stopped` is what ended it before all were there."""

    items: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    stopped: FetchError | None = None


class GitHub:
    """Reads issues and pull requests that everybody may see. *token* only buys more requests; *api* is for tests."""

    name = "github"

    def __init__(self, token: str | None = None, api: str = "https://api.github.com") -> None:
        self._api = api
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def recognises(self, link: str) -> bool:
        """Whether *link* is an issue's or a pull request's page."""
        return _issue(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return None: pages link to issues, but few keep their comments there, and those say so elsewhere."""
        del html, url
        return None

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read an issue or a pull request; raises `SiteBusy` where no more requests are allowed for now."""
        asked = _issue(link)
        if asked is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        found = mapping(await self._json(asked.path, web, job))
        if number(found.get("number")) is None:
            raise BrokenAnswer(host=host_of(self._api))
        issue = self._where(found) or asked
        if self._headers:
            await self._check_public(issue, web, job)
        stated = number(found.get("comments")) or 0
        report(Progress(Stage.COMMENTS, 0, stated))
        remarks = await self._all(f"{issue.path}/comments", web, job) if stated else _List()
        reviews, lines = _List(), _List()
        if is_pull := isinstance(found.get("pull_request"), dict):
            reviews = await self._all(f"{issue.pull_path}/reviews", web, job)
            lines = await self._all(f"{issue.pull_path}/comments", web, job)
        place = (
            f"https://github.com/{issue.repository}/{'pull' if is_pull else 'issues'}/{issue.id}"
        )
        comments = comments_of(
            remarks.items.values(), reviews.items.values(), lines.items.values(), place
        )
        report(Progress(Stage.COMMENTS, len(comments)))
        lost = max(stated - len(remarks.items), 0)
        discussion = Discussion(
            platform=self.name,
            url=place,
            title=text(found.get("title")),
            declared=len(comments) + lost,  # what programs wrote is not counted
            comments=comments,
            gaps=tuple(_gaps(lost, bool(comments), (remarks, reviews, lines), host_of(self._api))),
        )
        return Material(article=article_of(found, place), discussions=(discussion,))

    def _where(self, issue: Mapping[str, Any]) -> _Issue | None:
        """Return where *issue* lies by its own word: issues are moved, and repositories renamed."""
        here = re.escape(f"{self._api}/repos/")
        found = re.fullmatch(here + r"([\w-]+/[\w.-]+)", text(issue.get("repository_url")) or "")
        id = number(issue.get("number"))
        return _Issue(found[1], id) if found and id is not None else None

    async def _check_public(self, issue: _Issue, web: Web, job: Job) -> None:
        """Raise `PageNotFound` for what only the operator's token may see: a reading is for those who asked."""
        repository = mapping(await self._json(f"/repos/{issue.repository}", web, job))
        if repository.get("private") is not False:
            raise PageNotFound(host="github.com")

    async def _all(self, path: str, web: Web, job: Job) -> _List:
        """Return every item of the list at *path*, each once."""
        found = _List()
        page, more = 1, True
        while more:
            try:
                answer = await self._json(f"{path}?per_page={PAGE}&page={page}", web, job)
            except FetchError as error:  # what was read stands
                found.stopped = error
                break
            items, before = mappings(answer), len(found.items)
            for item in items:
                id = number(item.get("id"))
                if id is not None:
                    found.items.setdefault(id, item)
            more = len(items) >= PAGE and len(found.items) > before
            page += 1
        return found

    async def _json(self, path: str, web: Web, job: Job) -> Any:
        host = host_of(self._api)
        try:
            answer = await web.get(
                f"{self._api}{path}", job=job, accept=KIND, headers=self._headers
            )
        except AccessDenied as error:
            if error.facts["status"] == 403:  # no requests left; what one may not see is 404
                raise SiteBusy(host=host, retry_after=None) from error
            raise
        except UnreadableError as error:  # a picture
            raise BrokenAnswer(host=host) from error
        return json_value(answer, host)


def _issue(link: str) -> _Issue | None:
    parts = urlsplit(link)
    found = _ISSUE.fullmatch(parts.path)
    if found is None or (parts.hostname or "") not in {"github.com", "www.github.com"}:
        return None
    return _Issue(f"{found[1]}/{found[2]}", int(found[3]))


def _gaps(lost: int, any_found: bool, lists: tuple[_List, ...], host: str) -> Iterator[Gap]:
    stopped = [one.stopped for one in lists if one.stopped]
    if stopped:
        # how many remarks there are is stated, how many reviews is not
        yield cut(stopped[0], host, lost if len(stopped) == 1 and lists[0].stopped else None)
    elif lost:
        yield Gap(GapCode.COMMENTS_MISSING, count=lost)
    if not (any_found or lost or stopped):
        yield Gap(GapCode.COMMENTS_NONE)
