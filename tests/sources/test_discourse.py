"""Topics of Discourse: every post that a visitor sees, and whose words they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web as server
from hypothesis import given
from hypothesis import strategies as st

from bot.core.gaps import Gap, GapCode
from bot.core.links import canonical
from bot.core.models import LOCAL, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, ChorusError, SiteBusy, SiteFailed
from bot.sources.platform import Material
from bot.sources.platforms.discourse import Discourse
from bot.sources.platforms.discourse_posts import article_of, comments_of, companion_of
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


async def test_a_forum_that_sends_pictures_leaves_what_was_read(web: Web, served: Site) -> None:
    """
    For a list of posts; in place of the topic it is a broken answer.
    """
    served.json("/t/9.json", topic([post(1), post(2)], [101, 102, 103]))
    served.page("/t/9/posts.json", b"x", kind="image/png")
    served.page("/t/8.json", b"x", kind="image/png")

    place = (await read(served, web)).discussions[0]
    with pytest.raises(BrokenAnswer):
        await read(served, web, "/t/8")

    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 1),) == place.gaps


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
        (
            (
                r'<script>DiscourseEmbed = {"discourseUrl":"https:\/\/forum.example\/f\/","discourseEmbedUrl":'
                r'"https:\/\/blog.example\/bees?a=1&b=2"}</script>'
            ),
            "https://forum.example/f/embed/comments?embed_url=https%3A%2F%2Fblog.example%2Fbees%3Fa%3D1%26b%3D2",
        ),
        (
            (
                "<script>DiscourseEmbed = { discourseUrl: 'https://forum.example', topicId: null,"
                " discourseEmbedUrl: document.location.href };</script>"
            ),
            "https://forum.example/embed/comments?embed_url=https%3A%2F%2Fblog.example%2Fbees",
        ),
        (
            "<script>DiscourseEmbed = { discourseUrl: 'https://[', topicId: 9 };</script>",
            None,
        ),
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


async def test_a_forum_in_another_language_marks_its_companion_topics_alike(
    web: Web, served: Site
) -> None:
    """
    A rule, then one link in small print whose words are its address; a source named in other words is none.
    """
    notice = (
        "<p>Les abeilles.</p><hr>\n<small>Ce sujet accompagne l'article"
        ' <a href="https://blog.example/bees">https://blog.example/bees</a></small>'
    )
    source = '<p>Mine.</p><hr><small>Seen <a href="https://blog.example/bees">here</a></small>'
    served.json("/t/8.json", topic([post(1, notice)]))
    served.json("/t/9.json", topic([post(1, source)]))

    companion, ordinary = await read(served, web, "/t/8"), await read(served, web, "/t/9")

    assert "https://blog.example/bees" == companion.about
    assert None is ordinary.about
    assert ordinary.article


async def test_a_topic_too_long_for_a_list_of_its_posts_is_read_onwards(
    web: Web, served: Site
) -> None:
    """
    By the number of the last post, across holes; pages that overlap or come in descending order are one list.
    """
    posts = {n: post(n) for n in range(1, 71) if n % 10}
    long = topic([posts[n] for n in sorted(posts)[:20]], posts_count=len(posts))
    del long["post_stream"]["stream"]
    served.json("/t/9.json", long)

    async def after(request: server.Request) -> server.Response:
        last = int(request.query["post_number"])
        some = [posts[n] for n in sorted(posts) if n > last - 3][:20]
        return server.json_response({"post_stream": {"posts": some[::-1]}, "id": 9})

    served.on("/t/9/posts.json", after)

    place = (await read(served, web)).discussions[0]

    assert [f"discourse:{100 + n}" for n in sorted(posts)[1:]] == [c.id for c in place.comments]
    assert (62, ()) == (place.declared, place.gaps)
    assert all("asc=true" in path for path in served.paths[1:])


@pytest.mark.parametrize("more", [[], [1, 2], [2]])
async def test_a_long_topic_that_comes_to_no_end_is_left(
    web: Web, served: Site, more: list[int]
) -> None:
    """
    No posts, or the same again: what is missing is counted.
    """
    long = topic([post(1), post(2)], posts_count=12_000)
    del long["post_stream"]["stream"]
    served.json("/t/9.json", long)
    served.json("/t/9/posts.json", {"post_stream": {"posts": [post(n) for n in more]}})

    place = (await read(served, web)).discussions[0]

    assert 2 == len(served.asked)
    assert (Gap(GapCode.COMMENTS_MISSING, count=11_998),) == place.gaps


async def test_where_no_more_may_be_asked_the_rest_of_a_long_topic_is_counted(
    web: Web, served: Site
) -> None:
    """
    A limit of ours, not a fault of the forum.
    """
    long = topic([post(1), post(2)], posts_count=12_000)
    del long["post_stream"]["stream"]
    served.json("/t/9.json", long)

    place = (await read(served, web, most=1)).discussions[0]

    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 11_998),) == place.gaps


def embedding(forum: str, article: str = "https://blog.example/Bees/") -> str:
    settings = f"discourseUrl: '{forum}/', discourseEmbedUrl: '{article}'"
    return f"<script>DiscourseEmbed = {{ {settings} }};</script><div id='discourse-comments'></div>"


class TestEmbedsWithoutATopic:
    async def test_the_topic_is_found_through_the_replies_it_shows(
        self, web: Web, served: Site
    ) -> None:
        """
        The count first, then the replies, as the article's page would ask for them; then the topic as any other.
        """
        link = Discourse().named_in(embedding(served.base), ARTICLE)
        served.json("/embed/count", {"counts": {"https://blog.example/bees": "2 replies"}})
        served.page(
            "/embed/comments",
            f'<a href="https://else.example/t/no/1">x</a><a href="{served.base}/t/on-bees/9/2">Go on</a>'
            f'<div class=cooked><a href="{served.base}/t/another/8">y</a></div>',
        )
        served.json("/t/9.json", topic([post(1, COMPANION), post(2), post(3)]))

        assert link
        found = await Discourse().read(canonical(link), web, web.job(LOCAL), lambda _: None)

        assert ["discourse:102", "discourse:103"] == [c.id for c in found.discussions[0].comments]
        count, comments, _ = served.asked
        assert {"embed_url[]": ["https://blog.example/Bees/", "https://blog.example/bees/"]} == (
            parse_qs(urlsplit(count.path).query)
        )
        assert {"embed_url": ["https://blog.example/Bees/"]} == parse_qs(
            urlsplit(comments.path).query
        )
        assert "https://blog.example/Bees/" == comments.headers["Referer"]

    @pytest.mark.parametrize(
        "counts",
        [
            {"counts": {}},
            {"counts": {"https://blog.example/bees": "0 replies"}},
            {"counts": {"https://blog.example/bees": None}},
            {"counts": ["3"]},
            {},
            [],
        ],
    )
    async def test_nothing_is_shown_where_nobody_has_replied(
        self, web: Web, served: Site, counts: object
    ) -> None:
        """
        A forum asked for the replies to an article it does not know makes a topic for it: reading would write.
        """
        served.json("/embed/count", counts)
        link = Discourse().named_in(embedding(served.base), ARTICLE)

        assert link
        found = await Discourse().read(canonical(link), web, web.job(LOCAL), lambda _: None)

        (place,) = found.discussions
        assert (0, (), (Gap(GapCode.COMMENTS_NONE),)) == (
            place.declared,
            place.comments,
            place.gaps,
        )
        assert ["/embed/count"] == [urlsplit(path).path for path in served.paths]

    @pytest.mark.parametrize(
        ("status", "body", "error"),
        [
            (400, "not allowed here", SiteFailed),
            (429, "", SiteBusy),
            (403, "", AccessDenied),
            (200, "<p>loading", BrokenAnswer),
            (200, "", BrokenAnswer),
            (
                200,
                '<a href="https://else.example/t/x/1">x</a><a href="http://[/t/1">',
                BrokenAnswer,
            ),
        ],
    )
    async def test_a_forum_that_shows_no_topic_is_an_error(
        self, web: Web, served: Site, status: int, body: str, error: type[ChorusError]
    ) -> None:
        """
        The reader makes it a gap of the article.
        """
        served.json("/embed/count", {"counts": {"x": "1 reply"}})
        served.page("/embed/comments", body, status)
        link = Discourse().named_in(embedding(served.base), ARTICLE)

        assert link
        with pytest.raises(error):
            await Discourse().read(canonical(link), web, web.job(LOCAL), lambda _: None)


JSON: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1e400, "", "\ud800", [], [[]], {}, {"login": []}]
)
FIELDS = ("post_number", "post_type", "username", "cooked", "created_at", "reply_to_post_number")
FLAGS = ("actions_summary", "user_deleted", "deleted_at", "hidden")
NAMES = dict.fromkeys((*FIELDS, *FLAGS), JSON)


@given(st.lists(st.fixed_dictionaries({"id": JSON}, optional=NAMES), max_size=5))
def test_posts_of_wrong_types_are_still_a_tree(posts: list[dict[str, Any]]) -> None:
    """
    Every field may be anything; ids are unique, and no comment is below a later one.
    """
    comments = comments_of(posts, "https://forum.example/t/9", first_too=True)

    seen: set[str] = set()
    for comment in comments:
        assert comment.id not in seen
        assert comment.parent is None or comment.parent in seen
        seen.add(comment.id)
    for one in posts:
        companion_of(one, "https://forum.example/t/9")
        article_of(one, None, "https://forum.example/t/9", "forum.example")


@pytest.mark.parametrize(
    "value",
    [
        {"post_stream": {"posts": [{"id": 1}], "stream": 5}},
        {"post_stream": {"posts": [{"id": 1}], "stream": {"a": []}}, "posts_count": "x"},
        {"post_stream": {"posts": [{}]}, "slug": "../../x", "title": []},
        {"post_stream": {"posts": [{"cooked": '<a href="http://[">discussion topic'}]}},
    ],
)
async def test_a_topic_of_wrong_types_is_read_as_far_as_it_goes(
    web: Web, served: Site, value: object
) -> None:
    """
    Whoever answers at such a path may be anybody.
    """
    served.json("/t/9.json", value)

    place = (await read(served, web, "/t/9")).discussions[0]

    assert served.url("/t/9") == place.url


@pytest.mark.parametrize("value", [[], {"error_type": []}, {"post_stream": []}, 5, None])
async def test_json_that_is_no_topic_is_a_broken_answer(
    web: Web, served: Site, value: object
) -> None:
    """
    Then the link is read as a page.
    """
    served.json("/t/9.json", value)

    with pytest.raises(BrokenAnswer):
        await read(served, web, "/t/9")


def test_a_page_full_of_openings_is_passed_over_quickly() -> None:
    """
    Three hundred thousand settings that never close, and addresses that are none.
    """
    hostile = "DiscourseEmbed={" * 300_000
    links = f'<a href="http://[/t/1">comments</a><a href="/t/{"9" * 5000}">comments</a>'

    assert None is Discourse().named_in(hostile + links, ARTICLE)


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


@pytest.mark.parametrize(
    ("name", "ends", "comments"),
    [
        ("t_2108_posts", (2, 20), 19),  # post 1 is the notice of the companion topic
        ("t_2108_posts_pn_41", (21, 40), 20),
        ("t_2108_posts_pn_61", (37, 59), 19),  # one is a small action
        ("t_2108_posts_pn_81", (60, 80), 20),
    ],
)
async def test_a_captured_page_without_a_list_of_ids_gives_each_of_its_posts(
    web: Web, served: Site, shared: Path, name: str, ends: tuple[int, int], comments: int
) -> None:
    """
    Twenty posts a page, descending from the second page on.
    """
    raw = (shared / f"fixtures/discourse/{name}.json").read_text("utf-8")
    served.page("/t/9.json", raw, kind="application/json")

    place = (await read(served, web)).discussions[0]

    numbers = [int((c.url or "").rpartition("/")[2]) for c in place.comments]
    assert (comments, *ends) == (len(numbers), numbers[0], numbers[-1])
