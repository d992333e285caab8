"""The one place where errors of aiohttp and the operating system become ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp

from bot.errors import (
    AddressRefused,
    BrokenAnswer,
    FetchError,
    NameNotResolved,
    RedirectLoop,
    SiteTimeout,
    Unreachable,
)

FOREIGN = (aiohttp.ClientError, OSError, asyncio.TimeoutError, UnicodeError)
"""What a request may raise."""

_Make = Callable[[str, int], FetchError]


def _broken(host: str, _: int) -> FetchError:
    return BrokenAnswer(host=host)


# the first that fits wins: subclasses stand before their bases
_OURS: tuple[tuple[type[BaseException], _Make], ...] = (
    (aiohttp.ClientConnectorDNSError, lambda host, _: NameNotResolved(host=host)),
    (asyncio.TimeoutError, lambda host, seconds: SiteTimeout(host=host, seconds=seconds)),
    (aiohttp.TooManyRedirects, lambda host, _: RedirectLoop(host=host, limit=0)),
    (aiohttp.RedirectClientError, _broken),
    # aiohttp refuses hosts like 127.1 in this way
    (aiohttp.InvalidURL, lambda host, _: AddressRefused(host=host)),
    (aiohttp.NonHttpUrlClientError, _broken),
    (aiohttp.ClientResponseError, _broken),  # not HTTP, headers too long
    (aiohttp.ClientPayloadError, _broken),  # broken compression, cut short
    (aiohttp.client_exceptions.UploadAbortedError, _broken),
    (aiohttp.ClientConnectionError, lambda host, _: Unreachable(host=host)),  # refused, reset, TLS
    (UnicodeError, lambda host, _: NameNotResolved(host=host)),  # labels no resolver takes
    (OSError, lambda host, _: Unreachable(host=host)),
)


def translate(error: BaseException, host: str, seconds: float) -> FetchError:
    """Return our error for a foreign one, raised while asking *host* for at most *seconds*."""
    for kind, make in _OURS:
        if isinstance(error, kind):
            return make(host, max(1, round(seconds)))
    return Unreachable(host=host)
