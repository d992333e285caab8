"""Stories of Hacker News: the whole tree, from whichever of three sources answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.gaps import Gap, GapCode
from bot.core.models import LOCAL, Discussion, State
from bot.core.ports import Report
from bot.errors import BrokenAnswer, SiteFailed
from bot.sources.platform import Material
from bot.sources.platforms.hackernews import HackerNews
from bot.sources.web import Web
from tests.sources.site import Site

LINK = "https://news.ycombinator.com/item?id=1"


def quiet(_: object) -> None:
    pass


def node(
    id: int, text: str | None = "words", *children: dict[str, Any], **facts: Any
) -> dict[str, Any]:
    author = f"user{id}" if text else None
    made = {"id": id, "type": "comment", "author": author, "text": text, "story_id": 1}
    return {
        **made,
        "created_at": "2026-01-02T03:04:05.000Z",
        "points": None,
        "children": list(children),
        **facts,
    }


def story(*children: dict[str, Any], **facts: Any) -> dict[str, Any]:
    made = {
        "id": 1,
        "type": "story",
        "author": "op",
        "title": "On bees",
        "url": "https://blog.example/bees",
    }
    return {
        **made,
        "text": None,
        "created_at": "2026-01-01T00:00:00Z",
        "children": list(children),
        **facts,
    }


async def read(
    served: Site, web: Web, link: str = LINK, report: Report = quiet, most: int | None = None
) -> Material:
    reader = HackerNews(served.url("/algolia"), served.url("/firebase"), served.url("/site"))
    return await reader.read(link, web, web.job(LOCAL, most), report)


def tree(place: Discussion) -> list[tuple[str, str | None, State]]:
    return [(c.id, c.parent, c.state) for c in place.comments]


@pytest.mark.parametrize(
    ("link", "yes"),
    [
        (LINK, True),
        ("https://news.ycombinator.com/item?id=1&p=2", True),
        ("https://hn.algolia.com/api/v1/items/1", True),
        ("https://hn.algolia.com/story/1/on-bees", True),
        ("https://hn.algolia.com/api/v1/search?tags=comment,story_1", True),
        ("https://hn.algolia.com/?query=bees", False),
        ("https://news.ycombinator.com/", False),
        ("https://news.ycombinator.com/item?id=x", False),
        ("https://news.ycombinator.com/item?id=²", False),
        ("https://evil.example/item?id=1", False),
    ],
)
def test_an_item_is_recognised_by_its_link(link: str, yes: bool) -> None:
    """
    Host, path and a plain number.
    """
    assert yes == HackerNews().recognises(link)


async def test_the_tree_comes_in_thread_order_with_its_deleted_places(
    web: Web, served: Site
) -> None:
    """
    Replies to a deleted comment stay below it; the story's link is the article.
    """
    served.json(
        "/algolia/items/1",
        story(node(2, "a<p>b", node(3), node(4, None, node(5, "below"))), node(6, children=None)),
    )

    found = await read(served, web)

    assert "https://blog.example/bees" == found.about
    assert found.article is None
    (place,) = found.discussions
    assert ("hackernews", LINK, "On bees", 5) == (
        place.platform,
        place.url,
        place.title,
        place.declared,
    )
    assert [
        ("hn:2", None, State.OK),
        ("hn:3", "hn:2", State.OK),
        ("hn:4", "hn:2", State.DELETED),
        ("hn:5", "hn:4", State.OK),
        ("hn:6", None, State.OK),
    ] == tree(place)
    first = place.comments[0]
    assert ("user2", "a\n\nb", None) == (first.author, first.text, first.score)
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == first.posted_at
    assert "https://news.ycombinator.com/item?id=2" == first.url
    assert (Gap(GapCode.COMMENTS_DELETED, count=1),) == place.gaps


async def test_a_question_is_its_own_article(web: Web, served: Site) -> None:
    """
    Ask HN has text and no link.
    """
    served.json("/algolia/items/1", story(node(2), url=None, text="Do you <i>keep</i> bees?"))

    found = await read(served, web)

    assert found.article
    assert ("On bees", "Do you keep bees?", ("op",)) == (
        found.article.title,
        found.article.text,
        found.article.authors,
    )
    assert found.about is None


async def test_a_comments_link_leads_to_its_whole_story(web: Web, served: Site) -> None:
    """
    Found by story_id.
    """
    served.json("/algolia/items/3", node(3))
    served.json("/algolia/items/1", story(node(2, "words", node(3))))

    found = await read(served, web, "https://news.ycombinator.com/item?id=3")

    assert ["hn:2", "hn:3"] == [c.id for c in found.discussions[0].comments]


async def test_a_story_without_comments_says_so(web: Web, served: Site) -> None:
    """
    None is a fact, not a failure.
    """
    served.json("/algolia/items/1", story())

    assert (Gap(GapCode.COMMENTS_NONE),) == (await read(served, web)).discussions[0].gaps


def row(id: int, indent: int, words: str | None) -> str:
    body = (
        f'<div class="commtext c00">{words}<div class="reply"><a>reply</a></div></div>'
        if words is not None
        else "<div>[flagged]</div>"
    )
    return (
        f'<tr class="athing comtr" id="{id}"><td><table><tr><td class="ind" indent="{indent}"></td>'
        f'<td class="default"><a class="hnuser">user{id}</a>'
        f'<span class="age" title="2026-01-02T03:04:05 1767323045"></span>'
        f'<div class="comment">{body}</div></td></tr></table></td></tr>'
    )


def page(*rows: str, more: bool = False) -> str:
    link = '<a class="morelink" href="?p=2">More</a>' if more else ""
    return (
        '<html><body><span class="titleline"><a href="https://blog.example/bees">On bees</a></span>'
        '<table><tr><td class="subtext"><a class="hnuser">op</a> | <a>5&nbsp;comments</a></td></tr>'
        f"</table><table>{''.join(rows)}</table>{link}</body></html>"
    )


async def test_the_page_itself_is_read_where_the_index_fails(web: Web, served: Site) -> None:
    """
    Every page of it; a row that two pages show is one comment; indents are the tree.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", page(row(2, 0, "a"), row(3, 1, "b<p>c"), row(4, 2, None), more=True))
    served.page("/site/item", page(row(4, 2, None), row(5, 1, "d"), row(6, 0, "e")))

    place = (await read(served, web)).discussions[0]

    assert [
        ("hn:2", None, State.OK),
        ("hn:3", "hn:2", State.OK),
        ("hn:4", "hn:3", State.REMOVED),
        ("hn:5", "hn:2", State.OK),
        ("hn:6", None, State.OK),
    ] == tree(place)
    assert "b\n\nc" == place.comments[1].text
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == place.comments[1].posted_at
    assert 5 == place.declared
    assert ["/algolia/items/1", "/site/item?id=1", "/site/item?id=1&p=2"] == served.paths


