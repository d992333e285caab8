"""A question about what was read: the one way to an answer, behind the card's form and every command."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import discord

from bot.chat.asking import acknowledging
from bot.chat.rules import rules_of
from bot.chat.services import Services, address_of, roles_of
from bot.core.models import Audience
from bot.core.ports import Order, Question


async def ask_question(
    interaction: discord.Interaction,
    services: Services,
    about: tuple[str, Audience],
    question: Question,
    *,
    private: bool,
) -> None:
    """
    Order the answer, and acknowledge *interaction*, in the language of the place, else the asker's.

    *about*: target and audience. Whether the answer is *private* is settled with the acknowledgement. Raises
    `ChatError` where the server's settings do not let the person ask.
    """
    rules = await rules_of(interaction, services)
    rules.admit()
    rules.check(about[0])
    brief = rules.brief()
    thinking = partial(interaction.response.defer, thinking=True, ephemeral=private)
    to = address_of(interaction, private=private)
    await services.desk.take(
        Order(
            id=str(interaction.id),
            target=about[0],
            brief=brief,
            audience=about[1],
            asker=interaction.user.id,
            reply_to=replace(to, locale=rules.framed(brief, private=private)),
            fresh=False,
            taken_at=services.clock.now(),
            roles=roles_of(interaction.user),
            question=question,
        ),
        acknowledging(interaction, thinking),
    )
