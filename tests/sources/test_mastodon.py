"""Statuses of Mastodon: read where they are at home, and only what is for everybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, ChorusError, PageNotFound, SiteBusy
from bot.sources.platform import Material
from bot.sources.platforms.mastodon import Mastodon
from bot.sources.platforms.mastodon_status import comments_of
from bot.sources.web import Web
from tests.sources.site import Site, site

STATUS = "/api/v1/statuses/1"
CONTEXT = "/api/v1/statuses/1/context"


def status(id: str, above: str | None = None, content: str = "", **facts: Any) -> dict[str, Any]:
    return {
        "id": id,
        "in_reply_to_id": above,
        "uri": f"https://home.example/users/user{id}/statuses/{id}",
        "url": None,
        "visibility": "public",
        "spoiler_text": "",
        "content": content or f"<p>Words of {id}.</p>",
        "created_at": "2026-01-02T03:04:05.678Z",
        "account": {"acct": f"user{id}", "display_name": "User"},
        "favourites_count": 4,
        "replies_count": 0,
        "language": "en-GB",
        **facts,
    }


def context(*below: Any) -> dict[str, Any]:
    return {"ancestors": [status("0")], "descendants": list(below)}


async def read(
    served: Site, web: Web, path: str = "/@ann/1", said: list[Progress] | None = None
) -> Material:
    report = (said if said is not None else []).append
    return await Mastodon().read(served.url(path), web, web.job(LOCAL), report)


def tree(place: Discussion) -> list[tuple[str, str | None, State]]:
    return [(c.id, c.parent, c.state) for c in place.comments]


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        ("https://m.example/@ann/109", True),
        ("https://m.example/@ann/109/", True),
        ("https://m.example/@ann@far.example/109", True),
        ("https://m.example/web/@ann/109", True),
        ("https://m.example/deck/@ann@far.example/109", True),
        ("https://m.example/users/ann/statuses/109", True),
        ("https://m.example/ap/users/115/statuses/109", True),
        ("https://m.example/@ann", False),
        ("https://m.example/@ann/with_replies", False),
        ("https://medium.example/@ann/on-bees-0a1b2c", False),
        ("https://tube.example/@ann/videos", False),
        ("https://m.example/users/ann", False),
        ("https://m.example/@ann/²", False),
    ],
)
def test_a_status_is_recognised_by_its_path(link: str, yes: bool) -> None:
    """
    On any host.
    """
    assert yes == Mastodon().recognises(link)


@pytest.mark.parametrize(
    "path", ["/@ann/1", "/@ann@far.example/1", "/users/ann/statuses/1", "/web/@ann/1"]
)
async def test_a_status_is_the_article_and_what_is_below_it_the_comments(
    web: Web, served: Site, path: str
) -> None:
    """
    Author, words, likes, time, permalink, parent; what the status answers itself is left out.
    """
    served.json(STATUS, status("1", "0", url="https://h.example/x", replies_count=2))
    reply = status("2", "1", replies_count=1, account={"acct": "ben@far.example"})
    below = status("3", "2", url="https://far.example/@cat/33")
    served.json(CONTEXT, context(reply, status("4", "1"), below))
    said: list[Progress] = []

    found = await read(served, web, path, said)

    assert found.about is None
    assert found.article
    assert ("Words of 1.", ("user1",), "127.0.0.1", "https://h.example/x", "en", None) == (
        found.article.text,
        found.article.authors,
        found.article.site,
        found.article.url,
        found.article.language,
        found.article.title,
    )
    (place,) = found.discussions
    assert ("mastodon", "https://h.example/x", 3, ()) == (
        place.platform,
        place.url,
        place.declared,
        place.gaps,
    )
    assert [
        ("mastodon:2", None, State.OK),
        ("mastodon:3", "mastodon:2", State.OK),
        ("mastodon:4", None, State.OK),
    ] == tree(place)
    first, second, third = place.comments
    assert ("ben@far.example", "Words of 2.", 4) == (first.author, first.text, first.score)
    assert datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC) == first.posted_at
    assert ("https://far.example/@cat/33", served.url("/@user4/4")) == (second.url, third.url)
    assert Progress(Stage.COMMENTS, 3, 3) == said[-1]


async def test_a_status_of_another_host_is_read_at_home(web: Web, served: Site) -> None:
    """
    There all replies are; here only those that arrived.
    """
    async with site() as home:
        link = home.url("/@ann/77")
        uri = "https://home.example/users/ann/statuses/77"
        served.json(STATUS, status("1", url=link, uri=uri))
        home.json("/api/v1/statuses/77", status("77", uri=uri, url=link, replies_count=1))
        home.json("/api/v1/statuses/77/context", context(status("78", "77")))

        found = await read(served, web, "/@ann@home.example/1")

        assert [STATUS] == served.paths
        assert [("mastodon:78", None, State.OK)] == tree(found.discussions[0])
        assert found.article
        assert link == found.article.url


@pytest.mark.parametrize(
    "there",
    [
        None,
        {"error": "This method requires an authenticated user"},
        status("77", uri="https://home.example/users/eve/statuses/77"),
    ],
)
async def test_a_home_that_does_not_answer_leaves_what_is_here(
    web: Web, served: Site, there: Any
) -> None:
    """
    Nor is another status read in its place.
    """
    async with site() as home:
        served.json(STATUS, status("1", url=home.url("/@ann/77")))
        served.json(CONTEXT, context(status("2", "1")))
        if there:
            home.json("/api/v1/statuses/77", there, 200 if "id" in there else 401)

        found = await read(served, web, "/@ann@home.example/1")

        assert ["/api/v1/statuses/77"] == home.paths
        assert [("mastodon:2", None, State.OK)] == tree(found.discussions[0])


async def test_replies_that_are_not_handed_out_are_counted(web: Web, served: Site) -> None:
    """
    Whoever has no account gets sixty; each status says how many replies it has.
    """
    served.json(STATUS, status("1", replies_count=100))
    served.json(CONTEXT, context(status("2", "1", replies_count=5), status("3", "2")))

    (place,) = (await read(served, web)).discussions

    assert 105 == place.declared
    assert (Gap(GapCode.COMMENTS_LIMIT, "127.0.0.1", 103),) == place.gaps


@pytest.mark.parametrize("visibility", ["private", "direct", "limited", None, 7])
async def test_what_is_not_for_everybody_is_not_read(
    web: Web, served: Site, visibility: object
) -> None:
    """
    A reply keeps its place and says nothing; a status itself is refused.
    """
    closed = status("2", "1", visibility=visibility, spoiler_text="secret")
    served.json(STATUS, status("1", visibility="unlisted", replies_count=1))
    served.json(STATUS, status("1", visibility=visibility))
    served.json(CONTEXT, context(closed, status("3", "2")))

    (place,) = (await read(served, web)).discussions

    assert [
        ("mastodon:2", None, State.HIDDEN),
        ("mastodon:3", "mastodon:2", State.OK),
    ] == tree(place)
    assert ("", None, None) == (
        place.comments[0].text,
        place.comments[0].author,
        place.comments[0].url,
    )
    assert (Gap(GapCode.COMMENTS_LIMIT, "127.0.0.1", 1),) == place.gaps
    with pytest.raises(AccessDenied):
        await read(served, web)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {
                "content": '<p>See <a href="https://a.example/x/long"><span class="invisible">'
                'https://</span><span class="ellipsis">a.example/x</span><span class="invisible">'
                "/long</span></a></p>"
            },
            "See a.example/x",
        ),
        (
            {"spoiler_text": "Bees &", "content": "<p>One<br>two</p><p>3</p>"},
            "Bees &\n\nOne\ntwo\n\n3",
        ),
        (
            {"content": '<p class="quote-inline">RE: https://b.example</p><p>No &amp; no</p>'},
            "No & no",
        ),
        ({"content": '<p><span class="h-card"><a>@<span>ann</span></a></span> hm</p>'}, "@ann hm"),
        ({"content": ["x"], "spoiler_text": None}, ""),
    ],
)
def test_words_are_what_a_reader_sees(facts: dict[str, Any], words: str) -> None:
    """
    Below a content warning, without the hidden ends of addresses and without another's words.
    """
    (comment,) = comments_of([{**status("2", "1"), **facts}], "1", "https://m.example")

    assert words == comment.text


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (401, "", ""),
        (403, "", ""),
        (429, "", ""),
        (500, "", ""),
        (200, "<html>a page", "text/html"),
        (200, "", ""),
        (200, "x", "image/png"),
    ],
)
async def test_replies_that_are_withheld_are_a_gap(
    web: Web, served: Site, code: int, body: str, kind: str
) -> None:
    """
    Refused, busy, failed, no JSON, empty: the status itself stands.
    """
    served.json(STATUS, status("1", replies_count=9))
    served.page(CONTEXT, body, code, kind=kind, headers={"Retry-After": "900"})

    found = await read(served, web)

    assert found.article
    (place,) = found.discussions
    assert (9, (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1"),)) == (place.declared, place.gaps)


async def test_a_status_nobody_answered_says_so(web: Web, served: Site) -> None:
    """
    None is a fact, not a failure.
    """
    served.json(STATUS, status("1"))
    served.json(CONTEXT, context())

    assert (Gap(GapCode.COMMENTS_NONE),) == (await read(served, web)).discussions[0].gaps


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (404, '{"error":"Record not found"}', PageNotFound),
        (401, "", BrokenAnswer),
        (403, "<html>denied", BrokenAnswer),
        (422, "", BrokenAnswer),
        (200, "<html>a shop", BrokenAnswer),
        (200, "", BrokenAnswer),
        (200, "[]", BrokenAnswer),
        (200, '{"id": 1, "account": {"acct": "ann"}}', BrokenAnswer),
        (200, '{"id": "../1", "account": {"acct": "ann"}}', BrokenAnswer),
        (200, '{"id": "1"}', BrokenAnswer),
        (429, "", SiteBusy),
    ],
)
async def test_a_path_that_only_looks_like_a_status(
    web: Web, served: Site, code: int, body: str, kind: type[ChorusError]
) -> None:
    """
    The reader tries it as a page then; one that is busy is left alone.
    """
    served.page(STATUS, body, code)

    with pytest.raises(kind):
        await read(served, web)

    assert 1 == len(served.asked)


async def test_wrong_types_are_passed_over(web: Web, served: Site) -> None:
    """
    Whatever stands where ids, texts, counts and accounts should; circles end.
    """
    odd = status("5", account=["x"], created_at=10**400, url="javascript:x", replies_count="9")
    ring = [status("6", "7"), status("7", "6")]
    served.json(STATUS, status("1", url=7, uri=None, replies_count=-3, language=["x"]))
    served.json(
        CONTEXT,
        context(None, "x", {"id": 5}, {"id": "a b"}, {**odd, "in_reply_to_id": 7}, *ring),
    )

    (place,) = (await read(served, web)).discussions

    assert ["mastodon:5", "mastodon:6", "mastodon:7"] == [c.id for c in place.comments]
    first = place.comments[0]
    assert (None, None, None, None) == (
        first.parent,
        first.author,
        first.posted_at,
        first.url,
    )
    assert 0 == place.declared


async def test_a_captured_context(web: Web, served: Site, shared: Path) -> None:
    """
    Two above, which are left out; one below, of a status that is not in the capture.
    """
    raw = json.loads((shared / "fixtures/mastodon/context_bigbone.json").read_bytes())
    served.json("/api/v1/statuses/6886100", status("6886100", replies_count=1))
    served.json("/api/v1/statuses/6886100/context", raw)

    found = await read(served, web, "/@test/6886100")

    assert (2, 1) == (len(raw["ancestors"]), len(raw["descendants"]))
    (place,) = found.discussions
    (comment,) = place.comments
    assert ("mastodon:6886129", None, "test2", 0) == (
        comment.id,
        comment.parent,
        comment.author,
        comment.score,
    )
    assert "@test\nくううううううううう" == comment.text
    assert "https://mstdn.jp/@test2/6886129" == comment.url
    assert (1, ()) == (place.declared, place.gaps)
