"""What goes wrong between the bot and Discord: every asker ends with exactly one final answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from discord import Permissions

from bot.store.orders import SqlOrders
from tests.discord.bot import running
from tests.discord.checks import CALLBACK, EDIT, POST
from tests.discord.conftest import LABEL, LED_THERE, Town
from tests.discord.posts import Post
from tests.discord.refused import missing_access
from tests.discord.rest import Trouble
from tests.discord.routes import TYPING
from tests.discord.state import BOT


@asynccontextmanager
async def asked(town: Town, *, private: bool = False) -> AsyncIterator[None]:
    """Ann has asked, and the model is thinking; at the end of the block it answers, and nothing is left undone."""
    async with running(town.settings, town.discord) as bot:
        await town.ann.slash("summarize", link=town.lane, private=private)
        await town.thinker.asked.wait()
        yield
        town.think_at_once()
        await bot.desk.settle()
        assert [] == await SqlOrders(bot.engine.database).open()


def answers(town: Town) -> list[Post]:
    return town.discord.shown(LABEL)


async def test_too_many_edits(town: Town) -> None:
    """
    A 429 on the edit that brings the answer is waited for, as long as Discord says; then the answer is there, once.
    """
    rest = town.discord.rest
    rest.plan(EDIT, Trouble.too_many(0.3), containing=LABEL)
    async with asked(town):
        pass

    refused, taken = [call for call in rest.of(EDIT) if LABEL in str(call.body)]
    assert (429, 200) == (refused.status, taken.status)
    assert 0.3 <= taken.at - refused.at
    assert 1 == len(answers(town))


@pytest.mark.parametrize("route", [CALLBACK, EDIT], ids=["acknowledgement", "answer"])
async def test_a_failure_of_discord(town: Town, route: str) -> None:
    """
    The library tries again a second after a 500, at the acknowledgement as at the answer.
    """
    town.discord.rest.plan(route, Trouble.error(500), containing=LABEL if route == EDIT else "")
    async with asked(town):
        pass

    assert 1 == len(answers(town))


async def test_too_late_to_acknowledge(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """
    After three seconds Discord says "did not respond" itself: nothing is read or paid for, and one line is logged.
    """
    async with running(town.settings, town.discord) as bot:
        await town.ann.slash("summarize", link=town.lane, wait=False)
        town.discord.state.clock.move(seconds=4)
        await town.discord.until(lambda: town.discord.rest.of(CALLBACK))
        await bot.desk.settle()

    assert "not acknowledged in time" in caplog.text
    assert ([], []) == (town.pages.paths, town.provider.history)
    assert [] == [one for one in caplog.records if one.levelname == "ERROR"]


async def test_a_connection_lost_while_the_answer_is_delivered(town: Town) -> None:
    """
    The edit is made again.
    """
    town.discord.rest.plan(EDIT, Trouble(cut="before"), containing=LABEL)
    async with asked(town):
        pass

    assert 1 == len(answers(town))


async def test_a_connection_lost_when_the_answer_was_posted(town: Town) -> None:
    """
    A message to the channel that Discord had taken already is not posted twice.
    """
    rest = town.discord.rest
    rest.plan(POST, Trouble(cut="after"), containing=LABEL)
    async with asked(town):
        town.discord.state.clock.move(minutes=16)

    assert 2 == len(rest.of(POST))
    assert 1 == len(answers(town))


async def test_a_token_that_expired(town: Town) -> None:
    """
    Discord calls the token dead though the bot's clock does not: the answer goes to the channel, for everybody.
    """
    async with asked(town):
        town.discord.state.clock.move(minutes=16)

    (card,) = answers(town)
    assert (town.discord.news, None) == (card.channel, card.to)


async def test_a_token_that_is_about_to_expire(town: Town) -> None:
    """
    In its last seconds a token is not tried any more: the edit might come too late.
    """
    clock = town.discord.state.clock
    clock.move(minutes=-14, seconds=-50)
    async with asked(town):
        clock.move(minutes=14, seconds=50)
    clock.move(minutes=1)

    (card,) = answers(town)
    assert 1 == len(town.discord.rest.of(POST))
    assert card.payload.get("interaction_metadata") is None


async def test_what_said_that_it_is_under_way_is_gone_with_the_answer(town: Town) -> None:
    """
    The token is dead: the answer takes the place of the message that could be called off.
    """
    async with asked(town):
        discord = town.discord
        await discord.until(lambda: discord.rest.of(EDIT))
        (progress,) = discord.state.posts.history(discord.news)
        discord.state.clock.move(minutes=16)

    assert answers(town) == town.discord.state.posts.history(town.discord.news)
    assert progress.gone


@pytest.mark.parametrize("rights", [True, False], ids=["history", "no history"])
async def test_an_answer_that_discord_had_taken_before_the_token_died(
    town: Town, rights: bool
) -> None:
    """
    The bot was stopped before it knew, and started a quarter of an hour later: it stays, and stays the only one.

    Where the bot may not see the channel's history it cannot know, and rather posts it twice than never.
    """
    discord, held = town.discord, asyncio.Event()
    discord.rest.plan(EDIT, Trouble(late=held), containing=LABEL)
    town.think_at_once()
    async with running(town.settings, discord):
        asked = await town.ann.slash("summarize", link=town.lane)
        await discord.until(lambda: answers(town))
    held.set()
    discord.state.clock.move(minutes=16)
    if not rights:
        blind = Permissions(read_message_history=True)
        discord.marlow.overwrite(discord.news, BOT, blind, deny=True)
    async with running(town.settings, discord) as bot:
        await bot.desk.settle()
        assert [] == await SqlOrders(bot.engine.database).open()

    assert (LABEL in asked.shown.text, 1 if rights else 2) == (True, len(answers(town)))


async def test_a_private_answer_whose_token_expired(town: Town) -> None:
    """
    It is shown to nobody else: it waits, and comes with whatever the asker does next, once.
    """
    discord = town.discord
    async with asked(town, private=True):
        discord.state.clock.move(minutes=16)
    assert [] == answers(town)

    ann = next(iter(discord.interactions.all.values())).user
    async with running(town.settings, discord):
        again = discord.someone("ann")
        await again.slash("help")
        assert [] == answers(town)
        await discord.by(ann).slash("help")
        (card,) = await discord.until(lambda: answers(town))
        await discord.by(ann).slash("help")

    assert (ann, 1) == (card.to, len(answers(town)))


async def test_a_channel_that_was_closed_to_the_bot(town: Town) -> None:
    """
    The token is dead and the channel may not be written to: the answer waits for the asker.
    """
    discord = town.discord
    discord.rest.plan(POST, Trouble.refusal(missing_access()), containing=LABEL)
    async with asked(town):
        discord.state.clock.move(minutes=16)
    ann = next(iter(discord.interactions.all.values())).user
    async with running(town.settings, discord):
        await discord.by(ann).slash("help")
        (card,) = await discord.until(lambda: answers(town))

    assert ann == card.to


async def test_a_message_that_was_deleted(town: Town) -> None:
    """
    Somebody deleted "thinking…": the answer is posted.
    """
    async with asked(town):
        (thinking,) = town.discord.state.posts.there()
        town.discord.state.delete(thinking)

    assert 1 == len(answers(town))


async def test_a_mention_though_typing_fails(town: Town) -> None:
    """
    That the bot types is decoration: the question is taken all the same.
    """
    town.think_at_once()
    town.discord.rest.plan(TYPING, Trouble(cut="before"))
    async with running(town.settings, town.discord):
        town.ann.say(f"<@{town.discord.state.bot['id']}> {town.lane}")
        await town.discord.shows(LABEL)


async def test_a_connection_lost_while_a_thread_is_read(town: Town) -> None:
    """
    The asker hears that Discord cannot be reached, not that something unexpected happened.
    """
    discord, ann = town.discord, town.ann
    discord.state.message_content = True
    town.environ["discord_message_content"] = "true"
    thread = discord.state.thread(discord.marlow, discord.news, "A lane", ann.id, None)
    # the library's transport tries what is safe to try again once more by itself
    discord.rest.plan("GET /channels/{channel_id}/messages", *[Trouble(cut="before")] * 2)
    async with running(town.settings, discord) as bot:
        await bot.client.wait_until_ready()
        asked = await ann.at(thread).slash("summarize")
        told = await discord.shows("cannot be reached")

    assert asked.shown is told


async def test_fifty_who_ask_the_same(town: Town) -> None:
    """
    All are acknowledged while one digest is made; one card answers them, and each of the others is led there alone.
    """
    discord = town.discord
    people = [discord.someone(f"p{n}") for n in range(50)]
    async with running(town.settings, discord):
        took = await asyncio.gather(*(one.slash("summarize", link=town.lane) for one in people))
        town.think_at_once()
        await discord.until(lambda: 49 == len(discord.shown(LED_THERE)))

    (card,) = answers(town)
    led = discord.shown(LED_THERE)
    assert 49 == sum(one.shown.gone for one in took)
    assert all(str(card.id) in post.text for post in led)
    assert 49 == len({post.to for post in led} - {None})
    assert (["/lane"], 1) == (town.pages.paths, len(town.provider.history))
