"""The guard: which addresses a link may lead to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.addresses import (
    embedded,
    literal,
    may_reach,
    networks,
    port_is_open,
)

PRIVATE = (
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",  # carrier-grade NAT
    "127.0.0.1",
    "127.8.9.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",  # Azure's wire server: a public number, a private service
)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_special_addresses_are_refused(address: str) -> None:
    """
    Private, loopback, link-local, shared, documentation, benchmark, multicast, reserved, unspecified, metadata.
    """
    assert not may_reach(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_disguise_in_ipv6_does_not_help(address: str) -> None:
    """
    Mapped, compatible, 6to4, Teredo and NAT64 spellings of a refused address are refused.
    """
    four = int(IPv4Address(address))
    disguises = [
        (0xFFFF << 32) | four,
        (0x2002 << 112) | (four << 80),
        (0x20010000 << 96) | (four << 64) | 0xFFFF_FFFF ^ int(IPv4Address("8.8.8.8")),
        (0x20010000 << 96) | (int(IPv4Address("8.8.8.8")) << 64) | (0xFFFF_FFFF ^ four),
        (0x64FF9B << 96) | four,
        four,
    ]

    assert [] == [IPv6Address(n) for n in disguises if may_reach(IPv6Address(n))]


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "64:ff9b:1::1",
    ],
)
def test_special_ipv6_addresses_are_refused(address: str) -> None:
    """
    Unspecified, loopback, link-local, unique local, site-local, multicast, documentation, discard, local NAT64.
    """
    assert not may_reach(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
)
def test_the_public_internet_is_open(address: str) -> None:
    """
    Public addresses, also behind NAT64, where every IPv4 site looks like that.
    """
    assert may_reach(ip_address(address))


def test_allowed_networks_open_what_they_say_and_metadata_never() -> None:
    """
    An intranet is opened by its CIDR; credentials of the machine stay shut in any network.
    """
    allowed = networks(["10.1.0.0/16", "169.254.0.0/16", "fd00::/8"])

    assert may_reach(ip_address("10.1.2.3"), allowed)
    assert may_reach(ip_address("::ffff:10.1.2.3"), allowed)
    assert may_reach(ip_address("fd12::1"), allowed)
    assert not may_reach(ip_address("10.2.0.1"), allowed)
    assert not may_reach(ip_address("169.254.169.254"), allowed)
    assert not may_reach(ip_address("fd00:ec2::254"), allowed)


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("64:ff9b:1:a01:2:300::", True),  # 10.1.2.3 behind a prefix of 48 bits
        ("64:ff9b:1::10.1.2.3", True),
        (
            "64:ff9b:1:a9fe:a9:fe00::",
            False,
        ),  # 169.254.169.254, as RFC 6052 §2.4 writes it: 48 bits,
        ("64:ff9b:1:a9:fe:a9fe::", False),  # 56,
        ("64:ff9b:1:0:a9:fea9:fe00:0", False),  # 64,
        ("64:ff9b:1::a9fe:a9fe", False),  # and 96
    ],
)
def test_metadata_stay_shut_behind_a_local_nat64(address: str, reached: bool) -> None:
    """
    An operator may open the network of a translator; what it would translate to the machine's credentials is refused.
    """
    assert reached == may_reach(ip_address(address), networks(["64:ff9b:1::/48"]))
    assert not may_reach(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "127.0.0.1..",
        "0x",
        "1.2.3.4.5",
        "fe80::1%eth0",
        "999.1.1.1",
    ],
)
def test_odd_spellings_of_an_address_are_refused(host: str) -> None:
    """
    Decimal, octal, hexadecimal, short, trailing dot, zone id.
    """
    with pytest.raises(ValueError, match=r"."):
        literal(host)


def test_names_are_no_addresses() -> None:
    """
    A name is None, a plain address itself.
    """
    assert literal("example.org") is None
    assert literal("0x7f.example") is None
    assert ip_address("::1") == literal("[::1]")
    assert ip_address("8.8.8.8") == literal("8.8.8.8")


@pytest.mark.parametrize(
    ("port", "is_open"),
    [
        (80, True),
        (443, True),
        (8080, True),
        (8443, True),
        (3000, True),
        (22, False),
        (25, False),
        (6667, False),
        (993, False),
    ],
)
def test_ports_of_other_protocols_are_shut(port: int, is_open: bool) -> None:
    """
    Below 1024 only the web's own ports; above, all that browsers open.
    """
    assert is_open == port_is_open(port)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_and_its_mapped_form_are_judged_alike(address: IPv4Address) -> None:
    """
    No address becomes reachable, or unreachable, by writing it as IPv6.
    """
    mapped = IPv6Address((0xFFFF << 32) | int(address))

    assert may_reach(address) == may_reach(mapped)
    assert (address,) == embedded(mapped)


@given(st.ip_addresses())
def test_nothing_that_is_not_global_is_reachable(address: IPv4Address | IPv6Address) -> None:
    """
    The standard library's own word is never overruled, except for IPv4 inside IPv6, which is judged inside.
    """
    if may_reach(address) and not embedded(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.text())
def test_any_text_is_a_name_an_address_or_refused(text: str) -> None:
    """
    The only error is ValueError.
    """
    try:
        found = literal(text)
    except ValueError:
        return
    assert found is None or found.version in {4, 6}
