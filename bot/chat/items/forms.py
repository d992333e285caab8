"""
What forms bring in. The whole state is in the form's custom id, so one opened before a restart is taken after it.

The library knows only forms it opened itself since it started; every interaction passes through `submitted` instead.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

import discord

from bot.chat.asking import answer_error
from bot.chat.cards import notice
from bot.chat.facts import numbered
from bot.chat.forms import MOST_NOTE, MOST_QUESTION
from bot.chat.items.pressed import KEY, digest_of
from bot.chat.questions import answer_question
from bot.chat.services import Services, services_of, words_of
from bot.core.flags import Flag
from bot.core.models import Digested
from bot.errors import Expired


class Form:
    """Base of what takes a form; `found` is what the form's id says, `fields` what was typed or chosen."""

    template: ClassVar[str]

    def __init__(self, found: dict[str, str], fields: dict[str, str]) -> None:
        self.found = found
        self.fields = fields

    async def take(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Do what this form is for."""
        raise NotImplementedError


class Asked(Form):
    """A question about what a digest is of."""

    template = rf"chorus:asked:{KEY}"

    async def take(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer it, privately."""
        question = self.fields.get("question", "")[:MOST_QUESTION]
        await answer_question(interaction, services, digested.reading, question, private=True)


class Flagged(Form):
    """A reader's word that a position or a quote is wrong."""

    template = rf"chorus:flag:{KEY}:(?P<number>\d{{1,5}})"

    async def take(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Keep it, and thank them."""
        number, what = int(self.found["number"]), self.fields.get("what", "")
        one = next((x for x in numbered(digested) if x.number == number), None)
        if one is None:
            raise Expired
        quotes = {str(n): quote for n, quote in enumerate(one.position.quotes)}
        await services.flags.put(
            Flag(
                digest=digested.digest.key,
                position=one.position.key,
                quote=quotes.get(what),
                person=interaction.user.id,
                at=services.clock.now(),
                note=" ".join(self.fields.get("note", "").split())[:MOST_NOTE],
            )
        )
        said = words_of(interaction).say("Thank you. Moderators see it beside the position.")
        await interaction.response.send_message(view=notice(said), ephemeral=True)


FORMS: tuple[type[Form], ...] = (Asked, Flagged)


async def submitted(interaction: discord.Interaction) -> None:
    """Take *interaction* if it is a form of ours; an error is said to the person."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    data = cast("dict[str, Any]", interaction.data)
    for kind in FORMS:
        match = re.fullmatch(kind.template, str(data.get("custom_id")))
        if match:
            await _take(kind(match.groupdict(), _fields(data.get("components"))), interaction)


async def _take(form: Form, interaction: discord.Interaction) -> None:
    services = services_of(interaction)
    try:
        digested = await digest_of(interaction, services, form.found["key"])
        await form.take(interaction, services, digested)
    except Exception as error:
        await answer_error(interaction, error)


def _fields(components: Any) -> dict[str, str]:
    """Return what the fields of a form hold, by their ids: each stands in a label or a row."""
    found = {}
    for component in components or ():
        inner = component.get("component")
        found.update(_fields([inner] if inner else component.get("components")))
        if "custom_id" in component:
            values = component.get("values") or [component.get("value") or ""]
            found[str(component["custom_id"])] = str(values[0])
    return found
