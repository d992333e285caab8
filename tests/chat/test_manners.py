"""What is for adults stays in age-restricted channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.chat.place import Place
from tests.chat.fake_discord import Sent, walk
from tests.chat.house import DRAFT, LINK, READING, House, open_house
from tests.chat.server import ID, LANE, MEMBER, NEWS, OFFICE, Server, said, user

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


async def test_a_button_shows_it_nowhere_else(house: House) -> None:
    """
    A card that was carried into another channel opens nothing there.
    """
    card = await ask(house, NEWS)
    button = next(c["custom_id"] for c in walk(card.data["components"]) if "custom_id" in c)
    house.discord.be(MEMBER, OFFICE)
    await house.discord.press(card, button)

    assert ADULTS_ONLY in house.discord.last.text


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
