"""Discovery: where else an article is discussed, if anybody says so in time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web as server
from hypothesis import given
from hypothesis import strategies as st

from bot.core.models import LOCAL, Article, Discussion, Lead
from bot.errors import NothingFound
from bot.sources.discovery import Discovery
from bot.sources.discovery_hits import askable, best, hackernews, lemmy, lobsters, unread
from bot.sources.platform import Material
from bot.sources.web import Web
from tests.sources.site import Site

ARTICLE = "https://blog.example/bees"
HN = "/algolia/search"
LEMMY = "/lemmy/api/v3/search"
LOBSTERS = "/lobsters/stories/url/all.json"


def story(id: int, comments: object = 3, url: object = ARTICLE, **facts: Any) -> dict[str, Any]:
    return {"objectID": str(id), "url": url, "title": "Bees", "num_comments": comments, **facts}


def lemming(id: int, comments: object = 3, url: object = ARTICLE, **facts: Any) -> dict[str, Any]:
    post = {"id": id, "url": url, "name": "Bees", "removed": False, "deleted": False, **facts}
    return {"post": post, "counts": {"comments": comments}}


def lobster(id: str, comments: object = 3, url: object = ARTICLE) -> dict[str, Any]:
    return {"short_id": id, "url": url, "title": "Bees", "comment_count": comments}


def discovery(served: Site, seconds: float = 2) -> Discovery:
    return Discovery(
        served.url("/algolia"), served.url("/lemmy"), served.url("/lobsters"), seconds=seconds
    )


async def find(
    served: Site, web: Web, *links: str, without: tuple[str, ...] = (), seconds: float = 2
) -> tuple[Lead, ...]:
    links = links or (ARTICLE,)
    return await discovery(served, seconds).find(links, without, web, web.job(LOCAL))


async def test_the_liveliest_discussion_of_each_place_is_found(web: Web, served: Site) -> None:
    """
    Hacker News first, then Lemmy, then Lobsters; each with its link, its title and its number of comments.
    """
    served.json(HN, {"hits": [story(1, 3), story(2, 40), story(4, 7)]})
    served.json(LEMMY, {"posts": [lemming(5, 2), lemming(6, 9)]})
    served.json(LOBSTERS, [lobster("abc123", 4)])

    assert (
        Lead("hackernews", "https://news.ycombinator.com/item?id=2", "Bees", 40),
        Lead("lemmy", served.url("/lemmy/post/6"), "Bees", 9),
        Lead("lobsters", served.url("/lobsters/s/abc123"), "Bees", 4),
    ) == await find(served, web)


async def test_each_place_is_asked_in_its_own_way(web: Web, served: Site) -> None:
    """
    Hacker News finds words of addresses, without a scheme and without guessing; the others compare whole ones.
    """
    await find(served, web, "https://www.blog.example/bees/?a=1&b=2")

    asked = {urlsplit(path).path: parse_qs(urlsplit(path).query) for path in served.paths}
    assert {
        "query": ["blog.example/bees?a=1&b=2"],
        "restrictSearchableAttributes": ["url"],
        "tags": ["story"],
        "typoTolerance": ["false"],
        "hitsPerPage": ["20"],
    } == asked[HN]
    assert ["https://www.blog.example/bees/?a=1&b=2"] == asked[LEMMY]["q"]
    assert ["Url"] == asked[LEMMY]["type_"]
    assert ["https://www.blog.example/bees/?a=1&b=2"] == asked[LOBSTERS]["url"]


async def test_every_name_of_a_page_is_asked_for_once(web: Web, served: Site) -> None:
    """
    What is only another spelling is not: a discussion of any of them is one of the page.
    """
    served.json(HN, {"hits": []})
    served.json(HN, {"hits": [story(1, 3, "http://m.blog.example/2026/bees/#top")]})

    leads = await find(
        served, web, ARTICLE, "http://www.blog.example/bees/", "https://blog.example/2026/bees"
    )

    assert ["https://news.ycombinator.com/item?id=1"] == [lead.url for lead in leads]
    assert 2 == sum(path.startswith(HN) for path in served.paths)


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example/bees-and-wasps",
        "https://blog.example/bees?page=2",
        "https://blog.example/",
        "https://other.example/bees",
        "https://blog.example/Bees",
        "",
        None,
        5,
        [],
        "no link",
        "http://[",
        "https://user:word@blog.example/bees",
    ],
)
async def test_discussions_of_other_pages_are_none(web: Web, served: Site, url: object) -> None:
    """
    Searches find what is like it.
    """
    served.json(HN, {"hits": [story(1, 3, url)]})
    served.json(LEMMY, {"posts": [lemming(5, 2, url)]})
    served.json(LOBSTERS, [lobster("abc123", 4, url)])

    assert () == await find(served, web)


@pytest.mark.parametrize("comments", [0, None, -3, "7", True, 3.5, 10**400, [], {}])
async def test_discussions_in_which_nobody_spoke_are_none(
    web: Web, served: Site, comments: object
) -> None:
    """
    Nor is one that says nothing believable.
    """
    served.json(HN, {"hits": [story(1, comments)]})
    served.json(LEMMY, {"posts": [lemming(5, comments)]})

    assert () == await find(served, web)


async def test_what_is_known_leaves_the_next(web: Web, served: Site) -> None:
    """
    Who reads a story is offered another one, not the same.
    """
    served.json(HN, {"hits": [story(1, 3), story(2, 40)]})

    leads = await find(served, web, without=("https://news.ycombinator.com/item?id=2", "http://["))

    assert ["https://news.ycombinator.com/item?id=1"] == [lead.url for lead in leads]


async def test_removed_posts_are_none(web: Web, served: Site) -> None:
    """
    Their instance still lists them.
    """
    served.json(LEMMY, {"posts": [lemming(5, 2, removed=True), lemming(6, 3, deleted=True)]})

    assert () == await find(served, web)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, "", "text/html"),
        (429, "", "application/json"),
        (500, "", "text/html"),
        (200, "<html>One moment", "text/html"),
        (200, "", "application/json"),
        (200, "x", "image/png"),
        (200, "{}", "application/json"),
        (200, "[]", "application/json"),
        (200, "null", "application/json"),
        (200, '{"hits": 5, "posts": {"a": 1}}', "application/json"),
        (200, '{"hits": [5, {"objectID": 7}, {}], "posts": [{"post": []}]}', "application/json"),
    ],
)
async def test_a_place_that_fails_is_passed_over(
    web: Web, served: Site, status: int, body: str, kind: str
) -> None:
    """
    The others are heard all the same.
    """
    for path in (HN, LEMMY):
        served.page(path, body, status, kind=kind)
    served.json(LOBSTERS, [lobster("abc123")])

    assert ["lobsters"] == [lead.platform for lead in await find(served, web)]


async def test_a_place_that_takes_too_long_is_passed_over(web: Web, served: Site) -> None:
    """
    What it said before stands, and nobody else is held up.
    """
    never = asyncio.Event()

    async def hang(_: server.Request) -> server.Response:
        await never.wait()
        return server.Response()

    served.json(HN, {"hits": [story(1)]})
    served.on(HN, hang)
    served.on(LEMMY, hang)
    served.json(LOBSTERS, [lobster("abc123")])

    try:
        leads = await find(served, web, ARTICLE, "https://blog.example/2026", seconds=0.1)
    finally:
        never.set()

    assert ["hackernews", "lobsters"] == [lead.platform for lead in leads]


async def test_a_refused_host_is_not_asked(web: Web, served: Site) -> None:
    """
    Lobsters' is one from the start.
    """
    places = Discovery(served.url("/algolia"), served.url("/lemmy"), "https://refused.example")

    assert () == await places.find((ARTICLE,), (), web, web.job(LOCAL))
    assert {HN, LEMMY} == {urlsplit(path).path for path in served.paths}


async def test_the_requests_of_the_reading_are_left_to_it(web: Web, served: Site) -> None:
    """
    Discovery has a few of its own.
    """
    job = web.job(LOCAL, most_requests=1)
    served.json(HN, {"hits": [story(1)]})

    leads = await discovery(served).find((ARTICLE,), (), web, job)

    assert (1, 0) == (len(leads), job.asked)


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        (ARTICLE, True),
        ("https://blog.example/?p=12&keyword=bees&page=2", True),
        ("https://blog.example/draft?preview=1&token=abc", False),
        ("https://blog.example/draft?key=abc", False),
        ("https://cdn.example/file?X-Amz-Signature=abc", False),
        ("https://blog.example/?PHPSESSID=abc", False),
        ("https://blog.example/?api_key=abc", False),
        ("no link", False),
        ("http://[", False),
    ],
)
def test_a_link_that_carries_a_secret_is_not_told_to_others(link: str, yes: bool) -> None:
    """
    Whoever has such a link may read the page; the places asked are others.
    """
    assert yes == bool(askable([link]))


def test_no_more_than_three_names_are_asked_for() -> None:
    """
    Each once.
    """
    links = [f"https://blog.example/{n}" for n in (1, 1, 2, 3, 4)]

    assert [links[0], links[2], links[3]] == askable(links)


async def given_material(material: Material) -> Material:
    return material


async def failing() -> Material:
    raise NothingFound


def article(url: str | None) -> Material:
    return Material(article=Article(url, "Bees", "They hum."))


class TestBesideAReading:
    async def test_leads_are_added_to_what_was_read(self, web: Web, served: Site) -> None:
        """
        After those it has.
        """
        served.json(HN, {"hits": [story(1)]})
        old = Lead("page", "https://forum.example/t/9", None, None)
        read = replace(article(ARTICLE), leads=(old,))

        found = await discovery(served).beside(
            given_material(read), (ARTICLE,), (), web, web.job(LOCAL)
        )

        assert [old.url, "https://news.ycombinator.com/item?id=1"] == [
            one.url for one in found.leads
        ]
        assert 3 == len(served.asked)

    async def test_what_was_read_is_no_lead(self, web: Web, served: Site) -> None:
        """
        Discussions that the page itself named.
        """
        served.json(HN, {"hits": [story(1)]})
        place = Discussion("x", "http://news.ycombinator.com/item?id=1", None, None, ())

        found = await discovery(served).beside(
            given_material(Material(discussions=(place,))), (ARTICLE,), (), web, web.job(LOCAL)
        )

        assert () == found.leads

    async def test_a_page_that_calls_itself_otherwise_is_asked_for_by_that_name(
        self, web: Web, served: Site
    ) -> None:
        """
        Known only when it was read.
        """
        served.json(HN, {"hits": []})
        served.json(HN, {"hits": []})
        served.json(HN, {"hits": [story(1, 3, "https://blog.example/2026/bees")]})
        read = given_material(article("https://blog.example/2026/bees"))

        found = await discovery(served).beside(read, (ARTICLE,), (), web, web.job(LOCAL))

        assert ["hackernews"] == [lead.platform for lead in found.leads]

    @pytest.mark.parametrize("name", [None, "http://[", ARTICLE + "/#top"])
    async def test_a_page_that_says_nothing_new_is_asked_for_once(
        self, web: Web, served: Site, name: str | None
    ) -> None:
        """
        One request a place.
        """
        await discovery(served).beside(
            given_material(article(name)), (ARTICLE,), (), web, web.job(LOCAL)
        )

        assert 3 == len(served.asked)

    async def test_a_reading_that_fails_is_told_at_once(self, web: Web, served: Site) -> None:
        """
        Whatever the places are still saying.
        """
        never = asyncio.Event()

        async def hang(_: server.Request) -> server.Response:
            await never.wait()
            return server.Response()

        served.on(HN, hang)

        try:
            with pytest.raises(NothingFound):
                await discovery(served, 60).beside(failing(), (ARTICLE,), (), web, web.job(LOCAL))
        finally:
            never.set()


async def test_a_captured_search_is_understood(web: Web, served: Site, shared: Path) -> None:
    """
    The story of 2011 with 376 comments.
    """
    raw = shared / "fixtures/hackernews/algolia_search_hitsPerPage_1_tags_story_.json"
    served.json(HN, json.loads(raw.read_text("utf-8")))

    assert (
        Lead(
            "hackernews",
            "https://news.ycombinator.com/item?id=3078128",
            "Steve Jobs has passed away.",
            376,
        ),
    ) == await find(served, web, "https://apple.com/stevejobs")


JSON: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1e400, "", "\ud800", "7", ARTICLE, [], [[]], {}, {"id": []}]
)
NAMES = ("objectID", "url", "title", "num_comments", "post", "counts", "short_id", "comment_count")


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON) | JSON, max_size=4))
def test_wrong_types_are_no_hits(items: list[Any]) -> None:
    """
    Every field may be anything.
    """
    for index in (hackernews("x"), lemmy("x"), lobsters("x")):
        for answer in (items, {"hits": items, "posts": items}, items[:1]):
            lead = best(index.hits(answer), [ARTICLE], ["\ud800", ""])
            assert lead is None or lead.comments
            unread([lead] if lead else [], [])
