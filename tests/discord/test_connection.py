"""The gateway as it behaves on bad days, and the bot behind it: what is asked in between is answered all the same."""

from __future__ import annotations

import pytest

from bot.app.running import sync_commands
from bot.errors import BadSetting, ChorusError, SiteFailed, Unreachable
from tests.discord.bot import led, running
from tests.discord.checks import CALLBACK
from tests.discord.conftest import LABEL, LED_THERE, Town
from tests.discord.gateway import HEARTBEAT, IDENTIFY, RESUME
from tests.discord.interactions import THINK
from tests.discord.rest import Trouble
from tests.discord.routes import ME

PAIR = (("Even", 1_000_002), ("Odd", 1_000_003))
"""Servers whose ids lead to the first and the second of two shards."""


async def test_a_start(town: Town) -> None:
    """
    The bot identifies with the intents it needs and no privileged one, over a compressed stream, and knows its servers.
    """
    gateway = town.discord.gateway
    async with running(town.settings, town.discord) as bot:
        await bot.client.wait_until_ready()
        known = bot.client.get_channel(town.discord.news)
        (connection,), (session,) = gateway.connections, gateway.live()

    assert "news" == getattr(known, "name", None)
    assert [HEARTBEAT, IDENTIFY] == [frame["op"] for frame in connection.received[:2]]
    assert (0, 1) == session.shard
    assert 1 << 0 | 1 << 9 | 1 << 12 == session.intents


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(401, {"message": "401: Unauthorized", "code": 0}), BadSetting),
        (Trouble.error(503), SiteFailed),
        (Trouble(cut="before"), Unreachable),
    ],
    ids=["token", "down", "unreachable"],
)
async def test_a_start_that_cannot_be(
    town: Town, trouble: Trouble, error: type[ChorusError]
) -> None:
    """
    A refused token, a Discord that is down or cannot be reached: an error that an operator is told in a line.
    """
    town.discord.rest.plan(ME, *[trouble] * 2)
    with led(town.discord.url), pytest.raises(error):
        await sync_commands(town.settings)


async def test_commands_are_registered_once(town: Town) -> None:
    """
    The first start registers the commands, the second finds them unchanged.
    """
    for _ in range(2):
        async with running(town.settings, town.discord):
            pass

    assert 1 == town.discord.commands.puts
    assert {"summarize", "help"} <= {one["name"] for one in town.discord.commands.all(None)}


async def test_a_connection_that_breaks_during_a_run(town: Town) -> None:
    """
    The session is resumed and what happened meanwhile is told after the fact; both askers have one card.
    """
    discord = town.discord
    async with running(town.settings, discord):
        await town.ann.slash("summarize", link=town.lane)
        await town.thinker.asked.wait()
        discord.gateway.drop()
        late = await discord.someone("bob").slash("summarize", link=town.lane)
        town.thinker.let.set()
        await discord.until(lambda: discord.shown(LABEL) and discord.shown(LED_THERE))

    (session,) = discord.gateway.sessions
    assert 1 == session.resumed
    assert RESUME in [frame["op"] for frame in discord.gateway.connections[1].received]
    assert THINK == late.how
    assert 1 == len(town.provider.history)


@pytest.mark.parametrize(
    ("resumable", "sessions"), [(False, 2), (True, 1)], ids=["for good", "resumable"]
)
async def test_a_session_called_invalid(town: Town, resumable: bool, sessions: int) -> None:
    """
    A session that is gone is begun anew, one that can be resumed is; commands work then, and the run goes on.
    """
    discord = town.discord
    async with running(town.settings, discord):
        await town.ann.slash("summarize", link=town.lane)
        await town.thinker.asked.wait()
        discord.gateway.invalidate(resumable=resumable)
        await discord.until(lambda: 2 == len(discord.gateway.connections))
        await discord.gateway.ready()
        await discord.someone("bob").slash("help")
        town.thinker.let.set()
        await discord.shows(LABEL)

    assert sessions == len(discord.gateway.sessions)


async def test_a_request_to_reconnect(town: Town) -> None:
    """
    Op 7, as before Discord's deploys: the bot comes back and resumes.
    """
    discord = town.discord
    async with running(town.settings, discord):
        discord.gateway.reconnect()
        await discord.until(lambda: discord.gateway.sessions[0].resumed)
        await town.ann.slash("help")

    assert 1 == len(discord.gateway.sessions)


@pytest.mark.parametrize("code", [1000, 4000, 4007, 4009])
async def test_a_connection_closed_with_a_code(town: Town, code: int) -> None:
    """
    Codes that Discord calls recoverable end in a resumed session.
    """
    discord = town.discord
    async with running(town.settings, discord):
        await discord.gateway.close(code)
        await discord.until(lambda: discord.gateway.sessions[0].resumed)
        await town.ann.slash("help")


async def test_a_gateway_that_falls_silent(town: Town) -> None:
    """
    A connection that is open but dead is given up for a new one, and nothing that was said on it is lost.
    """
    discord = town.discord
    discord.gateway.heartbeat = 0.1
    async with running(town.settings, discord, heartbeat_timeout=0.3):
        discord.gateway.hush()
        asked = await town.ann.slash("help", wait=False)
        await discord.until(lambda: len(discord.gateway.connections) > 1)
        discord.gateway.speak()
        await discord.until(lambda: asked.answer)

    assert discord.gateway.sessions[0].resumed


async def test_several_shards(town: Town) -> None:
    """
    Two shards are two sessions; each server is heard on its own, direct messages on the first.
    """
    discord, ann = town.discord, town.ann
    discord.gateway.shards = 2
    first, second = (discord.state.guild(name, discord.owner, id=id << 22) for name, id in PAIR)
    async with running(town.settings, discord):
        for guild in (first, second, second):
            guild.member(discord.state.users[ann.id])
            await ann.at(guild.channel("talk")).slash("help")
        await ann.in_private().slash("help")

    heard = {
        session.shard: sum(event["t"] == "INTERACTION_CREATE" for event in session.events)
        for session in discord.gateway.sessions
    }
    assert {(0, 2): 2, (1, 2): 2} == heard


async def test_two_processes_on_one_shard(town: Town) -> None:
    """
    During a deploy both the old and the new process hear a command: one acknowledges it, and there is one answer.
    """
    discord = town.discord
    town.think_at_once()
    async with running(town.settings, discord), running(town.settings, discord):
        await discord.gateway.ready(2)
        asked = await town.ann.slash("summarize", link=town.lane)
        await discord.until(lambda: 2 == len(discord.rest.of(CALLBACK)))
        card = await discord.shows(LABEL)

    assert asked.shown is card
    assert {200, 400} == {call.status for call in discord.rest.of(CALLBACK)}
    assert [] == asked.followups
