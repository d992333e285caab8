"""The reader: article and comments together, from wherever they lie, and an honest word on what is missing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, PUBLIC, Article, Audience, Cid, Comment, Discussion, Reading
from bot.core.ports import Progress, Stage
from bot.errors import (
    AccessDenied,
    AddressRefused,
    BrokenAnswer,
    ChorusError,
    EmptyPage,
    NotALink,
    NothingFound,
    NotText,
    PageNotFound,
    SiteFailed,
    TooHeavy,
    Walled,
    WrongContent,
)
from bot.sources.epoch import EPOCH
from bot.sources.hackernews import HackerNews
from bot.sources.platform import Material
from bot.sources.reader import PageReader
from bot.sources.web import Job, Web
from tests.conftest import SteadyClock
from tests.sources.site import Site


def comment(id: str, text: str) -> Comment:
    return Comment(id=Cid(id), parent=None, author="Ann", text=text)


def place(platform: str, *comments: Comment, gaps: tuple[Gap, ...] = ()) -> Discussion:
    return Discussion(platform, "https://x.example/", None, None, comments, gaps)


@dataclass
class FakePage:
    """Reads every page as `reading`, or raises it; remembers texts and addresses."""

    reading: Reading | ChorusError = field(
        default_factory=lambda: Reading(
            target="",
            article=Article("https://blog.example/bees", "Bees", "They hum."),
            discussions=(place("page", comment("page:1", "Lovely.")),),
            read_at=EPOCH,
            hash="",
        )
    )
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def __call__(self, text: str, url: str | None) -> Reading:
        self.asked.append((text, url))
        if isinstance(self.reading, ChorusError):
            raise self.reading
        return self.reading

    def finds(self, article: bool = True, *places: Discussion) -> None:
        assert isinstance(self.reading, Reading)
        words = self.reading.article if article else None
        self.reading = replace(self.reading, article=words, discussions=places)


@dataclass
class FakePlatform:
    """Recognises links with /thread/ in them; gives `material`, or raises it."""

    material: Material | ChorusError = field(default_factory=Material)
    named: str | None = None
    name: str = "fake"
    asked: list[str] = field(default_factory=list)

    def recognises(self, link: str) -> bool:
        return "/thread/" in link

    def named_in(self, html: str, url: str) -> str | None:
        return self.named

    async def read(self, link: str, web: Web, job: Job, report: object) -> Material:
        self.asked.append(link)
        if isinstance(self.material, ChorusError):
            raise self.material
        return self.material


def quiet(_: Progress) -> None:
    pass


@pytest.fixture
def page() -> FakePage:
    return FakePage()


@pytest.fixture
def platform() -> FakePlatform:
    return FakePlatform()


@pytest.fixture
def reader(web: Web, clock: SteadyClock, page: FakePage, platform: FakePlatform) -> PageReader:
    return PageReader(web, (platform,), clock, read_page=page, read_text=page, seconds=5)


class TestPages:
    async def test_a_page_becomes_a_reading_of_its_target(
        self, reader: PageReader, served: Site, clock: SteadyClock
    ) -> None:
        """
        With the target asked for, the audience, the time, and the hash of just that.
        """
        served.page("/", "<p>x")
        said: list[Progress] = []

        found = await reader.read(served.url("/"), LOCAL, said.append)

        assert (served.url("/"), LOCAL, clock.now()) == (
            found.target,
            found.audience,
            found.read_at,
        )
        assert fingerprint(found.article, found.discussions, found.target, LOCAL) == found.hash
        assert Progress(Stage.FETCHING) == said[0]

    async def test_the_page_is_read_at_the_address_the_redirects_end(
        self, reader: PageReader, served: Site, page: FakePage
    ) -> None:
        """
        In its canonical spelling.
        """
        served.redirect("/short", "/long?utm_source=x")
        served.page("/long", "<p>été".encode("cp1252"), kind="text/html")

        await reader.read(served.url("/short"), LOCAL, quiet)

        assert [("<p>été", served.url("/long"))] == page.asked

    @pytest.mark.parametrize(
        ("body", "kind", "error"),
        [
            (b"%PDF-1.4", "text/html", WrongContent),
            (b"  ", "text/html", EmptyPage),
            (b"x", "image/png", WrongContent),
        ],
    )
    async def test_what_is_no_page_is_said_so(
        self, reader: PageReader, served: Site, body: bytes, kind: str, error: type[ChorusError]
    ) -> None:
        """
        Files and empty pages.
        """
        served.page("/", body, kind=kind)

        with pytest.raises(error):
            await reader.read(served.url("/"), LOCAL, quiet)

    @pytest.mark.parametrize("error", [Walled(kind="login"), NothingFound(), EmptyPage()])
    async def test_the_pages_own_failure_is_told(
        self, reader: PageReader, served: Site, page: FakePage, error: ChorusError
    ) -> None:
        """
        What the page's reader raised, as it was.
        """
        served.page("/", "x")
        page.reading = error

        with pytest.raises(type(error)):
            await reader.read(served.url("/"), LOCAL, quiet)

    async def test_neither_article_nor_comments_is_nothing(
        self, reader: PageReader, served: Site, page: FakePage
    ) -> None:
        """
        A place without comments is no find.
        """
        served.page("/", "x")
        page.finds(False, place("page"))

        with pytest.raises(NothingFound):
            await reader.read(served.url("/"), LOCAL, quiet)

    async def test_no_comments_and_no_article_are_gaps(
        self, reader: PageReader, served: Site, page: FakePage
    ) -> None:
        """
        Half is shown, and the other half named.
        """
        served.page("/", "x")
        page.finds(True)
        without_comments = await reader.read(served.url("/"), LOCAL, quiet)
        page.finds(False, place("page", comment("page:1", "Lovely.")))
        without_article = await reader.read(served.url("/"), LOCAL, quiet)

        assert (Gap(GapCode.COMMENTS_NONE),) == without_comments.discussions[0].gaps
        assert (Gap(GapCode.ARTICLE_MISSING),) == without_article.discussions[0].gaps

    async def test_a_page_that_takes_too_long_is_given_up(
        self, web: Web, clock: SteadyClock, served: Site
    ) -> None:
        """
        The loop is never held up by it.
        """
        served.page("/", "x")
        done = threading.Event()

        def slow(text: str, url: str | None) -> Reading:
            done.wait(5)
            raise NothingFound

        reader = PageReader(web, (), clock, read_page=slow, seconds=0.02)
        try:
            with pytest.raises(TooHeavy):
                await reader.read(served.url("/"), LOCAL, quiet)
        finally:
            done.set()

    async def test_who_may_not_enter_reads_nothing(self, reader: PageReader, served: Site) -> None:
        """
        The audience decides, not the reader.
        """
        served.page("/", "x")

        for audience in (PUBLIC, Audience(guild=1)):
            with pytest.raises(AddressRefused):
                await reader.read(served.url("/"), audience, quiet)


class TestNamedDiscussions:
    async def test_the_topic_a_page_names_is_read_too(
        self, reader: PageReader, served: Site, platform: FakePlatform
    ) -> None:
        """
        Beside the page's own comments, where those are others.
        """
        served.page("/", "x")
        platform.named = "https://forum.example/thread/1"
        platform.material = Material(discussions=(place("fake", comment("fake:1", "Other.")),))

        found = await reader.read(served.url("/"), LOCAL, quiet)

        assert ["page", "fake"] == [p.platform for p in found.discussions]
        assert ["https://forum.example/thread/1"] == platform.asked

    async def test_comments_that_the_page_shows_from_there_are_read_once(
        self, reader: PageReader, served: Site, platform: FakePlatform, page: FakePage
    ) -> None:
        """
        The forum's own stand: they have authors, times and links. Quotes and spaces may differ.
        """
        served.page("/", "x")
        page.finds(
            True, place("page", comment("page:1", "It’s  lovely."), comment("page:2", "So."))
        )
        platform.named = "https://forum.example/thread/1"
        platform.material = Material(
            discussions=(
                place("fake", comment("fake:1", "It's lovely."), comment("fake:2", "So.")),
            )
        )

        found = await reader.read(served.url("/"), LOCAL, quiet)

        assert ["fake"] == [p.platform for p in found.discussions]

    @pytest.mark.parametrize(
        "error",
        [AccessDenied(host="h", status=403), SiteFailed(host="h", status=500), NotALink(text="x")],
    )
    async def test_a_topic_that_refuses_is_a_gap(
        self,
        reader: PageReader,
        served: Site,
        platform: FakePlatform,
        page: FakePage,
        error: ChorusError,
    ) -> None:
        """
        The article is read all the same; the gap names the forum.
        """
        served.page("/", "x")
        page.finds(True, place("page", gaps=(Gap(GapCode.COMMENTS_ELSEWHERE, "discourse"),)))
        platform.named = "https://forum.example/thread/1"
        platform.material = error

        found = await reader.read(served.url("/"), LOCAL, quiet)

        assert found.article
        (forum,) = found.discussions
        assert ("fake", (Gap(GapCode.COMMENTS_UNREADABLE, "forum.example"),)) == (
            forum.platform,
            forum.gaps,
        )

    async def test_a_page_that_shows_nothing_may_still_name_its_topic(
        self, reader: PageReader, served: Site, platform: FakePlatform, page: FakePage
    ) -> None:
        """
        Comments without an article are half of what was asked for.
        """
        served.page("/", "x")
        page.reading = Walled(kind="paywall")
        platform.named = "https://forum.example/thread/1"
        platform.material = Material(discussions=(place("fake", comment("fake:1", "Other.")),))

        found = await reader.read(served.url("/"), LOCAL, quiet)

        assert found.article is None
        assert (Gap(GapCode.ARTICLE_MISSING),) == found.discussions[0].gaps


class TestPlatforms:
    async def test_a_recognised_link_is_read_by_its_platform(
        self, reader: PageReader, platform: FakePlatform
    ) -> None:
        """
        The page itself is not asked for.
        """
        article = Article("https://x.example/thread/1", "Bees?", "Do they hum?")
        platform.material = Material(
            article=article, discussions=(place("fake", comment("fake:1", "Yes.")),)
        )

        found = await reader.read("https://x.example/thread/1", PUBLIC, quiet)

        assert article == found.article
        assert ["fake:1"] == list(found.by_id)

    async def test_the_article_it_is_about_is_read_with_its_own_comments_apart(
        self, reader: PageReader, platform: FakePlatform, served: Site
    ) -> None:
        """
        Two places, never mixed: the one asked for comes first.
        """
        served.page("/bees", "x")
        platform.material = Material(
            discussions=(place("fake", comment("fake:1", "Yes.")),),
            about=served.url("/bees?utm_source=hn"),
        )

        found = await reader.read("https://x.example/thread/1", LOCAL, quiet)

        assert found.article
        assert "Bees" == found.article.title
        assert ["fake", "page"] == [p.platform for p in found.discussions]
        assert ["/bees"] == served.paths

    @pytest.mark.parametrize("answer", [(404, "text/html"), (200, "application/pdf")])
    async def test_an_article_that_cannot_be_read_is_a_gap(
        self, reader: PageReader, platform: FakePlatform, served: Site, answer: tuple[int, str]
    ) -> None:
        """
        The discussion is read all the same.
        """
        served.page("/bees", "x", answer[0], kind=answer[1])
        platform.material = Material(
            discussions=(place("fake", comment("fake:1", "Yes.")),), about=served.url("/bees")
        )

        found = await reader.read("https://x.example/thread/1", LOCAL, quiet)

        assert found.article is None
        assert (Gap(GapCode.ARTICLE_MISSING),) == found.discussions[0].gaps

    async def test_comments_of_the_article_that_nobody_can_read_are_named(
        self, reader: PageReader, platform: FakePlatform, served: Site, page: FakePage
    ) -> None:
        """
        Loaded by a widget there: a fact about that page, beside the discussion that was read.
        """
        served.page("/bees", "x")
        page.finds(True, place("page", gaps=(Gap(GapCode.COMMENTS_ELSEWHERE, "disqus"),)))
        platform.material = Material(
            discussions=(place("fake", comment("fake:1", "Yes.")),), about=served.url("/bees")
        )

        found = await reader.read("https://x.example/thread/1", LOCAL, quiet)

        assert [(), (Gap(GapCode.COMMENTS_ELSEWHERE, "disqus"),)] == [
            p.gaps for p in found.discussions
        ]

    @pytest.mark.parametrize("error", [BrokenAnswer(host="h"), PageNotFound(host="h")])
    async def test_a_link_that_only_looked_like_a_platforms_is_a_page(
        self, reader: PageReader, platform: FakePlatform, served: Site, error: ChorusError
    ) -> None:
        """
        Paths like a forum's are common.
        """
        platform.material = error
        served.page("/thread/1", "x")

        found = await reader.read(served.url("/thread/1"), LOCAL, quiet)

        assert found.article

    async def test_a_platform_that_refuses_is_told(
        self, reader: PageReader, platform: FakePlatform
    ) -> None:
        """
        Its page would refuse as well.
        """
        platform.material = AccessDenied(host="x.example", status=403)

        with pytest.raises(AccessDenied):
            await reader.read("https://x.example/thread/1", PUBLIC, quiet)

    async def test_ids_are_unique_in_a_reading(
        self, reader: PageReader, platform: FakePlatform
    ) -> None:
        """
        A comment that two places give is one comment.
        """
        one, two = comment("fake:1", "Yes."), comment("fake:2", "No.")
        platform.material = Material(discussions=(place("fake", one), place("fake", one, two)))

        found = await reader.read("https://x.example/thread/1", PUBLIC, quiet)

        assert [(one,), (two,)] == [p.comments for p in found.discussions]


class TestPastes:
    @pytest.mark.parametrize(
        ("data", "name", "as_page"),
        [
            (b"<!DOCTYPE html><p>x", "copied.txt", True),
            (b"<p>x", "saved.HTML", True),
            (b"  <html lang=fr><p>x", "-", True),
            (b"<3 this article", "copied.txt", False),
            ("été".encode("cp1252"), "copied.txt", False),
            ("words".encode("utf-16"), "copied.txt", False),
        ],
    )
    async def test_a_file_is_read_as_what_it_is(
        self, web: Web, clock: SteadyClock, data: bytes, name: str, as_page: bool
    ) -> None:
        """
        Pages as pages, text as text; the address it came from is made canonical.
        """
        pages, texts = FakePage(), FakePage()
        reader = PageReader(web, (), clock, read_page=pages, read_text=texts)

        found = await reader.paste(data, name, LOCAL, "example.org/a?utm_source=x")

        (used, unused) = (pages, texts) if as_page else (texts, pages)
        assert ["https://example.org/a"] == [url for _, url in used.asked]
        assert [] == unused.asked
        assert (LOCAL, clock.now()) == (found.audience, found.read_at)

    @pytest.mark.parametrize("data", [b"%PDF-1.7", b"PK\x03\x04", b"a\0b", b"\x89PNG\r\n\x1a\n"])
    async def test_a_file_that_is_no_text_is_refused(self, reader: PageReader, data: bytes) -> None:
        """
        Whatever it is called.
        """
        with pytest.raises(NotText) as caught:
            await reader.paste(data, "notes.txt", LOCAL, None)

        assert {"name": "notes.txt"} == caught.value.facts

    async def test_an_empty_file_is_an_empty_page(self, reader: PageReader) -> None:
        """
        Blank is empty.
        """
        with pytest.raises(EmptyPage):
            await reader.paste(b" \n", "notes.txt", LOCAL, None)


async def test_the_pieces_fit(web: Web, clock: SteadyClock, served: Site) -> None:
    """
    A story of Hacker News about a real page with comments of its own: two discussions, one article.
    """
    words = "Bees hum when they work, and they work whenever the sun shines on the meadow. " * 8
    served.page(
        "/bees",
        f"<html lang=en><title>Bees at work</title><body><article><h1>Bees at work</h1><p>{words}</p>"
        f"<p>{words}</p></article></body></html>",
    )
    item: dict[str, Any] = {"id": 1, "type": "story", "title": "Bees", "url": served.url("/bees")}
    child = {"id": 2, "type": "comment", "author": "ann", "text": "Lovely &amp; loud."}
    served.json("/algolia/items/1", {**item, "children": [child]})
    platform = HackerNews(served.url("/algolia"), served.url("/firebase"), served.url("/site"))
    reader = PageReader(web, (platform,), clock)

    found = await reader.read("https://news.ycombinator.com/item?id=1", LOCAL, quiet)

    assert found.article
    assert "sun shines on the meadow" in found.article.text
    assert "Lovely & loud." == found.by_id[Cid("hn:2")].text
