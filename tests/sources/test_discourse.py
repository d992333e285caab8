"""Topics of Discourse: every post that a visitor sees, and whose words they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web as server

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, SiteBusy
from bot.sources.discourse import Discourse
from bot.sources.discourse_posts import comments_of
from bot.sources.platform import Material
from bot.sources.web import Web
from tests.sources.site import Site

COMPANION = (
    "<p>Bees at work, says <a href='https://else.example/'>one</a>.</p><hr><small>This is a companion"
    " discussion topic for the original entry at <a href='https://blog.example/bees'>the blog</a></small>"
)


def post(n: int, cooked: str = "", **facts: Any) -> dict[str, Any]:
    return {
        "id": 100 + n,
        "post_number": n,
        "post_type": 1,
        "username": f"user{n}",
        "cooked": cooked or f"<p>Words of post {n}.</p>",
        "created_at": "2026-01-02T03:04:05.678Z",
        "reply_to_post_number": None,
        "actions_summary": [{"id": 2, "count": n}],
        **facts,
    }


def topic(
    posts: list[dict[str, Any]], stream: list[int] | None = None, **facts: Any
) -> dict[str, Any]:
    ids = stream if stream is not None else [one["id"] for one in posts]
    return {
        "id": 9,
        "title": "On bees",
        "slug": "on-bees",
        "posts_count": len(ids),
        "post_stream": {"posts": posts, "stream": ids},
        **facts,
    }


async def read(
    served: Site,
    web: Web,
    path: str = "/t/on-bees/9",
    said: list[Progress] | None = None,
    most: int | None = None,
) -> Material:
    report = (said if said is not None else []).append
    return await Discourse().read(served.url(path), web, web.job(LOCAL, most), report)


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        ("https://forum.example/t/on-bees/9", True),
        ("https://forum.example/t/on-bees/9/4", True),
        ("https://forum.example/t/9", True),
        ("https://forum.example/t/9/4", True),
        ("https://example.org/talk/t/on-bees/9", True),
        ("https://forum.example/t/on-bees", False),
        ("https://forum.example/tag/9", False),
        ("https://forum.example/", False),
    ],
)
def test_a_topic_is_recognised_by_its_path(link: str, yes: bool) -> None:
    """
    With or without slug, post number and folder.
    """
    assert yes == Discourse().recognises(link)


@pytest.mark.parametrize("path", ["/t/on-bees/9", "/t/9", "/t/9/3", "/t/on-bees/9/3"])
async def test_an_ordinary_topic_is_its_first_post_and_the_replies(
    web: Web, served: Site, path: str
) -> None:
    """
    Post 1 is the article, the others its comments: author, time, likes, permalink, parent.
    """
    served.json("/t/9.json", topic([post(1), post(2), post(3, reply_to_post_number=2)]))

    found = await read(served, web, path)

    assert found.article
    assert ("On bees", "Words of post 1.", ("user1",)) == (
        found.article.title,
        found.article.text,
        found.article.authors,
    )
    (place,) = found.discussions
    assert ("discourse", served.url("/t/on-bees/9"), 2, ()) == (
        place.platform,
        place.url,
        place.declared,
        place.gaps,
    )
    second, third = place.comments
    assert ("discourse:102", None, "user2", "Words of post 2.", 2) == (
        second.id,
        second.parent,
        second.author,
        second.text,
        second.score,
    )
    assert datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC) == second.posted_at
    assert served.url("/t/on-bees/9/3") == third.url
    assert second.id == third.parent


async def test_a_companion_topic_is_about_the_article_it_links(web: Web, served: Site) -> None:
    """
    Its post 1 is the forum's notice, no comment; the last link in it is the article.
    """
    served.json("/t/9.json", topic([post(1, COMPANION), post(2)]))

    found = await read(served, web)

    assert found.article is None
    assert "https://blog.example/bees" == found.about
    assert ["discourse:102"] == [c.id for c in found.discussions[0].comments]


async def test_every_post_of_the_stream_is_fetched(web: Web, served: Site) -> None:
    """
    The first answer holds twenty; the rest comes in chunks, each post once, in order, with progress.
    """
    posts = {100 + n: post(n) for n in range(1, 251)}
    served.json("/t/9.json", topic([posts[i] for i in range(101, 121)], list(posts)))

    async def chunk(request: server.Request) -> server.Response:
        ids = [int(i) for i in parse_qs(urlsplit(str(request.url)).query)["post_ids[]"]]
        return server.json_response(
            {"post_stream": {"posts": [posts[i] for i in reversed(ids)]}, "id": 9}
        )

    served.on("/t/9/posts.json", chunk)
    said: list[Progress] = []

    place = (await read(served, web, said=said)).discussions[0]

    assert [f"discourse:{100 + n}" for n in range(2, 251)] == [c.id for c in place.comments]
    assert 249 == place.declared
    assert 4 == len(served.asked)
    assert Progress(Stage.COMMENTS, 250, 250) == said[-1]


async def test_a_forum_that_hands_out_fewer_is_asked_in_smaller_chunks(
    web: Web, served: Site
) -> None:
    """
    Twenty at a time is what every forum gives.
    """
    posts = {100 + n: post(n) for n in range(1, 91)}
    served.json("/t/9.json", topic([posts[i] for i in range(101, 121)], list(posts)))

    async def chunk(request: server.Request) -> server.Response:
        ids = [int(i) for i in parse_qs(urlsplit(str(request.url)).query)["post_ids[]"]][:20]
        return server.json_response({"post_stream": {"posts": [posts[i] for i in ids]}})

    served.on("/t/9/posts.json", chunk)

    place = (await read(served, web)).discussions[0]

    assert 89 == len(place.comments)
    assert () == place.gaps


async def test_what_a_busy_forum_withholds_is_a_gap(web: Web, served: Site) -> None:
    """
    What was read stands; the gap says where and how many.
    """
    served.json("/t/9.json", topic([post(1), post(2)], [101, 102, 103, 104]))
    served.page("/t/9/posts.json", "", 429, headers={"Retry-After": "60"})

    place = (await read(served, web)).discussions[0]

    assert ["discourse:102"] == [c.id for c in place.comments]
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 2),) == place.gaps
    assert 3 == place.declared


async def test_what_would_take_too_many_requests_is_left_unread(web: Web, served: Site) -> None:
    """
    The limit is ours, and the gap says so, with the number of posts left.
    """
    served.json("/t/9.json", topic([post(1), post(2)], [101, 102, 103, 104]))

    place = (await read(served, web, most=1)).discussions[0]

    assert ["discourse:102"] == [c.id for c in place.comments]
    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 2),) == place.gaps


async def test_posts_that_are_gone_meanwhile_are_missing(web: Web, served: Site) -> None:
    """
    Ids of the stream that nobody hands out any more are counted.
    """
    served.json("/t/9.json", topic([post(1), post(2)], [101, 102, 103]))
    served.json("/t/9/posts.json", {"post_stream": {"posts": []}})

    place = (await read(served, web)).discussions[0]

    assert (Gap(GapCode.COMMENTS_MISSING, count=1),) == place.gaps


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"user_deleted": True, "cooked": "<p>(post deleted by author)</p>"}, State.DELETED),
        ({"deleted_at": "2026-01-03T00:00:00Z"}, State.REMOVED),
        ({"hidden": True, "cooked": "<p>This post was flagged.</p>"}, State.HIDDEN),
        ({"cooked": "<aside class='quote'>only another's words</aside>"}, State.DELETED),
    ],
)
async def test_posts_without_words_keep_their_place(
    web: Web, served: Site, facts: dict[str, Any], state: State
) -> None:
    """
    Deleted, removed and hidden posts hold no words, but their replies still stand below them.
    """
    served.json("/t/9.json", topic([post(1), post(2, **facts), post(3, reply_to_post_number=2)]))

    place = (await read(served, web)).discussions[0]

    gone, reply = place.comments
    assert (state, "") == (gone.state, gone.text)
    assert gone.id == reply.parent
    assert (Gap(GapCode.COMMENTS_DELETED, count=1),) == place.gaps


async def test_what_nobody_said_is_no_comment(web: Web, served: Site) -> None:
    """
    "Closed this topic" and whispers of the staff are neither comments nor missing.
    """
    small = post(3, post_type=3, action_code="closed.enabled")
    served.json("/t/9.json", topic([post(1), post(2, post_type=2), small, post(4, post_type=4)]))

    place = (await read(served, web)).discussions[0]

    assert ["discourse:102"] == [c.id for c in place.comments]
    assert (1, ()) == (place.declared, place.gaps)


def test_a_quote_is_not_the_words_of_who_quotes() -> None:
    """
    Quotes and previews of links are left out; mentions, emoji and the writer's own blockquote stay.
    """
    cooked = (
        '<aside class="quote" data-username="ann"><blockquote>Bees are dull.</blockquote></aside>'
        '<p><a class="mention">@ann</a> no <img class="emoji" alt=":bee:"></p>'
        '<aside class="onebox">A page about wasps</aside><blockquote>To bee</blockquote>'
    )

    (comment,) = comments_of([post(2, cooked)], "https://forum.example/t/9", first_too=False)

    assert "@ann no :bee:\n\nTo bee" == comment.text


async def test_a_private_topic_is_refused(web: Web, served: Site) -> None:
    """
    By status, by a word in the answer, or by a redirect to the login.
    """
    served.page("/t/1.json", "{}", 403)
    served.json(
        "/t/2.json", {"errors": ["You need to be logged in."], "error_type": "not_logged_in"}
    )
    served.redirect("/t/3.json", "/login")
    served.page("/login", "<html>Log in")

    for path in ("/t/1", "/t/2", "/t/3"):
        with pytest.raises(AccessDenied):
            await read(served, web, path)


async def test_a_busy_forum_and_a_path_that_only_looks_like_a_topic(web: Web, served: Site) -> None:
    """
    429 is SiteBusy; a page, or JSON of another kind, is a broken answer.
    """
    served.page("/t/2.json", "<html>a shop")
    served.json("/t/3.json", {"products": []})
    served.page("/t/1.json", "", 429)

    for path, kind in (("/t/2", BrokenAnswer), ("/t/3", BrokenAnswer), ("/t/1", SiteBusy)):
        with pytest.raises(kind):
            await read(served, web, path)


ARTICLE = "https://blog.example/bees"
TOPIC = "https://forum.example/t/on-bees/9"


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (
            "<script>DiscourseEmbed = { discourseUrl: 'https://forum.example/', topicId: 9 };</script>",
            "https://forum.example/t/9",
        ),
        (
            '<script>window.DiscourseEmbed = {"discourseUrl":"https://forum.example","topicId":"9"}</script>',
            "https://forum.example/t/9",
        ),
        (
            '<div data-discourse-url="https://forum.example/" data-discourse-topic-id="9"></div>',
            "https://forum.example/t/9",
        ),
        (f'<p><a href="{TOPIC}">12 commentaires</a></p>', TOPIC),
        (f'<div id="comments"><a href="{TOPIC}/13">Join in</a></div>', f"{TOPIC}/13"),
        (f'<p>As <a href="{TOPIC}">somebody</a> wrote</p>', None),
        (f'<a href="{TOPIC}">Comments</a> <a href="https://forum.example/t/8">comments</a>', None),
        ("<script>DiscourseEmbed = { discourseUrl: 'https://forum.example/' };</script>", None),
        ('<a href="/t/on-bees/9">comments</a>', None),
        ("<p>no forum here", None),
        ("", None),
    ],
)
def test_a_page_names_the_topic_that_holds_its_comments(page: str, link: str | None) -> None:
    """
    By an embed, or by one link beside the word; a link in the text, or several, name nothing.
    """
    assert link == Discourse().named_in(page, ARTICLE)


async def test_a_captured_topic_is_read_whole(web: Web, served: Site, shared: Path) -> None:
    """
    users.rust-lang.org 42214: six posts, of which one the topic, two small actions, three replies.
    """
    raw = (shared / "fixtures/discourse/topic_42214_full.json").read_text("utf-8")
    served.page("/t/42214.json", raw, kind="application/json")

    found = await read(served, web, "/t/forum-code-formatting/42214")

    assert found.article
    assert ("chrisd",) == found.article.authors
    assert "fn main() {\n    println!()\n}" in found.article.text
    (place,) = found.discussions
    assert ["alice", "Ixrec", "chrisd"] == [c.author for c in place.comments]
    assert (3, ()) == (place.declared, place.gaps)


async def test_captured_pages_of_a_companion_topic_join_without_holes(
    shared: Path, web: Web, served: Site
) -> None:
    """
    Four overlapping pages in either order give each post once, in order, with its parents.
    """
    posts: list[dict[str, Any]] = []
    for path in sorted((shared / "fixtures/discourse").glob("t_2108_*.json")):
        posts += json.loads(path.read_text("utf-8"))["post_stream"]["posts"]
    served.json("/t/9.json", topic(posts))

    found = await read(served, web)

    assert "https://curi.us/2599-comments-on-the-boyfriends-introduction-to-feminism" == found.about
    comments = found.discussions[0].comments
    ids = {c.id for c in comments}
    assert len({p["id"] for p in posts if p["post_type"] == 1}) - 1 == len(comments) == len(ids)
    assert all(c.parent in ids for c in comments if c.parent)
    assert 60 < sum(c.parent is not None for c in comments)
    numbers = [int((c.url or "").rpartition("/")[2]) for c in comments]
    assert sorted(numbers) == numbers
