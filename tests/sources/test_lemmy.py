"""Posts of Lemmy: every comment, whichever version the host runs, and sites that only look like one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web as server

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, ChorusError, PageNotFound, SiteBusy
from bot.sources.platform import FOR_THE_ARTICLE, Material
from bot.sources.platforms.lemmy import Lemmy
from bot.sources.web import Job, Web
from tests.sources.site import Site

POST = "/api/v3/post"
LIST = "/api/v3/comment/list"
LIST4 = "/api/v4/comment/list"


def post(comments: int | None = 0, **facts: Any) -> dict[str, Any]:
    made = {
        "id": 9,
        "name": "On bees",
        "url": "https://blog.example/bees",
        "body": "",
        "published": "2026-01-02T03:04:05.678901Z",
    }
    creator = {"name": "op", "actor_id": "https://far.example/u/op", "local": False}
    return {
        "post_view": {
            "post": {**made, **facts},
            "creator": creator,
            "counts": {"comments": comments, "score": 12},
        }
    }


def view(id: int, path: str = "", **facts: Any) -> dict[str, Any]:
    made = {
        "id": id,
        "content": f"Words of **{id}**.",
        "path": path or f"0.{id}",
        "removed": False,
        "deleted": False,
        "published": "2026-01-02T03:04:05Z",
    }
    creator = {"name": f"user{id}", "actor_id": "http://127.0.0.1:1/u/x", "local": True}
    return {"comment": {**made, **facts}, "creator": creator, "counts": {"score": id - 5}}


def view4(id: int, **facts: Any) -> dict[str, Any]:
    """A view of version 1.0: no counts apart, times and addresses under other names."""
    made = {"id": id, "content": "Words.", "path": f"0.{id}", "score": 4}
    creator = {"name": f"user{id}", "ap_id": "https://far.example/u/x"}
    return {
        "comment": {**made, "published_at": "2026-01-02T03:04:05Z", **facts},
        "creator": creator,
    }


def comments(*views: Any) -> dict[str, Any]:
    return {"comments": list(views)}


async def read(
    served: Site,
    web: Web,
    path: str = "/post/9",
    job: Job | None = None,
    said: list[Progress] | None = None,
) -> Material:
    report = (said if said is not None else []).append
    return await Lemmy().read(served.url(path), web, job or web.job(LOCAL), report)


def tree(place: Discussion) -> list[tuple[str, str | None, State]]:
    return [(c.id, c.parent, c.state) for c in place.comments]


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        ("https://lemmy.example/post/9", True),
        ("https://lemmy.example/post/9/", True),
        ("https://lemmy.example/post/9/11", True),
        ("https://lemmy.example/comment/11", True),
        ("https://blog.example/post/9-bees", False),
        ("https://blog.example/post/on-bees", False),
        ("https://blog.example/blog/post/9", False),
        ("https://lemmy.example/post/1234567890123456789", False),
        ("https://lemmy.example/post/²", False),
        ("https://lemmy.example/c/bees", False),
        ("https://lemmy.example/", False),
    ],
)
def test_a_post_is_recognised_by_its_path(link: str, yes: bool) -> None:
    """
    On any host.
    """
    assert yes == Lemmy().recognises(link)


async def test_a_post_and_its_comments(web: Web, served: Site) -> None:
    """
    Author, words, score, time, permalink, parent by path; the link of the post is what it is about.
    """
    served.json(POST, post(3))
    served.json(LIST, comments(view(1), view(2), view(3, "0.1.3")))
    said: list[Progress] = []

    found = await read(served, web, said=said)

    assert ("https://blog.example/bees", None) == (found.about, found.article)
    (place,) = found.discussions
    assert ("lemmy", served.url("/post/9"), "On bees", 3, ()) == (
        place.platform,
        place.url,
        place.title,
        place.declared,
        place.gaps,
    )
    assert [
        ("lemmy:1", None, State.OK),
        ("lemmy:3", "lemmy:1", State.OK),
        ("lemmy:2", None, State.OK),
    ] == tree(place)
    first = place.comments[0]
    assert ("user1", "Words of 1.", -4, served.url("/comment/1")) == (
        first.author,
        first.text,
        first.score,
        first.url,
    )
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == first.posted_at
    assert [
        f"{POST}?id=9",
        f"{LIST}?post_id=9&sort=Old&type_=All&limit=50&page=1",
    ] == served.paths
    assert Progress(Stage.COMMENTS, 3, 3) == said[-1]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"url": None, "body": "I _keep_ bees."}, "I keep bees."),
        ({"url": None, "body": None}, "On bees"),
        ({"url": "https://lemmy.example/pictrs/image/bee.webp", "body": "Look."}, "Look."),
        ({"url": {"a": 1}, "body": ["x"]}, "On bees"),
    ],
)
async def test_a_post_of_words_is_its_own_article(
    web: Web, served: Site, facts: dict[str, Any], words: str
) -> None:
    """
    So is one with a picture; one that is all title is its title.
    """
    served.json(POST, post(1, **facts))
    served.json(LIST, comments(view(1)))

    found = await read(served, web)

    assert found.about is None
    assert found.article
    assert (served.url("/post/9"), "On bees", words, "127.0.0.1", ("op@far.example",)) == (
        found.article.url,
        found.article.title,
        found.article.text,
        found.article.site,
        found.article.authors,
    )


async def test_a_comments_link_leads_to_its_whole_post(web: Web, served: Site) -> None:
    """
    By the one question that every version answers.
    """
    served.json(POST, post(1))
    served.json(LIST, comments(view(1)))

    found = await read(served, web, "/comment/1")

    assert served.url("/post/9") == found.discussions[0].url
    assert f"{POST}?comment_id=1" == served.paths[0]


async def test_names_of_other_hosts_say_so(web: Web, served: Site) -> None:
    """
    Two people of one name on two hosts are two.
    """
    far = view(2)
    far["creator"] = {"name": "user1", "actor_id": "https://far.example/u/user1"}
    served.json(POST, post(2))
    served.json(LIST, comments(view(1), far))

    (place,) = (await read(served, web)).discussions

    assert ["user1", "user1@far.example"] == [c.author for c in place.comments]


async def test_every_page_is_read(web: Web, served: Site) -> None:
    """
    Fifty at a time, until one is not full.
    """
    served.json(POST, post(120))
    for start in (1, 51, 101):
        served.json(LIST, comments(*(view(id) for id in range(start, min(start + 50, 121)))))

    (place,) = (await read(served, web)).discussions

    assert (120, ()) == (len(place.comments), place.gaps)
    assert ["page=1", "page=2", "page=3"] == [p.rpartition("&")[2] for p in served.paths[1:]]


async def test_a_host_of_version_1_is_asked_by_cursor(web: Web, served: Site) -> None:
    """
    It answers every page of the old question with the first.
    """
    served.json(POST, post(52))
    served.json(LIST, comments(*(view(id) for id in range(1, 51))))
    served.json(LIST4, {"items": [view4(id) for id in range(1, 51)], "next_page": "a/b=="})
    served.json(LIST4, {"items": [view4(51), view4(52, deleted=True)], "next_page": None})

    (place,) = (await read(served, web)).discussions

    assert 52 == len(place.comments)
    late = place.comments[50]
    assert ("lemmy:51", "user51@far.example", 4) == (late.id, late.author, late.score)
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == late.posted_at
    asked = "post_id=9&sort=old&type_=all&limit=50"
    assert [f"{LIST4}?{asked}", f"{LIST4}?{asked}&page_cursor=a/b%3D%3D"] == served.paths[3:]
    assert State.DELETED is place.comments[51].state


@pytest.mark.parametrize("cursor", ["again", "\ud800", "x" * 5_000, 7, ""])
async def test_a_cursor_that_leads_in_a_circle_ends(web: Web, served: Site, cursor: object) -> None:
    """
    Nor is anything asked for by what cannot be one.
    """
    served.json(POST, post(60))
    served.json(LIST, comments(*(view(id) for id in range(1, 51))))
    served.json(LIST4, {"items": [view4(id) for id in range(1, 51)], "next_page": cursor})

    (place,) = (await read(served, web)).discussions

    assert (Gap(GapCode.COMMENTS_MISSING, count=10),) == place.gaps
    assert len(served.paths) <= 5


async def test_a_host_that_gives_only_one_page(web: Web, served: Site) -> None:
    """
    What was read stands; the gap says how many are left.
    """
    served.json(POST, post(60))
    served.json(LIST, comments(*(view(id) for id in range(1, 51))))

    (place,) = (await read(served, web)).discussions

    assert 50 == len(place.comments)
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 10),) == place.gaps


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, "", ""),
        (429, "", ""),
        (500, "", ""),
        (200, "<html>a wall", "text/html"),
        (200, "", ""),
        (200, "x", "image/png"),
    ],
)
async def test_comments_that_are_withheld_are_a_gap(
    web: Web, served: Site, status: int, body: str, kind: str
) -> None:
    """
    Refused, failed, no JSON, empty: the post stands.
    """
    served.json(POST, post(7, url=None, body="Bees."))
    served.page(LIST, body, status, kind=kind, headers={"Retry-After": "900"})

    found = await read(served, web)

    assert found.article
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 7),) == found.discussions[0].gaps


async def test_the_ceiling_of_requests_leaves_some_for_the_article(web: Web, served: Site) -> None:
    """
    The gap says how many comments are left.
    """
    served.json(POST, post(900))

    async def page(request: server.Request) -> server.Response:
        start = 50 * int(request.query["page"])
        return server.json_response(comments(*(view(id) for id in range(start, start + 50))))

    served.on(LIST, page)
    job = web.job(LOCAL, FOR_THE_ARTICLE + 3)

    (place,) = (await read(served, web, job=job)).discussions

    assert FOR_THE_ARTICLE == job.most_requests - job.asked
    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 800),) == place.gaps


async def test_deleted_and_removed_comments_keep_their_place(web: Web, served: Site) -> None:
    """
    Without their words, which some hosts still hand out; the host does not count them.
    """
    served.json(POST, post(1))
    gone = [view(1, deleted=True), view(2, removed=True, content="")]
    served.json(LIST, comments(*gone, view(3, "0.1.3")))

    (place,) = (await read(served, web)).discussions

    assert [
        ("lemmy:1", None, State.DELETED),
        ("lemmy:3", "lemmy:1", State.OK),
        ("lemmy:2", None, State.REMOVED),
    ] == tree(place)
    assert ("", None) == (place.comments[0].text, place.comments[0].author)
    assert (Gap(GapCode.COMMENTS_DELETED, count=2),) == place.gaps


async def test_holes_are_counted(web: Web, served: Site) -> None:
    """
    Declared and not handed out; a reply to what is not there stands at the top.
    """
    served.json(POST, post(4))
    served.json(LIST, comments(view(3, "0.1.3"), view(4, "0.1.3.4")))

    (place,) = (await read(served, web)).discussions

    assert [("lemmy:3", None, State.OK), ("lemmy:4", "lemmy:3", State.OK)] == tree(place)
    assert (Gap(GapCode.COMMENTS_MISSING, count=2),) == place.gaps


async def test_a_post_without_comments_says_so(web: Web, served: Site) -> None:
    """
    None is a fact, not a failure.
    """
    served.json(POST, post(0))
    served.json(LIST, comments())

    assert (Gap(GapCode.COMMENTS_NONE),) == (await read(served, web)).discussions[0].gaps


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, '{"error":"couldnt_find_post"}', PageNotFound),
        (400, '{"error":"couldnt_find_post"}', BrokenAnswer),
        (401, "", BrokenAnswer),
        (403, "<html>denied", BrokenAnswer),
        (405, "", BrokenAnswer),
        (500, "", BrokenAnswer),
        (200, "<html>a blog", BrokenAnswer),
        (200, "", BrokenAnswer),
        (200, "null", BrokenAnswer),
        (200, "[1]", BrokenAnswer),
        (200, '{"post_view": []}', BrokenAnswer),
        (200, '{"post_view": {"post": {"id": "9"}}}', BrokenAnswer),
        (200, '{"id": 9, "title": "On bees"}', BrokenAnswer),
        (429, "", SiteBusy),
    ],
)
async def test_a_path_that_only_looks_like_a_posts(
    web: Web, served: Site, status: int, body: str, kind: type[ChorusError]
) -> None:
    """
    Many sites have such paths: the reader tries it as a page then. One that is busy is left alone.
    """
    served.page(POST, body, status)

    with pytest.raises(kind):
        await read(served, web)

    assert 1 == len(served.asked)


async def test_a_host_on_the_operators_list_stays_refused(web: Web) -> None:
    """
    It is not tried as a page.
    """
    with pytest.raises(AccessDenied):
        await Lemmy().read("https://refused.example/post/9", web, web.job(LOCAL), print)


async def test_wrong_types_are_passed_over(web: Web, served: Site) -> None:
    """
    Whatever stands where ids, texts, paths and times should; circles end.
    """
    odd = {
        "comment": {"id": 5, "content": ["x"], "path": 7, "published": 10**400, "deleted": "no"},
        "creator": {"name": 3, "actor_id": "javascript:x"},
        "counts": {"score": "many"},
    }
    ring = [view(1, "0.2.1"), view(2, "0.1.2")]
    served.json(POST, post(name=7, comments="many"))  # type: ignore[arg-type]
    served.json(
        LIST,
        comments(None, 7, {"comment": {"id": "1"}}, {"comment": None}, odd, view(6, ".."), *ring),
    )

    (place,) = (await read(served, web)).discussions

    assert (None, None) == (place.title, place.declared)
    assert ["lemmy:5", "lemmy:6", "lemmy:1", "lemmy:2"] == [c.id for c in place.comments]
    first = place.comments[0]
    assert (None, "", None, None, None) == (
        first.parent,
        first.text,
        first.author,
        first.score,
        first.posted_at,
    )


async def test_a_captured_comment(web: Web, served: Site, shared: Path) -> None:
    """
    Of enterprise.lemmy.ml: "Test?" by EmilyTest, at the top, one vote.
    """
    raw = json.loads((shared / "fixtures/lemmy/get_comment.json").read_bytes())["comment_view"]
    served.json(POST, {"post_view": {"post": raw["post"], "counts": {"comments": 1}}})
    served.json(LIST, comments(raw))

    found = await read(served, web, "/post/417870")

    (place,) = found.discussions
    (comment,) = place.comments
    assert ("lemmy:20700", None, "Test?", 1) == (
        comment.id,
        comment.parent,
        comment.text,
        comment.score,
    )
    assert "EmilyTest@enterprise.lemmy.ml" == comment.author
    assert datetime(2024, 9, 4, 12, 4, 0, 439252, tzinfo=UTC) == comment.posted_at
    assert ("Test", 1, ()) == (place.title, place.declared, place.gaps)


@pytest.mark.parametrize(
    ("post_says", "community_says", "adult"),
    [(False, False, False), (True, False, True), (False, True, True), ("yes", 1, False)],
)
async def test_what_is_for_adults_says_so(
    web: Web, served: Site, post_says: object, community_says: object, adult: bool
) -> None:
    """
    The post does, or its whole community.
    """
    answer = post(url=None, body="Words.", nsfw=post_says)
    answer["post_view"]["community"] = {"nsfw": community_says}
    served.page(POST, json.dumps(answer))
    served.page(LIST, json.dumps(comments()))

    assert adult is (await read(served, web)).adult
