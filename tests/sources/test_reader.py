"""The reader: article and comments together, from wherever they lie, and an honest word on what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    LOCAL,
    PUBLIC,
    Article,
    Audience,
    Cid,
    Comment,
    Discussion,
    Lead,
    Reading,
)
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
    SiteBusy,
    SiteFailed,
    TooHeavy,
    TooManyRequests,
    Walled,
    WrongContent,
)
from bot.sources.discovery import Discovery
from bot.sources.epoch import EPOCH
from bot.sources.platform import Material
from bot.sources.platforms.disqus import Disqus
from bot.sources.platforms.hackernews import HackerNews
from bot.sources.platforms.wordpress import WordPress
from bot.sources.reader import PageReader
from bot.sources.web import Job, Web
from tests.conftest import SteadyClock
from tests.sources.conftest import InPlace
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
    return PageReader(web, (platform,), clock, InPlace(), read_page=page, read_text=page)


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

    async def test_a_page_that_takes_too_much_is_given_up(
        self, reader: PageReader, served: Site, page: FakePage, platform: FakePlatform
    ) -> None:
        """
        Nothing else is looked for in it.
        """
        served.page("/", "x")
        page.reading = TooHeavy(seconds=20)
        platform.named = "https://forum.example/thread/1"

        with pytest.raises(TooHeavy):
            await reader.read(served.url("/"), LOCAL, quiet)

        assert [] == platform.asked

    async def test_a_page_in_which_no_link_can_be_looked_for_is_read(
        self, web: Web, clock: SteadyClock, served: Site, page: FakePage
    ) -> None:
        """
        The page's own comments are there; what it names is not.
        """

        class Heavy(FakePlatform):
            def named_in(self, html: str, url: str) -> str | None:
                raise TooHeavy(seconds=20)

        served.page("/", "x")
        reader = PageReader(web, (Heavy(),), clock, InPlace(), read_page=page)

        found = await reader.read(served.url("/"), LOCAL, quiet)

        assert [Cid("page:1")] == list(found.by_id)

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
        page.finds(True, place("page", gaps=(Gap(GapCode.COMMENTS_ELSEWHERE, "Fake"),)))
        platform.named = "https://forum.example/thread/1"
        platform.material = error

        found = await reader.read(served.url("/"), LOCAL, quiet)

        assert found.article
        (forum,) = found.discussions
        assert ("fake", (Gap(GapCode.COMMENTS_UNREADABLE, "forum.example"),)) == (
            forum.platform,
            forum.gaps,
        )

    async def test_a_topic_that_refuses_is_no_gap_of_a_page_that_is_complete(
        self, reader: PageReader, served: Site, platform: FakePlatform, page: FakePage
    ) -> None:
        """
        The page's own comments are all there.
        """
        served.page("/", "x")
        own = replace(place("page", comment("page:1", "Lovely.")), declared=1)
        page.finds(True, own)
        platform.named = "https://forum.example/thread/1"
        platform.material = AccessDenied(host="forum.example", status=401)

        assert (own,) == (await reader.read(served.url("/"), LOCAL, quiet)).discussions

    async def test_a_topic_that_is_left_unread_for_its_requests_says_so(
        self, reader: PageReader, served: Site, platform: FakePlatform, page: FakePage
    ) -> None:
        """
        The limit is ours; the page's number says how many are left.
        """
        served.page("/", "x")
        gap = Gap(GapCode.COMMENTS_MISSING, count=9)
        page.finds(True, replace(place("page", gaps=(gap,)), declared=9))
        platform.named = "https://forum.example/thread/1"
        platform.material = TooManyRequests(limit=60)

        (forum,) = (await reader.read(served.url("/"), LOCAL, quiet)).discussions

        assert (Gap(GapCode.REQUEST_LIMIT, "forum.example", 9),) == forum.gaps

    async def test_each_place_is_asked_once_and_none_hides_another(
        self, web: Web, clock: SteadyClock, served: Site, page: FakePage
    ) -> None:
        """
        Own list, forum topic, and a thread that fails while the page is short of comments.
        """
        served.page("/", "x")
        gap = Gap(GapCode.COMMENTS_MISSING, count=8)
        own = replace(place("page", comment("page:1", "Lovely."), gaps=(gap,)), declared=9)
        page.finds(True, own)
        topic = place("forum", comment("forum:1", "Other."))
        forum = FakePlatform(Material(discussions=(topic,)), "https://a.example/thread/1", "forum")
        broken = FakePlatform(SiteFailed(host="b", status=500), "https://b.example/thread/1", "b")
        reader = PageReader(web, (forum, broken), clock, InPlace(), read_page=page)

        found = (await reader.read(served.url("/"), LOCAL, quiet)).discussions

        assert [own, topic] == list(found[:2])
        assert ("b", (Gap(GapCode.COMMENTS_UNREADABLE, "b.example"),)) == (
            found[2].platform,
            found[2].gaps,
        )
        assert [1, 1] == [len(forum.asked), len(broken.asked)]

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

    async def test_a_widget_of_the_article_that_was_asked_for_itself_is_no_gap(
        self, reader: PageReader, platform: FakePlatform, served: Site, page: FakePage
    ) -> None:
        """
        The thread's own link was given: what the page cannot show is read.
        """
        served.page("/bees", "x")
        page.finds(True, place("page", gaps=(Gap(GapCode.COMMENTS_ELSEWHERE, "Fake"),)))
        platform.material = Material(
            discussions=(place("fake", comment("fake:1", "Yes.")),), about=served.url("/bees")
        )

        found = await reader.read("https://x.example/thread/1", LOCAL, quiet)

        assert ["fake"] == [p.platform for p in found.discussions]

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

    async def test_an_api_that_refuses_leaves_the_page(
        self, reader: PageReader, platform: FakePlatform, page: FakePage, served: Site
    ) -> None:
        """
        Another host's refusal is not the page's: what the page shows is read, and what it lacks is told.
        """
        served.page("/thread/1", "<p>x")
        platform.material = SiteBusy(host="api.example", retry_after=60)
        page.finds(True, place("page", gaps=(Gap(GapCode.COMMENTS_MISSING, count=4),)))

        found = await reader.read(served.url("/thread/1"), LOCAL, quiet)

        assert found.article is not None
        assert Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", None) in [
            gap for one in found.discussions for gap in one.gaps
        ]

    async def test_an_api_that_refuses_is_told_where_the_page_fails_too(
        self, reader: PageReader, platform: FakePlatform, served: Site
    ) -> None:
        """
        The first refusal says more than that the page is missing.
        """
        platform.material = SiteBusy(host="api.example", retry_after=60)

        with pytest.raises(SiteBusy):
            await reader.read(served.url("/thread/1"), LOCAL, quiet)

    async def test_what_the_article_names_is_read_too(
        self, web: Web, clock: SteadyClock, page: FakePage, served: Site
    ) -> None:
        """
        A story leads to its article, and that to the discussion it names; the story's own place is not read again.
        """
        served.page("/bees", "<p>x")
        story = FakePlatform(
            Material(
                discussions=(place("story", comment("s:1", "So true.")),), about=served.url("/bees")
            ),
            named=served.url("/thread/9"),
            name="story",
        )
        forum = FakePlatform(
            Material(discussions=(place("forum", comment("f:1", "Not here.")),)),
            named=served.url("/topic/7"),
            name="forum",
        )
        reader = PageReader(web, (story, forum), clock, InPlace(), read_page=page, read_text=page)

        found = await reader.read(served.url("/thread/1"), LOCAL, quiet)

        assert ["story", "page", "forum"] == [one.platform for one in found.discussions]
        assert ([served.url("/thread/1")], [served.url("/topic/7")]) == (story.asked, forum.asked)

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


class TestLeads:
    @pytest.fixture
    def reader(
        self, web: Web, clock: SteadyClock, page: FakePage, platform: FakePlatform, served: Site
    ) -> PageReader:
        discovery = Discovery(served.url("/algolia"), served.url("/lemmy"), served.url("/lobsters"))
        return PageReader(web, (platform,), clock, InPlace(), read_page=page, discovery=discovery)

    async def test_a_page_is_looked_up_elsewhere(
        self, reader: PageReader, served: Site, page: FakePage
    ) -> None:
        """
        As typed, where the redirects ended, and as it calls itself. Leads are no part of what a digest rests on.
        """
        served.redirect("/short", "/long")
        served.page("/long", "x")
        found = {"objectID": "1", "url": served.url("/long/"), "title": "B", "num_comments": 3}
        served.json("/algolia/search", {"hits": [found]})

        reading = await reader.read(served.url("/short"), LOCAL, quiet)

        lead = Lead("hackernews", "https://news.ycombinator.com/item?id=1", "B", 3)
        assert (lead,) == reading.leads
        queries = (urlsplit(path) for path in served.paths)
        asked = {parse_qs(one.query)["query"][0] for one in queries if "algolia" in one.path}
        host = served.base.partition("//")[2]
        assert {f"{host}/short", f"{host}/long", "blog.example/bees"} == asked
        assert fingerprint(reading.article, reading.discussions, reading.target, LOCAL) == (
            reading.hash
        )

    async def test_a_discussion_leads_to_others_about_its_article(
        self, reader: PageReader, served: Site, platform: FakePlatform
    ) -> None:
        """
        Not to itself, by its link or by the one it was asked for with.
        """
        served.page("/bees", "x")
        own = "https://news.ycombinator.com/item?id=1"
        platform.material = Material(
            discussions=(Discussion("fake", own, None, None, (comment("fake:1", "Yes."),)),),
            about=served.url("/bees"),
        )
        hits = [
            {"objectID": str(n), "url": served.url("/bees"), "num_comments": 9 - n}
            for n in (1, 2, 3)
        ]
        served.json("/algolia/search", {"hits": hits})

        found = await reader.read("https://news.ycombinator.com/thread/2", LOCAL, quiet)

        assert ["https://news.ycombinator.com/item?id=2"] == [lead.url for lead in found.leads]

    async def test_a_discussion_that_is_about_nothing_else_has_none(
        self, reader: PageReader, served: Site, platform: FakePlatform
    ) -> None:
        """
        Nobody is asked.
        """
        platform.material = Material(discussions=(place("fake", comment("fake:1", "Yes.")),))

        found = await reader.read("https://x.example/thread/1", PUBLIC, quiet)

        assert ((), []) == (found.leads, served.asked)

    async def test_a_page_that_cannot_be_read_is_told(
        self, reader: PageReader, served: Site, page: FakePage
    ) -> None:
        """
        Whatever is said elsewhere.
        """
        served.page("/", "x")
        page.reading = Walled(kind="login")

        with pytest.raises(Walled):
            await reader.read(served.url("/"), LOCAL, quiet)


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
        reader = PageReader(web, (), clock, InPlace(), read_page=pages, read_text=texts)

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
    reader = PageReader(web, (platform,), clock, InPlace())

    found = await reader.read("https://news.ycombinator.com/item?id=1", LOCAL, quiet)

    assert found.article
    assert "sun shines on the meadow" in found.article.text
    assert "Lovely & loud." == found.by_id[Cid("hn:2")].text


WORDS = "Bees hum when they work, and they work whenever the sun shines on the meadow. " * 8
SAID = ("Mine hum in the rain as well, I must say.", "And what about the wasps, may I ask?")


def blog(served: Site, *, shown: int = 2, stated: int = 2, script: str = "") -> None:
    """Serve a post of WordPress: its API's link, its id, *shown* of its comments and a heading with their number."""
    rows = "".join(
        f'<li class="comment depth-1" id="comment-{n}"><cite class="fn">Reader {n}</cite>'
        f'<a href="{served.url("/bees")}#comment-{n}"><time datetime="2026-01-02T04:04:05+01:00">'
        f'January 2, 2026</time></a><div class="comment-content"><p>{words}</p></div></li>'
        for n, words in enumerate(SAID[:shown], 1)
    )
    heading = f"<h2>{stated} comments</h2>" if stated else ""
    served.page(
        "/bees",
        f"<html lang=en><head><title>Bees at work</title>"
        f'<link rel="https://api.w.org/" href="{served.url("/wp-json/")}">{script}</head>'
        f'<body class="single postid-7"><article><h1>Bees at work</h1><p>{WORDS}</p><p>{WORDS}</p>'
        f'</article><div id="comments">{heading}<ol class="commentlist">{rows}</ol></div></body></html>',
    )


