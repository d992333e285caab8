"""Reads a link or a file: the article, its readers' comments wherever they lie, and what could not be read."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.links import canonical, host_of
from bot.core.models import Audience, Discussion, Reading
from bot.core.ports import Clock, Progress, Report, Stage
from bot.errors import (
    BrokenAnswer,
    ChorusError,
    EmptyPage,
    FetchError,
    NothingFound,
    NotText,
    PageNotFound,
    TooHeavy,
    UnreadableError,
    UsageError,
)
from bot.sources import worker
from bot.sources.charset import decode
from bot.sources.contents import page_text, signature
from bot.sources.cuts import cut
from bot.sources.discovery import Discovery
from bot.sources.places import incomplete, same, settled, unique, without_widget
from bot.sources.platform import Material, Platform
from bot.sources.web import Job, Web

T = TypeVar("T")

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # text that has NULs
ReadPage = Callable[[str, str | None], Reading]
# what a link ends in that only looked like a platform's
_NOT_OURS = (BrokenAnswer, PageNotFound, UnreadableError)


class Runner(Protocol):
    """Runs pure functions on foreign text where they can do no harm: a `Workshop`."""

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Return `function(*arguments)`; raises what that raises, and `TooHeavy` where it takes too much."""
        ...


class PageReader:
    """
    The Reader of the core, over the web and a list of platforms.

    *read_page* and *read_text* are pure functions from text (and its address) to a reading; *runner* runs them.
    """

    def __init__(
        self,
        web: Web,
        platforms: Sequence[Platform],
        clock: Clock,
        runner: Runner,
        *,
        read_page: ReadPage = worker.read_page,
        read_text: ReadPage = worker.read_text,
        discovery: Discovery | None = None,
    ) -> None:
        self._web = web
        self._platforms = tuple(platforms)
        self._clock = clock
        self._runner = runner
        self._read_page = read_page
        self._read_text = read_text
        self._discovery = discovery

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a canonical link; raises `FetchError` or `UnreadableError` where there is nothing to show."""
        job = self._web.job(audience, target=target)
        report(Progress(Stage.FETCHING))
        refused: tuple[Discussion, ...] = ()
        failure: FetchError | None = None
        for platform in self._platforms:
            if not platform.recognises(target):
                continue
            try:
                material = await platform.read(target, self._web, job, report)
            except _NOT_OURS:
                break  # many sites have paths like a forum's: it may be a page
            except FetchError as error:
                if error.facts.get("host") in {None, host_of(target)}:
                    raise
                refused = (_refused(platform, target, error),)
                failure = error  # an API at another host refuses: the page shows some of it still
                break
            known = (target, *(place.url for place in material.discussions if place.url))
            found: Awaitable[Material] = self._with_article(material, job, report)
            if self._discovery and material.about:
                found = self._discovery.beside(found, (material.about,), known, self._web, job)
            return self._reading(await found, target, audience)
        try:
            html, url = await self._fetch(target, job)
            found = self._page(html, url, job, report, refused=refused)
            if self._discovery:
                found = self._discovery.beside(found, (target, url), (target,), self._web, job)
            return self._reading(await found, target, audience)
        except (FetchError, UnreadableError):
            if failure is not None:
                raise failure from None
            raise

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        """Read a saved page or a copied text; no network. Raises `NotText`, `UnreadableError`, or an error of *url*."""
        if signature(data) is not None or (b"\0" in data and not data.startswith(WIDE)):
            raise NotText(name=name)
        text = decode(data)
        if not text.strip():
            raise EmptyPage
        address = canonical(url) if url else None
        read = self._read_page if _is_html(text, name) else self._read_text
        found = await self._runner.run(read, text, address)
        return self._reading(_material(found), found.target, audience)

    async def _fetch(self, link: str, job: Job) -> tuple[str, str]:
        answer = await self._web.get(link, job=job)
        return page_text(answer), canonical(answer.url)

    async def _page(
        self,
        html: str,
        url: str,
        job: Job,
        report: Report,
        *,
        refused: Sequence[Discussion] = (),
        known: Collection[str] = (),
    ) -> Material:
        """Read a page and the discussions it names as its own, but for those of platforms that are *known* already."""
        failure: UnreadableError | None = None
        material = Material()
        try:
            material = _material(await self._runner.run(self._read_page, html, url))
        except TooHeavy:
            raise
        except UnreadableError as error:
            failure = error  # the page may show nothing and still name its forum topic
        read: list[Discussion] = []
        lost = list(refused)
        for platform, link in await self._named(html, url):
            if platform.name in known:
                continue
            try:
                found = await platform.read(canonical(link), self._web, job, report)
                read += found.discussions
            except (FetchError, UnreadableError, UsageError) as error:
                lost.append(_refused(platform, link, error))
        places = await asyncio.to_thread(settled, material.discussions, read, lost)
        if failure is not None and not any(place.comments for place in places):
            raise failure
        return replace(material, discussions=places)

    async def _named(self, html: str, url: str) -> list[tuple[Platform, str]]:
        """Return the platforms whose discussions a page names as its own, each with its link."""
        try:
            links = await self._runner.run(worker.named_in, self._platforms, html, url)
        except TooHeavy:
            return []  # the page itself could be read
        named = zip(self._platforms, links, strict=True)
        return [(platform, link) for platform, link in named if link is not None]

    async def _with_article(self, material: Material, job: Job, report: Report) -> Material:
        """Add the article a discussion elsewhere is about, and that page's comments; its failure is a gap."""
        if material.about is None:
            return material
        try:
            html, url = await self._fetch(canonical(material.about), job)
            known = {place.platform for place in material.discussions}
            page = await self._page(html, url, job, report, known=known)
        except (FetchError, UnreadableError, UsageError):
            page = Material()
        read = material.discussions
        shown = [without_widget(place, read) for place in page.discussions]
        own = (p for p in shown if p.comments and not any(same(p, place) for place in read))
        unread = (p for p in shown if not p.comments and incomplete(p))
        return replace(
            material,
            article=page.article,
            discussions=(*material.discussions, *own, *unread),
            leads=(*material.leads, *page.leads),
            adult=material.adult or page.adult,
        )

    def _reading(self, material: Material, target: str, audience: Audience) -> Reading:
        article = material.article
        places = unique(material.discussions)
        if article is None and not any(place.comments for place in places):
            raise NothingFound
        if not places:
            none = Gap(GapCode.COMMENTS_NONE)
            places = (
                Discussion("page", article.url if article else None, None, None, (), (none,)),
            )
        if article is None:
            lost = Gap(GapCode.ARTICLE_MISSING)
            places = (replace(places[0], gaps=(*places[0].gaps, lost)), *places[1:])
        return Reading(
            target=target,
            article=article,
            discussions=places,
            read_at=self._clock.now(),
            hash=fingerprint(article, places, target, audience),
            leads=material.leads,
            audience=audience,
            adult=material.adult,
        )


def _refused(platform: Platform, link: str, error: ChorusError) -> Discussion:
    """Return what stands for a place that failed: its gap, and no comments."""
    gap = cut(error, host_of(link), None)
    return Discussion(platform.name, link, None, None, (), (gap,))


def _material(reading: Reading) -> Material:
    return Material(reading.article, reading.discussions, reading.leads, adult=reading.adult)


def _is_html(text: str, name: str) -> bool:
    head = text[:1_000].lstrip().lower()
    marked = head.startswith("<") and any(
        tag in head for tag in ("<!doctype html", "<html", "<head")
    )
    return marked or name.lower().endswith((".html", ".htm", ".xhtml"))
