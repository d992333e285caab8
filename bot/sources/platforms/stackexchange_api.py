"""
The API of Stack Exchange, version 2.3: methods over ids, pages, and the rests it asks for.

A method that answers with `backoff` must be left alone for as many seconds (https://api.stackexchange.com/docs/throttle).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.core.links import host_of
from bot.errors import BrokenAnswer, FetchError, SiteBusy, SiteFailed, UnreadableError
from bot.sources.contents import json_value
from bot.sources.hosts import Sleep
from bot.sources.values import mapping, mappings, number
from bot.sources.web import JSON, Job, Web

PAGE = 100  # items a page, and ids a request: the most there are
PATIENCE = 15.0  # seconds of a backoff that are waited for; ten are usual
LONGEST = 86_400  # seconds of a backoff that are believed

QUESTIONS = "questions/{}"
ANSWERS = "answers/{}"
ANSWERS_TO = "questions/{}/answers"
COMMENTS_ON = "posts/{}/comments"


@dataclass(frozen=True)
class Asking:
    """On whose behalf one reading asks, about which site: the API takes its host for a name."""

    site: str
    web: Web
    job: Job


@dataclass
class Items:
    """What a method gave, each id once; `stopped` is what ended it before all was there."""

    found: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    stopped: FetchError | None = None


class Api:
    """Asks methods by their path, `{}` standing for ids. A backoff holds for every reading, so the object is kept."""

    def __init__(
        self,
        key: str | None,
        base: str,
        *,
        sleep: Sleep = asyncio.sleep,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host_of(base)
        self._key = key
        self._base = base
        self._sleep = sleep
        self._seconds = seconds
        self._not_before: dict[str, float] = {}  # by method

    async def first(self, method: str, id: int, asking: Asking) -> Mapping[str, Any] | None:
        """Return the first item that *method* has for *id*, None for none; raises `FetchError`."""
        answer = await self._page(method, [id], 1, asking)
        return next(iter(mappings(answer.get("items"))), None)

    async def all(self, method: str, ids: Sequence[int], key: str, asking: Asking) -> Items:
        """Return every item that *method* has for at most a hundred *ids*, by its *key*; a failure is part of it."""
        items = Items()
        page, more = 1, True
        while more:
            try:
                answer = await self._page(method, ids, page, asking)
            except FetchError as error:  # what was read stands
                items.stopped = error
                break
            before = len(items.found)
            for item in mappings(answer.get("items")):
                id = number(item.get(key))
                if id is not None:
                    items.found.setdefault(id, item)
            # a page that brings nothing new is the last one, whatever it says
            more = answer.get("has_more") is True and len(items.found) > before
            page += 1
        return items

    async def _page(
        self, method: str, ids: Sequence[int], page: int, asking: Asking
    ) -> Mapping[str, Any]:
        await self._rest(method)
        query = {
            "site": asking.site,
            "filter": "withbody",
            "sort": "creation",
            "order": "asc",
            "pagesize": str(PAGE),
            "page": str(page),
            **({"key": self._key} if self._key else {}),
        }
        path = method.format(";".join(map(str, ids)))
        try:
            link = f"{self._base}/{path}?{urlencode(query)}"
            found = mapping(
                json_value(await asking.web.get(link, job=asking.job, accept=JSON), self.host)
            )
        except SiteFailed as error:
            if error.facts["status"] == 400:  # throttle_violation: the day's quota is used up
                raise SiteBusy(host=self.host, retry_after=None) from error
            raise
        except UnreadableError as error:  # a picture
            raise BrokenAnswer(host=self.host) from error
        backoff = number(found.get("backoff")) or 0
        if backoff > 0:
            self._not_before[method] = self._seconds() + min(backoff, LONGEST)
        if not isinstance(found.get("items"), list):
            raise BrokenAnswer(host=self.host)
        return found

    async def _rest(self, method: str) -> None:
        """Wait until *method* may be asked again; raises `SiteBusy` if that takes too long."""
        rest = self._not_before.get(method, 0.0) - self._seconds()
        if rest > PATIENCE:
            raise SiteBusy(host=self.host, retry_after=math.ceil(rest))
        if rest > 0:
            await self._sleep(rest)