def rest(served: Site, number: int = 2) -> None:
    """Serve the API's answer: the same comments."""
    items = [
        {
            "id": n,
            "parent": 0,
            "author_name": f"Reader {n}",
            "date_gmt": "2026-01-02T03:04:05",
            "content": {"rendered": f"<p>{words}</p>"},
            "link": f"{served.url('/bees')}#comment-{n}",
            "type": "comment",
            "status": "approved",
        }
        for n, words in enumerate(SAID[:number], 1)
    ]
    headers = {"X-WP-Total": str(number), "X-WP-TotalPages": "1"}
    served.page("/wp-json/wp/v2/comments", json.dumps(items), headers=headers)


def thread(served: Site, *words: str) -> str:
    """Serve a thread of Disqus, and return the script that embeds it."""
    posts = [
        {"id": str(n), "message": said, "author": {"name": "Cat"}} for n, said in enumerate(words)
    ]
    data = {"code": 0, "cursor": {"total": 60}, "response": {"posts": posts, "thread": {}}}
    page = f'<script type="text/json" id="disqus-threadData">{json.dumps(data)}</script>'
    served.page("/embed/comments/", page)
    return "<script>var disqus_identifier = '7';</script><script src='//b.disqus.com/embed.js'></script>"


@pytest.fixture
def whole(web: Web, clock: SteadyClock, served: Site) -> PageReader:
    platforms = (Disqus(served.url("/embed/comments/")), WordPress(served.url("/hosted")))
    return PageReader(web, platforms, clock, InPlace())