async def test_a_page_that_fails_later_leaves_what_was_read(web: Web, served: Site) -> None:
    """
    The rest is a gap that says how many.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", page(row(2, 0, "a"), more=True))
    served.page("/site/item", "", 503)

    place = (await read(served, web)).discussions[0]

    assert 1 == len(place.comments)
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 4),) == place.gaps


async def test_pages_that_would_take_too_many_requests_are_left_unread(
    web: Web, served: Site
) -> None:
    """
    The limit is ours, and the gap says so: 5 comments declared, 1 read.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", page(row(2, 0, "a"), more=True))

    place = (await read(served, web, most=2)).discussions[0]

    assert ["hn:2"] == [c.id for c in place.comments]
    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 4),) == place.gaps


async def test_items_that_would_take_too_many_requests_are_left_unread(
    web: Web, served: Site
) -> None:
    """
    Firebase takes one request a comment: of three, two are read before the limit.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", "", 403)
    story = {"id": 1, "type": "story", "title": "On bees", "kids": [2, 3, 4], "descendants": 3}
    served.json("/firebase/item/1.json", story)
    for id in (2, 3, 4):
        item = {"id": id, "type": "comment", "by": "ann", "text": "a", "parent": 1}
        served.json(f"/firebase/item/{id}.json", item)

    place = (await read(served, web, most=5)).discussions[0]

    assert 2 == sum(c.readable for c in place.comments)
    assert (Gap(GapCode.REQUEST_LIMIT, "127.0.0.1", 1),) == place.gaps


async def test_firebase_is_asked_where_both_fail(web: Web, served: Site) -> None:
    """
    Item by item, in the order of the site; gone, deleted and dead ones keep their place.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", "", 403)
    items: dict[int, Any] = {
        1: {
            "id": 1,
            "type": "story",
            "by": "op",
            "title": "On bees",
            "kids": [4, 2],
            "descendants": 3,
        },
        2: {
            "id": 2,
            "type": "comment",
            "by": "ann",
            "text": "a",
            "time": 1767323045,
            "parent": 1,
            "kids": [3],
        },
        3: {"id": 3, "type": "comment", "deleted": True, "parent": 2, "kids": [5, 6]},
        4: {"id": 4, "type": "comment", "by": "ben", "text": "spam", "dead": True, "parent": 1},
        5: {"id": 5, "type": "comment", "by": "cat", "text": "c", "parent": 3},
        6: None,
    }
    for id, item in items.items():
        served.json(f"/firebase/item/{id}.json", item)

    place = (await read(served, web, "https://news.ycombinator.com/item?id=1")).discussions[0]

    assert [
        ("hn:4", None, State.REMOVED),
        ("hn:2", None, State.OK),
        ("hn:3", "hn:2", State.DELETED),
        ("hn:5", "hn:3", State.OK),
        ("hn:6", "hn:3", State.DELETED),
    ] == tree(place)
    assert datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) == place.comments[1].posted_at


