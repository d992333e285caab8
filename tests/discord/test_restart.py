"""Whole processes of the bot: started, stopped and killed; every asker ends with exactly one final answer."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractAsyncContextManager

from tests.discord.bot import Child, child
from tests.discord.checks import POST
from tests.discord.conftest import LABEL, Town
from tests.discord.gateway import BAD_TOKEN
from tests.discord.rest import Trouble
from tests.discord.server import TOKEN


def started(town: Town) -> AbstractAsyncContextManager[Child]:
    return child(town.env(), town.discord, town.folder)


async def test_killed_after_the_acknowledgement(town: Town) -> None:
    """
    SIGKILL while the model thinks: the next start answers in the same message; the page is not read again.
    """
    discord = town.discord
    async with started(town) as first:
        await discord.gateway.ready()
        asked = await town.ann.slash("summarize", link=town.lane)
        await town.thinker.asked.wait()
        first.kill()
        assert -signal.SIGKILL == await first.end()
    town.think_at_once()
    async with started(town):
        card = await discord.shows(LABEL)

    assert asked.shown is card
    assert ["/lane"] == town.pages.paths
    assert 1 == discord.commands.puts


async def test_stopped_during_a_run(town: Town) -> None:
    """
    SIGTERM while the model is silent: gone within ten seconds; the order is taken up at the next start.
    """
    discord = town.discord
    async with started(town) as first:
        await discord.gateway.ready()
        asked = await town.ann.slash("summarize", link=town.lane)
        await town.thinker.asked.wait()
        first.stop()
        await discord.until(lambda: not discord.gateway.live(), seconds=10)
        assert 0 == await first.end()
    assert not discord.gateway.sessions[0].resumable  # it said goodbye
    town.think_at_once()
    async with started(town):
        card = await discord.shows(LABEL)

    assert asked.shown is card


async def test_stopped_just_before_the_answer(town: Town) -> None:
    """
    What is nearly done when the bot is told to stop is delivered before it goes.
    """
    discord = town.discord
    async with started(town) as bot:
        await discord.gateway.ready()
        asked = await town.ann.slash("summarize", link=town.lane)
        await town.thinker.asked.wait()
        bot.stop()
        town.think_at_once()
        assert 0 == await bot.end()

    assert LABEL in asked.shown.text


async def test_killed_between_the_post_and_its_note(town: Town) -> None:
    """
    SIGKILL when Discord has the answer but the bot does not know it yet: the next start does not post it again.
    """
    discord, held = town.discord, asyncio.Event()
    discord.rest.plan(POST, Trouble(late=held), containing=LABEL)
    async with started(town) as first:
        await discord.gateway.ready()
        town.think_at_once()
        town.ann.say(f"<@{discord.state.bot['id']}> {town.lane}")
        await discord.shows(LABEL)
        first.kill()
        await first.end()
    held.set()
    async with started(town):
        await discord.until(lambda: 2 == len(discord.rest.of(POST)))
        await discord.shows(LABEL)

    assert 1 == len(discord.shown(LABEL))


async def test_an_intent_that_is_not_switched_on(town: Town) -> None:
    """
    The gateway closes with 4014: one line that says what to do, and the exit code of a bad setting.
    """
    town.environ["discord_message_content"] = "true"
    async with started(town) as bot:
        assert 78 == await bot.end()

    assert "Traceback" not in bot.wrote()
    assert "DISCORD_MESSAGE_CONTENT" in bot.wrote().splitlines()[-1]


async def test_a_token_that_is_reset_while_the_bot_runs(town: Town) -> None:
    """
    The gateway closes with 4004: the bot ends with one line and the exit code of a bad setting.
    """
    async with started(town) as bot:
        await town.discord.gateway.ready()
        await town.discord.gateway.close(BAD_TOKEN)
        assert 78 == await bot.end()

    assert "Traceback" not in bot.wrote()
    assert "DISCORD_TOKEN" in bot.wrote().splitlines()[-1]
    assert TOKEN not in bot.wrote()
