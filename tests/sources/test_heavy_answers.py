"""Platforms that anybody can run: an answer made to be slow to read does not keep the others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web as server

from bot.core.models import LOCAL
from bot.sources.platform import Platform
from bot.sources.platforms.discourse import Discourse
from bot.sources.platforms.lemmy import Lemmy
from bot.sources.platforms.mastodon import Mastodon
from bot.sources.platforms.wordpress import WordPress
from bot.sources.web import Limits, Web
from tests.conftest import SteadyClock
from tests.sources import test_discourse, test_lemmy, test_mastodon, test_wordpress
from tests.sources.conftest import LOOPBACK
from tests.sources.site import Site

SLOW = "<p>" * 20_000  # a tenth of a second
SLOW_MARKDOWN = "*a* `b` [c](d)\n\n" * 4_000


def discourse() -> tuple[Platform, str, dict[str, Any]]:
    posts = [test_discourse.post(1), test_discourse.post(2, SLOW)]
    return Discourse(), "/t/bees/9", {"/t/9.json": test_discourse.topic(posts)}


def wordpress() -> tuple[Platform, str, dict[str, Any]]:
    return WordPress(), test_wordpress.REST, {test_wordpress.LIST: [test_wordpress.item(1, SLOW)]}


def lemmy() -> tuple[Platform, str, dict[str, Any]]:
    views = test_lemmy.comments(test_lemmy.view(1, content=SLOW_MARKDOWN))
    return Lemmy(), "/post/9", {test_lemmy.POST: test_lemmy.post(1), test_lemmy.LIST: views}


def mastodon() -> tuple[Platform, str, dict[str, Any]]:
    below = test_mastodon.context(test_mastodon.status("2", "1", SLOW))
    status = test_mastodon.status("1", replies_count=1)
    return Mastodon(), "/@ann/1", {test_mastodon.STATUS: status, test_mastodon.CONTEXT: below}


@pytest.mark.parametrize("answers", [discourse, wordpress, lemmy, mastodon])
async def test_the_loop_turns_while_a_heavy_answer_is_read(
    served: Site,
    clock: SteadyClock,
    answers: Callable[[], tuple[Platform, str, dict[str, Any]]],
) -> None:
    """
    After the last answer came in, others get hundreds of turns before it has been read.
    """
    platform, path, given = answers()
    turns = came = 0

    def handler(value: Any) -> Callable[[server.Request], Any]:
        async def answer(_: server.Request) -> server.Response:
            nonlocal came
            came = turns
            return server.json_response(value)

        return answer

    for where, value in given.items():
        served.on(where, handler(value))
    limits = Limits(pause=0)
    async with Web(user_agent="x", clock=clock, allowed_networks=LOOPBACK, limits=limits) as web:
        reading = asyncio.ensure_future(
            platform.read(served.url(path), web, web.job(LOCAL), lambda _: None)
        )
        while not reading.done():
            await asyncio.sleep(0)
            turns += 1

    assert (await reading).discussions[0].comments
    assert turns - came > 100
