"""
The API of Reddit (https://www.reddit.com/dev/api) for an application without a user: a token, and what it opens.

The token is asked for with the application's secret (RFC 6749 §4.4) and kept until it ends. Neither is ever part of an
error, a line of a log or a representation.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.core.links import host_of
from bot.errors import AccessDenied, BrokenAnswer, KeyNeeded
from bot.sources.contents import json_value
from bot.sources.platforms.reddit_feed import is_page
from bot.sources.platforms.reddit_thread import Post, more_of, post_of, split
from bot.sources.values import mapping, number
from bot.sources.web import JSON, Job, Web

Thing = Mapping[str, Any]

MORE = 100  # ids a `morechildren` request takes
LISTING = "raw_json=1&limit=500&sort=top"
EARLY = 60  # seconds before its end that a token is no longer used
LONGEST = 86_400  # seconds a token is kept: what Reddit says of its own
_TOKEN = re.compile(r"[\x21-\x7e]{1,4000}")


class KeyRefused(Exception):
    """Reddit does not take the operator's key."""


class RedditApi:
    """
    Asks the API at *api* with tokens that *site* gives to application *id* with *secret*.

    Each question raises `FetchError`; `KeyRefused` where the application is unknown; `KeyNeeded` where a page comes.
    """

    def __init__(self, id: str, secret: str, *, site: str, api: str) -> None:
        self._basic = b64encode(f"{id}:{secret}".encode()).decode()
        self._site = site
        self._api = api
        self._token: tuple[str, float] | None = None  # and the loop's time until which it is used

    async def thread(self, post: str, web: Web, job: Job) -> tuple[Post, list[Thing]]:
        """Return post *post* and the things below it."""
        found = self._split(await self._get(f"/comments/{post}?{LISTING}", web, job))
        return post_of(found[0]), found[1]

    async def below(self, post: str, comment: str, web: Web, job: Job) -> list[Thing]:
        """Return *comment* of *post* and what is below it."""
        path = f"/comments/{post}?comment={comment}&{LISTING}"
        return self._split(await self._get(path, web, job))[1]

    async def more(self, post: str, ids: list[str], web: Web, job: Job) -> list[Thing]:
        """Return the comments *ids* of *post*, at most `MORE`, and what is below them."""
        asked = f"link_id=t3_{post}&children={','.join(ids)}&limit_children=false&sort=top"
        path = f"/api/morechildren?api_type=json&raw_json=1&{asked}"
        things = more_of(await self._get(path, web, job))
        if things is None:
            raise BrokenAnswer(host=host_of(self._api))
        return things

    def _split(self, answer: object) -> tuple[Thing, list[Thing]]:
        found = split(answer)
        if found is None:
            raise BrokenAnswer(host=host_of(self._api))
        return found

    async def _get(self, path: str, web: Web, job: Job) -> Any:
        """Return an answer of the API; raises `KeyRefused`, or `KeyNeeded` where a page comes instead."""
        for last in (False, True):
            token = await self._authorised(web, job)
            bearer = {"Authorization": f"Bearer {token}"}
            try:
                answer = await web.get(f"{self._api}{path}", job=job, accept=JSON, headers=bearer)
            except AccessDenied as error:
                if error.facts["status"] != 401:
                    raise
                self._token = None  # revoked before its time
                if last:
                    raise KeyRefused from error
                continue
            if is_page(answer.body):
                raise KeyNeeded(platform="Reddit")
            return json_value(answer, host_of(self._api))
        raise AssertionError("unreachable")

    async def _authorised(self, web: Web, job: Job) -> str:
        """Return a token (RFC 6749 §4.4) that is still good; raises `KeyRefused`."""
        now = asyncio.get_running_loop().time()
        if self._token is not None and now < self._token[1]:
            return self._token[0]
        link = f"{self._site}/api/v1/access_token"
        form = {"grant_type": "client_credentials"}
        basic = {"Authorization": f"Basic {self._basic}"}
        try:
            answer = await web.post(link, form, job=job, headers=basic)
        except AccessDenied as error:
            if error.facts["status"] is None:  # the operator's own list
                raise
            raise KeyRefused from error
        if is_page(answer.body):
            raise KeyNeeded(platform="Reddit")
        said = mapping(json_value(answer, host_of(link)))
        token = said.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise KeyRefused if "error" in said else BrokenAnswer(host=host_of(link))
        seconds = min(max(number(said.get("expires_in")) or 0, 0), LONGEST)
        self._token = (token, now + seconds - EARLY)
        return token