async def test_the_first_failure_is_told_where_all_fail(web: Web, served: Site) -> None:
    """
    What Algolia said, as the source that should have answered.
    """
    for path in ("/algolia/items/1", "/site/item", "/firebase/item/1.json"):
        served.page(path, "", 500 if "algolia" in path else 502)

    with pytest.raises(SiteFailed) as caught:
        await read(served, web)

    assert 500 == caught.value.facts["status"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "text/html"),
        ("<!-- -->", "text/html"),
        ("%PDF-1.4", "application/pdf"),
        ("<p>Sorry.", "text/html"),
        ("\ud800".encode("utf-8", "surrogatepass"), "text/html"),
    ],
)
async def test_a_page_that_is_none_leads_to_firebase(
    web: Web, served: Site, body: str | bytes, kind: str
) -> None:
    """
    Whatever comes with status 200.
    """
    served.page("/algolia/items/1", "<html>busy")
    served.page("/site/item", body, kind=kind)
    served.json("/firebase/item/1.json", {"id": 1, "type": "story", "kids": [2], "descendants": 1})
    served.json("/firebase/item/2.json", {"id": 2, "type": "comment", "by": "ann", "text": "a"})

    assert [("hn:2", None, State.OK)] == tree((await read(served, web)).discussions[0])


async def test_rows_without_a_number_are_none(web: Web, served: Site) -> None:
    """
    And an indent that is no number is none; a page that says how it is encoded is read all the same.
    """
    served.page("/algolia/items/1", "", 500)
    odd = row(2, 0, "a").replace('id="2"', 'id="²"') + row(3, 0, "b").replace('"0"', '"x"')
    served.page(
        "/site/item", '<?xml version="1.0" encoding="latin-1"?>' + page(odd, row(4, 9, "c"))
    )

    place = (await read(served, web)).discussions[0]

    assert [("hn:3", None, State.OK), ("hn:4", "hn:3", State.OK)] == tree(place)


