"""
What can be pressed. The whole state is in the custom id, so items survive restarts.

discord.py only logs what a dynamic item raises: `Pressed` answers the person instead.
"""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.access import may_press
from bot.chat.asking import answer_error
from bot.chat.services import Services, services_of
from bot.core.models import Digested
from bot.errors import Expired

KEY = r"(?P<key>[0-9a-f]{24})"


class Pressed(ui.DynamicItem[ui.Item[Any]], template=r"chorus:never"):
    """Base of what can be pressed: looks up digest and presser, and answers even when something fails."""

    def __init__(self, item: ui.Item[Any], key: str, number: int = 0, lead: str = "") -> None:
        super().__init__(item)
        self.key = key
        self.number = number
        self.lead = lead

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the item from its id; whatever must be looked up waits for `callback`."""
        found = match.groupdict()
        return cls(item, found["key"], int(found.get("number") or 0), found.get("lead") or "")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what was pressed; an error is said to the person."""
        services = services_of(interaction)
        try:
            digested = await services.digesting.kept(self.key)
            if digested is None:
                raise Expired
            await may_press(interaction, digested.reading)
            await self.press(interaction, services, digested)
        except Exception as error:
            await answer_error(interaction, error)

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Do what this item is for."""
        raise NotImplementedError
