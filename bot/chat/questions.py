"""A question about what was read: the one way to an answer, behind the card's form and every command."""

from __future__ import annotations

import discord

from bot.chat.answer_card import answer_card
from bot.chat.services import Services, language_of, roles_of, words_of
from bot.core.models import Reading
from bot.core.money import Spender
from bot.core.ports import Progress


async def answer_question(
    interaction: discord.Interaction,
    services: Services,
    reading: Reading,
    question: str,
    private: bool,
) -> None:
    """
    Acknowledge *interaction* if nobody has, then answer in the asker's language from *reading*, at their cost.

    Whether the answer is *private* is settled with the acknowledgement. Raises `StoreError` and `TooManyAsks`; a model
    that fails gives the passages that come nearest, and so does a budget that is spent.
    """
    if not interaction.response.is_done():
        await interaction.response.defer(thinking=True, ephemeral=private)
    asker = interaction.user
    where = (interaction.guild_id, interaction.channel_id)
    spender = Spender(asker.id, *where, roles_of(asker), str(interaction.id))
    language = language_of(interaction)
    answer = await services.answering.answer(reading, question, language, _nobody, spender)
    view = answer_card(answer, reading, words_of(interaction))
    await interaction.edit_original_response(view=view)


def _nobody(_: Progress) -> None:
    return None
