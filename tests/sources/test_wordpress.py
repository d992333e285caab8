"""Posts of WordPress: every comment that the site's API, or WordPress.com's, hands out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web as server

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, PageNotFound, SiteBusy
from bot.sources.platform import Material
from bot.sources.platforms.wordpress import WordPress
from bot.sources.platforms.wordpress_comments import comments_of, of_rest
from bot.sources.web import Web
from bot.sources.webpage import read_page
from tests.sources.site import Site

LIST = "/wp-json/wp/v2/comments"
REST = f"{LIST}?post=7"
HOSTED = "/hosted/sites/blog.example/posts/7/replies/"
BLOG = "https://blog.example/bees/"


def item(id: int, html: str = "", **facts: Any) -> dict[str, Any]:
    """A comment as `/wp/v2/comments` gives it."""
    return {
        "id": id,
        "post": 7,
        "parent": 0,
        "author": 0,
        "author_name": f"Reader {id}",
        "author_url": "",
        "date": "2026-01-02T04:04:05",
        "date_gmt": "2026-01-02T03:04:05",
        "content": {"rendered": html or f"<p>Words of comment {id}.</p>\n"},
        "link": f"{BLOG}#comment-{id}",
        "status": "approved",
        "type": "comment",
        **facts,
    }


def reply(id: int, html: str = "", **facts: Any) -> dict[str, Any]:
    """A comment as WordPress.com gives it."""
    return {
        "ID": id,
        "post": {
            "ID": 7,
            "title": "Bees &amp; wasps",
            "type": "post",
            "link": "https://x.example/",
        },
        "author": {"ID": 0, "name": f"Reader {id}", "URL": ""},
        "date": "2026-01-02T04:04:05+01:00",
        "URL": f"{BLOG}#comment-{id}",
        "content": html or f"<p>Words of comment {id}.</p>\n",
        "status": "approved",
        "parent": False,
        "type": "comment",
        "like_count": 3,
        **facts,
    }


def hand_out(served: Site, items: list[dict[str, Any]], path: str = LIST, size: int = 100) -> None:
    """Answer as WordPress does: *size* at a time, with the two headers."""

    async def part(request: server.Request) -> server.Response:
        at = (int(request.query["page"]) - 1) * size
        headers = {"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(-(-len(items) // size))}
        return server.json_response(items[at : at + size], headers=headers)

    served.on(path, part)


async def read(
    served: Site,
    web: Web,
    path: str = REST,
    said: list[Progress] | None = None,
    most: int | None = None,
) -> Material:
    report = (said if said is not None else []).append
    reader = WordPress(served.url("/hosted"))
    return await reader.read(served.url(path), web, web.job(LOCAL, most), report)


async def place(served: Site, web: Web, path: str = REST, most: int | None = None) -> Discussion:
    (found,) = (await read(served, web, path, most=most)).discussions
    return found


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        ("https://blog.example/wp-json/wp/v2/comments?post=7", True),
        ("https://blog.example/wp-json/wp/v2/comments?post=7&per_page=100", True),
        ("https://blog.example/wp-json/wp/v2/posts/7", True),
        ("https://blog.example/wp-json/wp/v2/pages/7", True),
        ("https://blog.example/en/wp-json/wp/v2/posts/7/", True),
        ("https://blog.example/?rest_route=/wp/v2/comments&post=7", True),
        ("https://blog.example/index.php?rest_route=%2Fwp%2Fv2%2Fposts%2F7", True),
        ("https://public-api.wordpress.com/rest/v1.1/sites/a.example/posts/7/replies/", True),
        ("https://public-api.wordpress.com/rest/v1.1/sites/a.example/posts/7", True),
        ("https://public-api.wordpress.com/rest/v1.1/sites/a.example/comments/7", False),
        ("https://blog.example/wp-json/wp/v2/comments", False),
        ("https://blog.example/wp-json/wp/v2/comments?post=7,8", False),
        ("https://blog.example/wp-json/wp/v2/comments?post=٧", False),
        ("https://blog.example/wp-json/wp/v2/categories/7", False),
        ("https://blog.example/wp-json/", False),
        ("https://blog.example/?p=7", False),
        ("https://blog.example/bees/", False),
    ],
)
def test_the_links_of_the_apis_are_recognised(link: str, yes: bool) -> None:
    """
    Of a post's comments, or of the post; not of lists of posts, nor the post's page itself.
    """
    assert yes == WordPress().recognises(link)


API = '<link rel="https://api.w.org/" href="https://blog.example/wp-json/">'
ROUTE = '<link rel="https://api.w.org/" href="https://blog.example/index.php?rest_route=/" />'
OWN = '<link rel="alternate" title="JSON" type="application/json" href="{}" />'
COM = '<meta name="generator" content="WordPress.com" />'
BODY = '<body class="single postid-7 logged-in">'
FOUND = "https://blog.example/wp-json/wp/v2/comments?post=7"


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (f"{API}{BODY}", FOUND),
        (f"{API}<body class='page page-id-7'>", FOUND),
        (f"{API}<link rel='shortlink' href='https://blog.example/?p=7' />", FOUND),
        (f"{API}<input type=hidden name=comment_post_ID value=7 />", FOUND),
        (OWN.format("https://blog.example/wp-json/wp/v2/posts/7"), FOUND),
        # the post's own JSON is the surest
        (f"{OWN.format('https://blog.example/wp-json/wp/v2/posts/7')}<body class=postid-8>", FOUND),
        (f"{API.replace('blog.example', 'api.example')}{BODY}", FOUND.replace("blog.", "api.")),
        (f'<link rel="https://api.w.org/" href="/wp-json/">{BODY}', FOUND),
        (
            f'<link rel="https://api.w.org/" href="https://blog.example/wp-json/?lang=fr">{BODY}',
            FOUND,
        ),
        (f"{ROUTE}{BODY}", "https://blog.example/index.php?rest_route=/wp/v2/comments&post=7"),
        (
            OWN.format("https://blog.example/?rest_route=/wp/v2/posts/7&#038;x=1"),
            "https://blog.example/?rest_route=/wp/v2/comments&post=7",
        ),
        (
            f"{COM}{BODY}",
            "https://public-api.wordpress.com/rest/v1.1/sites/blog.example/posts/7/replies/",
        ),
        (
            f"<script>_stq.push(['view', {{'blog':'1','v':'wpcom','post':'7'}}]);</script>{BODY}",
            "https://public-api.wordpress.com/rest/v1.1/sites/blog.example/posts/7/replies/",
        ),
        (f"{API}{COM}{BODY}", FOUND),  # hosted there with an API of its own
        (API, None),  # a list of posts
        (API + OWN.format("https://blog.example/wp-json/wp/v2/tags/7"), None),
        (f"{API}<body class='postid-7e42 category-7'>", None),
        (f"<p>wp-json</p>{BODY}", None),
        (f'<link rel="https://api.w.org/" href="javascript:alert(1)">{BODY}', None),
        (f'<link rel="https://api.w.org/" href="https://[x/">{BODY}', None),
        ("<p>api.w.org", None),
        ("", None),
    ],
)
def test_a_page_names_where_its_comments_are_handed_out(page: str, link: str | None) -> None:
    """
    The API is named and never guessed; and the page must be one post's.
    """
    assert link == WordPress().named_in(page, BLOG)
    assert link is None or WordPress().recognises(link)


def test_a_blog_at_wordpress_com_is_known_by_its_host() -> None:
    """
    Its pages need not say more than which post they are.
    """
    link = WordPress().named_in(BODY, "https://bees.wordpress.com/2026/01/02/bees/")

    assert (
        "https://public-api.wordpress.com/rest/v1.1/sites/bees.wordpress.com/posts/7/replies/"
        == link
    )


async def test_a_comment_has_author_time_link_and_parent(web: Web, served: Site) -> None:
    """
    Times in UTC, text without tags and entities; the page is where the comments' links lead.
    """
    first = item(
        1, "<p>Bees &#8217;n&#8217; <em>wasps</em></p>\n<p>Two</p>", author_name="A &amp; B"
    )
    served.json(LIST, [first, item(2, parent=1)])

    found = await read(served, web)

    (one,) = found.discussions
    assert ("wordpress", BLOG, BLOG) == (one.platform, one.url, found.about)
    mine, answer = one.comments
    assert ("wordpress:1", None, "A & B", "Bees ’n’ wasps\n\nTwo", None, f"{BLOG}#comment-1") == (
        mine.id,
        mine.parent,
        mine.author,
        mine.text,
        mine.score,
        mine.url,
    )
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == mine.posted_at
    assert mine.id == answer.parent


async def test_every_part_is_asked_for(web: Web, served: Site) -> None:
    """
    A hundred at a time, the oldest first, with progress; the header's number is the declared one.
    """
    hand_out(served, [item(n) for n in range(1, 251)])
    said: list[Progress] = []

    (one,) = (await read(served, web, said=said)).discussions

    assert [f"wordpress:{n}" for n in range(1, 251)] == [c.id for c in one.comments]
    assert (250, ()) == (one.declared, one.gaps)
    assert [f"{REST}&per_page=100&order=asc&page={n}" for n in (1, 2, 3)] == served.paths
    assert Progress(Stage.COMMENTS, 250, 250) == said[-1]


async def test_a_site_that_hands_out_fewer_at_a_time_is_read_to_the_end(
    web: Web, served: Site
) -> None:
    """
    The number of parts is the site's to say.
    """
    hand_out(served, [item(n) for n in range(1, 61)], size=25)

    assert 60 == len((await place(served, web)).comments)


async def test_without_headers_parts_are_asked_for_until_one_is_not_full(
    web: Web, served: Site
) -> None:
    """
    Some caches drop them: then nothing is declared, and nothing missing.
    """
    served.json(LIST, [item(n) for n in range(1, 101)])
    served.json(LIST, [item(n) for n in range(101, 141)])

    one = await place(served, web)

    assert (140, None, ()) == (len(one.comments), one.declared, one.gaps)
    assert 2 == len(served.asked)


async def test_a_site_that_gives_the_same_part_again_is_asked_no_more(
    web: Web, served: Site
) -> None:
    """
    A saved copy of a site answers any question alike.
    """
    served.json(LIST, [item(n) for n in range(1, 101)])

    assert 100 == len((await place(served, web)).comments)
    assert 2 == len(served.asked)


async def test_sites_without_readable_addresses(web: Web, served: Site) -> None:
    """
    The path of the API travels in the query; the page is found by its number.
    """
    hand_out(served, [item(1, link="javascript:x")], "/blog/index.php")

    found = await read(served, web, "/blog/index.php?rest_route=/wp/v2/comments&post=7")

    assert ["wordpress:1"] == [c.id for c in found.discussions[0].comments]
    assert served.url("/blog/?p=7") == found.about
    (asked,) = served.paths
    assert asked.startswith("/blog/index.php?rest_route=/wp/v2/comments&post=7&per_page=100")


async def test_pingbacks_are_no_comments(web: Web, served: Site) -> None:
    """
    Reviews of a shop are; the number declared is of comments.
    """
    kinds = ["comment", "pingback", "trackback", "review", ""]
    hand_out(served, [item(n, type=kind) for n, kind in enumerate(kinds, 1)])

    one = await place(served, web)

    assert ["wordpress:1", "wordpress:4", "wordpress:5"] == [c.id for c in one.comments]
    assert (3, ()) == (one.declared, one.gaps)


async def test_an_answer_to_what_is_not_there_stands_at_the_top(web: Web, served: Site) -> None:
    """
    Parents that were never approved are not handed out.
    """
    served.json(LIST, [item(2, parent=1), item(3, parent=2), item(4, parent=4)])

    one = await place(served, web)

    assert [None, "wordpress:2", None] == [c.parent for c in one.comments]


async def test_what_was_not_meant_for_visitors_is_not_read(web: Web, served: Site) -> None:
    """
    Held, spam and thrown away: the place stays, the words do not.
    """
    states = ["hold", "spam", "trash", "approved"]
    hand_out(served, [item(n, status=state) for n, state in enumerate(states, 1)])

    one = await place(served, web)

    assert [State.HIDDEN, State.REMOVED, State.REMOVED, State.OK] == [c.state for c in one.comments]
    assert ["", "", "", "Words of comment 4."] == [c.text for c in one.comments]
    assert (Gap(GapCode.COMMENTS_DELETED, count=3),) == one.gaps


async def test_no_comments_is_a_fact(web: Web, served: Site) -> None:
    """
    An empty list.
    """
    hand_out(served, [])

    one = await place(served, web)

    assert (0, (), (Gap(GapCode.COMMENTS_NONE),)) == (one.declared, one.comments, one.gaps)
    assert served.url("/?p=7") == one.url


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, '{"code":"rest_forbidden","data":{"status":401}}', AccessDenied),
        (403, "<html><title>Attention Required! | Cloudflare</title>", AccessDenied),
        (404, '{"code":"rest_no_route","data":{"status":404}}', PageNotFound),
        (429, "", SiteBusy),
        (200, "<!doctype html><title>Bees</title>", BrokenAnswer),
        (200, '{"code":"rest_forbidden","data":{"status":401}}', BrokenAnswer),
        (200, "", BrokenAnswer),
        (200, "[" * 100_000, BrokenAnswer),
    ],
)
async def test_a_site_that_hands_out_nothing_is_told(
    web: Web, served: Site, status: int, body: str, error: type[Exception]
) -> None:
    """
    REST closed, a guard before it, or a page of a cache with status 200.
    """
    served.page(LIST, body, status)

    with pytest.raises(error):
        await read(served, web)


def failing(served: Site, items: list[dict[str, Any]], status: int, *parts: int) -> None:
    """Hand out *items*, but answer the *parts* named with *status*."""
    hand_out(served, items)
    (answer,) = served.answers[LIST]

    async def part(request: server.Request) -> server.StreamResponse:
        if int(request.query["page"]) in parts:
            return server.json_response({"code": "rest_post_invalid_page_number"}, status=status)
        return await answer(request)

    served.answers[LIST] = [part]


async def test_a_part_that_fails_leaves_a_hole_of_known_size(web: Web, served: Site) -> None:
    """
    The parts after it are read; the gap says how many comments the hole has.
    """
    failing(served, [item(n) for n in range(1, 351)], 500, 2)

    one = await place(served, web)

    assert [1, 100, 201, 350] == [
        int(one.comments[at].id.partition(":")[2]) for at in (0, 99, 100, -1)
    ]
    assert (350, (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 100),)) == (one.declared, one.gaps)


async def test_a_site_that_keeps_failing_is_given_up(web: Web, served: Site) -> None:
    """
    At the second part that fails; what was read stands.
    """
    failing(served, [item(n) for n in range(1, 951)], 500, 2, 3, 4, 5)

    one = await place(served, web)

    assert 100 == len(one.comments)
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 850),) == one.gaps
    assert 3 == len(served.asked)


async def test_a_site_that_gets_busy_is_left_alone(web: Web, served: Site) -> None:
    """
    At its first word.
    """
    failing(served, [item(n) for n in range(1, 351)], 429, 2)

    one = await place(served, web)

    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 250),) == one.gaps
    assert 2 == len(served.asked)


async def test_a_part_beyond_the_last_is_the_end(web: Web, served: Site) -> None:
    """
    Comments were deleted while they were read: those declared at first are missing.
    """
    failing(served, [item(n) for n in range(1, 111)], 400, 2)

    one = await place(served, web)

    assert (100, (Gap(GapCode.COMMENTS_MISSING, count=10),)) == (len(one.comments), one.gaps)


async def test_what_would_take_too_many_requests_is_left_unread(web: Web, served: Site) -> None:
    """
    The limit is ours, and the gap says so, with the number left.
    """
    hand_out(served, [item(n) for n in range(1, 351)])

    one = await place(served, web, most=2)

    assert 200 == len(one.comments)
    assert (350, (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 150),)) == (one.declared, one.gaps)


async def test_comments_that_are_counted_and_not_handed_out_are_missing(
    web: Web, served: Site
) -> None:
    """
    WordPress counts before it checks who may read.
    """
    served.page(LIST, json.dumps([item(1)]), headers={"X-WP-Total": "3", "X-WP-TotalPages": "1"})

    assert (Gap(GapCode.COMMENTS_MISSING, count=2),) == (await place(served, web)).gaps


@pytest.mark.parametrize("number", ["9" * 5_000, "-3", "²", "many", ""])
async def test_headers_that_are_no_numbers_say_nothing(web: Web, served: Site, number: str) -> None:
    """
    Nor do they ever raise.
    """
    headers = {"X-WP-Total": number.encode().decode("latin-1"), "X-WP-TotalPages": "9" * 5_000}
    served.page(LIST, json.dumps([item(1)]), headers=headers)

    one = await place(served, web)

    assert (1, None) == (len(one.comments), one.declared)


async def test_hostile_values_end_in_comments_or_nothing(web: Web, served: Site) -> None:
    """
    Wrong types anywhere, halves of surrogate pairs, addresses of other schemes.
    """
    odd: list[Any] = [None, True, [], {}, "x", -1, 10**4000, 1.5, "\ud800"]
    items: list[Any] = [*odd, *({"id": value} for value in odd)]
    for key in item(1):
        items += [{**item(100 + len(items)), key: value} for value in odd]
    served.json(LIST, items)

    one = await place(served, web)

    for comment in one.comments:
        comment.text.encode()
        (comment.author or "").encode()
        assert comment.url is None or comment.url.startswith("https://blog.example/")


async def test_wordpress_com_hands_out_the_comments_of_its_blogs(web: Web, served: Site) -> None:
    """
    With likes and the post's title; pingbacks are in its number and are no comments.
    """
    parent = {"ID": 1, "type": "comment", "link": "https://x.example/"}
    answers = [reply(1), reply(2, parent=parent, status="approved"), reply(3, type="pingback")]
    served.json(HOSTED, {"found": 3, "site_ID": 5, "comments": answers})

    found = await read(served, web, HOSTED)

    (one,) = found.discussions
    assert ("Bees & wasps", BLOG, 2, ()) == (one.title, one.url, one.declared, one.gaps)
    first, second = one.comments
    assert ("Reader 1", "Words of comment 1.", 3) == (first.author, first.text, first.score)
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == first.posted_at
    assert (first.id, f"{BLOG}#comment-2") == (second.parent, second.url)
    assert [f"{HOSTED}?number=100&order=ASC&page=1"] == served.paths


async def test_wordpress_com_is_asked_for_every_part(web: Web, served: Site) -> None:
    """
    By the number it found.
    """
    served.json(HOSTED, {"found": 130, "comments": [reply(n) for n in range(1, 101)]})
    served.json(HOSTED, {"found": 130, "comments": [reply(n) for n in range(101, 131)]})

    one = await place(served, web, HOSTED)

    assert (130, 130, ()) == (len(one.comments), one.declared, one.gaps)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, '{"error":"unknown_blog","message":"Unknown blog"}', PageNotFound),
        (403, '{"error":"unauthorized","message":"User cannot access"}', AccessDenied),
        (200, '{"error":"unauthorized"}', BrokenAnswer),
        (200, "[]", BrokenAnswer),
    ],
)
async def test_a_private_blog_is_told(
    web: Web, served: Site, status: int, body: str, error: type[Exception]
) -> None:
    """
    By its status, or by an answer of another kind.
    """
    served.page(HOSTED, body, status)

    with pytest.raises(error):
        await read(served, web, HOSTED)


POSTS = {1196: 2, 1800: 1, 2548: 1, 430: 2, 446: 1, 498: 1, 536: 1}


@pytest.mark.parametrize(("post", "number"), POSTS.items())
async def test_a_captured_post_is_read_whole(
    web: Web, served: Site, shared: Path, post: int, number: int
) -> None:
    """
    unitingnc.org: the page names its API, and the API gives the comments that the page shows.
    """
    folder = shared / "fixtures/wordpress"
    html = (folder / f"post_{post}.html").read_text("utf-8")
    url = "https://www.unitingnc.org/"
    link = WordPress().named_in(html, url)
    assert f"https://www.unitingnc.org/wp-json/wp/v2/comments?post={post}" == link
    served.page(LIST, (folder / f"comments_{post}.json").read_bytes(), kind="application/json")

    one = await place(served, web, f"{LIST}?post={post}")

    assert (number, None, ()) == (len(one.comments), one.declared, one.gaps)
    assert all(c.author and c.posted_at and c.state is State.OK for c in one.comments)
    shown = re.sub(r"\W", "", read_page(html, url).discussions[0].comments[-1].text)
    assert shown in {re.sub(r"\W", "", c.text) for c in one.comments}


def test_a_captured_list_of_a_whole_site_is_ten_comments(shared: Path) -> None:
    """
    The newest is Claudette Werleigh's, posted in the small hours of North Carolina.
    """
    items = json.loads((shared / "fixtures/wordpress/comments_all.json").read_text("utf-8"))

    comments = comments_of(one for one in map(of_rest, items) if one)

    assert 10 == len(comments)
    first = comments[0]
    assert ("wordpress:7927", "Claudette Werleigh") == (first.id, first.author)
    assert first.text.startswith("I had heard about Mount Olive but I had not read the facts")
    assert datetime(2017, 2, 4, 9, 10, 11, tzinfo=UTC) == first.posted_at
    assert (
        "https://www.unitingnc.org/2012/02/the-questions-that-move-us-forward/#comment-7927"
        == first.url
    )
