"""
What can be pressed. The whole state is in the custom id, so items survive restarts.

discord.py only logs what a dynamic item raises: `Pressed` answers the person instead.
"""

from __future__ import annotations

import re
from typing import Any, Self, cast

import discord
from discord import ui

from bot.chat.access import may_press
from bot.chat.asking import answer_error
from bot.chat.rules import shown
from bot.chat.services import Services, services_of, words_of
from bot.core.models import Digested
from bot.errors import Expired

KEY = r"(?P<key>[0-9a-f]{24})"
SECTION = r"(?P<name>\d{1,5}|rest|all)"
CARD = r"(?P<card>\d{1,20})"  # a message's id, 0 for none


class Pressed(ui.DynamicItem[ui.Item[Any]], template=r"chorus:never"):
    """Base of what can be pressed: answers even when something fails. `found` is what its id says, by name."""

    def __init__(self, item: ui.Item[Any], found: dict[str, str]) -> None:
        super().__init__(item)
        self.found = found

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the item from its id; whatever must be looked up waits for `callback`."""
        return cls(item, match.groupdict())

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what was pressed; an error is said to the person."""
        try:
            await self.act(interaction, services_of(interaction))
        except Exception as error:
            await answer_error(interaction, error)

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Do what this item is for."""
        raise NotImplementedError


class OfDigest(Pressed, template=r"chorus:never-of-one"):
    """Base of what belongs to a digest: looks it up, and whether the one who pressed may have it."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Find the digest, then do what this item is for."""
        digested = await digest_of(interaction, services, self.found["key"])
        await self.press(interaction, services, digested)

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Do what this item is for."""
        raise NotImplementedError


async def digest_of(interaction: discord.Interaction, services: Services, key: str) -> Digested:
    """Return the digest called *key*; raises `Expired`, `SiteBlocked`, or what `may_press` raises."""
    digested = await services.digesting.kept(key)
    if digested is None:
        raise Expired
    await may_press(interaction, digested.reading)
    settings = await services.servers.get(interaction.guild_id)
    return shown(settings, digested, words_of(interaction))


def choices(interaction: discord.Interaction) -> list[str]:
    """Return all that was chosen from a list; none where the choice was emptied."""
    values = cast("dict[str, Any]", interaction.data).get("values") or []
    return [str(value) for value in values]


def chosen(interaction: discord.Interaction) -> str:
    """Return what was chosen from a list, "" where nothing was."""
    return (choices(interaction) or [""])[0]
