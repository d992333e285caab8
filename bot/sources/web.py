"""
The only way out to the internet.

Names are resolved here, every address is checked, and the socket is opened to exactly the address that was checked: the
check *is* the resolver of the connection, so nothing can change in between. TLS is verified against the name. Redirects
are followed by hand, each hop from the start. Everything has a limit, and every error that leaves is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.core.models import LOCAL, Audience
from bot.core.pages import CachedPage, Pages
from bot.core.ports import Clock
from bot.errors import (
    AccessDenied,
    AddressRefused,
    BadScheme,
    BrokenAnswer,
    LinkWithPassword,
    NotALink,
    PageNotFound,
    PageTooLarge,
    RedirectLoop,
    SiteBusy,
    SiteFailed,
    TooManyRequests,
)
from bot.sources.addresses import (
    METADATA_NAMES,
    Lookup,
    Network,
    literal,
    may_reach,
    port_is_open,
)
from bot.sources.contents import Answer, refuse_media
from bot.sources.failures import FOREIGN, translate
from bot.sources.hosts import Hosts, Sleep, retry_after
from bot.sources.resolver import CheckingResolver, system_lookup

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
JSON = "application/json"
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Limits:
    """What one answer, one job and one host may cost; times in seconds."""

    bytes: int = 5_000_000  # of a body, after decompression
    total: float = 15  # for one answer with all its redirects
    connect: float = 5
    redirects: int = 5
    requests: int = (
        60  # a job: a topic of 1,000 posts in chunks of 20, its article, and some to spare
    )
    at_once: int = 2  # a host
    pause: float = 0.2  # between two requests to a host
    patience: float = 5  # a Retry-After up to this is waited for


@dataclass
class Job:
    """One reading's way out: whether it may enter the allowed networks, and how often it may still ask."""

    inside: bool
    most_requests: int
    asked: int = 0

    @property
    def left(self) -> int:
        """How many requests may still be made."""
        return self.most_requests - self.asked

    def spare(self, requests: int) -> None:
        """Raise `TooManyRequests` where no more than *requests* are left: others are to make them."""
        if self.left <= requests:
            raise TooManyRequests(limit=self.most_requests)

    def ask(self) -> None:
        """Count one request; raises `TooManyRequests`."""
        if self.asked >= self.most_requests:
            raise TooManyRequests(limit=self.most_requests)
        self.asked += 1


@dataclass(frozen=True)
class _Question:
    """One request: a GET, or a form to be sent."""

    url: URL
    headers: dict[str, str] = field(repr=False)
    form: dict[str, str] | None = field(default=None, repr=False)

    @property
    def public(self) -> bool:
        """Whether anybody would get the same answer, so that it may be kept for all."""
        return self.form is None and "Authorization" not in self.headers

    def at(self, url: URL) -> _Question:
        """Return the question asked at *url* instead; another origin does not learn a key."""
        same = url.origin() == self.url.origin()
        kept = {k: v for k, v in self.headers.items() if same or k != "Authorization"}
        return replace(self, url=url, headers=kept)


