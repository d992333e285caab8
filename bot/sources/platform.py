"""What a comment platform is: one file that recognises its links and reads its discussions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.core.models import Article, Discussion, Lead
from bot.core.ports import Report
from bot.sources.web import Job, Web

FOR_THE_ARTICLE = 6
"""Requests a platform leaves unasked where its readers talk about a page elsewhere: that page, redirects included."""


@dataclass(frozen=True)
class Keys:
    """The operator's keys of platforms; every one may be missing."""

    reddit_id: str | None = None
    reddit_secret: str | None = field(default=None, repr=False)
    github: str | None = field(default=None, repr=False)
    stackexchange: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Material:
    """
    What one place gave.

    `article` is the text the readers talk about where the place itself holds it; `about` is the link of the page they
    talk about where it lies elsewhere, and the reader fetches that page. At most one of the two is set.
    """

    article: Article | None = None
    discussions: tuple[Discussion, ...] = ()
    leads: tuple[Lead, ...] = ()
    about: str | None = None
    adult: bool = False  # the place says that it is for adults only


class Platform(Protocol):
    """A place where readers comment."""

    @property
    def name(self) -> str:
        """The platform's name in a reading: `Discussion.platform`, and the prefix of comment ids."""
        ...

    def recognises(self, link: str) -> bool:
        """Whether *link*, a canonical one, leads to a discussion of this platform. No network."""
        ...

    def named_in(self, html: str, url: str) -> str | None:
        """Return the link of the discussion that the page at *url* names as its own; None where it names none."""
        ...

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """
        Read a recognised link.

        Progress is reported as Stage.COMMENTS. Raises `FetchError` where nothing at all could be read; a part that
        could not is a gap of its discussion.
        """
        ...
