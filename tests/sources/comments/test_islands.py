"""Comments in the data that a page brings for its scripts."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from bot.core.models import Comment
from bot.errors import UnreadableError
from bot.sources.webpage import read_page

Json = dict[str, object]

ARTICLE = (
    "<article><h1>The pool</h1><p>The council has decided to open the old swimming pool again next summer, after ten "
    "years of broken tiles.</p><p>The works begin in March and will take a year, says the mayor.</p></article>"
)
NESTED: Json = {
    "id": "c1",
    "author": {"name": "Ann"},
    "body": "<p>Who pays?</p>",
    "createdAt": "2024-05-07T10:00:00Z",
    "replies": [
        {"id": "c2", "author": {"name": "Bob"}, "body": "Neighbours.", "createdAt": "2024-05-08T11:30:00Z"}
    ],
}  # fmt: skip
FLAT: list[Json] = [
    {"id": 1, "parentId": None, "user": {"displayName": "Ann"}, "text": "Who pays?", "timestamp": 1715076000},
    {"id": 2, "parentId": 1, "user": {"displayName": "Bob"}, "text": "Neighbours.", "timestamp": 1715167800000},
]  # fmt: skip
STATE = {"props": {"pageProps": {"story": {"title": "The pool", "comments": [NESTED]}}}}
TABLE = {"entities": {"comments": {str(node["id"]): node for node in FLAT}}}


def comments(script: str) -> tuple[Comment, ...]:
    reading = read_page(f"<html><body>{ARTICLE}{script}</body></html>", "https://town.example/")
    return reading.discussions[0].comments


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>',
        f"<script>window.__INITIAL_STATE__ = {json.dumps(TABLE)};</script>",
        f"<script>window.__STATE__ = JSON.parse({json.dumps(json.dumps(STATE))})</script>",
        f'<script type="application/json">{json.dumps({"discussion": {"items": FLAT}})}</script>',
        f"<script>var a = {{b: 1}}; var comments = {json.dumps(FLAT)}; start(comments)</script>",
    ],
    ids=["next", "table by id", "string", "json", "variable"],
)
def test_an_island_gives_the_conversation(script: str) -> None:
    """
    Who, what, when and in answer to whom, wherever the list lies in the data and whatever its fields are called.
    """
    ann, bob = comments(script)

    assert [("Ann", "Who pays?"), ("Bob", "Neighbours.")] == [
        (ann.author, ann.text),
        (bob.author, bob.text),
    ]
    assert (7, 8) == (ann.posted_at and ann.posted_at.day, bob.posted_at and bob.posted_at.day)
    assert (None, ann.id) == (ann.parent, bob.parent)


@pytest.mark.parametrize(
    "data",
    [
        {"stories": [{"author": "Ann", "headline": "A pool", "text": "Ten of them.", "date": "2024-05-07"}] * 3},
        {"comments": {"enabled": True, "policy": "Be kind.", "name": "x"}},
        {"comments": [{"text": "Reply"}, {"text": "Share"}]},
        {"users": [{"name": "Ann", "description": "Swims.", "createdAt": "2024-05-07"}] * 2},
    ],
    ids=["stories", "settings", "labels", "users"],
)  # fmt: skip
def test_what_is_no_comment_is_none(data: Json) -> None:
    """
    Lists of articles, settings, labels and people have some of the same fields.
    """
    assert () == comments(f'<script type="application/json">{json.dumps(data)}</script>')


def test_what_is_shown_is_not_read_twice() -> None:
    """
    A page that shows its comments and brings their data too has them once.
    """
    shown = (
        '<h3>2 comments</h3><ol><li id="comment-1"><b class="fn">Ann</b> <time datetime="2024-05-07">x</time>'
        '<p>Who pays?</p></li><li id="comment-2"><b class="fn">Bob</b> <time datetime="2024-05-08">x</time>'
        "<p>Neighbours.</p></li></ol>"
    )

    found = comments(f"{shown}<script>var state = {json.dumps(STATE)}</script>")

    assert ["page:1", "page:2"] == [comment.id for comment in found]


CIRCLE = [
    {"id": 1, "parentId": 2, "author": "Ann", "text": "One.", "date": "2024-05-07"},
    {"id": 2, "parentId": 1, "author": "Bob", "text": "Two.", "date": "2024-05-07"},
]


def test_nobody_answers_an_answer_to_oneself() -> None:
    """
    Parents in a circle are cut, and both comments stay.
    """
    one, two = comments(f"<script>var comments = {json.dumps(CIRCLE)}</script>")

    assert (two.id, None) == (one.parent, two.parent) or (None, one.id) == (one.parent, two.parent)


@pytest.mark.parametrize(
    "script",
    [
        "comments = " + "[" * 100_000,
        "comments = " + '{"author":' * 100_000,
        "= [" * 100_000 + "comment author",
        "comments = JSON.parse('" + "\\" * 100_001,
        'author comments = {"comments": [{"text": "\\ud800", "author": "\\ud800", "date": 1e999, "id": "\\ud800"}]}',
        f"author comments = [{json.dumps(NESTED)[:-1]}",
        f'comments = [{{"id": {"9" * 5_000}, "author": "A", "text": "B", "date": {"9" * 400}}}]',
        'comments = [{"author": {"name": ["A"]}, "text": {"html": 1}, "createdAt": {}, "replies": 5}]',
    ],
    ids=["deep", "deep objects", "many", "quotes", "halves", "cut", "huge", "types"],
)
def test_hostile_scripts_end(script: str) -> None:
    """
    Scripts built to stall a reader, or to break what is kept, end in a reading.
    """
    with suppress(UnreadableError):
        for one in comments(f"<script>{script}</script>"):
            f"{one.id} {one.author} {one.text}".encode()


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("lobsters/s_tdfoqh_2025.json", 10),
        ("lobsters/s_d9ucpe_2021_oldshape.json", 7),
        ("forem/comments.json", 5),
        ("guardian/discussion.json", 51),
        ("disqus/listPostsThreaded_b.json", 41),
        ("wordpress/comments_all.json", 10),
    ],
)
def test_captured_answers_read_as_data_of_a_page(name: str, count: int, shared: Path) -> None:
    """
    Sites bring into their pages what their own interfaces answer; each as many as were counted in it.
    """
    data = (shared / "fixtures" / name).read_text("utf-8").replace("</", "<\\/")

    assert count == len(comments(f'<script type="application/json">{data}</script>'))
