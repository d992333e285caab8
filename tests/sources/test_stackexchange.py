"""Questions of Stack Exchange: every answer and every comment, and the rests the API asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from aiohttp import web as server
from hypothesis import given
from hypothesis import strategies as st

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL
from bot.core.ports import Progress, Stage
from bot.errors import (
    AccessDenied,
    BrokenAnswer,
    ChorusError,
    PageNotFound,
    SiteBusy,
    SiteFailed,
)
from bot.sources.platform import Material
from bot.sources.platforms.stackexchange import StackExchange
from bot.sources.platforms.stackexchange_api import Api
from bot.sources.platforms.stackexchange_posts import article_of, comments_of, title_of
from bot.sources.web import Web
from tests.conftest import SteadyClock
from tests.sources.conftest import Naps
from tests.sources.site import Site

LINK = "https://stackoverflow.com/questions/7/why-do-bees-hum"


def owner(name: str) -> dict[str, Any]:
    return {"user_type": "registered", "display_name": name}


def question(**facts: Any) -> dict[str, Any]:
    return {
        "question_id": 7,
        "title": "Why do bees hum &amp; buzz?",
        "body": "<p>They do.</p><pre><code>hum()\n  hum()</code></pre>",
        "owner": owner("Ann &lt;3"),
        "creation_date": 1767323045,
        "answer_count": 2,
        "score": 5,
        **facts,
    }


def answer(id: int, **facts: Any) -> dict[str, Any]:
    made = {"answer_id": id, "question_id": 7, "body": f"<p>Answer {id}.</p>", "score": id}
    return {**made, "owner": owner(f"user{id}"), "creation_date": 1767323045, **facts}


def remark(id: int, post: int, **facts: Any) -> dict[str, Any]:
    made = {"comment_id": id, "post_id": post, "body": f"Remark {id} &amp; more.", "score": 0}
    return {**made, "owner": owner(f"user{id}"), "creation_date": 1767323045, **facts}


def items(*some: Any, more: bool = False, **facts: Any) -> dict[str, Any]:
    return {"items": list(some), "has_more": more, "quota_remaining": 290, **facts}


def serve(
    served: Site,
    answers: dict[str, Any] | None = None,
    remarks: dict[str, Any] | None = None,
    ids: str = "7;11;12",
) -> None:
    served.json("/questions/7", items(question()))
    served.json("/questions/7/answers", answers or items(answer(11), answer(12)))
    served.json(f"/posts/{ids}/comments", remarks or items())


@pytest.fixture
def api(served: Site, clock: SteadyClock, naps: Naps) -> Api:
    return Api(None, served.base, sleep=naps, seconds=lambda: clock.now().timestamp())


async def read(
    api: Api, web: Web, link: str = LINK, said: list[Progress] | None = None
) -> Material:
    report = (said if said is not None else []).append
    return await StackExchange(api=api).read(link, web, web.job(LOCAL), report)


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        (LINK, True),
        ("https://stackoverflow.com/questions/7", True),
        ("https://stackoverflow.com/questions/7/why/11", True),
        ("https://www.stackoverflow.com/q/7", True),
        ("https://stackoverflow.com/q/7/99", True),
        ("https://stackoverflow.com/a/11", True),
        ("https://superuser.com/a/11/99", True),
        ("https://serverfault.com/q/7", True),
        ("https://askubuntu.com/q/7", True),
        ("https://mathoverflow.net/q/7", True),
        ("https://stackapps.com/q/7", True),
        ("https://german.stackexchange.com/questions/7/bienen", True),
        ("https://german.meta.stackexchange.com/q/7", True),
        ("https://meta.stackoverflow.com/q/7", True),
        ("https://pt.stackoverflow.com/q/7", True),
        ("https://stackoverflow.com/questions/tagged/bees", False),
        ("https://stackoverflow.com/questions", False),
        ("https://stackoverflow.com/users/7", False),
        ("https://stackoverflow.com/q/٧", False),
        ("https://stackoverflow.com.evil.example/q/7", False),
        ("https://evilstackoverflow.com/q/7", False),
        ("https://stackexchange.com/questions/7", False),
    ],
)
def test_a_post_is_recognised_by_host_and_path(link: str, yes: bool) -> None:
    """
    Every site of the network, its metas and languages; questions and answers, short links too.
    """
    assert yes == StackExchange().recognises(link)


async def test_a_question_is_the_article_and_its_answers_are_the_discussion(
    api: Api, web: Web, served: Site
) -> None:
    """
    Names and titles lose their escapes, code keeps its lines, every comment has its link.
    """
    serve(served, remarks=items(remark(21, 7), remark(22, 12), remark(11, 11)))

    found = await read(api, web)

    assert found.article
    assert (
        "Why do bees hum & buzz?",
        "They do.\n\nhum()\n  hum()",
        ("Ann <3",),
        "https://stackoverflow.com/questions/7",
        "stackoverflow.com",
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    ) == (
        found.article.title,
        found.article.text,
        found.article.authors,
        found.article.url,
        found.article.site,
        found.article.published,
    )
    (place,) = found.discussions
    assert ("stackexchange", "https://stackoverflow.com/questions/7", 5, ()) == (
        place.platform,
        place.url,
        place.declared,
        place.gaps,
    )
    assert "Why do bees hum & buzz?" == place.title
    assert [
        ("stackexchange:c21", None, "user21", "Remark 21 & more.", 0),
        ("stackexchange:11", None, "user11", "Answer 11.", 11),
        ("stackexchange:c11", "stackexchange:11", "user11", "Remark 11 & more.", 0),
        ("stackexchange:12", None, "user12", "Answer 12.", 12),
        ("stackexchange:c22", "stackexchange:12", "user22", "Remark 22 & more.", 0),
    ] == [(c.id, c.parent, c.author, c.text, c.score) for c in place.comments]
    assert [
        "https://stackoverflow.com/questions/7#comment21_7",
        "https://stackoverflow.com/a/11",
        "https://stackoverflow.com/questions/7#comment11_11",
    ] == [c.url for c in place.comments[:3]]
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == place.comments[1].posted_at


async def test_what_is_asked_names_the_site_by_its_host(api: Api, web: Web, served: Site) -> None:
    """
    Bodies are asked for, a hundred a page, oldest first so that pages do not move.
    """
    serve(served)

    await read(api, web, "https://www.stackoverflow.com/q/7")

    asked = [urlsplit(path) for path in served.paths]
    assert ["/questions/7", "/questions/7/answers", "/posts/7;11;12/comments"] == [
        unquote(one.path) for one in asked
    ]
    for one in asked:
        said = {name: values[0] for name, values in parse_qs(one.query).items()}
        assert ("stackoverflow.com", "withbody", "100") == (
            said["site"],
            said["filter"],
            said["pagesize"],
        )
        assert ("creation", "asc") == (said["sort"], said["order"])
        assert "key" not in said


async def test_a_key_is_sent_where_there_is_one(web: Web, served: Site) -> None:
    """
    As a parameter of every request.
    """
    serve(served)

    await read(Api("k3y", served.base), web)

    assert all("key=k3y" in path for path in served.paths)


@pytest.mark.parametrize("path", ["/a/11", "/questions/11", "/q/11"])
async def test_an_answers_link_leads_to_its_question(
    api: Api, web: Web, served: Site, path: str
) -> None:
    """
    Short links of answers, and an answer's id where a question's should be.
    """
    serve(served)
    served.json("/questions/11", items())
    served.json("/answers/11", items(answer(11)))

    found = await read(api, web, f"https://stackoverflow.com{path}")

    assert "https://stackoverflow.com/questions/7" == found.discussions[0].url
    assert 2 == len(found.discussions[0].comments)


async def test_a_post_that_is_not_there_is_not_found(api: Api, web: Web, served: Site) -> None:
    """
    Neither a question nor an answer; an answer whose question is gone.
    """
    for path in ("/questions/7", "/answers/7", "/questions/8"):
        served.json(path, items())
    served.json("/answers/11", items(answer(11, question_id=8)))

    for link in (LINK, "https://stackoverflow.com/a/11"):
        with pytest.raises(PageNotFound) as caught:
            await read(api, web, link)
        assert {"host": "stackoverflow.com"} == caught.value.facts


async def test_the_accepted_answer_comes_first(api: Api, web: Web, served: Site) -> None:
    """
    As the site shows it; the others in the order they were given.
    """
    serve(served, items(answer(11), answer(12, is_accepted=True)))

    place = (await read(api, web)).discussions[0]

    assert ["stackexchange:12", "stackexchange:11"] == [c.id for c in place.comments]


async def test_deleted_accounts_keep_the_name_they_are_shown_with(
    api: Api, web: Web, served: Site
) -> None:
    """
    Or have none.
    """
    gone = {"user_type": "does_not_exist", "display_name": "user12"}
    serve(served, items(answer(11, owner=gone), answer(12, owner={"user_type": "does_not_exist"})))

    place = (await read(api, web)).discussions[0]

    assert ["user12", None] == [c.author for c in place.comments]


async def test_every_page_of_answers_and_comments_is_read(api: Api, web: Web, served: Site) -> None:
    """
    120 answers are two pages and, with the question, two requests for comments; progress is told.
    """
    first, second = [answer(n) for n in range(100, 200)], [answer(n) for n in range(200, 220)]
    served.json("/questions/7", items(question(answer_count=120)))
    served.json("/questions/7/answers", items(*first, more=True))
    served.json("/questions/7/answers", items(*second))
    asked: list[int] = []

    async def comments(request: server.Request) -> server.Response:
        ids = [int(id) for id in request.path.split("/")[2].split(";")]
        asked.append(len(ids))
        return server.json_response(items(*(remark(id + 1_000, id) for id in ids[:2])))

    for ids in (["7", *(str(n) for n in range(100, 199))], [str(n) for n in range(199, 220)]):
        served.on(f"/posts/{';'.join(ids)}/comments", comments)
    said: list[Progress] = []

    place = (await read(api, web, said=said)).discussions[0]

    assert [100, 21] == asked
    assert (124, 124, ()) == (len(place.comments), place.declared, place.gaps)
    assert [Progress(Stage.COMMENTS, 120, 120), Progress(Stage.COMMENTS, 124)] == said[-2:]


async def test_a_backoff_is_waited_for_where_the_same_method_is_asked_again(
    api: Api, web: Web, served: Site, naps: Naps
) -> None:
    """
    Other methods are not held up.
    """
    serve(served, items(answer(11), more=True, backoff=10), ids="7;11;12")
    served.json("/questions/7/answers", items(answer(12)))

    place = (await read(api, web)).discussions[0]

    assert [10] == naps.taken
    assert 2 == len(place.comments)


async def test_a_long_backoff_holds_for_the_next_reading_too(
    api: Api, web: Web, served: Site, naps: Naps
) -> None:
    """
    It is told how long; nobody is kept waiting, and the site is not asked.
    """
    serve(served)
    served.answers["/questions/7"].clear()
    served.json("/questions/7", items(question(), backoff=120))
    await read(api, web)
    asked = len(served.asked)

    with pytest.raises(SiteBusy) as caught:
        await read(api, web)

    assert 120 == caught.value.facts["retry_after"]
    assert (asked, []) == (len(served.asked), naps.taken)


async def test_a_picture_is_a_broken_answer(api: Api, web: Web, served: Site) -> None:
    """
    Whatever was asked for.
    """
    served.page("/questions/7", b"x", kind="image/png")

    with pytest.raises(BrokenAnswer):
        await read(api, web)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"error_id": 502, "error_name": "throttle_violation"}', SiteBusy),
        (429, "", SiteBusy),
        (403, "<html>no", AccessDenied),
        (500, "", SiteFailed),
        (200, "<html>Hold on", BrokenAnswer),
        (200, "", BrokenAnswer),
        (200, "[]", BrokenAnswer),
        (200, '{"items": {}}', BrokenAnswer),
        (200, '{"items": [{"title": "no id"}]}', BrokenAnswer),
    ],
)
async def test_a_refusal_of_the_question_is_told(
    api: Api, web: Web, served: Site, status: int, body: str, error: type[ChorusError]
) -> None:
    """
    A used up quota comes as 400.
    """
    served.page("/questions/7", body, status, kind="application/json")

    with pytest.raises(error):
        await read(api, web)


async def test_what_is_refused_later_is_a_gap(api: Api, web: Web, served: Site) -> None:
    """
    What was read stands: without answers there is still the question, without comments the answers.
    """
    served.json("/questions/7", items(question()))
    served.json("/questions/7/answers", items(answer(11), more=True))
    served.page("/questions/7/answers", "", 400)
    served.page("/posts/7;11/comments", "", 400)

    found = await read(api, web)

    assert found.article
    (place,) = found.discussions
    assert ["stackexchange:11"] == [c.id for c in place.comments]
    assert 2 == place.declared
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1"),) == place.gaps


async def test_a_question_that_would_take_too_many_requests_says_so(
    api: Api, web: Web, served: Site
) -> None:
    """
    A limit of ours, and how much is left nobody knows.
    """
    serve(served, items(answer(11), more=True), ids="7;11")
    platform = StackExchange(api=api)

    found = await platform.read(LINK, web, web.job(LOCAL, most_requests=2), lambda _: None)

    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1"),) == found.discussions[0].gaps


async def test_answers_that_fail_halfway_are_counted(api: Api, web: Web, served: Site) -> None:
    """
    The comments on those that were read are read.
    """
    served.json("/questions/7", items(question()))
    served.json("/questions/7/answers", items(answer(11), more=True))
    served.page("/questions/7/answers", "", 500)
    served.json("/posts/7;11/comments", items(remark(21, 11)))

    place = (await read(api, web)).discussions[0]

    assert ["stackexchange:11", "stackexchange:c21"] == [c.id for c in place.comments]
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 1),) == place.gaps


async def test_answers_that_are_stated_and_not_handed_out_are_missing(
    api: Api, web: Web, served: Site
) -> None:
    """
    Counted.
    """
    serve(served, items(answer(11)), ids="7;11")

    place = (await read(api, web)).discussions[0]

    assert (2, (Gap(GapCode.COMMENTS_MISSING, count=1),)) == (place.declared, place.gaps)


async def test_a_question_that_nobody_answered_says_so(api: Api, web: Web, served: Site) -> None:
    """
    None is a fact, not a failure.
    """
    served.json("/questions/7", items(question(answer_count=0)))
    served.json("/questions/7/answers", items())
    served.json("/posts/7/comments", items())

    place = (await read(api, web)).discussions[0]

    assert (Gap(GapCode.COMMENTS_NONE),) == place.gaps


async def test_a_site_that_never_comes_to_an_end_is_left(api: Api, web: Web, served: Site) -> None:
    """
    The same page again, and "more" each time.
    """
    serve(served, items(answer(11), answer(12), more=True))

    place = (await read(api, web)).discussions[0]

    assert 2 == len(place.comments)
    assert 4 == len(served.asked)


JSON: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1e400, "", "\ud800", [], [[]], {}, {"login": []}]
)
POST = st.fixed_dictionaries(
    {"answer_id": st.integers(), "comment_id": st.integers()},
    optional=dict.fromkeys(
        ("title", "body", "owner", "creation_date", "score", "post_id", "is_accepted"), JSON
    ),
)


@given(st.lists(POST, max_size=4), st.lists(POST, max_size=4))
def test_wrong_types_are_nothing_said(
    answers: list[dict[str, Any]], remarks: list[dict[str, Any]]
) -> None:
    """
    Every field may be anything; each item is a comment all the same.
    """
    found = comments_of(answers, remarks, "https://stackoverflow.com/questions/7")

    assert len(answers) + len(remarks) >= len(found)
    for post in answers:
        article_of(post, "https://stackoverflow.com/questions/7", "stackoverflow.com")
        title_of(post)
