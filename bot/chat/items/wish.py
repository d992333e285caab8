"""A person's wish that nothing be kept about them."""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.asking import answer_error
from bot.chat.cards import notice
from bot.chat.services import services_of, words_of

CUSTOM_ID = "chorus:forget-me"


class ForgetMe(ui.DynamicItem[ui.Button[Any]], template=CUSTOM_ID):
    """Deletes what is kept about the one who presses it; survives restarts, as every button does."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button; there is nothing in its id to look up."""
        return cls(ui.Button(custom_id=CUSTOM_ID))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Delete at once: what is lost by mistake is asked for again, and comes from what others asked."""
        words = words_of(interaction)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            gone = await services_of(interaction).purging.person(interaction.user.id)
            said = words.count("{n} thing deleted for good.", "{n} things deleted for good.", gone)
            await interaction.edit_original_response(view=notice(said))
        except Exception as error:
            await answer_error(interaction, error)


def wish_row(label: str) -> ui.ActionRow[ui.LayoutView]:
    """Return the row with the button, called *label*."""
    return ui.ActionRow(ui.Button(label=label[:80], custom_id=CUSTOM_ID))
