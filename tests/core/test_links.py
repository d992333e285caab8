"""Links: one spelling each, and nothing that is not a link gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.links import canonical, host_of, links_in, page_key, same_page
from bot.errors import BadScheme, LinkWithPassword, NotALink, UsageError


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://example.org", "https://example.org/"),
        ("  <https://example.org/a>  ", "https://example.org/a"),
        ("example.org/a?b=1", "https://example.org/a?b=1"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("//example.org/a", "https://example.org/a"),
        ("HTTP://Example.ORG:80/A", "http://example.org/A"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://exemple.fr/été?q=où", "https://exemple.fr/%C3%A9t%C3%A9?q=o%C3%B9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org/#!/topic/4", "https://example.org/#!/topic/4"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
        (
            "https://example.org/a?utm_source=x&id=7&fbclid=y&UTM_Medium=z&gclid=1&ref=hn",
            "https://example.org/a?id=7",
        ),
        ("https://example.org/a?page=2&b=%20x", "https://example.org/a?page=2&b=%20x"),
        ("https://www.google.com/amp/s/example.org/a", "https://example.org/a"),
        ("https://example-org.cdn.ampproject.org/c/s/example.org/a", "https://example.org/a"),
    ],
)
def test_every_spelling_leads_to_one_link(typed: str, meant: str) -> None:
    """
    What was typed, copied or tracked becomes the one address that is fetched and kept.
    """
    assert meant == canonical(typed)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "hello",
        "not a link",
        "https://",
        "https:///path",
        "https:example.org",
        "https://exa mple.org",
        "https://example.org\\@evil.example/",
        "https://-x-/",
        "https://example..org/",
        "https://example.org:99999/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "1.5",
        "https://example.org/\n\nHost: x",
        "https://" + "a" * 70 + ".org/",
        "https://example.org/" + "a" * 2_000,
    ],
)
def test_what_is_not_a_link_is_refused(link: str) -> None:
    """
    Words, broken hosts and ports, control characters, zone ids and endless text are no links.
    """
    with pytest.raises(NotALink):
        canonical(link)


@pytest.mark.parametrize(
    ("link", "scheme"),
    [
        ("ftp://example.org/a", "ftp"),
        ("file:///etc/passwd", "file"),
        ("javascript:alert(1)", "javascript"),
        ("data:text/html,x", "data"),
        ("mailto:ann@example.org", "mailto"),
    ],
)
def test_only_web_schemes_are_read(link: str, scheme: str) -> None:
    """
    Anything but http and https is refused by name.
    """
    with pytest.raises(BadScheme) as caught:
        canonical(link)

    assert {"scheme": scheme} == caught.value.facts


@pytest.mark.parametrize("link", ["https://ann:secret@example.org/", "https://ann@example.org/"])
def test_a_link_with_a_password_is_refused_and_the_password_not_repeated(link: str) -> None:
    """
    The error knows the host only.
    """
    with pytest.raises(LinkWithPassword) as caught:
        canonical(link)

    assert {"host": "example.org"} == caught.value.facts


@given(
    st.one_of(
        st.text(),
        st.text().map("https://example.org/".__add__),
        st.text(alphabet="/:@[]?#%.a1é&=!\\ "),
    )
)
def test_canonical_is_idempotent_and_raises_nothing_foreign(text: str) -> None:
    """
    Whatever the input: a link that stays itself, or an error of ours.
    """
    try:
        link = canonical(text)
    except UsageError:
        return

    assert link == canonical(link)
    assert link.isascii()
    assert host_of(link)


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a/",
        "https://www.example.org/a",
        "https://m.example.org/a#x",
        "https://amp.example.org/a?utm_source=x",
        "https://example.org/a/amp/",
        "https://example.org/a?outputType=amp",
    ],
)
def test_phone_amp_and_secure_spellings_are_the_same_page(other: str) -> None:
    """
    Discussions elsewhere link an article in any of its spellings.
    """
    assert same_page("https://example.org/a", other)


def test_different_pages_stay_different() -> None:
    """
    Another query, path or host is another page; a host that is only called like a prefix keeps its name.
    """
    assert 4 == len(
        {page_key(f"https://{x}") for x in ("a.org/?p=1", "a.org/?p=2", "a.org/p", "b.org/p")}
    )
    assert "m.org/x" == page_key("https://m.org/x")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("<https://example.org/a>, ok", ["https://example.org/a"]),
        ("[here](https://example.org/a_(b)) and more", ["https://example.org/a_(b)"]),
        ("(https://example.org/a)!", ["https://example.org/a"]),
        ("||https://example.org/a||", ["https://example.org/a"]),
        ("**https://example.org/a**", ["https://example.org/a"]),
        ("« https://example.org/a »", ["https://example.org/a"]),
        ("https://a.org/x https://b.org/y https://a.org/x", ["https://a.org/x", "https://b.org/y"]),
        ("`https://example.org/a`", ["https://example.org/a"]),
        ("no link, just example.org or http://", []),
    ],
)
def test_links_are_found_in_chat_text(text: str, links: list[str]) -> None:
    """
    Punctuation and markup around a link are not part of it.
    """
    assert links == links_in(text)
