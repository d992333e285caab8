"""Threads of Reddit: with a key whole, without one what its feed gives, and what it means to be turned away."""

from __future__ import annotations

import json
import logging
import traceback
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web as server

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Progress
from bot.errors import AccessDenied, BrokenAnswer, FetchError, KeyNeeded, PageNotFound, SiteBusy
from bot.sources.platform import FOR_THE_ARTICLE, Material
from bot.sources.platforms.reddit import Reddit
from bot.sources.web import Job, Web
from tests.sources.site import Site

LINK = "https://www.reddit.com/r/bees/comments/p1/on_bees/"
THREAD = "/api/comments/p1"
MORE = "/api/api/morechildren"
TOKEN = "/site/api/v1/access_token"
FEED = "/site/comments/p1/.rss"
GRANTED = {"access_token": "tok-1", "token_type": "bearer", "expires_in": 86400, "scope": "*"}
COMMENTS_LIMIT = Gap(GapCode.COMMENTS_LIMIT, "Reddit")
NO_PAGES = (
    "https://i.redd.it/bee.jpg",
    "https://v.redd.it/abc",
    "https://i.example/bee.png",
    "https://www.reddit.com/gallery/p1",
    "/r/other/comments/p2/crossed/",
    "",
    None,
    7,
)


def listing(*things: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things)}}


def comment(id: str, *replies: dict[str, Any], **facts: Any) -> dict[str, Any]:
    data = {
        "id": id,
        "author": f"user_{id}",
        "body": f"Words of {id}.",
        "score": 3,
        "created_utc": 1767323045.0,
        "parent_id": "t3_p1",
        "replies": listing(*replies) if replies else "",
        **facts,
    }
    for reply in replies:
        reply["data"]["parent_id"] = f"t1_{id}"
    return {"kind": "t1", "data": data}


def more(*ids: str, parent: str = "t3_p1", count: int | None = None) -> dict[str, Any]:
    data = {"children": list(ids), "count": len(ids) if count is None else count}
    return {"kind": "more", "data": {**data, "id": ids[0] if ids else "_", "parent_id": parent}}


def thread(*things: dict[str, Any], **facts: Any) -> list[Any]:
    post = {
        "id": "p1",
        "title": "On bees",
        "author": "op",
        "is_self": False,
        "url": "https://blog.example/bees",
        "selftext": "",
        "permalink": "/r/bees/comments/p1/on_bees/",
        "num_comments": len(things),
        "created_utc": 1767312000.0,
        **facts,
    }
    return [listing({"kind": "t3", "data": post}), listing(*things)]


def things(*given: dict[str, Any]) -> dict[str, Any]:
    return {"json": {"errors": [], "data": {"things": list(given)}}}


def keyed(served: Site) -> Reddit:
    return Reddit("app", "s3cret", site=served.url("/site"), api=served.url("/api"))


def keyless(served: Site) -> Reddit:
    return Reddit(site=served.url("/site"), api=served.url("/api"))


async def read(
    reader: Reddit,
    web: Web,
    link: str = LINK,
    job: Job | None = None,
    said: list[Progress] | None = None,
) -> Material:
    report = (said if said is not None else []).append
    return await reader.read(link, web, job or web.job(LOCAL), report)


def tree(place: Discussion) -> list[tuple[str, str | None, State]]:
    return [
        (c.id.removeprefix("reddit:"), c.parent and c.parent.removeprefix("reddit:"), c.state)
        for c in place.comments
    ]


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        (LINK, True),
        ("https://old.reddit.com/r/bees/comments/p1", True),
        ("https://new.reddit.com/r/bees/comments/p1/", True),
        ("https://np.reddit.com/r/bees/comments/p1/on_bees/c1/?context=3", True),
        ("https://m.reddit.com/r/bees/comments/p1/on_bees", True),
        ("https://i.reddit.com/r/bees/comments/p1", True),
        ("https://reddit.com/comments/p1", True),
        ("https://www.reddit.com/gallery/p1", True),
        ("https://www.reddit.com/user/ann/comments/p1/on_bees/", True),
        ("https://www.reddit.com/u/ann/comments/p1/on_bees/", True),
        ("https://redd.it/p1", True),
        ("https://www.reddit.com/r/bees/s/AbC123xyz", True),
        ("https://www.reddit.com/u/ann/s/AbC123xyz", True),
        ("https://www.reddit.com/r/bees/", False),
        ("https://www.reddit.com/r/bees/comments/", False),
        ("https://www.reddit.com/user/ann", False),
        ("https://i.redd.it/p1", False),
        ("https://preview.redd.it/p1", False),
        ("https://redd.it/", False),
        ("https://evilreddit.com/r/bees/comments/p1", False),
        ("https://reddit.com.evil.example/r/bees/comments/p1", False),
        ("https://blog.example/comments/p1", False),
    ],
)
def test_a_post_is_recognised_by_its_link(link: str, yes: bool) -> None:
    """
    On every host of Reddit's, short, shared, of a community or a person.
    """
    assert yes == Reddit().recognises(link)


