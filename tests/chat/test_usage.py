"""/usage: one's own to everybody, the server's to those who manage it, and to nobody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.chat.cards import MOST_TEXT
from bot.chat.usage_text import WIDTH
from bot.core.money import Charge, Limit, Limits, Spender, accounts
from bot.store.purse import SqlPurse
from tests.chat.fake_discord import Sent, interaction, texts, walk
from tests.chat.house import House, open_house
from tests.chat.server import MEMBER, Server

LIMITS = Limits(
    operator=Limit(month=1_000_000), guild=Limit(month=400_000), person=Limit(day=100_000)
)
OTHER = 41
_ids = count()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, limits=LIMITS) as opened:
        yield opened


async def spend(
    house: House, who: int, site: str, amount: int | None, days: int = 0, guild: int | None = 10
) -> None:
    purse = house.till._purse
    assert isinstance(purse, SqlPurse)
    spender, at = Spender(who, guild, 20), house.clock.now() - timedelta(days=days)
    made = Charge(f"c{next(_ids)}", spender, site, "m", amount, at)
    await purse.reserve(made, accounts(spender, Limits(), at))
    await purse.settle(made.id, 9_000, 1_000, amount)


async def usage(house: House, *, manages: bool, locale: str = "en-US") -> Sent:
    member: dict[str, Any] = interaction(2, {}, locale)["member"]
    rights = discord.Permissions(manage_guild=manages, view_channel=True)
    house.discord.here = {"member": {**member, "permissions": str(rights.value)}}
    await house.discord.slash("usage", locale=locale)
    return house.discord.last


async def test_a_member_sees_their_own(house: House) -> None:
    """
    Today, this month, what is left, the last digests; privately, and nothing of anybody else.
    """
    await spend(house, MEMBER, "town.example", 81_000)
    await spend(house, MEMBER, "", 19_000, days=3)
    await spend(house, OTHER, "secret.example", 200_000)
    sent = await usage(house, manages=False)

    assert sent.private
    for said in (
        "Today: $0.0810 · 1 digest · 10,000 tokens",
        "This month: $0.1000 · 2 digests · 20,000 tokens",
        "▰▰▰▰▰▰▰▰▱▱ 81% of your budget for the day\n-# $0.0190 left · anew on January 16, 2026",
        "75% of this server's budget for the month\n-# anew on February 1, 2026",
        "30% of the operator's budget for the month\n-# anew",
        "`$0.0810 Jan 15` town.example\n`$0.0190 Jan 12` a file",
    ):
        assert said in sent.text
    for hidden in ("secret.example", "What this server", "<@", "$0.2000"):
        assert hidden not in sent.text


async def test_who_manages_the_server_sees_all_of_it(house: House) -> None:
    """
    By person, by site and by day; of this server only, and what is left of its budget.
    """
    await spend(house, MEMBER, "town.example", 81_000)
    await spend(house, OTHER, "lane.example", 200_000, days=1)
    await spend(house, OTHER, "lane.example", 1_000, days=2)
    await spend(house, OTHER, "elsewhere.example", 5_000, guild=11)
    sent = await usage(house, manages=True)

    assert sent.private
    for said in (
        "This month: $0.2820 · 3 digests · 30,000 tokens",
        "`$0.2010 ×2` <@41>\n`$0.0810 ×1` <@4>",
        "`$0.2010 ×2` lane.example\n`$0.0810 ×1` town.example",
        "$0.1180 left",
        "Jan 12\nJan 13 █ $0.0010\nJan 14 ███████████████ $0.2000\nJan 15 ██████ $0.0810",
    ):
        assert said in sent.text
    assert "elsewhere" not in sent.text


async def test_without_a_price_tokens_are_shown(house: House) -> None:
    """
    No dollar is made up.
    """
    await spend(house, MEMBER, "town.example", None)
    sent = await usage(house, manages=True)

    assert "Today: 1 digest · 10,000 tokens" in sent.text
    assert "`10,000 t ×1` <@4>" in sent.text
    assert not re.search(r"\$0\.0[1-9]", sent.text)


async def test_who_has_spent_nothing_hears_so(house: House) -> None:
    """
    No empty tables, no chart of nothing.
    """
    sent = await usage(house, manages=True)

    assert "Today: 0 digests · 0 tokens" in sent.text
    assert "Your last digests" not in sent.text
    assert "By " not in sent.text


async def test_it_is_said_in_french(house: House) -> None:
    """
    Headings, dates and numbers as French writes them.
    """
    await spend(house, MEMBER, "town.example", 81_000)
    sent = await usage(house, manages=True, locale="fr")

    assert "Aujourd’hui\u00a0: $0.0810 · 1 résumé · 10\u202f000 jetons" in sent.text
    assert "Par personne, ce mois-ci" in sent.text
    assert "15 janv. ███" in sent.text


async def test_outside_servers_everybody_sees_their_own(tmp_path: Path) -> None:
    """
    In a direct message nobody manages a server, whatever Discord states of rights there.
    """
    async with open_house(tmp_path, server=Server()) as house:
        await spend(house, MEMBER, "town.example", 81_000)
        house.discord.be(MEMBER, None)
        await house.discord.slash("usage")
        sent = house.discord.last

    assert "`$0.0810 Jan 15` town.example" in sent.text
    assert "server" not in sent.text


async def test_the_largest_usage_keeps_discords_limits(house: House) -> None:
    """
    Many people and sites with the longest names, every day, every budget: one message, a chart a phone does not break.
    """
    for n in range(30):
        site = f"{'x' * 60}.{'y' * 60}.{n}.example"
        await spend(house, 10**18 + n, site, 900_000_000 + n, days=n % 15)
        await spend(house, MEMBER, site, 900_000_000 + n, days=n % 15)
    for locale in ("en-US", "fr"):
        sent = await usage(house, manages=True, locale=locale)
        shown = texts(sent.data["components"])

        assert sum(len(text.encode("utf-16-le")) // 2 for text in shown) <= MOST_TEXT
        assert len(walk(sent.data["components"])) <= 40
        (chart,) = [text for text in shown if "```" in text]
        assert max(map(len, chart.split("```")[1].split("\n"))) <= WIDTH
        assert 10 == "\n".join(shown).count("<@")