async def test_a_page_that_is_its_own_next_one_is_read_once(web: Web, served: Site) -> None:
    """
    Nothing new is the end.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", page(row(2, 0, "a"), more=True))

    place = (await read(served, web)).discussions[0]

    assert 1 == len(place.comments)
    assert 3 == len(served.asked)


async def test_an_item_that_fails_leaves_what_was_read(web: Web, served: Site) -> None:
    """
    Of two comments one is read; the gap says how many are not.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", "", 403)
    served.json(
        "/firebase/item/1.json", {"id": 1, "type": "story", "kids": [2, 2, 3, 1], "descendants": 2}
    )
    served.json("/firebase/item/2.json", {"id": 2, "type": "comment", "by": "ann", "text": "a"})
    served.page("/firebase/item/3.json", "", 500)

    place = (await read(served, web)).discussions[0]

    assert [("hn:2", None, State.OK)] == tree(place)
    assert (Gap(GapCode.COMMENTS_UNREADABLE, "127.0.0.1", 1),) == place.gaps


async def test_items_that_lead_in_a_circle_are_asked_for_once(web: Web, served: Site) -> None:
    """
    Each is a comment where it was found first.
    """
    served.page("/algolia/items/1", "", 500)
    served.page("/site/item", "", 403)
    served.json("/firebase/item/1.json", {"id": 1, "type": "story", "kids": [2, 3]})
    for id, kids in ((2, [3, 4]), (3, [2, 1]), (4, [4, 2])):
        item = {"id": id, "type": "comment", "by": "ann", "text": "a", "kids": kids}
        served.json(f"/firebase/item/{id}.json", item)

    place = (await read(served, web)).discussions[0]

    assert ["hn:2", "hn:3", "hn:4"] == [c.id for c in place.comments]
    assert 6 == len(served.asked)


async def test_a_comment_is_followed_to_its_story_in_firebase_too(web: Web, served: Site) -> None:
    """
    Item by item upwards; it is a comment of the story like the others.
    """
    served.page("/algolia/items/3", "", 500)
    served.page("/site/item", "", 403)
    served.json("/firebase/item/1.json", {"id": 1, "type": "story", "kids": [2]})
    for id, above, kids in ((2, 1, [3]), (3, 2, [])):
        item = {"id": id, "type": "comment", "by": "a", "text": "a", "parent": above, "kids": kids}
        served.json(f"/firebase/item/{id}.json", item)

    found = await read(served, web, "https://news.ycombinator.com/item?id=3")

    assert [("hn:2", None, State.OK), ("hn:3", "hn:2", State.OK)] == tree(found.discussions[0])


async def test_comments_not_in_the_index_yet_are_counted(web: Web, served: Site) -> None:
    """
    The site states eleven, the index has ten: it lags minutes behind, and says nothing.
    """
    served.json("/algolia/items/1", story(*(node(n) for n in range(2, 12))))
    served.json("/firebase/item/1.json", {"id": 1, "type": "story", "descendants": 11})

    place = (await read(served, web)).discussions[0]

    assert (10, 11) == (len(place.comments), place.declared)
    assert (Gap(GapCode.COMMENTS_MISSING, count=1),) == place.gaps


async def test_a_fresh_story_is_read_from_its_page(web: Web, served: Site) -> None:
    """
    Where the index has one comment of five; what the index has stands where the page fails.
    """
    served.json("/algolia/items/1", story(node(2)))
    served.json("/firebase/item/1.json", {"id": 1, "type": "story", "descendants": 5})
    served.page("/site/item", "", 403)
    served.page("/site/item", page(*(row(n, 0, "a") for n in range(2, 7))))

    lagging = (await read(served, web)).discussions[0]
    fresh = (await read(served, web)).discussions[0]

    assert (1, (Gap(GapCode.COMMENTS_MISSING, count=4),)) == (len(lagging.comments), lagging.gaps)
    assert (5, 5, ()) == (len(fresh.comments), fresh.declared, fresh.gaps)


async def test_dead_comments_beyond_the_stated_number_are_no_fault(web: Web, served: Site) -> None:
    """
    The index keeps their places, the site does not count them.
    """
    served.json("/algolia/items/1", story(node(2), node(3, None, author=None)))
    served.json("/firebase/item/1.json", {"id": 1, "type": "story", "descendants": 1})

    place = (await read(served, web)).discussions[0]

    assert (2, (Gap(GapCode.COMMENTS_DELETED, count=1),)) == (place.declared, place.gaps)


