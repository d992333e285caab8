"""Tags of a page, found without parsing it."""

from __future__ import annotations

import pytest

from bot.sources.tags import MOST, rels, tags


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<link rel="a" href="/x?a=1&amp;b=2">', [("link", {"rel": "a", "href": "/x?a=1&b=2"})]),
        ("<LINK REL=a\n HREF='/x' />", [("link", {"rel": "a", "href": "/x"})]),
        ('<body class = "post postid-7"\n', [("body", {"class": "post postid-7"})]),
        ("<link rel=a<meta name=b>", [("link", {"rel": "a"}), ("meta", {"name": "b"})]),
        ("<input hidden name=x value=''>", [("input", {"name": "x", "value": ""})]),
        ("<linkage rel=a><p class=b>&lt;link rel=a&gt;", []),
        ("", []),
    ],
)
def test_tags_are_found_as_they_are_written(
    html: str, found: list[tuple[str, dict[str, str]]]
) -> None:
    """
    In any case, with any quotes, entities resolved, closed or not.
    """
    assert found == list(tags(html))


def test_no_page_has_more_tags_than_are_looked_at() -> None:
    """
    However many it is made of.
    """
    assert MOST == sum(1 for _ in tags("<link a=b>" * (MOST + 10)))


def test_relations_are_words() -> None:
    """
    In any case, several in one attribute.
    """
    assert ["alternate", "nofollow"] == rels({"rel": "Alternate  nofollow"})
    assert [] == rels({})
