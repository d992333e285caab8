"""What is for adults stays in age-restricted channels; what is kept for a server or a person goes when they wish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.chat.items.wish import CUSTOM_ID
from bot.chat.place import Place
from bot.core.models import PUBLIC, Brief
from bot.core.ports import Address, Order, Progress, Stage
from bot.errors import DatabaseFull
from tests.chat.fake_discord import Sent, walk
from tests.chat.house import DRAFT, LINK, READING, House, button, open_house
from tests.chat.server import ID, LANE, MEMBER, NEWS, OFFICE, Server, said, user
from tests.fakes import FakePurging

ADULTS_ONLY = "for adults only"
ANSWER = "The shops were not asked"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    server = Server()
    server.channels[NEWS]["nsfw"] = True
    async with open_house(tmp_path, server=server) as opened:
        opened.ready(replace(READING, adult=True), drafts=3)
        yield opened


async def ask(house: House, at: int | None, **options: Any) -> Sent:
    house.discord.be(MEMBER, at)
    await house.discord.slash("summarize", **{"link": LINK, **options})
    await house.desk.settle()
    return house.discord.last


async def test_what_is_for_adults_is_shown_where_adults_are(house: House) -> None:
    """
    In an age-restricted channel there is the card.
    """
    assert ANSWER in (await ask(house, NEWS)).text


@pytest.mark.parametrize("at", [OFFICE, None])
async def test_and_nowhere_else(house: House, at: int | None) -> None:
    """
    Elsewhere, and in direct messages, a sentence says where to ask: of the first ask, and of what is kept.
    """
    first = await ask(house, at)
    kept = await ask(house, at, private=True)

    for sent in (first, kept):
        assert ADULTS_ONLY in sent.text
        assert ANSWER not in sent.text


@pytest.mark.parametrize("again", ["help", "summarize"])
async def test_an_answer_that_waited_is_shown_nowhere_else(house: House, again: str) -> None:
    """
    What missed its token in an age-restricted channel is not handed over in another one: neither with what is answered
    at once, nor beside an answer that comes later.
    """
    read = house.reader.read

    async def slowly(*what: Any) -> Any:
        house.clock.tick(timedelta(minutes=15))
        return await read(*what)

    house.reader.read = slowly  # type: ignore[method-assign,assignment]
    await ask(house, NEWS, private=True)
    house.clock.at -= timedelta(minutes=15)
    house.reader.read = read  # type: ignore[method-assign]
    before = len(house.discord.sent)
    other = "https://town.example/other"
    house.reader.answers.clear()
    house.ready(replace(READING, target=other, hash="r2"))
    house.discord.be(MEMBER, OFFICE)
    await house.discord.slash(again, **({} if again == "help" else {"link": other}))
    await house.desk.settle()
    await house.discord._settle()

    (handed,) = [one for one in house.discord.sent[before:] if one.how == "execute_webhook"]
    assert ADULTS_ONLY in handed.text
    assert ANSWER not in handed.text


async def test_a_button_shows_it_nowhere_else(house: House) -> None:
    """
    A card that was carried into another channel opens nothing there.
    """
    card = await ask(house, NEWS)
    first = next(c["custom_id"] for c in walk(card.data["components"]) if "custom_id" in c)
    house.discord.be(MEMBER, OFFICE)
    await house.discord.press(card, first)

    assert ADULTS_ONLY in house.discord.last.text


async def test_another_language_shows_it_nowhere_else(house: House) -> None:
    """
    A page that was for everybody when a card was made, and is for adults by now, is not shown by the list below it.
    """
    house.reader.answers.clear()
    later = house.clock.at + timedelta(days=2)
    house.ready(READING, replace(READING, adult=True, hash="r2", read_at=later), drafts=2)
    card = await ask(house, OFFICE)
    house.clock.tick(timedelta(days=2))
    await ask(house, NEWS, language="fr")
    house.discord.be(MEMBER, OFFICE)
    await house.discord.press(card, button(card, "chorus:more:"))
    offered = house.discord.last
    await house.discord.press(offered, button(offered, "chorus:in:"), private=True, values=["fr"])

    assert ADULTS_ONLY in house.discord.last.text
    assert ANSWER not in house.discord.last.text


async def test_a_mention_is_held_to_it_too(house: House) -> None:
    """
    What is answered with a reply is no way round.
    """
    me = user(3)
    for _ in range(2):
        await house.discord.say(f"<@3> {LINK}", mentions=[me], channel_id=str(OFFICE))
        await house.desk.settle()
        assert ADULTS_ONLY in house.discord.last.text


async def test_a_thread_is_where_its_channel_is(house: House) -> None:
    """
    What is said in a thread of an age-restricted channel is for adults, and is shown there.
    """
    assert house.server is not None
    house.server.tell(LANE, said(1000, "I am for it."), said(1001, "I am not.", user(9)))
    house.model.answers.clear()
    house.model.answers.extend([replace(DRAFT, claims=(), divide=None)] * 2)
    link = Place(ID, LANE).link

    assert "Bike lane" in (await ask(house, LANE, link=link)).text
    assert ADULTS_ONLY in (await ask(house, OFFICE, link=link)).text


async def test_what_is_kept_about_a_person_goes_at_a_press(house: House) -> None:
    """
    /help has a button that deletes what they asked and gave, and says how much it was; others' stays.
    """
    house.reader.answers.clear()
    house.ready(READING, drafts=2)
    await ask(house, NEWS)
    assert None is not await house.digesting._shelf.latest(LINK, PUBLIC)
    await house.discord.slash("help")
    assert house.discord.last.private
    await house.discord.press(house.discord.last, CUSTOM_ID, private=True)

    # the order, and where its card stands
    assert "2 things deleted for good." in house.discord.last.text
    assert [] == await house.orders.open()
    assert None is not await house.digesting._shelf.latest(LINK, PUBLIC)


async def test_a_wish_that_fails_is_said(house: House) -> None:
    """
    The one who pressed hears that nothing was deleted.
    """
    house.discord.be(MEMBER, NEWS)
    await house.discord.slash("help")
    helped = house.discord.last
    house.client.services = replace(
        house.client.services, purging=FakePurging(DatabaseFull(place="/"))
    )
    await house.discord.press(helped, CUSTOM_ID, private=True)

    assert "deleted for good" not in house.discord.last.text


async def test_a_server_that_is_left_is_forgotten(house: House) -> None:
    """
    When the bot is removed from a server, what is kept for it goes; an outage of Discord's is no leaving.
    """
    purging = FakePurging()
    house.client.services = replace(house.client.services, purging=purging)
    state = house.client._connection
    state.parse_guild_delete({"id": str(ID), "unavailable": True})
    await house.discord._settle()
    assert [] == purging.guilds

    state.parse_guild_delete({"id": str(ID)})
    await house.discord._settle()
    assert [ID] == purging.guilds


async def test_a_server_left_while_nothing_can_be_deleted_stops_nothing(house: House) -> None:
    """
    The failure is logged; the bot goes on.
    """
    house.client.services = replace(
        house.client.services, purging=FakePurging(DatabaseFull(place="/"))
    )
    guild = house.client.get_guild(ID)
    assert isinstance(guild, discord.Guild)

    await house.client.on_guild_remove(guild)


async def test_progress_of_answers_that_others_deliver_leaves_nothing_behind(house: House) -> None:
    """
    Of several processes one tells a place in the queue and another one delivers: what was told is forgotten by itself.
    """
    to = Address(NEWS, application=1, token="t", expires=house.clock.at + timedelta(hours=1))
    for n in range(1_500):
        house.clock.tick(timedelta(seconds=1))
        order = Order(str(n), LINK, Brief("en"), PUBLIC, MEMBER, to, False, house.clock.at)
        house.postman.progress(order, Progress(Stage.QUEUED, 1))
        await asyncio.wait(list(house.postman._edits.values()))
        await asyncio.sleep(0)

    assert 0 == len(house.postman._edits)
    assert 1_000 >= len(house.postman._next)
