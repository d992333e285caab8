"""Threads of Disqus: what the embedded page holds, and how much it does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web as server

from bot.core.gaps import Gap, GapCode
from bot.core.links import canonical
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, PageNotFound, SiteBusy
from bot.sources.platform import Material
from bot.sources.platforms.disqus import Disqus
from bot.sources.web import Web
from tests.sources.site import Site

EMBED = "/embed/comments/"
LINK = f"{EMBED}?base=default&f=bees&t_i=7+https%3A%2F%2Fblog.example%2F%3Fp%3D7"
BLOG = "https://blog.example/bees/"


def post(id: int, parent: int | None = None, **facts: Any) -> dict[str, Any]:
    return {
        "id": str(id),
        "parent": parent,
        "author": {"name": f"Reader {id}", "username": f"r{id}", "isAnonymous": False},
        "message": f"<p>Words of post {id}.</p>",
        "createdAt": "2026-01-02T03:04:05",
        "likes": 5,
        "dislikes": 2,
        "points": 3,
        "isDeleted": False,
        "isDeletedByAuthor": False,
        "isApproved": True,
        "isSpam": False,
        **facts,
    }


def thread(posts: list[dict[str, Any]], total: int | None = None, **facts: Any) -> dict[str, Any]:
    """What the script of the embedded page holds."""
    number = len(posts) if total is None else total
    about = {"id": "9", "link": BLOG, "clean_title": "Bees & wasps", "posts": number, **facts}
    cursor = {"total": number, "hasNext": number > len(posts), "next": "1:0:0"}
    return {"cursor": cursor, "code": 0, "response": {"posts": posts, "thread": about}}


def embedded(data: object) -> str:
    """The page, as Disqus writes it."""
    said = json.dumps(data).replace("</", "<\\/")
    return (
        "<!DOCTYPE html><html><head><title>Disqus Comments</title></head><body>"
        f'<script type="text/json" id="disqus-threadData">{said}</script>'
        '<script type="text/json" id="disqus-forumData">{"id":"bees"}</script></body></html>'
    )


async def read(
    served: Site, web: Web, path: str = LINK, said: list[Progress] | None = None
) -> Material:
    report = (said if said is not None else []).append
    return await Disqus(served.url(EMBED)).read(served.url(path), web, web.job(LOCAL), report)


async def place(served: Site, web: Web, path: str = LINK) -> Discussion:
    (found,) = (await read(served, web, path)).discussions
    return found


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        ("https://disqus.com/embed/comments/?base=default&f=bees&t_i=7", True),
        ("https://disqus.com/embed/comments/?f=bees&t_u=https%3A%2F%2Fblog.example%2F", True),
        ("http://disqus.com/embed/comments?f=bees&t_i=7", True),
        ("https://disqus.com/embed/comments/?f=bees&t_u=javascript%3Aalert(1)", False),
        ("https://disqus.com/embed/comments/?base=default&f=bees", False),
        ("https://disqus.com/embed/comments/?t_i=7", False),
        ("https://disqus.com/embed/comments/?f=a%2Fb&t_i=7", False),
        ("https://disqus.com/home/discussion/bees/7/", False),
        ("https://disqus.example/embed/comments/?f=bees&t_i=7", False),
    ],
)
def test_the_embedded_pages_link_is_recognised(link: str, yes: bool) -> None:
    """
    With a forum, and what the thread is called there.
    """
    assert yes == Disqus().recognises(link)


SCRIPT = "<script src='//bees.disqus.com/embed.js'></script>"
HOLDER = '<div id="disqus_thread"></div>'
CONFIG = """<script>
var disqus_config = function () {
  this.page.url = 'https://blog.example/bees';
  this.page.identifier = "bees-7";
};
(function() { var s = document.createElement('script');
s.src = 'https://bees.disqus.com/embed.js'; })();
</script>"""
PLUGIN = (
    '<script>var embedVars = {"disqusConfig":{"integration":"wordpress 3.0.17"},"disqusIdentifier":'
    r'"7 https:\/\/blog.example\/?p=7","disqusShortname":"bees","disqusTitle":"B\u00e9es",'
    r'"disqusUrl":"https:\/\/blog.example\/bees\/"};</script>'
)
OLD = """<script>
var disqus_shortname = 'bees'; // required: replace example with your forum shortname
// var disqus_identifier = 'a unique identifier for each page';
var disqus_identifier = 'it\\'s 7';
var disqus_url = "https://blog.example/" + location.hash;
(function() { dsq.src = '//' + disqus_shortname + '.disqus.com/embed.js'; })();
</script>"""


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (CONFIG, {"f": ["bees"], "t_i": ["bees-7"], "t_u": ["https://blog.example/bees", BLOG]}),
        (PLUGIN, {"f": ["bees"], "t_i": ["7 https://blog.example/?p=7"], "t_u": [BLOG]}),
        (OLD, {"f": ["bees"], "t_i": ["it's 7"], "t_u": [BLOG]}),
        (SCRIPT, {"f": ["bees"], "t_u": [BLOG]}),
        (
            f"<link rel=canonical href='/bees'>{SCRIPT}",
            {"f": ["bees"], "t_u": ["https://blog.example/bees", BLOG]},
        ),
        (
            f"{HOLDER}<script>var disqus_shortname='bees', disqus_identifier=post.id;</script>",
            {"f": ["bees"], "t_u": [BLOG]},
        ),
        (
            r"<script>load('https:\/\/bees.disqus.com\/embed.js')</script>",
            {"f": ["bees"], "t_u": [BLOG]},
        ),
    ],
)
def test_a_page_names_the_thread_it_embeds(page: str, asked: dict[str, list[str]]) -> None:
    """
    By forum, by the site's own identifier, and by addresses: the one it states, then the one it came from.
    """
    link = Disqus().named_in(page, BLOG)

    assert link
    assert {"base": ["default"], **asked} == parse_qs(urlsplit(link).query)
    assert Disqus().recognises(canonical(link))


@pytest.mark.parametrize(
    "page",
    [
        "<script src='//bees.disqus.com/count.js'></script><a href='/b/#disqus_thread'>2</a>",
        f"{HOLDER}<script>var disqus_shortname = settings.forum;</script>",
        f"{HOLDER}<script>var disqus_shortname = 'a/b';</script>",
        "<script>\n  // s.src = '//bees.disqus.com/embed.js'\n</script>",
        "<p>They moved to Disqus: disqus.com/embed.js",
        "<p>no forum here",
        "",
    ],
)
def test_what_embeds_nothing_names_nothing(page: str) -> None:
    """
    Pages that only count comments, names that a script computes, and words about Disqus.
    """
    assert Disqus().named_in(page, BLOG) is None


def test_a_link_stays_one_that_can_be_asked_for() -> None:
    """
    Half of a surrogate pair and a very long address take nothing down.
    """
    page = r"<script>disqus_identifier = '\ud800'; // bees.disqus.com/embed.js" + "\n</script>"
    page += SCRIPT

    assert Disqus().named_in(page, BLOG)
    long = Disqus().named_in(CONFIG, f"{BLOG}?{'a' * 1_900}")
    assert long
    assert ["https://blog.example/bees"] == parse_qs(urlsplit(canonical(long)).query)["t_u"]


async def test_the_posts_of_the_embedded_page_are_comments(web: Web, served: Site) -> None:
    """
    Author, time, likes, permalink and parent; the page they stand on is what they are about.
    """
    served.page(EMBED, embedded(thread([post(1), post(2, 1)])))
    said: list[Progress] = []

    found = await read(served, web, said=said)

    (one,) = found.discussions
    assert ("disqus", BLOG, "Bees & wasps", 2, ()) == (
        one.platform,
        one.url,
        one.title,
        one.declared,
        one.gaps,
    )
    assert BLOG == found.about
    first, answer = one.comments
    assert ("disqus:1", None, "Reader 1", "Words of post 1.", 5, f"{BLOG}#comment-1") == (
        first.id,
        first.parent,
        first.author,
        first.text,
        first.score,
        first.url,
    )
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == first.posted_at
    assert first.id == answer.parent
    assert Progress(Stage.COMMENTS, 2, 2) == said[-1]


async def test_what_is_handed_out_to_registered_programs_only_is_a_gap(
    web: Web, served: Site
) -> None:
    """
    Of 474 posts the page holds 50.
    """
    served.page(EMBED, embedded(thread([post(n) for n in range(1, 51)], 474)))

    one = await place(served, web)

    assert 50 == len(one.comments)
    assert (474, (Gap(GapCode.COMMENTS_LIMIT, "Disqus", 424),)) == (one.declared, one.gaps)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"isDeleted": True, "isDeletedByAuthor": True, "message": ""}, State.DELETED),
        ({"isDeleted": True, "message": "<p>gone</p>"}, State.REMOVED),
        ({"isSpam": True}, State.REMOVED),
        ({"isApproved": False}, State.HIDDEN),
    ],
)
async def test_posts_without_words_keep_their_place(
    web: Web, served: Site, facts: dict[str, Any], state: State
) -> None:
    """
    The replies below them stay.
    """
    served.page(EMBED, embedded(thread([post(1, **facts), post(2, 1)])))

    one = await place(served, web)

    gone, answer = one.comments
    assert (state, "") == (gone.state, gone.text)
    assert gone.id == answer.parent
    assert (Gap(GapCode.COMMENTS_DELETED, count=1),) == one.gaps


async def test_other_names_are_tried_where_a_thread_is_empty(web: Web, served: Site) -> None:
    """
    The identifier, then each address without it; Disqus makes an empty thread of what it does not know.
    """

    async def answer(request: server.Request) -> server.Response:
        known = "t_i" not in request.query and request.query["t_u"] == BLOG
        page = embedded(thread([post(1)] if known else []))
        return server.Response(text=page, content_type="text/html")

    served.on(EMBED, answer)
    addresses = "&t_u=https%3A%2F%2Fblog.example%2F7&t_u=https%3A%2F%2Fblog.example%2Fbees%2F"

    one = await place(served, web, LINK + addresses)

    assert ["disqus:1"] == [c.id for c in one.comments]
    assert [
        (["7 https://blog.example/?p=7"], ["https://blog.example/7"]),
        (None, ["https://blog.example/7"]),
        (None, [BLOG]),
    ] == [
        (asked.get("t_i"), asked["t_u"])
        for asked in (parse_qs(urlsplit(path).query) for path in served.paths)
    ]


async def test_a_thread_nobody_wrote_in_is_a_fact(web: Web, served: Site) -> None:
    """
    Under every name it may have, and never under more than three.
    """
    served.page(EMBED, embedded(thread([])))

    one = await place(served, web, LINK + "&t_u=https%3A%2F%2Fa.example" * 9)

    assert (0, (), (Gap(GapCode.COMMENTS_NONE),)) == (one.declared, one.comments, one.gaps)
    assert 3 == len(served.asked)


async def test_a_name_that_fails_after_an_empty_thread_is_not_told(web: Web, served: Site) -> None:
    """
    The identifier was answered: nobody wrote there.
    """
    served.page(EMBED, embedded(thread([])))
    served.page(EMBED, "", 400)

    one = await place(served, web, LINK + "&t_u=https%3A%2F%2Fa.example")

    assert ((), (Gap(GapCode.COMMENTS_NONE),)) == (one.comments, one.gaps)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, "<html>We were unable to load Disqus.</html>", BrokenAnswer),
        (200, embedded({"code": 2, "response": "Invalid argument, 'forum'"}), BrokenAnswer),
        (200, embedded([]), BrokenAnswer),
        (200, embedded({"code": 0, "response": []}), BrokenAnswer),
        (200, '<script id="disqus-threadData">{"code":', BrokenAnswer),
        (200, '<script id="disqus-threadData">' + "[" * 100_000, BrokenAnswer),
        (404, "", PageNotFound),
        (403, "", AccessDenied),
        (429, "", SiteBusy),
    ],
)
async def test_a_page_without_a_thread_is_told(
    web: Web, served: Site, status: int, body: str, error: type[Exception]
) -> None:
    """
    An error of Disqus's own, or another page altogether.
    """
    served.page(EMBED, body, status)

    with pytest.raises(error):
        await read(served, web)


async def test_hostile_values_end_in_comments_or_nothing(web: Web, served: Site) -> None:
    """
    Wrong types anywhere, halves of surrogate pairs, addresses of other schemes.
    """
    odd: list[Any] = [None, True, [], {}, "x", -1, 10**4000, 1.5, "\ud800"]
    posts: list[Any] = [*odd, *({"id": value} for value in odd)]
    for key in post(1):
        posts += [{**post(100 + len(posts)), key: value} for value in odd]
    for value in odd:
        data = thread(posts, link=value, clean_title=value)
        data["cursor"] = data["response"]["thread"]["posts"] = value
        served.answers.clear()
        served.page(EMBED, embedded(data))

        one = await place(served, web)

        for comment in one.comments:
            comment.text.encode()
            (comment.author or "").encode()
            (comment.url or "").encode()
        assert one.url is None


async def test_a_captured_thread_is_read_whole(web: Web, served: Site, shared: Path) -> None:
    """
    purseblog: 41 posts, 23 of them replies, none deleted, and no more to come.
    """
    raw = (shared / "fixtures/disqus/listPostsThreaded_b.json").read_text("utf-8")
    served.page(EMBED, embedded(json.loads(raw)))

    one = await place(served, web)

    assert (41, 41, ()) == (len(one.comments), one.declared, one.gaps)
    assert 23 == sum(c.parent is not None for c in one.comments)
    first, last = one.comments[0], one.comments[-1]
    assert ("Gigi", "Tacky :(", 5) == (first.author, first.text, first.score)
    assert ("Prim", True) == (last.author, last.text.startswith("The bags look so"))
    assert datetime(2016, 1, 11, 18, 15, 33, tzinfo=UTC) == first.posted_at
    assert (
        "http://www.purseblog.com/louis-vuitton/louis-vuitton-spring-2016-bag-ad-campaign/"
        f"#comment-{first.id.partition(':')[2]}"
    ) == first.url
