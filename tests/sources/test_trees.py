"""HTML becomes a tree in a time that grows with its length, whatever it is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import EmptyPage
from bot.sources.trees import MOST_ATTRIBUTES, fragment_tree, page_tree, trimmed

MANY = range(60_000)  # a minute's work, untrimmed


@pytest.mark.parametrize(
    "attributes",
    [
        " ".join(f"a{n}=1" for n in MANY),
        "".join(f'a{n}=">"' for n in MANY),
        "".join(f"a{n}='<p '" for n in MANY),
        "/".join(f"a{n}" for n in MANY),
        "\n".join(f"a{n} = x" for n in MANY),
    ],
    ids=["plain", "double", "single", "slashes", "lines"],
)
def test_a_tag_has_a_thousand_attributes_at_most(attributes: str) -> None:
    """
    However they are written; what comes after the tag is kept.
    """
    tree = page_tree(f"<p>before</p><p {attributes}>inside</p><p>after")

    assert MOST_ATTRIBUTES == max(len(node.attrib) for node in tree.iter())
    assert "before inside after" == " ".join(node.text for node in tree.iter("p"))


def test_a_tag_that_never_ends_is_no_tag() -> None:
    """
    Nothing to show is nothing.
    """
    tree = fragment_tree("words<p " + " ".join(f"a{n}=1" for n in MANY))

    assert tree is not None
    assert "words" == tree.text


@given(st.text(st.sampled_from("<>/=\"' \nap")))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    """
    Whatever tags are made of, as long as there are few attributes.
    """
    long_enough = text + "." * 2 * MOST_ATTRIBUTES

    assert long_enough == trimmed(long_enough)


@pytest.mark.parametrize(
    "unit",
    ["<a", "<a ", "<a b=\"<a b='", '<p a=">" ', "<a/", "<", "a='", "<p a = ", "<p\t", "=", '"'],
)
def test_its_time_grows_with_the_length(unit: str) -> None:
    """
    Two million letters of anything are taken apart without going back; the test would not end otherwise.
    """
    assert trimmed(unit * (2_000_000 // len(unit)))


def test_a_page_that_declares_another_encoding_is_read() -> None:
    """
    The text is text by now.
    """
    tree = page_tree('<?xml version="1.0" encoding="iso-8859-1"?><html><p>é</html>')

    assert "é" == tree.findtext(".//p")


@pytest.mark.parametrize("page", ["", "<!-- -->", "<?php ?>"])
def test_a_page_without_elements_is_empty(page: str) -> None:
    """
    Nothing, and what nobody sees.
    """
    with pytest.raises(EmptyPage):
        page_tree(page)
