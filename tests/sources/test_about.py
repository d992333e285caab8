"""Links in foreign answers."""

from __future__ import annotations

import pytest

from bot.sources.about import link_of, page_of


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("https://a.example/x?utm_source=y", "https://a.example/x"),
        ("/r/bees/comments/1", None),
        ("javascript:alert(1)", None),
        ("https://me:secret@a.example/", None),
        ("", None),
        (None, None),
        (7, None),
        (["https://a.example/"], None),
    ],
)
def test_only_a_link_is_a_link(value: object, link: str | None) -> None:
    """
    Canonical, http or https, without a password.
    """
    assert link == link_of(value)


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("https://blog.example/bees", "https://blog.example/bees"),
        ("https://i.example/bee.JPG?w=1", None),
        ("https://i.example/bee.gifv", None),
        ("https://v.own.example/abc", None),
        ("https://own.example/abc", None),
        ("https://grown.example/abc", "https://grown.example/abc"),
    ],
)
def test_a_page_to_talk_about_lies_elsewhere(value: str, link: str | None) -> None:
    """
    Neither a picture nor a place's own.
    """
    assert link == page_of(value, "own.example")
