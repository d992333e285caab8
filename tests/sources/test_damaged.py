"""Answers of platforms with anything standing anywhere: what is odd is passed over, and nothing else is raised."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.core.fingerprint import fingerprint
from bot.core.models import LOCAL, Article, Comment, Discussion
from bot.sources.platforms import bluesky_thread, lemmy_post, mastodon_status, reddit_thread
from bot.sources.threads import in_thread_order
from bot.sources.values import mapping, mappings
from tests.sources import test_bluesky, test_lemmy, test_mastodon, test_reddit

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0.5,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "\ud800\0",
    "https://[",
    "javascript:x",
    "9999-99-99T99:99:99Z",
    "0001-01-01T00:00:00+14:00",
    "0." * 2_000,
    [],
    [[]],
    ["x", None, 7],
    {},
    {"": None},
)


def reddit(answer: Any) -> tuple[Article | None, tuple[Comment, ...]]:
    found = reddit_thread.split(answer)
    if found is None:
        return None, ()
    post = reddit_thread.post_of(found[0])
    thread = reddit_thread.Thread(post, found[1])
    thread.add(reddit_thread.more_of({"json": {"data": {"things": found[1]}}}) or [])
    assert thread.missing >= 0
    return post.article, thread.comments


def lemmy(answer: Any) -> tuple[Article | None, tuple[Comment, ...]]:
    post = lemmy_post.post_of(mapping(mapping(answer).get("post")), "https://l.example")
    found = lemmy_post.comment_of(mapping(mapping(answer).get("one")), "https://l.example")
    return post.article if post else None, in_thread_order([found] if found else [])


def mastodon(answer: Any) -> tuple[Article | None, tuple[Comment, ...]]:
    statuses = mappings(answer)
    mastodon_status.counted(statuses)
    for one in statuses:
        mastodon_status.home_of(one, "https://m.example")
    article = mastodon_status.article_of(statuses[0], "https://m.example") if statuses else None
    return article, in_thread_order(mastodon_status.comments_of(statuses, "1", "https://m.example"))


def bluesky(answer: Any) -> tuple[Article | None, tuple[Comment, ...]]:
    node = mapping(answer)
    post = bluesky_thread.post_of(node)
    if post is None:
        return None, ()
    thread = bluesky_thread.Thread(post)
    thread.add(node)
    assert thread.missing >= 0
    return post.article, thread.comments


GOOD: dict[str, tuple[Callable[[Any], tuple[Article | None, tuple[Comment, ...]]], Any]] = {
    "reddit": (
        reddit,
        test_reddit.thread(
            test_reddit.comment("c1", test_reddit.comment("c2")),
            test_reddit.more("m1", "m2"),
            selftext="Words",
        ),
    ),
    "lemmy": (
        lemmy,
        {"post": test_lemmy.post(2, url=None)["post_view"], "one": test_lemmy.view(3, "0.2.3")},
    ),
    "mastodon": (
        mastodon,
        [test_mastodon.status("1"), test_mastodon.status("2", "1", url="https://m.example/@x/2")],
    ),
    "bluesky": (
        bluesky,
        test_bluesky.node(
            "p1",
            test_bluesky.node("c2", test_bluesky.gone("c3")),
            embed=test_bluesky.card("https://blog.example/bees"),
            facets=test_bluesky.facets("https://blog.example/bees"),
            labels=[test_bluesky.OUT],
        ),
    ),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inside:
        yield from places(one, (*path, key))


def damaged(good: Any) -> Iterator[Any]:
    """Yield *good* with every odd value in every place."""
    for path in places(good):
        for odd in ODD:
            whole = [copy.deepcopy(good)]
            at: Any = whole
            for key in (0, *path)[:-1]:
                at = at[key]
            at[(0, *path)[-1]] = odd
            yield whole[0]


@pytest.mark.parametrize("platform", GOOD)
def test_whatever_stands_there_is_read_or_passed_over(platform: str) -> None:
    """
    Each odd value in each place; what comes out can be kept and named.
    """
    read, good = GOOD[platform]

    for answer in damaged(good):
        article, comments = read(answer)
        place = Discussion(platform, None, None, None, comments)
        assert 64 == len(fingerprint(article, (place,), "t", LOCAL))
        assert all(isinstance(one.text, str) for one in comments)
        json.dumps([one.score for one in comments])
