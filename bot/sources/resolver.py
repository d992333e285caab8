"""
Names → checked addresses.

This is what the connection itself resolves with, so the socket is opened to exactly the addresses that were checked: a
name that answers differently the second time (DNS rebinding) is never asked a second time.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import AddressRefused
from bot.sources.addresses import Lookup, Network, may_reach


class CheckingResolver(AbstractResolver):
    """Resolves a name to addresses that may be reached; one that may not among them refuses the name."""

    def __init__(self, lookup: Lookup, allowed: Sequence[Network]) -> None:
        self._lookup = lookup
        self._allowed = allowed

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 # aiohttp's signature
    ) -> list[ResolveResult]:
        """Return the checked addresses of *host*; the connection is opened to these, without another look-up."""
        found = [ip_address(text) for text in await self._lookup(host, port)]
        if not found:
            raise OSError(None, "no addresses")
        if not all(may_reach(address, self._allowed) for address in found):
            raise AddressRefused(host=host)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Hold nothing."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Resolve *host* as the operating system does; raises `OSError`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
