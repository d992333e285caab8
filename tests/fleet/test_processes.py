"""Two gateways and two workers, each a process of its own: what one of them does, or dies of, is everybody's."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord.conftest import LABEL
from tests.fleet.town import Fleet, fleet
from tests.postgres import Server
from tests.test_end_to_end import _said, page


@pytest.fixture
async def town(tmp_path: Path, shared: str) -> AsyncIterator[Fleet]:
    async with fleet(tmp_path, shared) as made:
        yield made
        assert [] == made.discord.rest.faults


async def test_one_link_asked_for_through_two_gateways(town: Fleet) -> None:
    """
    Thirty people on both ask within a second; the worker that reads is killed meanwhile: the other answers them all.

    The page is read once, and at most the call that was under way is made a second time.
    """
    await town.gateways()
    first = await town.start("work")
    asked = await town.ask(town.people(30), town.lane)
    await asyncio.wait_for(town.thinker.asked.wait(), 60)
    await town.start("work")
    first.kill()
    assert -signal.SIGKILL == await first.end()
    town.think_at_once()
    await town.answered(asked)

    assert ["/lane"] == town.pages.paths
    assert len(town.provider.history) <= 2


async def test_a_restart_of_postgresql(town: Fleet, postgres: Server) -> None:
    """
    While orders wait, are worked on, and come in: everyone is answered.
    """
    town.environ["llm_concurrency"] = 2
    links = []
    for n in range(6):
        town.pages.page(f"/lane/{n}", page(5, f"A bike lane for road {n}"))
        links.append(town.pages.url(f"/lane/{n}"))
    await town.gateways()
    await town.start("work", "--at-once", "2")
    await town.start("work", "--at-once", "2")
    people = town.people(24)
    before = await town.ask(people[:12], *links)
    await asyncio.wait_for(town.thinker.asked.wait(), 60)
    restarting = asyncio.ensure_future(asyncio.to_thread(postgres.restart))
    during = await town.ask(people[12:], *links)
    await restarting
    town.think_at_once()
    await town.answered([*before, *during])

    assert town.provider.busiest <= 2


async def test_a_worker_that_is_told_to_stop(town: Fleet) -> None:
    """
    SIGTERM while the model is silent: it is gone within ten seconds, and the other has gone on before.
    """
    await town.gateways()
    first = await town.start("work")
    asked = await town.ask(town.people(4), town.lane)
    await asyncio.wait_for(town.thinker.asked.wait(), 60)
    await town.start("work")
    town.thinker.asked.clear()
    first.stop()
    assert 0 == await first.end(10)
    await asyncio.wait_for(town.thinker.asked.wait(), 60)
    town.think_at_once()
    await town.answered(asked)

    assert ["/lane"] == town.pages.paths


async def test_a_thread_is_read_by_a_worker(town: Fleet) -> None:
    """
    Nobody tells a worker of servers, channels and roles: it asks for them, and reads for whoever may read.
    """
    town.think_at_once()
    town.discord.state.message_content = True
    town.environ["discord_message_content"] = "true"
    here = [one for one in town.people(12) if one.channel in town.guilds[0].channels]
    opener = here[0].say("Shall we have a lane?")
    thread = town.discord.state.thread(
        town.guilds[0], here[0].channel, "A lane", here[0].id, opener
    )
    for person, words in zip(here[1:], _said(5), strict=True):
        person.at(thread).say(words)
    await town.gateways()
    await town.start("work")
    asked = await here[0].at(thread).slash("summarize", wait=False)
    card = await town.discord.bell.until(
        lambda: next(iter(town.discord.shown(LABEL)), None), seconds=120
    )

    assert asked.shown is card
    assert thread == card.channel
    assert "5 of 5" in card.text