async def test_a_comment_without_its_storys_number_is_followed_upwards(
    web: Web, served: Site
) -> None:
    """
    To the story; a circle is none.
    """
    served.json("/algolia/items/3", node(3, story_id=None, parent_id=2))
    served.json("/algolia/items/2", node(2, story_id=None, parent_id=1))
    served.json("/algolia/items/1", story(node(2, "words", node(3))))
    served.json("/algolia/items/8", node(8, story_id=9))
    served.json("/algolia/items/9", node(9, story_id=8))

    found = await read(served, web, "https://news.ycombinator.com/item?id=3")
    with pytest.raises(BrokenAnswer):
        await read(served, web, "https://news.ycombinator.com/item?id=8")

    assert 2 == len(found.discussions[0].comments)


async def test_options_of_a_poll_are_no_comments(web: Web, served: Site) -> None:
    """
    Nor is anything below them below a comment that is not there.
    """
    served.json("/algolia/items/1", story(node(2, "yes", node(3), type="pollopt"), node(4)))

    assert [("hn:3", None, State.OK), ("hn:4", None, State.OK)] == tree(
        (await read(served, web)).discussions[0]
    )


async def test_items_of_wrong_types_are_still_a_tree(web: Web, served: Site) -> None:
    """
    Every comment once, whatever stands below itself or says it is the story.
    """
    odd: list[Any] = [None, 5, {}, {"id": "7"}, {"id": True}, {"id": 1}]
    again = node(2, "words", node(2), node(3, None, author=[], created_at={}, children={"a": 1}))
    served.json("/algolia/items/1", story(*odd, again, title=[], text={}, author=5, created_at=[]))

    place = (await read(served, web)).discussions[0]

    assert [("hn:2", None, State.OK), ("hn:3", "hn:2", State.DELETED)] == tree(place)


async def test_a_captured_comment_is_read_with_its_story(
    web: Web, served: Site, shared: Path
) -> None:
    """
    Item 17 of 2006, two replies below it, answered by the index in the shape of that time.
    """
    captured = json.loads((shared / "fixtures/hackernews/algolia_items_17.json").read_text("utf-8"))
    served.json("/algolia/items/17", captured)
    served.json("/algolia/items/1", story(node(15, "words", captured)))

    place = (await read(served, web, "https://news.ycombinator.com/item?id=17")).discussions[0]

    assert [
        ("hn:15", None, State.OK),
        ("hn:17", "hn:15", State.OK),
        ("hn:1079", "hn:17", State.OK),
        ("hn:454426", "hn:17", State.OK),
    ] == tree(place)
    assert ["pg", "dmon", "Arrington"] == [c.author for c in place.comments[1:]]


async def test_a_very_deep_thread_is_walked(web: Web, served: Site) -> None:
    """
    Depth is the site's to choose; here 400 levels.
    """
    deep = node(500)
    for id in range(499, 100, -1):
        deep = node(id, "words", deep)
    served.json("/algolia/items/1", story(deep))

    place = (await read(served, web)).discussions[0]

    assert 400 == len(place.comments)
    assert "hn:499" == place.comments[-1].parent


async def test_a_captured_story_is_read_whole(web: Web, served: Site, shared: Path) -> None:
    """
    566 comments, 103 at the top, nine levels, two without words (item 39232976).
    """
    raw = (shared / "fixtures/hackernews/DERIVED_items_from_html_pkl.json").read_bytes()
    served.page("/algolia/items/39232976", raw, kind="application/json")
    found = await read(served, web, "https://news.ycombinator.com/item?id=39232976")

    assert "https://pkl-lang.org/blog/introducing-pkl.html" == found.about
    (place,) = found.discussions
    assert 566 == len(place.comments) == place.declared
    assert 103 == sum(c.parent is None for c in place.comments)
    assert (Gap(GapCode.COMMENTS_DELETED, count=2),) == place.gaps
    depth: dict[str | None, int] = {None: 0}
    for comment in place.comments:
        depth[comment.id] = depth[comment.parent] + 1
    assert 9 == max(depth.values())