class Web:
    """
    Asks sites, with manners and limits. An async context manager: leaving it closes every connection.

    *allowed_networks* are open to jobs of *allowed_guilds* and of the command line, besides the public internet.
    Hosts in *refused_hosts* (and below them) are never asked. *lookup*, *clock* and *sleep* are for tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Clock,
        allowed_networks: Sequence[Network] = (),
        allowed_guilds: Sequence[int] = (),
        refused_hosts: Sequence[str] = (),
        pages: Pages | None = None,
        limits: Limits = Limits(),
        lookup: Lookup | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._networks = tuple(allowed_networks)
        self._guilds = frozenset(allowed_guilds)
        self._refused = tuple(host.lower() for host in refused_hosts)
        self._pages = pages
        self._limits = limits
        self._lookup = lookup or system_lookup
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"}
        self._hosts = Hosts(
            clock, sleep, at_once=limits.at_once, pause=limits.pause, patience=limits.patience
        )
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def job(self, audience: Audience, most_requests: int | None = None) -> Job:
        """Return the way out for one reading on behalf of *audience*."""
        inside = audience == LOCAL or (
            audience.guild is not None and audience.guild in self._guilds
        )
        return Job(inside, most_requests or self._limits.requests)

    async def get(
        self,
        link: str,
        *,
        job: Job,
        accept: str = HTML,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """
        Return the answer to GET *link*, redirects followed; raises `FetchError`, `UsageError` or `WrongContent`.

        Any status but 2xx is an error. The body is complete, decompressed and within the limits.
        """
        question = _Question(_parsed(link), {"Accept": accept, **(headers or {})})
        seen: set[URL] = set()
        left = self._limits.total
        loop = asyncio.get_running_loop()
        while True:
            url = question.url
            if url in seen or len(seen) > self._limits.redirects:
                raise RedirectLoop(host=_host(url), limit=self._limits.redirects)
            seen.add(url)
            started = loop.time()
            answer = await self._ask(question, job, left)
            left -= loop.time() - started
            if isinstance(answer, Answer):
                return answer
            question = question.at(answer)

    async def target(self, link: str, *, job: Job) -> str | None:
        """Return where *link* redirects to, without going there; None where it does not. Raises what `get` raises."""
        question = _Question(_parsed(link), {"Accept": HTML})
        answer = await self._ask(question, job, self._limits.total)
        return str(answer) if isinstance(answer, URL) else None

    async def post(
        self, link: str, form: dict[str, str], *, job: Job, headers: dict[str, str] | None = None
    ) -> Answer:
        """
        Return the JSON answer to a form sent to *link*: what platforms hand out their tokens for.

        Raises what `get` raises; a redirect is `BrokenAnswer`, because what was sent must not go on to another place.
        """
        question = _Question(_parsed(link), {"Accept": JSON, **(headers or {})}, form)
        answer = await self._ask(question, job, self._limits.total)
        if isinstance(answer, URL):
            raise BrokenAnswer(host=_host(question.url))
        return answer

    async def _ask(self, question: _Question, job: Job, seconds: float) -> Answer | URL:
        """Ask once, and once more where the host asks for a short rest; return the answer or where to go instead."""
        self._check(question.url, job)
        host = _host(question.url)
        for last in (False, True):
            job.ask()
            async with self._hosts.turn(host):
                try:
                    return await self._fetch(question, job, seconds)
                except SiteBusy as busy:
                    rest = busy.facts["retry_after"]
                    if isinstance(rest, int):
                        self._hosts.rest(host, rest)
                    if last or not isinstance(rest, int) or rest > self._limits.patience:
                        raise
        raise AssertionError("unreachable")

    def _check(self, url: URL, job: Job) -> None:
        """Refuse what no address needs to be known for."""
        host = _host(url)
        if url.scheme not in {"http", "https"}:
            raise BadScheme(scheme=url.scheme)
        if url.user is not None or url.password is not None:
            raise LinkWithPassword(host=host)
        if any(host == name or host.endswith(f".{name}") for name in self._refused):
            raise AccessDenied(host=host, status=None)
        if host.rstrip(".") in METADATA_NAMES or not port_is_open(url.port or 80):
            raise AddressRefused(host=host)
        try:
            address = literal(host)
        except ValueError as error:
            raise AddressRefused(host=host) from error
        if address is not None and not may_reach(address, self._networks if job.inside else ()):
            raise AddressRefused(host=host)

    async def _fetch(self, question: _Question, job: Job, seconds: float) -> Answer | URL:
        url = question.url
        kept = await self._pages.get(str(url)) if self._pages and question.public else None
        timeout = aiohttp.ClientTimeout(
            total=max(seconds, 0.001), sock_connect=self._limits.connect
        )
        try:
            async with self._session(inside=job.inside).request(
                "GET" if question.form is None else "POST",
                url,
                data=question.form,
                headers={**question.headers, **_validators(kept)},
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status in REDIRECTS:
                    return _target(url, response)
                if response.status == 304 and kept is not None:
                    return _revived(kept)
                self._raise_for_status(url, response)
                answer = await self._read(url, response)
        except FOREIGN as error:
            raise translate(error, _host(url), self._limits.total) from error
        if question.public:
            await self._keep(str(url), answer)
        return answer

    def _raise_for_status(self, url: URL, response: aiohttp.ClientResponse) -> None:
        host, status = _host(url), response.status
        wait = retry_after(response.headers.get("Retry-After"), self._clock.now())
        if 200 <= status < 300:
            return
        if status in {404, 410}:
            raise PageNotFound(host=host)
        if status in {401, 403, 451}:
            raise AccessDenied(host=host, status=status)
        if status == 429 or (status == 503 and wait is not None):
            raise SiteBusy(host=host, retry_after=wait)
        raise SiteFailed(host=host, status=status)

    async def _read(self, url: URL, response: aiohttp.ClientResponse) -> Answer:
        """Read the body, counting what comes out of decompression: a bomb is cut while it unfolds."""
        said = bool(response.headers.get("Content-Type", "").strip())
        content_type = response.content_type.lower() if said else ""
        refuse_media(content_type)
        too_large = PageTooLarge(host=_host(url), megabytes=max(1, self._limits.bytes // 1_000_000))
        if (response.content_length or 0) > self._limits.bytes:
            raise too_large
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._limits.bytes:
                raise too_large
        return Answer(
            url=str(url),
            status=response.status,
            content_type=content_type,
            charset=response.charset if said else None,
            body=bytes(body),
            headers={name.lower(): value for name, value in response.headers.items()},
        )

    async def _keep(self, url: str, answer: Answer) -> None:
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        secret = "no-store" in answer.headers.get("cache-control", "")
        if self._pages and answer.status == 200 and (etag or modified) and not secret:
            page = CachedPage(
                url=answer.url,
                content_type=answer.content_type,
                charset=answer.charset,
                body=answer.body,
                etag=etag,
                last_modified=modified,
            )
            await self._pages.put(url, page)

    def _session(self, *, inside: bool) -> aiohttp.ClientSession:
        """
        Return the session of those who may enter the allowed networks, or of all others.

        Two, because open connections are used again: nobody outside gets one that was opened by somebody inside.
        """
        if inside not in self._sessions:
            resolver = CheckingResolver(self._lookup, self._networks if inside else ())
            self._sessions[inside] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=50),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),  # nothing is carried from one reading to another
                trust_env=False,
            )
        return self._sessions[inside]


def _parsed(link: str) -> URL:
    try:
        url = URL(link)
    except ValueError as error:
        raise NotALink(text=link[:100]) from error
    if not url.host:
        raise NotALink(text=link[:100])
    return url


def _host(url: URL) -> str:
    return (url.raw_host or "").lower()


def _target(url: URL, response: aiohttp.ClientResponse) -> URL:
    """Return where a redirect leads; raises `BrokenAnswer` where it leads nowhere."""
    location = response.headers.get("Location", "").strip()
    try:
        target = url.join(URL(location)).with_fragment(None)
    except ValueError as error:
        raise BrokenAnswer(host=_host(url)) from error
    if target.scheme not in {"http", "https"}:
        raise BadScheme(scheme=target.scheme[:40])
    if not location or not target.host:
        raise BrokenAnswer(host=_host(url))
    return target


def _validators(kept: CachedPage | None) -> dict[str, str]:
    said = {
        "If-None-Match": kept.etag if kept else None,
        "If-Modified-Since": kept.last_modified if kept else None,
    }
    return {name: value for name, value in said.items() if value}


def _revived(kept: CachedPage) -> Answer:
    return Answer(
        url=kept.url,
        status=200,
        content_type=kept.content_type,
        charset=kept.charset,
        body=kept.body,
        from_cache=True,
    )