class TestWordPressPages:
    async def test_the_api_stands_for_the_list_it_repeats(
        self, whole: PageReader, served: Site
    ) -> None:
        """
        One discussion, with the API's fields.
        """
        blog(served)
        rest(served)

        found = await whole.read(served.url("/bees"), LOCAL, quiet)

        (one,) = found.discussions
        assert ("wordpress", served.url("/bees"), 2, ()) == (
            one.platform,
            one.url,
            one.declared,
            one.gaps,
        )
        assert list(SAID) == [c.text for c in one.comments]

    @pytest.mark.parametrize(
        ("status", "body"),
        [(401, "{}"), (403, "<html>Cloudflare"), (404, "{}"), (200, "<html>"), (500, "")],
    )
    async def test_a_closed_api_is_no_gap_of_a_complete_page(
        self, whole: PageReader, served: Site, status: int, body: str
    ) -> None:
        """
        Whatever it answers.
        """
        blog(served)
        served.page("/wp-json/wp/v2/comments", body, status)

        (one,) = (await whole.read(served.url("/bees"), LOCAL, quiet)).discussions

        assert ("page", 2, 2, ()) == (one.platform, len(one.comments), one.declared, one.gaps)

    async def test_a_closed_api_is_a_gap_of_a_page_without_its_comments(
        self, whole: PageReader, served: Site
    ) -> None:
        """
        The page states two and shows none.
        """
        blog(served, shown=0)
        served.page("/wp-json/wp/v2/comments", "{}", 401)

        (one,) = (await whole.read(served.url("/bees"), LOCAL, quiet)).discussions

        assert (2, (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 2),)) == (one.declared, one.gaps)

    async def test_an_empty_api_is_not_believed_against_the_page(
        self, whole: PageReader, served: Site
    ) -> None:
        """
        The page states comments that are loaded from elsewhere; or shows them.
        """
        blog(served, shown=0)
        rest(served, 0)
        stated = await whole.read(served.url("/bees"), LOCAL, quiet)
        served.answers.clear()
        blog(served)
        rest(served, 0)
        shown = await whole.read(served.url("/bees"), LOCAL, quiet)

        assert [("page", (Gap(GapCode.COMMENTS_MISSING, count=2),))] == [
            (one.platform, one.gaps) for one in stated.discussions
        ]
        assert [("page", 2, ())] == [
            (one.platform, len(one.comments), one.gaps) for one in shown.discussions
        ]

    async def test_own_comments_and_a_thread_are_two_discussions(
        self, whole: PageReader, served: Site
    ) -> None:
        """
        Each with its own number and gaps.
        """
        blog(served, script=thread(served, "Something else altogether, if I may."))
        rest(served)

        found = await whole.read(served.url("/bees"), LOCAL, quiet)

        own, disqus = found.discussions
        assert ("wordpress", 2, ()) == (own.platform, own.declared, own.gaps)
        assert ("disqus", 60, (Gap(GapCode.COMMENTS_LIMIT, "Disqus", 59),)) == (
            disqus.platform,
            disqus.declared,
            disqus.gaps,
        )
        assert ["wordpress:1", "wordpress:2", "disqus:0"] == list(found.by_id)

    async def test_a_thread_that_was_read_leaves_no_gap_of_the_page(
        self, whole: PageReader, served: Site
    ) -> None:
        """
        The page's "loaded by Disqus" is no longer true.
        """
        blog(served, shown=0, stated=0, script=thread(served, SAID[0]))
        rest(served, 0)

        (one,) = (await whole.read(served.url("/bees"), LOCAL, quiet)).discussions

        assert ("disqus", [SAID[0]]) == (one.platform, [c.text for c in one.comments])
        assert GapCode.COMMENTS_ELSEWHERE not in {gap.code for gap in one.gaps}

    async def test_the_apis_own_link_leads_to_the_post(
        self, whole: PageReader, served: Site
    ) -> None:
        """
        The article, and its comments once.
        """
        blog(served)
        rest(served)

        found = await whole.read(served.url("/wp-json/wp/v2/comments?post=7"), LOCAL, quiet)

        assert found.article
        assert "Bees at work" == found.article.title
        assert ["wordpress:1", "wordpress:2"] == list(found.by_id)

    @pytest.mark.parametrize(
        ("post", "number"),
        [(1196, 2), (1800, 1), (2548, 1), (430, 2), (446, 1), (498, 1), (536, 1)],
    )
    async def test_captured_posts_and_their_twins_are_one_discussion(
        self, whole: PageReader, served: Site, shared: Path, post: int, number: int
    ) -> None:
        """
        unitingnc.org: the page's list and the API's answer hold the same comments.
        """
        folder = shared / "fixtures/wordpress"
        html = (folder / f"post_{post}.html").read_text("utf-8")
        served.page(
            "/bees", html.replace("https://www.unitingnc.org/wp-json", served.url("/wp-json"))
        )
        answer = (folder / f"comments_{post}.json").read_bytes()
        served.page("/wp-json/wp/v2/comments", answer, kind="application/json")

        found = await whole.read(served.url("/bees"), LOCAL, quiet)

        assert [("wordpress", number, ())] == [
            (one.platform, len(one.comments), one.gaps) for one in found.discussions
        ]
