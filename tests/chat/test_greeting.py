"""One greeting a server, where it may be written, and never again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.chat.fake_discord import Sent
from tests.chat.house import House, open_house
from tests.chat.server import BOT, EVERYONE, ID, MAY_TALK, NEWS, OFFICE, Server

SEND = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, server=Server()) as opened:
        opened.client._connection._remove_guild(opened.client.get_guild(ID))  # type: ignore[arg-type]
        yield opened


async def join(house: House, **facts: Any) -> list[Sent]:
    """Add the bot to the server, as the gateway tells it."""
    assert house.server is not None
    before = len(house.discord.sent)
    data = {**house.server.data(), **facts}
    house.client._connection.parse_guild_create(data)
    await house.discord._settle()
    return house.discord.sent[before:]


def leave(house: House) -> None:
    gone: Any = {"id": str(ID), "unavailable": False}
    house.client._connection.parse_guild_delete(gone)


async def test_a_new_server_is_greeted_once(house: House) -> None:
    """
    What to type, what happens with text, where to set it up; nobody is pinged, and a second joining is no first.
    """
    sent = await join(house)

    assert [SEND] == [one.how for one in sent]
    for words in ("/summarize", "/ask", "/help", "/settings", "to nobody else"):
        assert words in sent[0].text
    assert [] == sent[0].payload["allowed_mentions"]["parse"]
    leave(house)
    assert [] == await join(house)


async def test_a_start_is_no_joining(house: House) -> None:
    """
    Servers that arrive after a start were there before.
    """
    assert [] == await join(house, unavailable=False)


async def test_it_is_greeted_in_its_language(house: House) -> None:
    """
    The one the server prefers.
    """
    sent = await join(house, preferred_locale="fr")

    assert "Bonjour" in sent[0].text
    assert "/réglages" in sent[0].text


def shut(house: House, *channels: int) -> None:
    assert house.server is not None
    for id in channels:
        house.server.channels[id]["permission_overwrites"] = [
            {"id": str(EVERYONE), "type": 0, "allow": "0", "deny": str(MAY_TALK.value)},
            {"id": str(BOT), "type": 1, "allow": "0", "deny": str(1 << 11)},
        ]


async def test_the_system_channel_comes_first(house: House) -> None:
    """
    Discord's own place for such words.
    """
    await join(house, system_channel_id=str(OFFICE))

    assert [OFFICE] == house.discord.channels[-1:]


async def test_else_the_first_channel_where_it_may_write(house: House) -> None:
    """
    A system channel that is shut is passed over.
    """
    shut(house, OFFICE)
    await join(house, system_channel_id=str(OFFICE))

    assert [NEWS] == house.discord.channels[-1:]


async def test_where_it_may_write_nowhere_it_says_nothing_yet(house: House) -> None:
    """
    The greeting is not lost: the next joining may find a door open.
    """
    shut(house, NEWS, OFFICE)
    assert [] == await join(house)
    leave(house)
    assert house.server is not None
    house.server.channels[NEWS]["permission_overwrites"] = []

    assert [SEND] == [one.how for one in await join(house)]
