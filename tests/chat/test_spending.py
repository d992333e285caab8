"""What people in Discord hear of money: what it cost, what is nearly spent, what is over and until when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.core.money import Limit, Limits
from tests.chat.fake_discord import Sent
from tests.chat.house import DRAFT, LINK, House, open_house
from tests.chat.server import CLERK, NEWS, Server

PAID = replace(DRAFT, tokens_in=11_000, tokens_out=1_345, cost=Decimal("0.0081"))
Open = Callable[[Limits], AbstractAsyncContextManager[House]]


@pytest.fixture
async def opened(tmp_path: Path) -> Open:
    return lambda limits: open_house(tmp_path, limits=limits)


async def summarize(house: House, **options: Any) -> list[Sent]:
    """Ask for a link that is not kept, and once more where it is."""
    before = len(house.discord.sent)
    await house.discord.slash("summarize", **{"link": LINK, **options})
    await house.desk.settle()
    return house.discord.sent[before:]


def ready(house: House) -> None:
    house.ready()
    house.model.answers[-1] = PAID


async def test_a_card_says_what_it_cost_and_a_kept_one_that_it_cost_nothing(opened: Open) -> None:
    """
    Tokens and dollars for the one whose ask it was; nothing for the next one.
    """
    async with opened(Limits()) as house:
        ready(house)
        first, second = await summarize(house), await summarize(house)

    assert "m · 12,345 tokens · $0.0081 · " in first[-1].text
    assert "m · kept, at no cost" in second[-1].text
    assert "$" not in second[-1].text


async def test_near_a_limit_the_card_says_so(opened: Open) -> None:
    """
    After this one 81 % of the server's day are spent: its small print says how much, and when it starts anew.
    """
    async with opened(Limits(guild=Limit(day=10_000))) as house:
        ready(house)
        sent = await summarize(house)

    assert (
        "81% of this server's budget for the day is spent; it starts anew on January 16, 2026 (0:00 UTC)."
        in sent[-1].text
    )
    assert 1 == sum("is spent" in one.text for one in sent)


async def test_far_from_a_limit_nothing_is_said(opened: Open) -> None:
    """
    79 % is no news.
    """
    async with opened(Limits(guild=Limit(day=10_200, month=90_000))) as house:
        ready(house)
        sent = await summarize(house)

    assert "spent" not in sent[-1].text


async def test_a_persons_budget_is_no_business_of_the_channel(opened: Open) -> None:
    """
    Beside a public card it is said to the asker alone, once a period; on a private card it stands below.
    """
    async with opened(Limits(person=Limit(month=10_000))) as house:
        ready(house)
        first, word = (await summarize(house))[-2:]

    assert "spent" not in first.text
    assert "81% of your budget for the month is spent" in word.text
    assert word.private

    async with opened(Limits(person=Limit(month=20_000))) as house:
        house.ready()
        house.model.answers[-1] = PAID
        sent = await summarize(house, language="fr", private=True)

    assert "81% of your budget for the month is spent" in sent[-1].text


async def test_over_a_budget_there_are_extracts_that_say_when(opened: Open) -> None:
    """
    Voices instead of positions, with the budget and its next day; in the reader's language.
    """
    async with opened(Limits(guild=Limit(month=9_999))) as house:
        house.ready(drafts=2)
        english = await summarize(house)
        french = await summarize(house, locale="fr")

        assert [] == house.model.asked
    said = "more than is left of this server's budget for the month, which starts anew on February 1, 2026"
    assert said in english[-1].text
    assert "le budget du mois de ce serveur, renouvelé le 1 février 2026" in french[-1].text
    assert "I take the bus." in english[-1].text


async def test_what_is_kept_is_shown_over_any_budget(opened: Open) -> None:
    """
    The last digest the budget paid for is there for everyone.
    """
    async with opened(Limits(guild=Limit(day=10_000), asks_per_hour=1)) as house:
        ready(house)
        first = await summarize(house)
        second = await summarize(house)

    assert "The shops were not asked" in first[-1].text
    assert "The shops were not asked" in second[-1].text


async def test_too_many_asks_end_in_one_sentence(opened: Open) -> None:
    """
    Over the ceiling nothing is read; the person hears in how many minutes there is more.
    """
    async with opened(Limits(asks_per_hour=1)) as house:
        ready(house)
        await summarize(house)
        sent = await summarize(house, link="https://town.example/other")

        assert [LINK] == house.reader.asked
    assert (
        "You have reached this hour's ceiling of new digests (1); more in 60 min, and what is kept at any time."
        == sent[-1].text
    )


async def test_a_run_is_charged_to_the_roles_of_the_asker(tmp_path: Path) -> None:
    """
    Discord says with an interaction which roles somebody holds; a role's budget holds for all of them.
    """
    server = Server()
    role = int(server.members[CLERK]["roles"][0])
    limits = Limits(roles=((role, Limit(day=1)),))
    async with open_house(tmp_path, server=server, limits=limits) as house:
        house.ready()
        house.discord.be(CLERK, NEWS)
        sent = await summarize(house)

        assert [] == house.model.asked
    assert "your role's budget for the day" in sent[-1].text
