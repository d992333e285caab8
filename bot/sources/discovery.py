"""
Discovery: the same article, talked about elsewhere.

Places that say without a key which of their discussions are about a link. They are told the link and nothing else, and
asked while comments are read, for a few seconds at most; whatever goes wrong with them, nobody hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.core.links import host_of
from bot.core.models import Lead
from bot.errors import ChorusError
from bot.sources.contents import json_value
from bot.sources.discovery_hits import (
    MOST_LINKS,
    Hit,
    Index,
    askable,
    best,
    hackernews,
    lemmy,
    lobsters,
    unread,
)
from bot.sources.platform import Material
from bot.sources.web import JSON, Job, Web


class Discovery:
    """
    Finds discussions of a page. The addresses are arguments so that tests can point them at a site of their own.

    Lobsters asks not to be read by programs: it is in `WEB_REFUSED_HOSTS` from the start, and then not asked.
    """

    def __init__(
        self,
        algolia: str = "https://hn.algolia.com/api/v1",
        lemmy_site: str = "https://lemmy.world",
        lobsters_site: str = "https://lobste.rs",
        *,
        seconds: float = 3,
    ) -> None:
        self._indexes = (hackernews(algolia), lemmy(lemmy_site), lobsters(lobsters_site))
        self._seconds = seconds

    async def find(
        self, links: Sequence[str], without: Sequence[str], web: Web, job: Job
    ) -> tuple[Lead, ...]:
        """
        Return the discussion with the most comments of each place, about the page that all of *links* lead to.

        *without* are discussions that are known. Raises nothing; takes no request from *job*, only its way out.
        """
        asked = askable(links)
        own = Job(job.inside, MOST_LINKS * len(self._indexes), target=job.target)
        hits = await asyncio.gather(
            *(self._hits(index, asked, web, own) for index in self._indexes)
        )
        leads = (best(some, asked, without) for some in hits)
        return tuple(lead for lead in leads if lead is not None)

    async def beside(
        self,
        reading: Awaitable[Material],
        links: Sequence[str],
        known: Sequence[str],
        web: Web,
        job: Job,
    ) -> Material:
        """
        Return what *reading* gives, with leads: found meanwhile, of the page that *links* lead to.

        *known* are discussions that are read already. Raises what *reading* raises.
        """
        looking = asyncio.ensure_future(self.find(links, known, web, job))
        try:
            material = await reading
            leads = await looking
        finally:
            looking.cancel()
        own = material.article.url if material.article else None
        names = (*links, own) if own else links
        if len(askable(names)) > len(askable(links)):  # the page calls itself another name
            leads = await self.find(names, known, web, job)
        return replace(material, leads=unread((*material.leads, *leads), material.discussions))

    async def _hits(self, index: Index, links: Sequence[str], web: Web, job: Job) -> list[Hit]:
        """Return what *index* has for *links*; what came before a failure stands."""
        hits: list[Hit] = []
        with suppress(ChorusError, TimeoutError):
            async with asyncio.timeout(self._seconds):
                for link in links:
                    address = index.ask(link)
                    answer = await web.get(address, job=job, accept=JSON)
                    hits += index.hits(json_value(answer, host_of(address)))
        return hits
