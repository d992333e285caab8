"""/positions: only what readers say, in full, a page at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.models import Audience
from bot.core.ports import Report
from bot.errors import PageNotFound
from tests.chat.fake_discord import Sent, walk
from tests.chat.house import DRAFT, LINK, READING, House, button, open_house
from tests.fakes import comment

# no numbers: those that the source does not say are not shown
NAMES = [f"{one}{two}" for one in "ABCDEFGH" for two in "ABCDEFGH"]
POSITION = "The shops were not asked"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


async def positions(house: House, **options: Any) -> list[Sent]:
    before = len(house.discord.sent)
    await house.discord.slash("positions", **{"link": LINK, **options})
    await house.desk.settle()
    return house.discord.sent[before:]


def turns(sent: Sent) -> list[str]:
    found = (str(c.get("custom_id", "")) for c in walk(sent.data["components"]))
    return [id for id in found if "chorus:full" in id]


def many(house: House, count: int, label: str = "", summary: str = "") -> None:
    """Queue a draft of so many positions, each with a quote and a summary."""
    claims = tuple(
        replace(
            DRAFT.claims[0],
            label=f"View {name}{label}",
            summary=f"Because of {name}.{summary}",
        )
        for name in NAMES[:count]
    )
    house.reader.answers.append(READING)
    house.model.answers.append(replace(DRAFT, claims=claims))


async def test_the_first_time_it_is_acknowledged_then_answered(house: House) -> None:
    """
    Every position with its quotes, and no summary of the article.
    """
    house.ready()
    sent = await positions(house)

    assert (5, False) == (sent[0].payload["type"], sent[0].private)
    assert POSITION in sent[-1].text
    for words in ("Nobody asked the shops", "Should the lane be built?", "It keeps children safe"):
        assert words in sent[-1].text
    assert "Marlow opens a bike lane" not in sent[-1].text


async def test_the_second_time_it_is_the_first_response(house: House) -> None:
    """
    In the language and for whom it is asked.
    """
    house.ready()
    await positions(house, locale="fr")
    sent = await positions(house, language="fr", private=True)

    assert [(4, True)] == [(one.payload["type"], one.private) for one in sent]
    assert POSITION in sent[0].text
    assert 1 == len(house.model.asked)


async def test_who_turns_a_public_page_turns_a_copy(house: House) -> None:
    """
    Everybody reads at their own pace; from there on the copy turns in place. Every position is on some page.
    """
    many(house, 8)
    public = (await positions(house))[-1]
    await house.discord.press(public, turns(public)[-1])
    copy = house.discord.last
    assert (4, True) == (copy.payload["type"], copy.private)
    await house.discord.press(copy, turns(copy)[0])
    first = house.discord.last

    assert 7 == first.payload["type"]
    assert first.text == public.text
    for name in NAMES[:8]:
        assert f"View {name}" in public.text + copy.text
        assert f"Because of {name}." in public.text + copy.text


async def test_the_comments_behind_a_position_are_opened_privately(house: House) -> None:
    """
    From the list below, as on a card.
    """
    house.ready()
    public = (await positions(house))[-1]
    await house.discord.press(public, button(public, "chorus:open"), values=["1"])

    assert "Nobody asked us at the bakery" in house.discord.last.text
    assert house.discord.last.private


async def test_pages_turn_after_a_restart(house: House) -> None:
    """
    The state is in the button.
    """
    many(house, 8)
    public = (await positions(house))[-1]
    await house.desk.close(0)
    house.start()
    await house.discord.press(public, turns(public)[-1])

    assert f"View {NAMES[7]}" in house.discord.last.text


async def test_without_positions_every_comment_is_shown(tmp_path: Path) -> None:
    """
    Where no model is configured there are voices and no positions: what readers say are their comments.
    """
    async with open_house(tmp_path, model=False) as house:
        house.ready()
        shown = next(one for one in (await positions(house)) if "I take the bus" in one.text)

    assert all(one.text[:20] in shown.text for one in READING.readable)


@pytest.mark.parametrize("count", [1, 8, 60])
async def test_every_position_is_on_one_page(house: House, count: int) -> None:
    """
    Also where each is so long that few go on one.
    """
    many(house, count, label=" *long*" * 40, summary=" _very_" * 300)
    page, seen = (await positions(house, private=True))[-1], 0
    while True:
        seen += page.text.count("View ")
        further = [c for c in walk(page.data["components"]) if c.get("custom_id") in turns(page)]
        if not further or further[-1].get("disabled"):
            break
        await house.discord.press(page, further[-1]["custom_id"])
        page = house.discord.last

    assert count == seen


async def test_a_crash_between_asking_and_answer_loses_nothing(house: House) -> None:
    """
    The next start answers what was asked for: positions, no card.
    """
    await house.desk.close(0)
    house.ready()
    await house.discord.slash("positions", link=LINK)
    house.start()
    await house.desk.resume()
    await house.desk.settle()

    assert POSITION in house.discord.last.text
    assert "Marlow opens a bike lane" not in house.discord.last.text


async def test_where_nobody_says_anything_the_card_says_why(house: House) -> None:
    """
    An article without comments has no positions to page through.
    """
    (place,) = READING.discussions
    silent = replace(place, comments=(comment(1, ""),))
    house.ready(replace(READING, discussions=(silent,)))
    sent = await positions(house)

    assert "Marlow opens a bike lane" in sent[-1].text
    assert "0 comments" in sent[-1].text


async def test_what_goes_wrong_is_one_sentence(house: House) -> None:
    """
    As for any command.
    """
    house.reader.answers.append(PageNotFound(host="town.example"))

    assert "has no such page" in (await positions(house))[-1].text
    assert "not a link" in (await positions(house, link="x y"))[-1].text


async def test_after_the_token_died_a_public_answer_comes_into_the_channel(house: House) -> None:
    """
    As the positions that were asked for.
    """

    async def late(target: str, audience: Audience, report: Report) -> Any:
        await asyncio.sleep(0)
        house.clock.tick(timedelta(minutes=15))
        return READING

    house.ready()
    house.reader.read = late  # type: ignore[method-assign]
    sent = await positions(house)

    assert "POST /channels/{channel_id}/messages" == sent[-1].how
    assert POSITION in sent[-1].text
