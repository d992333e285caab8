"""Posts of Bluesky: the whole thread, without those who ask not to be shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web as server

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, ChorusError, PageNotFound, SiteBusy, SiteFailed
from bot.sources.platform import FOR_THE_ARTICLE, Material
from bot.sources.platforms.bluesky import Bluesky
from bot.sources.web import Job, Web
from tests.sources.site import Site

LINK = "https://bsky.app/profile/ann.example/post/p1"
ASK = "/xrpc/app.bsky.feed.getPostThread"
OUT = {"val": "!no-unauthenticated", "src": "did:plc:x"}


def uri(key: str) -> str:
    return f"at://did:plc:of{key}/app.bsky.feed.post/{key}"


def node(key: str, *replies: Any, count: int | None = None, **facts: Any) -> dict[str, Any]:
    record = {"text": f"Words of {key}.", "createdAt": "2026-01-02T03:04:05.678Z"}
    record |= {name: facts.pop(name) for name in ("text", "createdAt", "facets") if name in facts}
    author = {"did": f"did:plc:of{key}", "handle": f"{key}.example", "labels": []}
    author |= facts.pop("author", {})
    view = {
        "uri": f"at://{author['did']}/app.bsky.feed.post/{key}",
        "author": author,
        "record": record,
        "likeCount": 4,
        "replyCount": len(replies) if count is None else count,
        "labels": [],
        **facts,
    }
    return {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": view,
        "replies": list(replies),
    }


def cut(key: str, count: int) -> dict[str, Any]:
    """A post on the last level that was asked for: how many replies it has, but none of them."""
    made = node(key, count=count)
    del made["replies"]
    return made


def gone(key: str) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(key), "notFound": True}


def blocked(key: str) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(key), "blocked": True}


def card(link: str) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.external#view", "external": {"uri": link, "title": "Bees"}}


def facets(*links: Any) -> list[dict[str, Any]]:
    kind = "app.bsky.richtext.facet#link"
    return [{"features": [{"$type": kind, "uri": link}]} for link in links]


async def read(
    served: Site,
    web: Web,
    link: str = LINK,
    job: Job | None = None,
    said: list[Progress] | None = None,
) -> Material:
    report = (said if said is not None else []).append
    return await Bluesky(served.base).read(link, web, job or web.job(LOCAL), report)


def tree(place: Discussion) -> list[tuple[str, str | None, State]]:
    return [
        (c.id.rpartition("/")[2], c.parent and c.parent.rpartition("/")[2], c.state)
        for c in place.comments
    ]


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        (LINK, True),
        ("https://www.bsky.app/profile/ann.example/post/p1/", True),
        ("https://bsky.app/profile/did:plc:abc123/post/3k2a", True),
        ("https://bsky.app/profile/did%3Aweb%3Aann.example/post/3k2a", True),
        ("https://bsky.app/profile/ann.example", False),
        ("https://bsky.app/profile/ann.example/feed/p1", False),
        ("https://bsky.app/profile/ann.example/post/p1/liked-by", False),
        ("https://bsky.app/profile/a%26b/post/p1", False),
        ("https://bsky.app/profile/ann.example/post/%0Ax", False),
        ("https://evil.example/profile/ann.example/post/p1", False),
    ],
)
def test_a_post_is_recognised_by_its_link(link: str, yes: bool) -> None:
    """
    Of a handle or of the number behind it.
    """
    assert yes == Bluesky().recognises(link)


async def test_a_post_is_the_article_and_what_is_below_it_the_comments(
    web: Web, served: Site
) -> None:
    """
    Author, words, likes, time, link, parent; siblings by time, for they come in no order.
    """
    late = node("c4", createdAt="2026-01-03T00:00:00Z")
    served.json(ASK, {"thread": node("p1", late, node("c2", node("c3")))})
    said: list[Progress] = []

    found = await read(served, web, said=said)

    assert found.about is None
    assert found.article
    page = "https://bsky.app/profile/p1.example/post/p1"
    assert (page, None, "Words of p1.", "Bluesky", ("p1.example",)) == (
        found.article.url,
        found.article.title,
        found.article.text,
        found.article.site,
        found.article.authors,
    )
    (place,) = found.discussions
    assert ("bluesky", page, 3, ()) == (
        place.platform,
        place.url,
        place.declared,
        place.gaps,
    )
    assert [("c2", None, State.OK), ("c3", "c2", State.OK), ("c4", None, State.OK)] == tree(place)
    first = place.comments[0]
    assert ("bluesky:did:plc:ofc2/c2", "c2.example", "Words of c2.", 4) == (
        first.id,
        first.author,
        first.text,
        first.score,
    )
    assert datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC) == first.posted_at
    assert "https://bsky.app/profile/c2.example/post/c2" == first.url
    query = "uri=at://ann.example/app.bsky.feed.post/p1&depth=100&parentHeight=0"
    assert [f"{ASK}?{query}"] == served.paths
    assert Progress(Stage.COMMENTS, 3, 3) == said[-1]


@pytest.mark.parametrize(
    ("facts", "about"),
    [
        ({"embed": card("https://blog.example/bees")}, "https://blog.example/bees"),
        ({"embed": {"media": card("https://blog.example/bees")}}, "https://blog.example/bees"),
        ({"facets": facets("https://blog.example/bees")}, "https://blog.example/bees"),
        ({"facets": facets(*["https://blog.example/bees"] * 2)}, "https://blog.example/bees"),
        ({"facets": facets("https://a.example/", "https://b.example/")}, None),
        ({"facets": facets("https://bsky.app/profile/ben.example/post/x")}, None),
        ({"embed": card("https://media.example/bee.gif?hh=1")}, None),
        ({"embed": card("javascript:x"), "facets": [7, {"features": 7}, {}]}, None),
        ({"embed": [], "facets": facets(None, 7)}, None),
    ],
)
async def test_a_post_that_shows_a_page_is_about_it(
    web: Web, served: Site, facts: dict[str, Any], about: str | None
) -> None:
    """
    By its card or by its only link; its words are then one reader's among others, and replies answer it.
    """
    served.json(ASK, {"thread": node("p1", node("c2"), **facts)})

    found = await read(served, web)

    assert about == found.about
    assert (about is None) == (found.article is not None)
    (place,) = found.discussions
    both = [("p1", None, State.OK), ("c2", "p1", State.OK)]
    assert (both if about else [("c2", None, State.OK)]) == tree(place)
    assert (2 if about else 1, ()) == (place.declared, place.gaps)


@pytest.mark.parametrize("words", ["blog.example/be...", "", None])
async def test_a_post_that_is_all_link_says_nothing(
    web: Web, served: Site, words: str | None
) -> None:
    """
    It is no comment.
    """
    thread = node("p1", node("c2"), text=words, embed=card("https://blog.example/bees"))
    served.json(ASK, {"thread": thread})

    (place,) = (await read(served, web)).discussions

    assert [("c2", None, State.OK)] == tree(place)


async def test_who_asks_not_to_be_shown_is_not(web: Web, served: Site) -> None:
    """
    Their posts keep their place without words, name or number; the gap counts the authors.
    """
    ben = {"did": "did:plc:shy", "labels": [OUT]}
    shy = [node("c2", node("c3"), author=ben), node("c4", author=ben), node("c5", labels=[OUT])]
    again = node("c6", author={"labels": [{**OUT, "neg": True}, {"val": 7}]})
    served.json(ASK, {"thread": node("p1", *shy, again)})

    found = await read(served, web)

    (place,) = found.discussions
    assert {
        ("bluesky:c2", None, State.HIDDEN),
        ("c3", "bluesky:c2", State.OK),
        ("bluesky:c4", None, State.HIDDEN),
        ("bluesky:c5", None, State.HIDDEN),
        ("c6", None, State.OK),
    } == set(tree(place))
    assert (Gap(GapCode.AUTHORS_OPTED_OUT, count=2),) == place.gaps
    for trace in ("Words of c2", "c2.example", "did:plc:shy", "c4.example", "Words of c5"):
        assert trace not in str(found)


async def test_an_author_who_asks_not_to_be_shown_is_not_read(web: Web, served: Site) -> None:
    """
    Nor is what is below the post.
    """
    served.json(ASK, {"thread": node("p1", node("c2"), author={"labels": [OUT]})})

    with pytest.raises(AccessDenied) as caught:
        await read(served, web)

    assert {"host": "bsky.app", "status": None} == caught.value.facts


async def test_posts_that_are_gone_or_blocked_keep_their_place(web: Web, served: Site) -> None:
    """
    Gone is deleted at the source; blocked is what the place does not hand out.
    """
    served.json(ASK, {"thread": node("p1", gone("c2"), blocked("c3"), node("c4"), count=3)})

    (place,) = (await read(served, web)).discussions

    assert {
        ("c2", None, State.DELETED),
        ("c3", None, State.HIDDEN),
        ("c4", None, State.OK),
    } == set(tree(place))
    assert (
        Gap(GapCode.COMMENTS_LIMIT, "bsky.app", 1),
        Gap(GapCode.COMMENTS_DELETED, count=1),
    ) == place.gaps


async def test_replies_that_are_not_handed_out_are_counted(web: Web, served: Site) -> None:
    """
    Each post says how many replies it has.
    """
    served.json(ASK, {"thread": node("p1", node("c2", count=3), node("c3"), count=9)})

    (place,) = (await read(served, web)).discussions

    assert 12 == place.declared
    assert (Gap(GapCode.COMMENTS_LIMIT, "bsky.app", 10),) == place.gaps


async def test_what_is_below_the_last_level_is_asked_for(web: Web, served: Site) -> None:
    """
    By the post that has it, each once; one that is deleted meanwhile is passed over.
    """
    served.json(ASK, {"thread": node("p1", node("c2", cut("c3", 1), cut("c4", 1)))})
    served.json(ASK, {"thread": node("c3", cut("c5", 1), count=1)})
    served.json(ASK, {"error": "NotFound"}, 400)
    served.json(ASK, {"thread": cut("c5", 1)})

    (place,) = (await read(served, web)).discussions

    assert [
        ("c2", None, State.OK),
        ("c3", "c2", State.OK),
        ("c5", "c3", State.OK),
        ("c4", "c2", State.OK),
    ] == tree(place)
    assert ["ofc3", "ofc4", "ofc5"] == [
        path.partition("did:plc:")[2].partition("/")[0] for path in served.paths[1:]
    ]
    assert (Gap(GapCode.COMMENTS_LIMIT, "bsky.app", 2),) == place.gaps


async def test_the_ceiling_of_requests_leaves_some_for_the_article(web: Web, served: Site) -> None:
    """
    The gap says how many comments are left.
    """
    many = [cut(f"c{n}", 2) for n in range(9)]
    served.json(ASK, {"thread": node("p1", *many, embed=card("https://blog.example/bees"))})
    served.json(ASK, {"thread": node("c0", node("d1"), node("d2"))})
    job = web.job(LOCAL, FOR_THE_ARTICLE + 2)

    (place,) = (await read(served, web, job=job)).discussions

    assert FOR_THE_ARTICLE == job.most_requests - job.asked
    assert (Gap(GapCode.REQUEST_LIMIT, "bsky.app", 16),) == place.gaps


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [(403, "", ""), (429, "", ""), (500, "", ""), (200, "<html>", ""), (200, "x", "image/png")],
)
async def test_what_is_withheld_later_is_a_gap(
    web: Web, served: Site, code: int, body: str, kind: str
) -> None:
    """
    What was read stands.
    """
    served.json(ASK, {"thread": node("p1", cut("c2", 5))})
    served.page(ASK, body, code, kind=kind, headers={"Retry-After": "900"})

    (place,) = (await read(served, web)).discussions

    assert [("c2", None, State.OK)] == tree(place)
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "bsky.app", 5),) == place.gaps


async def test_a_thread_that_is_too_large_is_read_level_by_level(web: Web, served: Site) -> None:
    """
    First the replies alone, then what is below each.
    """

    async def answer(request: server.Request) -> server.Response:
        if request.query["depth"] == "1":
            return server.json_response({"thread": node("p1", cut("c2", 1), node("c3"))})
        if "ofc2" in request.query["uri"]:
            return server.json_response({"thread": node("c2", node("c4"))})
        return server.Response(body=b" " * 1_000_001, content_type="application/json")

    served.on(ASK, answer)

    (place,) = (await read(served, web)).discussions

    assert [("c2", None, State.OK), ("c4", "c2", State.OK), ("c3", None, State.OK)] == tree(place)
    assert () == place.gaps


async def test_a_post_nobody_answered_says_so(web: Web, served: Site) -> None:
    """
    None is a fact, not a failure; neither is a picture without words.
    """
    served.json(ASK, {"thread": node("p1", text="")})

    found = await read(served, web)

    assert found.article is None
    assert (Gap(GapCode.COMMENTS_NONE),) == found.discussions[0].gaps


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (400, '{"error":"NotFound","message":"Post not found"}', PageNotFound),
        (200, '{"thread": {"uri": "at://x", "notFound": true}}', PageNotFound),
        (403, "", AccessDenied),
        (429, "", SiteBusy),
        (500, "", SiteFailed),
        (200, "<html>a page", BrokenAnswer),
        (200, "", BrokenAnswer),
        (200, "[]", BrokenAnswer),
        (200, '{"thread": []}', BrokenAnswer),
        (200, '{"thread": {"post": {"uri": "https://evil.example"}}}', BrokenAnswer),
        (200, '{"thread": {"uri": "at://x", "blocked": true}}', BrokenAnswer),
        (200, '{"thread": ' * 50_000, BrokenAnswer),
    ],
)
async def test_an_answer_without_a_post(
    web: Web, served: Site, code: int, body: str, kind: type[ChorusError]
) -> None:
    """
    Gone, refused, busy, failed, no JSON, empty, of another kind.
    """
    served.page(ASK, body, code, headers={"Retry-After": "900"})

    with pytest.raises(kind):
        await read(served, web)


async def test_wrong_types_are_passed_over(web: Web, served: Site) -> None:
    """
    Whatever stands where addresses, texts, counts and authors should.
    """
    odd = node("c2", author={"handle": "handle.invalid", "labels": 7}, text=7, createdAt=10**400)
    odd["post"] |= {"likeCount": "many", "replyCount": -3, "indexedAt": "x", "record": ["x"]}
    odd["replies"] = {"a": 1}
    bad = [None, 7, {}, {"post": 7}, {"post": {"uri": 7}}, {"uri": "at://x", "blocked": True}]
    served.json(ASK, {"thread": node("p1", *bad, odd, count=1)})

    (place,) = (await read(served, web)).discussions

    assert [("c2", None, State.OK)] == tree(place)
    only = place.comments[0]
    assert ("did:plc:ofc2", "", None, None) == (
        only.author,
        only.text,
        only.posted_at,
        only.score,
    )
    assert "https://bsky.app/profile/did:plc:ofc2/post/c2" == only.url


async def test_a_deep_thread_is_walked(web: Web, served: Site) -> None:
    """
    As many levels as were asked for.
    """
    deep = node("d100")
    for n in range(99, 0, -1):
        deep = node(f"d{n}", deep)
    served.json(ASK, {"thread": node("p1", deep)})

    (place,) = (await read(served, web)).discussions

    assert (100, ("d100", "d99", State.OK)) == (len(place.comments), tree(place)[-1])


async def test_a_captured_thread(web: Web, served: Site, shared: Path) -> None:
    """
    Four replies to "hellthread"; the fifty-four posts above it are left out.
    """
    raw = (shared / "fixtures/bluesky/getPostThread_hellthread.json").read_bytes()
    served.page(ASK, raw, kind="application/json")

    found = await read(served, web, "https://bsky.app/profile/skeet.computer/post/3jujgsslyxt2h")

    assert found.article
    assert "hellthread hellthread hellthread\n\ndid it work?" == found.article.text
    assert ("skeet.computer",) == found.article.authors
    (place,) = found.discussions
    assert (4, 4, ()) == (place.declared, len(place.comments), place.gaps)
    assert {None} == {c.parent for c in place.comments}
    assert ["It’s click your heals three times…nope not it!", "It’s showtime!"] == sorted(
        c.text for c in place.comments if c.text.startswith("It’s")
    )
    assert "metasj.bsky.social" == place.comments[-1].author
