"""
The only way out to the internet.

Names are resolved here, every address is checked, and the socket is opened to exactly the address that was checked: the
check *is* the resolver of the connection, so nothing can change in between. TLS is verified against the name. Redirects
are followed by hand, each hop from the start. Everything has a limit, and every error that leaves is ours.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from yarl import URL

from bot.core.meter import NO_METER, Meter
from bot.core.models import LOCAL, Audience
from bot.core.pages import Pages
from bot.core.ports import Clock
from bot.errors import (
    AccessDenied,
    AddressRefused,
    BadScheme,
    BrokenAnswer,
    ChorusError,
    LinkWithPassword,
    NameNotResolved,
    PageNotFound,
    RedirectLoop,
    SiteBusy,
    SiteFailed,
    TooManyRequests,
)
from bot.sources.addresses import (
    METADATA_NAMES,
    Lookup,
    Network,
    bare,
    literal,
    may_reach,
    port_is_open,
)
from bot.sources.contents import Answer
from bot.sources.hosts import Hosts, Sleep, retry_after
from bot.sources.question import SCHEMES, Question, address
from bot.sources.revisits import Revisits, revived, validators

if TYPE_CHECKING:
    from bot.sources.transport import Transport

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
JSON = "application/json"
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")  # in punycode; nothing else was ever registered


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
    target: str = ""  # what is read: pages are kept for it, and deleted with it

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
        meter: Meter = NO_METER,
        lookup: Lookup | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._networks = tuple(allowed_networks)
        self._guilds = frozenset(allowed_guilds)
        self._refused = tuple(_as_written(host) for host in refused_hosts)
        self._revisits = Revisits(pages)
        self._limits = limits
        self._meter = meter
        self._lookup = lookup
        self._user_agent = user_agent
        self._hosts = Hosts(
            clock, sleep, at_once=limits.at_once, pause=limits.pause, patience=limits.patience
        )
        self._transports: dict[bool, Transport] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for transport in self._transports.values():
            await transport.close()
        self._transports.clear()

    def job(self, audience: Audience, most_requests: int | None = None, *, target: str = "") -> Job:
        """Return the way out for one reading, of *target*, on behalf of *audience*."""
        inside = audience == LOCAL or (
            audience.guild is not None and audience.guild in self._guilds
        )
        return Job(inside, most_requests or self._limits.requests, target=target)

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
        question = Question(address(link), {"Accept": accept, **(headers or {})})
        seen: set[URL] = set()
        left = self._limits.total
        loop = asyncio.get_running_loop()
        while True:
            if question.url in seen or len(seen) > self._limits.redirects:
                raise RedirectLoop(host=question.host, limit=self._limits.redirects)
            seen.add(question.url)
            started = loop.time()
            answer = await self._ask(question, job, left)
            left -= loop.time() - started
            if answer.status not in REDIRECTS:
                return answer
            question = question.at(answer.headers.get("location", ""))

    async def target(self, link: str, *, job: Job) -> str | None:
        """Return where *link* redirects to, without going there; None where it does not. Raises what `get` raises."""
        question = Question(address(link), {"Accept": HTML})
        answer = await self._ask(question, job, self._limits.total)
        if answer.status not in REDIRECTS:
            return None
        return str(question.at(answer.headers.get("location", "")).url)

    async def post(
        self, link: str, form: dict[str, str], *, job: Job, headers: dict[str, str] | None = None
    ) -> Answer:
        """
        Return the JSON answer to a form sent to *link*: what platforms hand out their tokens for.

        Raises what `get` raises; a redirect is `BrokenAnswer`, because what was sent must not go on to another place.
        """
        question = Question(address(link), {"Accept": JSON, **(headers or {})}, form)
        answer = await self._ask(question, job, self._limits.total)
        if answer.status in REDIRECTS:
            raise BrokenAnswer(host=question.host)
        return answer

    async def _ask(self, question: Question, job: Job, seconds: float) -> Answer:
        """Ask once, and once more where the host asks for a short rest; return the answer, which may be a redirect."""
        self._check(question, job)
        for last in (False, True):
            job.ask()
            async with self._hosts.turn(question.host):
                try:
                    return await self._counted(question, job, seconds)
                except SiteBusy as busy:
                    rest = busy.facts["retry_after"]
                    if isinstance(rest, int):
                        self._hosts.rest(question.host, rest)
                    if last or not isinstance(rest, int) or rest > self._limits.patience:
                        raise
        raise AssertionError("unreachable")

    def _check(self, question: Question, job: Job) -> None:
        """Refuse what no address needs to be known for."""
        url, host = question.url, question.host
        if url.scheme not in SCHEMES:
            raise BadScheme(scheme=url.scheme)
        if url.user is not None or url.password is not None:
            raise LinkWithPassword(host=host)
        if any(host == name or host.endswith(f".{name}") for name in self._refused):
            raise AccessDenied(host=host, status=None)
        if host in METADATA_NAMES or not port_is_open(80 if url.port is None else url.port):
            raise AddressRefused(host=host)
        try:
            number = literal((url.raw_host or "").lower())
        except ValueError as error:
            raise AddressRefused(host=host) from error
        if number is None and not _NAME.fullmatch(host):
            raise NameNotResolved(host=host)
        if number is not None and not may_reach(number, self._networks if job.inside else ()):
            raise AddressRefused(host=host)

    async def _counted(self, question: Question, job: Job, seconds: float) -> Answer:
        """Fetch, and tell the meter how it ended."""
        try:
            answer = await self._fetch(question, job, seconds)
        except ChorusError as error:
            self._meter.fetched(error.code)
            raise
        self._meter.fetched("unchanged" if answer.from_cache else "ok")
        return answer

    async def _fetch(self, question: Question, job: Job, seconds: float) -> Answer:
        key = question.key(inside=job.inside)
        kept = await self._revisits.kept(key) if question.public else None
        headers = {**question.headers, **validators(kept)}
        answer = await self._transport(job).ask(question.url, headers, question.form, seconds)
        if answer.status == 304 and kept is not None:
            await self._revisits.serves(key, job.target)
            return revived(kept, answer)
        self._raise_for_status(question.host, answer)
        if question.public:
            await self._revisits.keep(key, answer, job.target)
        return answer

    def _raise_for_status(self, host: str, answer: Answer) -> None:
        status = answer.status
        wait = retry_after(answer.headers.get("retry-after"), self._clock.now())
        if 200 <= status < 300 or status in REDIRECTS:
            return
        if status in {404, 410}:
            raise PageNotFound(host=host)
        if status in {401, 403, 451}:
            raise AccessDenied(host=host, status=status)
        if status == 429 or (status == 503 and wait is not None):
            raise SiteBusy(host=host, retry_after=wait)
        raise SiteFailed(host=host, status=status)

    def _transport(self, job: Job) -> Transport:
        """
        Return the transport of those who may enter the allowed networks, or of all others.

        Two, because open connections are used again: nobody outside gets one that was opened by somebody inside.
        """
        from bot.sources.transport import Transport  # brings aiohttp: only where something is asked

        if job.inside not in self._transports:
            networks = self._networks if job.inside else ()
            self._transports[job.inside] = Transport(
                self._user_agent, networks, self._lookup, self._limits
            )
        return self._transports[job.inside]


def _as_written(host: str) -> str:
    """Return a host of the operator's list as addresses spell it; `*.example.org` and whole links will do."""
    try:
        return bare(URL(host if "://" in host else f"//{host}").raw_host).lstrip("*.")
    except ValueError:
        return bare(host)
