"""Issues and pull requests of GitHub: what people wrote below them, and nothing that is not everybody's to see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion
from bot.core.ports import Progress, Stage
from bot.errors import AccessDenied, BrokenAnswer, ChorusError, PageNotFound, SiteBusy, SiteFailed
from bot.sources.platform import Material
from bot.sources.platforms.github import GitHub
from bot.sources.platforms.github_posts import article_of, comments_of
from bot.sources.web import Web
from tests.sources.site import Site

LINK = "https://github.com/bees/hive/issues/7"
API = "/repos/bees/hive/issues/7"


def user(login: str, kind: str = "User") -> dict[str, Any]:
    return {"login": login, "type": kind}


def issue(**facts: Any) -> dict[str, Any]:
    return {
        "number": 7,
        "title": "The hive hums",
        "body": "It **hums**.\n\n> Not mine.\n\nAll day.",
        "user": user("ann"),
        "created_at": "2026-01-02T03:04:05Z",
        "comments": 2,
        **facts,
    }


def remark(id: int, **facts: Any) -> dict[str, Any]:
    return {
        "id": id,
        "body": f"Words of {id}.",
        "user": user(f"user{id}"),
        "created_at": f"2026-01-03T00:00:{id % 60:02}Z",
        "reactions": {"total_count": 9, "+1": id, "-1": 1},
        **facts,
    }


async def read(
    served: Site,
    web: Web,
    link: str = LINK,
    *,
    token: str | None = None,
    said: list[Progress] | None = None,
    most: int | None = None,
) -> Material:
    report = (said if said is not None else []).append
    return await GitHub(token, served.base).read(link, web, web.job(LOCAL, most), report)


def tree(place: Discussion) -> list[tuple[str, str | None]]:
    return [(c.id, c.parent) for c in place.comments]


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        (LINK, True),
        ("https://github.com/bees/hive/pull/7", True),
        ("https://github.com/bees/hive/pull/7/files", True),
        ("https://github.com/bees/hive/pull/7/commits/abc", True),
        ("https://www.github.com/bees/h.i_ve-2/issues/7/", True),
        ("https://github.com/bees/hive/issues", False),
        ("https://github.com/bees/hive/issues/new", False),
        ("https://github.com/bees/hive/issues/٧", False),
        ("https://github.com/bees/hive/discussions/7", False),
        ("https://github.com/bees/hive/pulls", False),
        ("https://github.com/bees/hive", False),
        ("https://gist.github.com/bees/hive/issues/7", False),
        ("https://evil.example/bees/hive/issues/7", False),
    ],
)
def test_an_issue_is_recognised_by_host_and_path(link: str, yes: bool) -> None:
    """
    Issues and pull requests, their tabs too; discussions have no such API.
    """
    assert yes == GitHub().recognises(link)


async def test_an_issue_is_the_article_and_the_rest_are_its_comments(
    web: Web, served: Site
) -> None:
    """
    Markdown becomes words, others' quotes are left out, a thumb up is the score.
    """
    served.json(API, issue())
    served.json(f"{API}/comments", [remark(11), remark(12)])

    found = await read(served, web)

    assert found.article
    assert (
        LINK,
        "The hive hums",
        "It hums.\n\nAll day.",
        "github.com",
        ("ann",),
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    ) == (
        found.article.url,
        found.article.title,
        found.article.text,
        found.article.site,
        found.article.authors,
        found.article.published,
    )
    (place,) = found.discussions
    assert ("github", LINK, "The hive hums", 2, ()) == (
        place.platform,
        place.url,
        place.title,
        place.declared,
        place.gaps,
    )
    first = place.comments[0]
    assert ("github:11", None, "user11", "Words of 11.", 11, f"{LINK}#issuecomment-11") == (
        first.id,
        first.parent,
        first.author,
        first.text,
        first.score,
        first.url,
    )
    assert datetime(2026, 1, 3, 0, 0, 11, tzinfo=UTC) == first.posted_at
    assert [API, f"{API}/comments?per_page=100&page=1"] == served.paths
    assert "Authorization" not in served.asked[0].headers


async def test_every_page_is_read(web: Web, served: Site) -> None:
    """
    A hundred a page; the one that is not full is the last. A comment that moved between pages is there once.
    """
    served.json(API, issue(comments=130))
    served.json(f"{API}/comments", [remark(n) for n in range(1, 101)])
    served.json(f"{API}/comments", [remark(n) for n in range(100, 131)])
    said: list[Progress] = []

    place = (await read(served, web, said=said)).discussions[0]

    assert (130, 130, ()) == (len(place.comments), place.declared, place.gaps)
    assert ["page=1", "page=2"] == [path.rpartition("&")[2] for path in served.paths[1:]]
    assert Progress(Stage.COMMENTS, 130) == said[-1]


async def test_a_list_that_never_ends_is_left(web: Web, served: Site) -> None:
    """
    The same full page again is the end.
    """
    served.json(API, issue(comments=500))
    served.json(f"{API}/comments", [remark(n) for n in range(1, 101)])

    place = (await read(served, web)).discussions[0]

    assert 3 == len(served.asked)
    assert (Gap(GapCode.COMMENTS_MISSING, count=400),) == place.gaps


async def test_programs_are_left_out_and_ghosts_have_no_name(web: Web, served: Site) -> None:
    """
    A ghost stands for everybody whose account is gone: as a name, several would be one.
    """
    served.json(API, issue(comments=5, user=user("ghost")))
    bots = [remark(11, user=user("ci", "Bot")), remark(12, user=user("stale[bot]"))]
    ghosts = [remark(13, user=user("ghost")), remark(14, user=None)]
    served.json(f"{API}/comments", [*bots, *ghosts, remark(15)])

    found = await read(served, web)

    assert found.article
    assert () == found.article.authors
    (place,) = found.discussions
    assert [None, None, "user15"] == [c.author for c in place.comments]
    assert (3, ()) == (place.declared, place.gaps)


async def test_a_pull_request_has_reviews_and_remarks_on_lines_too(web: Web, served: Site) -> None:
    """
    By time; a remark on a line stands below what it replies to, else below its review; an empty review is none.
    """
    pull = "/repos/bees/hive/pulls/7"
    served.json(API, issue(comments=1, pull_request={"url": "x"}))
    served.json(f"{API}/comments", [remark(40)])
    review = {"user": user("rob"), "state": "COMMENTED", "submitted_at": "2026-01-03T00:00:10Z"}
    served.json(
        f"{pull}/reviews", [{**review, "id": 1, "body": "Hm."}, {**review, "id": 2, "body": ""}]
    )
    served.json(
        f"{pull}/comments",
        [
            remark(21, pull_request_review_id=1),
            remark(22, pull_request_review_id=2),
            remark(30, pull_request_review_id=3, in_reply_to_id=21),
            remark(31, in_reply_to_id=99),
        ],
    )

    place = (await read(served, web, "https://github.com/bees/hive/pull/7/files")).discussions[0]

    assert [
        ("github:v1", None),
        ("github:r21", "github:v1"),
        ("github:r30", "github:r21"),
        ("github:r22", None),
        ("github:r31", None),
        ("github:40", None),
    ] == tree(place)
    page = "https://github.com/bees/hive/pull/7"
    assert (page, 6, ()) == (place.url, place.declared, place.gaps)
    assert [f"{page}#pullrequestreview-1", f"{page}#discussion_r21"] == [
        c.url for c in place.comments[:2]
    ]


async def test_an_issue_nobody_answered_takes_one_request(web: Web, served: Site) -> None:
    """
    None is a fact; an issue without a text is no article.
    """
    served.json(API, issue(comments=0, body=None))

    found = await read(served, web)

    assert [API] == served.paths
    assert None is found.article
    assert (Gap(GapCode.COMMENTS_NONE),) == found.discussions[0].gaps


async def test_a_picture_is_a_broken_answer(web: Web, served: Site) -> None:
    """
    Whatever was asked for.
    """
    served.page(API, b"x", kind="image/png")

    with pytest.raises(BrokenAnswer):
        await read(served, web)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, '{"message": "API rate limit exceeded"}', SiteBusy),
        (429, "", SiteBusy),
        (401, '{"message": "Bad credentials"}', AccessDenied),
        (404, "", PageNotFound),
        (410, '{"message": "This issue was deleted"}', PageNotFound),
        (502, "<html>", SiteFailed),
        (200, "<html>Unicorn!", BrokenAnswer),
        (200, "", BrokenAnswer),
        (200, "[]", BrokenAnswer),
        (200, '{"number": "7"}', BrokenAnswer),
    ],
)
async def test_a_refusal_of_the_issue_is_told(
    web: Web, served: Site, status: int, body: str, error: type[ChorusError]
) -> None:
    """
    403 means that no requests are left: what one may not see is not there.
    """
    served.page(API, body, status, kind="application/json")

    with pytest.raises(error):
        await read(served, web)


async def test_what_is_refused_later_is_a_gap(web: Web, served: Site) -> None:
    """
    What was read stands; how many remarks are left is known, how many reviews is not.
    """
    served.json(API, issue(comments=130))
    served.json(f"{API}/comments", [remark(n) for n in range(1, 101)])
    served.page(f"{API}/comments", "", 403)
    some = (await read(served, web)).discussions[0]
    served.answers.clear()
    served.json(API, issue(comments=0, pull_request={}))
    served.page("/repos/bees/hive/pulls/7/reviews", "", 429)
    served.json("/repos/bees/hive/pulls/7/comments", {"message": "no list"})
    none = (await read(served, web)).discussions[0]

    assert (100, 130) == (len(some.comments), some.declared)
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 30),) == some.gaps
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1"),) == none.gaps


async def test_what_would_take_too_many_requests_is_counted(web: Web, served: Site) -> None:
    """
    A limit of ours.
    """
    served.json(API, issue(comments=130))
    served.json(f"{API}/comments", [remark(n) for n in range(1, 101)])

    place = (await read(served, web, most=2)).discussions[0]

    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 30),) == place.gaps


class TestATokenOfTheOperator:
    async def test_it_is_sent_with_every_request(self, web: Web, served: Site) -> None:
        """
        And shown nowhere.
        """
        served.json(API, issue())
        served.json("/repos/bees/hive", {"private": False})
        served.json(f"{API}/comments", [remark(11), remark(12)])

        found = await read(served, web, token="s3cret")

        assert {"Bearer s3cret"} == {one.headers["Authorization"] for one in served.asked}
        assert 2 == len(found.discussions[0].comments)
        assert "s3cret" not in repr(vars(found))

    @pytest.mark.parametrize("repository", [{"private": True}, {"private": None}, {}, []])
    async def test_what_only_the_token_may_see_is_not_there(
        self, web: Web, served: Site, repository: object
    ) -> None:
        """
        Whoever asks in a chat must not read the operator's private repositories.
        """
        served.json(API, issue())
        served.json("/repos/bees/hive", repository)

        with pytest.raises(PageNotFound):
            await read(served, web, token="s3cret")

        assert [API, "/repos/bees/hive"] == served.paths

    async def test_an_issue_that_moved_is_looked_at_where_it_is_now(
        self, web: Web, served: Site
    ) -> None:
        """
        It may have moved into a private repository.
        """
        moved = issue(number=3, repository_url=served.url("/repos/bees/secret.hive"))
        served.redirect(API, "/repositories/5/issues/3", 301)
        served.json("/repositories/5/issues/3", moved)
        served.json("/repos/bees/secret.hive", {"private": True})
        served.json("/repos/bees/hive", {"private": False})

        with pytest.raises(PageNotFound):
            await read(served, web, token="s3cret")

    async def test_its_comments_are_read_there_too(self, web: Web, served: Site) -> None:
        """
        With links that lead there.
        """
        moved = issue(number=3, comments=1, repository_url=served.url("/repos/bees/new"))
        served.json(API, moved)
        served.json("/repos/bees/new/issues/3/comments", [remark(11)])

        place = (await read(served, web)).discussions[0]

        assert "https://github.com/bees/new/issues/3" == place.url
        assert 1 == len(place.comments)


async def test_captured_comments_are_read_whole(web: Web, served: Site, shared: Path) -> None:
    """
    Thirty of a repository in 2012, before there were reactions.
    """
    raw = shared / "fixtures/github/Repository.testGetIssuesComments.json"
    comments = json.loads(raw.read_text("utf-8"))
    served.json(API, issue(comments=30))
    served.json(f"{API}/comments", comments)

    place = (await read(served, web)).discussions[0]

    assert (30, 30, ()) == (len(place.comments), place.declared, place.gaps)
    assert {c["user"]["login"] for c in comments} == {c.author for c in place.comments}
    assert all(c.readable and c.score is None for c in place.comments)


JSON: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1e400, "", "\ud800", [], [[]], {}, {"login": []}]
)
FIELDS = ("body", "user", "created_at", "submitted_at", "reactions", "title")
ITEM = st.fixed_dictionaries(
    {"id": st.integers(0, 9)},
    optional={
        **dict.fromkeys(FIELDS, JSON),
        "in_reply_to_id": st.integers(0, 9) | JSON,
        "pull_request_review_id": st.integers(0, 9) | JSON,
    },
)
LISTS = st.lists(ITEM, max_size=4, unique_by=lambda item: str(item["id"]))


@given(LISTS, LISTS, LISTS)
def test_wrong_types_lose_no_comment(
    remarks: list[dict[str, Any]], reviews: list[dict[str, Any]], lines: list[dict[str, Any]]
) -> None:
    """
    Every field may be anything; whatever replies to whatever, each remark is there once, below what came before.
    """
    comments = comments_of(remarks, reviews, lines, LINK)

    ids = [c.id for c in comments]
    assert len(ids) == len(set(ids))
    assert len(remarks) + len(lines) <= len(ids)
    assert all(c.parent is None or ids.index(c.parent) < ids.index(c.id) for c in comments)
    for item in remarks:
        article_of(item, LINK)
