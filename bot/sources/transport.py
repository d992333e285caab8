"""
One request and its answer, over connections to checked addresses only.

What an answer may be is decided here: its size, its compression, its time. Where it may come from is decided by the
resolver and by `web.py`, which is the only user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from bot.errors import BrokenAnswer, PageTooLarge
from bot.sources.addresses import Lookup, Network, bare
from bot.sources.contents import Answer, refuse_media
from bot.sources.failures import FOREIGN, translate
from bot.sources.resolver import CheckingResolver, system_lookup

if TYPE_CHECKING:
    from bot.sources.web import Limits

ENCODINGS = ("gzip", "deflate")
"""Compressions we ask for; one of them at a time, because each layer of them multiplies what comes out."""


class Transport:
    """Asks addresses that are public or in *networks*; `close` closes every connection."""

    def __init__(
        self, user_agent: str, networks: Sequence[Network], lookup: Lookup | None, limits: Limits
    ) -> None:
        self._limits = limits
        resolver = CheckingResolver(lookup or system_lookup, networks)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=50),
            headers={"User-Agent": user_agent, "Accept-Encoding": ", ".join(ENCODINGS)},
            cookie_jar=aiohttp.DummyCookieJar(),  # nothing is carried from one reading to another
            trust_env=False,  # a proxy would resolve names itself
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def ask(
        self, url: URL, headers: Mapping[str, str], form: Mapping[str, str] | None, seconds: float
    ) -> Answer:
        """
        Return the answer to a GET, or to a POST of *form*, whatever its status; raises `FetchError` or `WrongContent`.

        The body is there only where the status is 2xx, complete and decompressed: pages that come with errors and
        redirects are not read. *seconds* are for all of it.
        """
        timeout = aiohttp.ClientTimeout(
            total=max(seconds, 0.001), sock_connect=self._limits.connect
        )
        try:
            async with self._session.request(
                "GET" if form is None else "POST",
                url,
                data=form,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return await self._answer(url, response)
        except FOREIGN as error:
            raise translate(error, bare(url.raw_host), self._limits.total) from error

    async def _answer(self, url: URL, response: aiohttp.ClientResponse) -> Answer:
        said = bool(response.headers.get("Content-Type", "").strip())
        kind = response.content_type.lower() if said else ""
        good = 200 <= response.status < 300
        return Answer(
            url=str(url),
            status=response.status,
            content_type=kind,
            charset=response.charset if said else None,
            body=await self._body(url, kind, response) if good else b"",
            headers=_readable(response.headers),
        )

    async def _body(self, url: URL, kind: str, response: aiohttp.ClientResponse) -> bytes:
        """Read the body, counting what comes out of decompression: a bomb is cut while it unfolds."""
        refuse_media(kind)
        host = bare(url.raw_host)
        if not _can_be_decoded(response.headers.getall("Content-Encoding", [])):
            raise BrokenAnswer(host=host)
        too_large = PageTooLarge(host=host, megabytes=max(1, self._limits.bytes // 1_000_000))
        if (response.content_length or 0) > self._limits.bytes:
            raise too_large
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._limits.bytes:
                raise too_large
        return bytes(body)


def _can_be_decoded(said: Sequence[str]) -> bool:
    """Whether a body is compressed once at most, and as we asked for; *said* are all its Content-Encoding headers."""
    return not said or (len(said) == 1 and said[0].strip().lower() in {*ENCODINGS, "identity", ""})


def _readable(headers: Mapping[str, str]) -> dict[str, str]:
    """Return *headers* by their names in lower case, without cookies and without what is no text."""
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower() != "set-cookie" and not any("\ud800" <= c <= "\udfff" for c in value)
    }
