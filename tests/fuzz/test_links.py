"""Addresses in every spelling: one form, or an error of ours; and never a way to where nobody may go."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.links import canonical, host_of, links_in, page_key
from bot.core.models import PUBLIC
from bot.errors import (
    AccessDenied,
    AddressRefused,
    BadScheme,
    BrokenAnswer,
    LinkWithPassword,
    NameNotResolved,
    NotALink,
    UsageError,
)
from bot.sources.addresses import may_reach
from bot.sources.question import Question, address
from bot.sources.web import Web
from tests.conftest import SteadyClock
from tests.fuzz.limits import examples, quick
from tests.fuzz.texts import HOSTS, letters, links, phrases
from tests.sources.site import site

REFUSALS = (
    AccessDenied,
    AddressRefused,
    BadScheme,
    BrokenAnswer,
    LinkWithPassword,
    NameNotResolved,
    NotALink,
)
"""What is said before anybody is asked: no connection was tried."""


@examples(3)
@given(links)
def test_a_canonical_link_is_its_own(link: str) -> None:
    """
    One form for each page, and taking it again changes nothing; its parts can be told.
    """
    with quick(), suppress(UsageError):
        once = canonical(link)
        assert once == canonical(once)
        assert host_of(once)
        assert page_key(once) == page_key(canonical(once))
        assert once.isascii()


@examples(2)
@given(st.lists(st.one_of(links, phrases, letters, st.sampled_from("([{<|>}])")), max_size=9))
def test_links_in_text_are_pieces_of_it(parts: list[str]) -> None:
    """
    As written, each once, each with a scheme of the web.
    """
    text = " ".join(parts)
    with quick():
        found = links_in(text)

    assert len(found) == len(set(found))
    assert all(link in text and link.lower().startswith(("http://", "https://")) for link in found)


@examples(0.5)
@given(
    st.one_of(links, st.sampled_from(["https://a.b/(", "https://", "(", "[", "|", "https://x||"]))
)
def test_many_links_take_no_longer_than_their_length(unit: str) -> None:
    """
    A message of nothing else.
    """
    text = (unit or " ") * (100_000 // len(unit or " "))
    with quick(), suppress(UsageError):
        links_in(text)
        canonical(text)


# every way to write 127.0.0.1 that a resolver, a browser or a translator of addresses might take for it
_four = st.sampled_from(
    [
        "127.0.0.1",
        "127.0.0.2",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "172.16.0.1",
        "0.0.0.0",
    ]
)


def _spelled(four: str, how: int) -> str:
    parts = [int(part) for part in four.split(".")]
    number = int.from_bytes(bytes(parts), "big")
    high, low = number >> 16, number & 0xFFFF
    return (
        four,
        four + ".",
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"0{part:o}" for part in parts),
        ".".join(hex(part) for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{low}",
        four.translate({ord(str(n)): 0xFF10 + n for n in range(10)}),
        four.translate({ord(str(n)): (0x2460 + n - 1 if n else 0x24EA) for n in range(10)}),
        four.replace(".", "。"),
        four.replace(".", "．"),
        f"[::ffff:{four}]",
        f"[::ffff:{high:x}:{low:x}]",
        f"[::{four}]",
        f"[64:ff9b::{four}]",
        f"[64:ff9b:1::{four}]",
        f"[2002:{high:x}:{low:x}::1]",
        f"[2001:0:{high:x}:{low:x}:0:0:f7f7:f7f7]",
        f"[::ffff:{four}%25eth0]",
        "[::1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "localhost",
        "LOCALHOST.",
        "inner.example",
        "inner.example.",
        "metadata.google.internal",
        f"{four}.inner.example",
    )[how]


_spellings = st.builds(_spelled, _four, st.integers(0, 29))
_urls = st.builds(
    "{}{}{}:{{port}}{}".format,
    st.sampled_from(["http://", "HTTP://", "http:\t//", "//", "http:///"]),
    st.sampled_from(["", "", "", "", "ann@", "example.org@", "example.org:80@", "example.org\\@"]),
    _spellings,
    st.sampled_from(
        ["", "/", "/x", "?x", "#x", "/@example.org", "\\@example.org", " /", "%2f@example.org"]
    ),
)


class Liar:
    """A resolver that answers every name with addresses among which one may not be reached."""

    answers = (
        ["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"], ["10.0.0.1"], ["169.254.169.254"], ["fe80::1%1"], ["fd00:ec2::254"], ["0.0.0.0"],
    )  # fmt: skip

    def __init__(self, choice: int) -> None:
        self.answer = self.answers[choice % len(self.answers)]

    async def __call__(self, host: str, port: int) -> list[str]:
        return self.answer


def test_the_answers_of_the_liar_are_lies() -> None:
    """
    None of them would be reached.
    """
    assert all(not all(map(may_reach, map(ip_address, some))) for some in Liar.answers)


@examples(1)
@given(st.lists(st.tuples(_urls, _urls, st.integers(0, 99)), min_size=5, max_size=5))
def test_nobody_is_led_inside(tries: list[tuple[str, str, int]]) -> None:
    """
    Neither by a link nor by a redirect to it, in any spelling, by name or number: the server inside hears nothing.
    """

    async def all_of_them() -> list[str]:
        async with site() as inside:
            inside.page("/", "secret")
            port = inside.base.rpartition(":")[2]
            for link, further, lie in tries:
                async with Web(user_agent="x", clock=SteadyClock(), lookup=Liar(lie)) as web:
                    with pytest.raises(REFUSALS):
                        await web.get(link.format(port=port), job=web.job(PUBLIC))
                    with pytest.raises(REFUSALS):
                        start = Question(address("https://example.org/"), {})
                        hop = start.at(further.format(port=port))
                        await web._ask(hop, web.job(PUBLIC), 1)
            return inside.paths

    assert [] == asyncio.run(all_of_them())


@examples(1)
@given(st.lists(st.one_of(links, letters, st.sampled_from(HOSTS)), max_size=3))
def test_any_list_of_hosts_that_opted_out_can_be_read(hosts: list[str]) -> None:
    """
    An operator's slip is no reason to stop.
    """
    Web(user_agent="x", clock=SteadyClock(), refused_hosts=hosts)