class TestWithAKey:
    async def test_a_thread_comes_whole(self, web: Web, served: Site) -> None:
        """
        Author, words, score, time, permalink, parent; the link of the post is what it is about.
        """
        served.json(TOKEN, GRANTED)
        quoted = "> *dull*\n\nNo, **not** dull"
        served.json(
            THREAD,
            thread(comment("c1", comment("c2", body=quoted)), comment("c3", score_hidden=True)),
        )

        found = await read(keyed(served), web)

        assert ("https://blog.example/bees", None) == (found.about, found.article)
        (place,) = found.discussions
        assert ("reddit", LINK, "On bees", 2) == (
            place.platform,
            place.url,
            place.title,
            place.declared,
        )
        assert [
            ("c1", None, State.OK),
            ("c2", "c1", State.OK),
            ("c3", None, State.OK),
        ] == tree(place)
        first, second, third = place.comments
        assert ("user_c2", "No, not dull", 3, f"{LINK}c2/") == (
            second.author,
            second.text,
            second.score,
            second.url,
        )
        assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == first.posted_at
        assert third.score is None

    async def test_the_key_buys_a_token_and_the_token_the_thread(
        self, web: Web, served: Site
    ) -> None:
        """
        Client credentials by basic authentication, then a bearer; the token serves the next thread too.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(comment("c1")))
        reader = keyed(served)

        await read(reader, web)
        await read(reader, web)

        basic = b64encode(b"app:s3cret").decode()
        assert [
            ("POST", TOKEN, f"Basic {basic}"),
            ("GET", f"{THREAD}?raw_json=1&limit=500&sort=top", "Bearer tok-1"),
            ("GET", f"{THREAD}?raw_json=1&limit=500&sort=top", "Bearer tok-1"),
        ] == [(a.method, a.path, a.headers["Authorization"]) for a in served.asked]
        assert "grant_type=client_credentials" == served.asked[0].form

    @pytest.mark.parametrize("ends", [0, 59, -5, None, "soon", 1e300])
    async def test_a_token_that_ends_is_not_used_again(
        self, web: Web, served: Site, ends: object
    ) -> None:
        """
        Nor one that does not say when.
        """
        served.json(TOKEN, {**GRANTED, "expires_in": ends})
        served.json(TOKEN, {**GRANTED, "access_token": "tok-2"})
        served.json(THREAD, thread(comment("c1")))
        reader = keyed(served)

        await read(reader, web)
        await read(reader, web)

        assert [TOKEN, THREAD] * 2 == [path.partition("?")[0] for path in served.paths]
        assert "Bearer tok-2" == served.asked[-1].headers["Authorization"]

    async def test_a_token_that_was_revoked_is_replaced_once(self, web: Web, served: Site) -> None:
        """
        401 is answered with a new token, and the question asked again.
        """
        served.json(TOKEN, GRANTED)
        served.json(TOKEN, {**GRANTED, "access_token": "tok-2"})
        served.json(THREAD, {"message": "Unauthorized", "error": 401}, 401)
        served.json(THREAD, thread(comment("c1")))

        place = (await read(keyed(served), web)).discussions[0]

        assert [("c1", None, State.OK)] == tree(place)
        assert ["Bearer tok-1", "Bearer tok-2"] == [
            a.headers["Authorization"] for a in served.asked if a.path.startswith(THREAD)
        ]

    @pytest.mark.parametrize(
        ("status", "answer"), [(401, {"error": 401}), (200, {"error": "invalid_grant"})]
    )
    async def test_a_key_that_is_refused_is_logged_and_the_feed_read(
        self,
        web: Web,
        served: Site,
        caplog: pytest.LogCaptureFixture,
        status: int,
        answer: dict[str, Any],
    ) -> None:
        """
        The operator learns it, without the secret; readers still get what there is.
        """
        caplog.set_level(logging.DEBUG)
        served.json(TOKEN, answer, status)
        served.page(FEED, feed(entry("t3_p1"), entry("t1_c1")), kind="application/atom+xml")

        place = (await read(keyed(served), web)).discussions[0]

        assert 1 == len(place.comments)
        assert ["bot.sources.platforms.reddit"] == [
            r.name for r in caplog.records if r.levelno > 20
        ]
        assert "s3cret" not in caplog.text
        assert b64encode(b"app:s3cret").decode() not in caplog.text

    async def test_neither_secret_nor_token_is_told(
        self, web: Web, served: Site, caplog: pytest.LogCaptureFixture
    ) -> None:
        """
        Not by logs, representations, or the whole chain of an error.
        """
        caplog.set_level(logging.DEBUG)
        served.json(TOKEN, GRANTED)
        served.json(THREAD, {"message": "Forbidden", "reason": "private"}, 403)
        reader = keyed(served)

        with pytest.raises(AccessDenied) as caught:
            await read(reader, web)

        told = "".join(traceback.format_exception(caught.value)) + repr(reader) + caplog.text
        for secret in ("s3cret", "tok-1", b64encode(b"app:s3cret").decode()):
            assert secret not in told

    async def test_what_was_only_named_is_fetched(self, web: Web, served: Site) -> None:
        """
        A hundred ids a request; stubs in those answers too; replies below the tenth level by their parent.
        """
        ids = [f"m{n}" for n in range(120)]
        served.json(TOKEN, GRANTED)
        below = comment("c1", more(parent="t1_c1", count=0))
        served.json(THREAD, thread(below, more(*ids), num_comments=124))
        served.json(THREAD, thread(comment("c1", comment("deep", body="found"))))
        asked: list[list[str]] = []

        async def children(request: server.Request) -> server.Response:
            query = parse_qs(request.query_string)
            wanted = query["children"][0].split(",")
            asked.append(wanted)
            assert (["t3_p1"], ["json"]) == (query["link_id"], query["api_type"])
            given = [comment(id) for id in wanted]
            if wanted[0] == "m0":
                given += [comment("r0", parent_id="t1_m0"), more("late", parent="t1_r0")]
            return server.json_response(things(*given))

        served.on(MORE, children)
        said: list[Progress] = []

        place = (await read(keyed(served), web, said=said)).discussions[0]

        assert [ids[:100], [*ids[100:], "late"]] == asked
        assert f"{THREAD}?comment=c1&raw_json=1&limit=500&sort=top" == served.paths[-1]
        assert (124, 124, ()) == (place.declared, len(place.comments), place.gaps)
        assert [("c1", None), ("deep", "c1"), ("m0", None), ("r0", "m0"), ("m1", None)] == [
            one[:2] for one in tree(place)[:5]
        ]
        assert [102, 123, 124] == [progress.done for progress in said[2:5]]

    async def test_the_ceiling_of_requests_leaves_some_for_the_article(
        self, web: Web, served: Site
    ) -> None:
        """
        Where no more may be asked, the gap says how many comments are left.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(more(*(f"m{n}" for n in range(450))), num_comments=500))
        served.json(MORE, things(comment("m1"), comment("m2")))
        job = web.job(LOCAL, FOR_THE_ARTICLE + 4)

        place = (await read(keyed(served), web, job=job)).discussions[0]

        assert FOR_THE_ARTICLE == job.most_requests - job.asked
        assert 2 == len(place.comments)
        assert (Gap(GapCode.REQUEST_LIMIT, "Reddit", 498),) == place.gaps

    async def test_a_thread_about_itself_uses_every_request(self, web: Web, served: Site) -> None:
        """
        Nothing else is to be fetched for it.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(more(*(f"m{n}" for n in range(450))), is_self=True))
        served.json(MORE, things())
        job = web.job(LOCAL, 4)

        place = (await read(keyed(served), web, job=job)).discussions[0]

        assert 4 == job.asked
        assert Gap(GapCode.REQUEST_LIMIT, "Reddit", 250) == place.gaps[0]

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(200, "text/html"), (200, "image/png"), (403, ""), (429, ""), (500, "")],
    )
    async def test_what_reddit_withholds_later_is_a_gap(
        self, web: Web, served: Site, status: int, kind: str
    ) -> None:
        """
        What was read stands.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(comment("c1"), more("m1", "m2"), num_comments=3))
        served.page(MORE, "{}", status, kind=kind, headers={"Retry-After": "900"})

        place = (await read(keyed(served), web)).discussions[0]

        assert 1 == len(place.comments)
        assert (Gap(GapCode.COMMENTS_UNREADABLE, "Reddit", 2),) == place.gaps

    async def test_holes_that_nothing_fills_are_counted(self, web: Web, served: Site) -> None:
        """
        Reddit states more comments than it gives, always.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(comment("c1"), more("m1"), num_comments=5))
        served.json(MORE, things())

        place = (await read(keyed(served), web)).discussions[0]

        assert (Gap(GapCode.COMMENTS_LIMIT, "Reddit", 4),) == place.gaps

    async def test_deleted_and_removed_comments_keep_their_place(
        self, web: Web, served: Site
    ) -> None:
        """
        Deleted by the author, removed by moderators; an account that is gone leaves its words.
        """
        served.json(TOKEN, GRANTED)
        gone = comment("c1", comment("c2"), author="[deleted]", body="[deleted]")
        removed = comment("c3", comment("c4"), author="[deleted]", body="[removed]")
        site = comment("c5", body="[ Removed by Reddit ]")
        nobody = comment("c6", author="[deleted]", body="My last words.")
        served.json(THREAD, thread(gone, removed, site, nobody))

        place = (await read(keyed(served), web)).discussions[0]

        assert [
            ("c1", None, State.DELETED),
            ("c2", "c1", State.OK),
            ("c3", None, State.REMOVED),
            ("c4", "c3", State.OK),
            ("c5", None, State.REMOVED),
            ("c6", None, State.OK),
        ] == tree(place)
        assert ("", None) == (place.comments[0].text, place.comments[0].author)
        assert ("My last words.", None) == (place.comments[5].text, place.comments[5].author)
        assert Gap(GapCode.COMMENTS_DELETED, count=3) in place.gaps

    async def test_the_notice_of_the_robot_is_no_comment(self, web: Web, served: Site) -> None:
        """
        Nor is it missing; what people answered it stands at the top.
        """
        served.json(TOKEN, GRANTED)
        notice = comment("c1", comment("c2"), author="AutoModerator", stickied=True)
        other = comment("c3", author="AutoModerator")
        served.json(THREAD, thread(notice, other, more("m1"), num_comments=3))
        served.json(MORE, things(notice))

        place = (await read(keyed(served), web)).discussions[0]

        assert [("c2", None, State.OK), ("c3", None, State.OK)] == tree(place)
        assert (2, ()) == (place.declared, place.gaps)

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"selftext": "I **keep** bees.\n\n> a quote"}, "I keep bees."),
            ({"selftext": ""}, "On bees"),
            ({"selftext": "[removed]"}, "On bees"),
            ({"selftext": ["odd"]}, "On bees"),
        ],
    )
    async def test_a_post_of_words_is_its_own_article(
        self, web: Web, served: Site, facts: dict[str, Any], words: str
    ) -> None:
        """
        A question whose title says everything is its title.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(comment("c1"), is_self=True, url=LINK, **facts))

        found = await read(keyed(served), web)

        assert found.article
        assert found.about is None
        assert (LINK, "On bees", words, "Reddit", ("op",)) == (
            found.article.url,
            found.article.title,
            found.article.text,
            found.article.site,
            found.article.authors,
        )
        assert datetime(2026, 1, 2, tzinfo=UTC) == found.article.published

    @pytest.mark.parametrize("url", NO_PAGES)
    async def test_a_picture_is_not_what_readers_talk_about(
        self, web: Web, served: Site, url: object
    ) -> None:
        """
        Nor is another post of Reddit's: title and words are.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(comment("c1"), url=url, selftext="My hive."))

        found = await read(keyed(served), web)

        assert found.about is None
        assert found.article
        assert "My hive." == found.article.text

    async def test_nothing_but_a_title(self, web: Web, served: Site) -> None:
        """
        No comments is a fact, not a failure; an old answer without a permalink still has links.
        """
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(permalink=None, num_comments=0))

        (place,) = (await read(keyed(served), web)).discussions

        assert "https://www.reddit.com/comments/p1/" == place.url
        assert (Gap(GapCode.COMMENTS_NONE),) == place.gaps

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            ("<!doctype html><title>Blocked</title>whoa there, pardner!", KeyNeeded),
            ("  \n", KeyNeeded),
            ("{}", BrokenAnswer),
            ("[]", BrokenAnswer),
            ("[[[[", BrokenAnswer),
            ("[" * 100_000, BrokenAnswer),
            ('{"message": "Not Found", "error": 404}', BrokenAnswer),
            ('[{"data": {"children": 7}}, {"data": null}]', BrokenAnswer),
            ('[{"data": {"children": [{"kind": "t3", "data": {"id": 5}}]}}, {}]', BrokenAnswer),
        ],
    )
    async def test_an_answer_that_is_none(
        self, web: Web, served: Site, answer: str, kind: type[FetchError]
    ) -> None:
        """
        A page or nothing is Reddit turning the bot away; anything else is a broken answer.
        """
        served.json(TOKEN, GRANTED)
        served.page(THREAD, answer)

        with pytest.raises(kind):
            await read(keyed(served), web)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            ("<html>whoa there", KeyNeeded),
            ("{}", BrokenAnswer),
            ("[1]", BrokenAnswer),
            ('{"access_token": 7}', BrokenAnswer),
            ('{"access_token": "a\\r\\nX-Evil: 1"}', BrokenAnswer),
            ('{"access_token": ""}', BrokenAnswer),
        ],
    )
    async def test_a_token_that_is_none(
        self, web: Web, served: Site, answer: str, kind: type[FetchError]
    ) -> None:
        """
        What cannot be a token is never sent.
        """
        served.page(TOKEN, answer)

        with pytest.raises(kind):
            await read(keyed(served), web)

        assert [TOKEN] == served.paths

    @pytest.mark.parametrize(("status", "kind"), [(404, PageNotFound), (429, SiteBusy)])
    async def test_errors_of_the_api_are_what_they_are(
        self, web: Web, served: Site, status: int, kind: type[FetchError]
    ) -> None:
        """
        A post that is gone, and too many questions.
        """
        served.json(TOKEN, GRANTED)
        served.page(THREAD, "{}", status, headers={"Retry-After": "600"})

        with pytest.raises(kind):
            await read(keyed(served), web)

    async def test_wrong_types_are_passed_over(self, web: Web, served: Site) -> None:
        """
        Whatever stands where ids, texts and lists should; half letters are no words.
        """
        odd: list[Any] = [
            {"kind": "t1", "data": {"id": 7}},
            {"kind": "t1", "data": {"id": "../x", "body": "no"}},
            {"kind": "t1", "data": None},
            {"kind": 5},
            None,
            "t1",
            {"kind": "more", "data": {"children": {"a": 1}, "parent_id": 3}},
            {"kind": "more", "data": {"children": [None, 7, "a b", "x" * 99], "parent_id": "t1_"}},
            {
                "kind": "t1",
                "data": {
                    "id": "c1",
                    "author": {"a": 1},
                    "body": "half \ud800 letter",
                    "score": "many",
                    "created_utc": 10**400,
                    "parent_id": 7,
                    "replies": [listing(comment("no"))],
                },
            },
            comment("c2", body=None, author=None, created_utc="x", score=True, replies=None),
        ]
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(*odd, num_comments="many", title=7))

        (place,) = (await read(keyed(served), web)).discussions

        assert [("c1", None, State.OK), ("c2", None, State.DELETED)] == tree(place)
        first = place.comments[0]
        assert (None, "half  letter", None, None) == (
            first.author,
            first.text,
            first.score,
            first.posted_at,
        )
        assert (None, None) == (place.title, place.declared)

    async def test_a_deep_thread_is_walked(self, web: Web, served: Site) -> None:
        """
        Depth is the site's to choose; here 150 levels.
        """
        deep = comment("d150")
        for n in range(149, 0, -1):
            deep = comment(f"d{n}", deep)
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(deep))

        (place,) = (await read(keyed(served), web)).discussions

        assert ("d150", "d149", State.OK) == tree(place)[-1]


def entry(id: str, content: str = "Words.", author: str | None = "ann", **facts: str) -> str:
    name = f"<author><name>/u/{author}</name></author>" if author else ""
    escaped = f"<div class='md'><p>{content}</p></div>".replace("&", "&amp;").replace("<", "&lt;")
    given = {"updated": "2026-01-02T03:04:05+00:00", "title": f"/u/{author} on On bees", **facts}
    said = "".join(f"<{tag}>{text}</{tag}>" for tag, text in given.items())
    return f"<entry>{name}<content type='html'>{escaped}</content><id>{id}</id>{said}</entry>"


def feed(*entries: str) -> str:
    joined = "".join(entries)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{joined}</feed>'


class TestWithoutAKey:
    async def test_the_feed_gives_comments_without_order(self, web: Web, served: Site) -> None:
        """
        Flat, without scores, and it does not say whether these are all: the gap does.
        """
        post = entry("t3_p1", "I keep bees.", "op", title="On bees", published="2026-01-02")
        gone = entry("t1_c3", "[deleted]", None)
        reply = entry("t1_c2", "<blockquote>dull</blockquote>Not &amp; never")
        served.page(FEED, feed(post, entry("t1_c1"), reply, gone))

        found = await read(keyless(served), web)

        assert [f"{FEED}?limit=100"] == served.paths
        assert "Authorization" not in served.asked[0].headers
        assert found.article
        assert ("On bees", "I keep bees.", ("op",)) == (
            found.article.title,
            found.article.text,
            found.article.authors,
        )
        (place,) = found.discussions
        assert ("On bees", None) == (place.title, place.declared)
        assert [
            ("c1", None, State.OK),
            ("c2", None, State.OK),
            ("c3", None, State.DELETED),
        ] == tree(place)
        first, second, third = place.comments
        assert ("ann", "Words.", None) == (first.author, first.text, first.score)
        assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == first.posted_at
        assert "https://www.reddit.com/comments/p1/_/c1/" == first.url
        assert "Not & never" == second.text
        assert third.author is None
        assert (COMMENTS_LIMIT, Gap(GapCode.COMMENTS_DELETED, count=1)) == place.gaps

    async def test_a_post_with_a_link_is_about_it(self, web: Web, served: Site) -> None:
        """
        The feed shows it as "[link]"; the robot's notice is no comment.
        """
        link = '<a href="https://blog.example/bees">[link]</a> <a href="/x">[comments]</a>'
        robot = entry("t1_c1", "Be kind.", "AutoModerator")
        served.page(FEED, feed(entry("t3_p1", link, "op"), robot, entry("t1_c2")))

        found = await read(keyless(served), web)

        assert ("https://blog.example/bees", None) == (found.about, found.article)
        assert [("c2", None, State.OK)] == tree(found.discussions[0])

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ("<!DOCTYPE html><html><body><h1>whoa there, pardner!</h1>", 403),
            ("<html><body>You've been blocked by network security.", 403),
            ("  <!doctype html><html><title>reddit.com: over 18?</title>", 200),
            ("\ufeff<HTML><body>Please wait for verification", 200),
            ("", 200),
            (" \n", 200),
            ("", 401),
        ],
    )
    async def test_being_turned_away_is_the_want_of_a_key(
        self, web: Web, served: Site, body: str, status: int
    ) -> None:
        """
        Whatever page stands in place of the feed, and an empty answer that says nothing is wrong.
        """
        served.page(FEED, body, status)

        with pytest.raises(KeyNeeded) as caught:
            await read(keyless(served), web)

        assert {"platform": "Reddit"} == caught.value.facts

    @pytest.mark.parametrize(
        "name", ["block_network_policy_403.html", "block_old_reddit_over18.html"]
    )
    async def test_captured_pages_that_turn_away_are_recognised(
        self, web: Web, served: Site, shared: Path, name: str
    ) -> None:
        """
        Also where they come with status 200, to the feed and to the API.
        """
        served.page(FEED, (shared / "fixtures/reddit" / name).read_bytes())
        served.json(TOKEN, GRANTED)
        served.page(THREAD, (shared / "fixtures/reddit" / name).read_bytes())

        for reader in (keyless(served), keyed(served)):
            with pytest.raises(KeyNeeded):
                await read(reader, web)

    async def test_a_busy_feed_says_when_to_come_again(self, web: Web, served: Site) -> None:
        """
        About one request a minute is allowed.
        """
        served.page(FEED, "", 429, headers={"Retry-After": "55"})

        with pytest.raises(SiteBusy) as caught:
            await read(keyless(served), web)

        assert 55 == caught.value.facts["retry_after"]

    @pytest.mark.parametrize(
        "body",
        [
            "{}",
            "not xml",
            "<rss/>",
            feed(),
            feed("<entry/>"),
            feed(entry("t1_")),
            feed(entry("t3_p2")),
            '<!DOCTYPE feed [<!ENTITY a "aaaa">]><feed>&a;</feed>',
            "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<a>" * 10_000,
        ],
    )
    async def test_an_answer_that_is_no_feed(self, web: Web, served: Site, body: str) -> None:
        """
        Broken, empty, of another kind, or of another post.
        """
        served.page(FEED, body)

        with pytest.raises(BrokenAnswer):
            await read(keyless(served), web)

    async def test_a_feed_brings_nothing_in_from_elsewhere(
        self, web: Web, served: Site, tmp_path: Path
    ) -> None:
        """
        Entities are not resolved, neither files nor those that grow.
        """
        (tmp_path / "secret").write_text("s3cret")
        head = f'<!DOCTYPE feed [<!ENTITY f SYSTEM "file://{tmp_path}/secret"><!ENTITY g "grow">]>'
        title = entry("t3_p1", title="&f;&g;On bees")
        served.page(FEED, feed(title).replace("<feed", f"{head}<feed"))

        found = await read(keyless(served), web)

        assert "s3cret" not in str(found)
        assert "grow" not in str(found)

    @pytest.mark.parametrize(
        ("path", "link"),
        [("/r/bees/s/AbC", LINK), ("/u/ann/s/AbC", "https://www.reddit.com/user/ann/comments/p1/")],
    )
    async def test_a_shared_link_leads_to_its_post(
        self, web: Web, served: Site, path: str, link: str
    ) -> None:
        """
        By the redirect, which is not followed: the page behind it is closed to programs.
        """
        served.redirect(f"/site{path}", f"{link}?share_id=xyz&utm_name=ioscss")
        served.page(FEED, feed(entry("t3_p1"), entry("t1_c1")))

        found = await read(keyless(served), web, f"https://www.reddit.com{path}")

        assert 1 == len(found.discussions[0].comments)
        assert [f"/site{path}", f"{FEED}?limit=100"] == served.paths

    async def test_a_shared_link_that_leads_nowhere(self, web: Web, served: Site) -> None:
        """
        Elsewhere is no post; a page in place of the redirect, or 403, is the want of a key.
        """
        served.redirect("/site/r/bees/s/a", "https://evil.example/r/bees/comments/p1/")
        served.page("/site/r/bees/s/b", "<html>whoa there, pardner")
        served.page("/site/r/bees/s/c", "", 403)

        for name, kind in (("a", PageNotFound), ("b", KeyNeeded), ("c", KeyNeeded)):
            with pytest.raises(kind):
                await read(keyless(served), web, f"https://www.reddit.com/r/bees/s/{name}")


class TestCaptures:
    async def test_a_thread_of_476_comments_and_18_stubs(
        self, web: Web, served: Site, shared: Path
    ) -> None:
        """
        Ten levels, sixteen comments without author; of 543 that Reddit states, 67 are not handed out.
        """
        served.json(TOKEN, GRANTED)
        raw = (shared / "fixtures/reddit/comments_3hahrw.json").read_bytes()
        served.page("/api/comments/3hahrw", raw, kind="application/json")
        served.json(MORE, things())

        found = await read(keyed(served), web, "https://redd.it/3hahrw")

        (place,) = found.discussions
        assert ("Ba Dum Tsss", 543, 476) == (place.title, place.declared, len(place.comments))
        assert 16 == sum(c.author is None for c in place.comments)
        assert ("johnnwho", 1136) == (place.comments[0].author, place.comments[0].score)
        assert place.comments[0].text.startswith("Man I am glad there isn't someone on a drum set")
        assert "TheTrampRO" == place.comments[-1].author
        depth: dict[str | None, int] = {None: -1}
        for one in place.comments:
            depth[one.id] = depth[one.parent] + 1
        assert 9 == max(depth.values())
        assert Gap(GapCode.COMMENTS_LIMIT, "Reddit", 67) in place.gaps
        assert found.about is None  # a film

    async def test_a_thread_of_8125_of_which_one_is_given(
        self, web: Web, served: Site, shared: Path
    ) -> None:
        """
        Its stubs name 4,699 ids: 47 requests, within the ceiling.
        """
        served.json(TOKEN, GRANTED)
        raw = (shared / "fixtures/reddit/comments_ablzuq_limit1.json").read_bytes()
        served.page("/api/comments/ablzuq", raw, kind="application/json")
        asked: list[str] = []

        async def children(request: server.Request) -> server.Response:
            asked.extend(request.query["children"].split(","))
            return server.json_response(things())

        served.on(MORE, children)

        found = await read(keyed(served), web, "https://redd.it/ablzuq")

        (place,) = found.discussions
        assert (8125, ["sweatybeard"]) == (place.declared, [c.author for c in place.comments])
        assert 4682 + 17 == len(asked) == len(set(asked))
        assert 2 + 47 == len(served.paths)
        assert found.article
        assert found.article.text == place.title

    async def test_an_answer_about_named_comments(
        self, web: Web, served: Site, shared: Path
    ) -> None:
        """
        Nineteen comments and seven stubs, flat, joined by their parents.
        """
        given = json.loads((shared / "fixtures/reddit/morechildren_n49rw_0.json").read_bytes())
        kinds = [one["kind"] for one in given["json"]["data"]["things"]]
        served.json(TOKEN, GRANTED)
        served.json(THREAD, thread(more("c369r5m"), num_comments=26))
        served.json(MORE, given)
        served.json(MORE, things())

        (place,) = (await read(keyed(served), web)).discussions

        assert (26, kinds.count("t1")) == (len(kinds), len(place.comments))
        parents = {c.id: c.parent for c in place.comments}
        assert "reddit:c364qqg" in parents
        assert "reddit:c364nuk" == parents["reddit:c364qqg"]  # type: ignore[index]

    async def test_a_feed_of_33_comments(self, web: Web, served: Site, shared: Path) -> None:
        """
        The post with its words, every comment with time and link; two accounts are gone.
        """
        raw = (shared / "fixtures/reddit/thread_1qcwxml.rss").read_bytes()
        served.page("/site/comments/1qcwxml/.rss", raw, kind="application/atom+xml")
        page = "https://www.reddit.com/r/gravelcycling/comments/1qcwxml/new_bike_day/"

        found = await read(keyless(served), web, page)

        assert found.article
        assert ("New bike day", ("aspiring-housewife-",)) == (
            found.article.title,
            found.article.authors,
        )
        assert found.article.text.startswith("Ribble Allgrit Ti, SRAM Force XPLR")
        assert "submitted by" not in found.article.text
        (place,) = found.discussions
        assert (33, page) == (len(place.comments), place.url)
        assert all(c.posted_at and c.url and c.readable for c in place.comments)
        assert 2 == sum(c.author is None for c in place.comments)
        assert ("Newyawker2022", f"{page}nzlszj8/") == (
            place.comments[0].author,
            place.comments[0].url,
        )
        assert (COMMENTS_LIMIT,) == place.gaps


@pytest.mark.parametrize(("said", "adult"), [(False, False), (True, True), ("yes", False)])
async def test_what_is_for_adults_says_so(
    web: Web, served: Site, said: object, adult: bool
) -> None:
    """
    Reddit's own mark; the feed has none.
    """
    served.page(TOKEN, json.dumps(GRANTED))
    served.page(THREAD, json.dumps(thread(over_18=said)))

    assert adult is (await read(keyed(served), web)).adult
