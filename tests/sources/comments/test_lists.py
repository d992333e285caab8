"""Several lists in a page, and what looks like comments and is none."""

# ruff: noqa: E501 - markup reads better in one piece

from __future__ import annotations

import pytest

from bot.core.gaps import Gap, GapCode
from bot.core.models import Discussion
from bot.sources.webpage import read_page

WORDS = (
    "The council has decided to open the old swimming pool again next summer, after ten years of empty water and "
    "broken tiles, because a group of neighbours collected the money. "
)
MORE = "The works begin in March and will take a year, says the mayor, who has not been seen there for a while."
PEOPLE = ("Ann", "Bob", "Cleo")
POSTS = (
    ("Who pays for all of that, and who is asked?", "2024-05-07", "May 7, 2024"),
    ("The neighbours did, and all of it in two years.", "2024-05-08", "May 8, 2024"),
    ("I would rather have had a library there.", "2024-05-09", "May 9, 2024"),
)
TITLES = (
    "Ten things to know about the pool",
    "Why old pools close, and who pays for that",
    "A mayor who never swims",
)


def places(body: str, article: str = "") -> tuple[Discussion, ...]:
    article = (
        article or f'<div class="story"><h1>The pool opens</h1><p>{WORDS}</p><p>{MORE}</p></div>'
    )
    html = f"<html lang=en><head><title>The pool opens</title></head><body>{article}{body}</body></html>"
    return read_page(html, "https://town.example/pool").discussions


def comment(number: int, name: str, words: str) -> str:
    return (
        f'<div class="comment" id="comment-{number}"><b class="author">{name}</b> '
        f'<time datetime="2024-05-07">7 May</time><p>{words}</p></div>'
    )


def test_two_lists_are_two_discussions() -> None:
    """
    Each has its heading, its own count and its own gap; ids are unique in the page.
    """
    here = comment(1, "Ann", POSTS[0][0]) + comment(2, "Bob", POSTS[1][0])
    forum = comment(1, "Cleo", POSTS[2][0]) + comment(3, "Dora", "So would I, and many of us here.")

    one, two = places(
        f'<div id="comments"><h3>2 comments</h3>{here}</div>'
        f'<div id="forum-comments"><h3>5 comments from our forum</h3>{forum}</div>'
    )

    assert (["Ann", "Bob"], ["Cleo", "Dora"]) == (
        [c.author for c in one.comments],
        [c.author for c in two.comments],
    )
    assert (2, 5) == (one.declared, two.declared)
    assert ((), (Gap(GapCode.COMMENTS_MISSING, count=3),)) == (one.gaps, two.gaps)
    assert 4 == len({c.id for c in (*one.comments, *two.comments)})


def test_the_best_of_them_is_not_said_twice() -> None:
    """
    A list of highlighted comments repeats what the whole list has.
    """
    every = "".join(
        comment(n, name, post[0]) for n, (name, post) in enumerate(zip(PEOPLE, POSTS, strict=True))
    )
    best = f'<div id="top-comments"><h3>Best comments</h3>{comment(2, "Cleo", POSTS[2][0])}</div>'

    (found,) = places(f'{best}<div id="comments"><h3>3 comments</h3>{every}</div>')

    assert sorted(PEOPLE) == sorted(str(c.author) for c in found.comments)


def rows(template: str) -> str:
    """Return *template* for three people and three titles."""
    return "".join(
        template.format(n=n, name=name, title=title, words=words, iso=iso, day=day)
        for n, (name, title, (words, iso, day)) in enumerate(
            zip(PEOPLE, TITLES, POSTS, strict=True)
        )
    )


NOT_COMMENTS = {
    "recent comments": '<div class="sidebar"><h3>Recent comments</h3><ul>'
    + rows('<li class="recentcomments"><b>{name}</b> on <a href="/p{n}#comment-{n}">{title}</a> {day}</li>')
    + "</ul></div>",
    "latest comments": '<div class="latest-comments"><h4>Latest comments</h4>'
    + rows('<div class="item"><a href="/p{n}#comment-{n}">{name}: {words}</a> <span class="date">{day}</span></div>')
    + "</div>",
    "related": '<section class="related"><h3>Related</h3>'
    + rows('<article><h4><a href="/p{n}">{title}</a></h4><span class="author">{name}</span> <time datetime="{iso}">{day}</time></article>')
    + "</section>",
    "teasers": "<div>"
    + rows(
        '<div class="post"><h2><a href="/p{n}">{title}</a></h2><p class="by">By <span class="author">{name}</span>, {day}</p>'
        '<p>{words}</p><a href="/p{n}#comments">12 comments</a></div>'
    )
    + "</div>",
    "pingbacks": '<div id="comments"><h3>3 Trackbacks</h3><ol class="commentlist">'
    + rows('<li class="pingback" id="comment-{n}"><p>Pingback: <a href="http://other.example/{n}">{title}</a> {day}</p></li>')
    + "</ol></div>",
    "form": '<div id="respond" class="comment-respond"><h3>Leave a comment</h3><form><p>Your address will not be published.</p>'
    '<label>Comment <textarea name="comment"></textarea></label><label>Name <input name="author"></label></form></div>',
    "most commented": "<div><h3>Most commented</h3><ol>"
    + rows('<li><a href="/p{n}">{title}</a> <span class="comment-count">{n}2 comments</span> <span>{day}</span></li>')
    + "</ol></div>",
    "authors": '<div class="authors"><h3>About the authors</h3>'
    + rows('<div class="author-box"><b class="author">{name}</b><p>{name} has written for us since {day}.</p></div>')
    + "</div>",
    "archive": "<h3>Archive</h3><ul>" + rows('<li><a href="/p{n}">{title}</a> {day}</li>') + "</ul>",
}  # fmt: skip


@pytest.mark.parametrize("body", NOT_COMMENTS.values(), ids=NOT_COMMENTS)
def test_lists_that_are_no_comments(body: str) -> None:
    """
    Names, dates and words in rows are not enough: where they stand and where they lead says what they are.
    """
    (found,) = places(body)

    assert () == found.comments
