"""What tests of sources share: a site on loopback, and a way out that may reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import TypeVar

import pytest

from bot.core.pages import CachedPage
from bot.sources.web import Limits, Web
from tests.conftest import SteadyClock
from tests.sources.site import Site, site

T = TypeVar("T")

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass
class Naps:
    """Sleeps that take no time: they move the clock and are remembered."""

    clock: SteadyClock
    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(round(seconds, 3))
        self.clock.tick(timedelta(seconds=seconds))


@dataclass
class FakeNames:
    """Answers names from `known`, each a queue whose last answer stays; remembers what it was asked."""

    known: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        queue = self.known.get(host)
        if queue is None:
            raise OSError(-2, "Name or service not known")
        return queue.pop(0) if len(queue) > 1 else queue[0]


@dataclass
class FakePages:
    """Pages in a dictionary."""

    kept: dict[str, CachedPage] = field(default_factory=dict)
    served: list[tuple[str, str]] = field(
        default_factory=list
    )  # address, and what was read with it

    async def get(self, url: str) -> CachedPage | None:
        return self.kept.get(url)

    async def put(self, url: str, page: CachedPage, target: str) -> None:
        self.kept[url] = page
        self.served.append((url, target))

    async def serves(self, url: str, target: str) -> None:
        self.served.append((url, target))


class InPlace:
    """Runs functions where it stands: what a `Workshop` does, without its processes."""

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        return function(*arguments)


@pytest.fixture
async def served() -> AsyncIterator[Site]:
    async with site() as one:
        yield one


@pytest.fixture
def naps(clock: SteadyClock) -> Naps:
    return Naps(clock)


@pytest.fixture
def names() -> FakeNames:
    return FakeNames()


@pytest.fixture
def kept() -> FakePages:
    return FakePages()


@pytest.fixture
async def web(
    clock: SteadyClock, naps: Naps, names: FakeNames, kept: FakePages
) -> AsyncIterator[Web]:
    async with Web(
        user_agent="Chorus/test (+https://example.org/bot)",
        clock=clock,
        allowed_networks=LOOPBACK,
        allowed_guilds=(7,),
        refused_hosts=("refused.example",),
        pages=kept,
        limits=Limits(bytes=1_000_000, total=2, connect=1, pause=0),
        lookup=names,
        sleep=naps,
    ) as one:
        yield one
