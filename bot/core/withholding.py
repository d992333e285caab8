"""
Authors who want their words left out: of everything that is read from now on.

An author is a name at a site. The site is a platform ("reddit") or a host, which stands for all below it; a text that
says nothing of where it is from is taken to be from everywhere, for what is left out by mistake can be read at its
source, and what is shown by mistake cannot be taken back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.links import canonical, host_of
from bot.core.models import Audience, Comment, Discussion, Reading, State
from bot.core.ports import Reader, Report

ANYWHERE = "*"


@dataclass(frozen=True)
class Author:
    """A name at a site, both as they are compared: see `author_at` and `site_named`."""

    site: str
    name: str


class Withheld(Protocol):
    """The authors whose words are withheld. Implemented by `bot.store`, which keeps no name in the clear."""

    async def among(self, authors: frozenset[Author]) -> frozenset[Author]:
        """Return those of *authors* whose words are withheld; the site of one may be `ANYWHERE`."""
        ...

    async def withhold(self, author: Author) -> int:
        """Leave out an author's words from now on; delete for good what holds some; return how many things."""
        ...

    async def allow(self, author: Author) -> bool:
        """Let an author's words be read again; False where they were not withheld."""
        ...


class Withholding:
    """Implements `core.ports.Reader` over another, without the words of those who are *withheld*."""

    def __init__(self, reader: Reader, withheld: Withheld) -> None:
        self._reader = reader
        self._withheld = withheld

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a canonical link, as the reader below does."""
        return await self._without(await self._reader.read(target, audience, report))

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        """Read a saved page or a copied text, as the reader below does."""
        return await self._without(await self._reader.paste(data, name, audience, url))

    async def _without(self, reading: Reading) -> Reading:
        return without(reading, await self._withheld.among(authors_of(reading)))


def author_at(site: str, name: str) -> Author:
    """Return the author called *name* at *site*: a platform, a host, or a link to there; raises `UsageError`."""
    return Author(site_named(site), _plain(name))


def site_named(site: str) -> str:
    """Return a platform's name or a host as they are compared; raises `UsageError` for a link that is none."""
    plain = site.strip().casefold()
    if "/" in plain or ":" in plain:
        plain = host_of(canonical(plain))
    return plain.removeprefix("www.").strip(".")


def authors_of(reading: Reading) -> frozenset[Author]:
    """Return everyone who wrote a comment of *reading*, at each site that it may be of."""
    return frozenset(
        author
        for place in reading.discussions
        for comment in place.comments
        for author in _written_by(comment, place, reading)
    )


def without(reading: Reading, withheld: frozenset[Author]) -> Reading:
    """Return *reading* without the words of *withheld*: comments keep their place in the tree, authors are counted."""
    if not withheld:
        return reading
    places = tuple(_place(place, reading, withheld) for place in reading.discussions)
    key = fingerprint(reading.article, places, reading.target, reading.audience)
    return replace(reading, discussions=places, hash=key)


def _place(place: Discussion, reading: Reading, withheld: frozenset[Author]) -> Discussion:
    names: set[str | None] = set()

    def shown(comment: Comment) -> Comment:
        if withheld.isdisjoint(_written_by(comment, place, reading)):
            return comment
        names.add(comment.author)
        return Comment(comment.id, comment.parent, None, "", comment.posted_at, state=State.REMOVED)

    comments = tuple(map(shown, place.comments))
    if not names:
        return place
    out = Gap(GapCode.AUTHORS_OPTED_OUT, count=len(names))
    return replace(place, comments=comments, gaps=(*place.gaps, out))


def _written_by(comment: Comment, place: Discussion, reading: Reading) -> set[Author]:
    if not comment.author:
        return set()
    names = {comment.author}
    if (
        place.platform == "discord"
    ):  # there two of one name are told apart by what follows in brackets
        names |= set(comment.author.removesuffix(")").rsplit(" (", 1))
    # an article's host says nothing of who talks about it elsewhere
    here = (comment.url, place.url)
    sites = {place.platform, *_hosts(here if any(here) else (reading.url,))}
    if sites == {"pasted"}:
        sites.add(ANYWHERE)
    return {Author(site, name) for site in sites for name in map(_plain, names)}


def _hosts(links: Iterable[str | None]) -> Iterable[str]:
    """Yield the hosts of *links*, and the domains above each but the topmost."""
    for link in links:
        try:
            labels = host_of(link or "").split(".")
        except ValueError:  # brackets that are no address
            continue
        yield from (".".join(labels[at:]) for at in range(max(len(labels) - 1, 1)) if labels[0])


def _plain(name: str) -> str:
    """Return *name* as it is compared: letters of any case and width, without what sites put before names."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    for before in ("/", "u/", "user/", "@"):
        plain = plain.removeprefix(before)
    return plain
