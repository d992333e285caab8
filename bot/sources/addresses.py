"""
Which addresses links may lead to: the public internet, and what the operator allows besides.

People in chat choose the links, so they would choose the bot's own network too: its metadata service, its router, the
database next door. Names prove nothing; the check is made on the very address a socket is opened to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from re import compile as pattern

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Resolves a host name (and port) to numeric addresses; raises `OSError` where there are none."""

# Cloud metadata hands out the machine's credentials: never, not even inside an allowed network.
METADATA = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254",  # AWS, GCP, Azure, Oracle, OpenStack
            "fd00:ec2::254",
            "fd20:ce::254",  # GCP
            "fe80::a9fe:a9fe",  # OpenStack
            "169.254.170.2",  # AWS task credentials
            "169.254.170.23",
            "fd00:ec2::23",
            "168.63.129.16",  # Azure's wire server
            "100.100.100.200",  # Alibaba
            "169.254.0.23",  # Tencent
            "192.0.0.192",  # Oracle
        ),
    )
)
METADATA_NAMES = frozenset({"metadata.google.internal", "metadata", "metadata.goog"})

# Ports above 1023 that browsers refuse, because other protocols listen there (fetch.spec.whatwg.org/#port-blocking).
# Below 1024 only the web's own are open. Other high ports stay open: forums and blogs do run there.
OTHER_PROTOCOLS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679}
    | {6697, 10080}
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")  # RFC 8215: leads wherever its network wants
_SIX_TO_FOUR_RELAY = IPv4Network("192.88.99.0/24")
_NUMBERS = pattern(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.*")


def may_reach(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether a socket may be opened to *address*: public, or in *allowed*; metadata services never."""
    inner = embedded(address)
    if METADATA.intersection((address, *inner, *_translated(address))):
        return False
    if _within(address, allowed) or (inner and all(_within(four, allowed) for four in inner)):
        return True
    return all(map(_public, inner)) if inner else _public(address)


def embedded(address: Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses inside an IPv6 one: mapped, compatible, 6to4, Teredo (both ends), NAT64."""
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _COMPATIBLE or address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()


def _translated(address: Address) -> tuple[IPv4Address, ...]:
    """Return what a local NAT64 may make of *address*: one IPv4 address for each length its prefix may have."""
    if address not in _LOCAL_NAT64:
        return ()
    number = int(address)
    # bits 64 to 71 are left free by all but the longest prefix (RFC 6052 §2.2)
    joined = number >> 64 << 56 | number & (1 << 56) - 1
    cuts = (joined >> 40, joined >> 32, joined >> 24, number)
    return tuple(IPv4Address(cut & 0xFFFF_FFFF) for cut in cuts)


def literal(host: str) -> Address | None:
    """
    Return the address *host* spells, None if it is a name.

    Raises `ValueError` for the spellings nobody uses honestly: 2130706433, 0x7f.1, 0177.0.0.1, 127.1, zone ids.
    """
    if ":" in host:
        address = ip_address(host.strip("[]"))
        if getattr(address, "scope_id", None) is not None:
            raise ValueError(host)
        return address
    return IPv4Address(host) if _NUMBERS.fullmatch(host.lower()) else None


def bare(host: str | None) -> str:
    """Return a host in lower case, without final dots: what is compared, counted and told."""
    return (host or "").lower().rstrip(".")


def port_is_open(port: int) -> bool:
    """Whether links may lead to *port*."""
    return port in {80, 443} or (port >= 1024 and port not in OTHER_PROTOCOLS)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks written as CIDRs."""
    return tuple(ip_network(text) for text in texts)


def _within(address: Address, allowed: Iterable[Network]) -> bool:
    return any(address.version == net.version and address in net for net in allowed)


def _public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_UNICAST and address.is_global and not address.is_multicast
    return (
        address.is_global
        and not address.is_multicast  # 224/4 counts as global
        and not address.is_reserved
        and address not in _SIX_TO_FOUR_RELAY
    )
