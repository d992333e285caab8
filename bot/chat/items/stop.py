"""Calling off what is under way."""

from __future__ import annotations

import discord

from bot.chat.access import moderates
from bot.chat.cards import notice
from bot.chat.items.pressed import Pressed
from bot.chat.services import Services, words_of
from bot.errors import Cancelled, OnlyAsker, TooLate


class Stop(Pressed, template=r"chorus:stop:(?P<order>\d{1,20})"):
    """Ends an order: for the one who gave it, or a moderator."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Stop it, and say so in place of its progress."""
        found = await services.orders.find(self.found["order"])
        if found is None:
            raise TooLate
        order, _ = found
        if interaction.user.id != order.asker and not moderates(interaction):
            raise OnlyAsker
        if not await services.desk.cancel(order.id):
            raise TooLate
        # by the token of this very press: that of the order may have died
        view = notice(words_of(interaction).error(Cancelled()))
        await interaction.response.edit_message(view=view)
