"""
What forms bring in. The whole state is in the form's custom id, so one opened before a restart is taken after it.

The library knows only forms it opened itself since it started; every interaction passes through `submitted` instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, cast

import discord

from bot.chat.asking import answer_error
from bot.chat.services import Services, services_of


class Form:
    """Base of what takes a form; `found` is what the form's id says, `fields` what was typed or chosen."""

    template: ClassVar[str]

    def __init__(self, found: dict[str, str], fields: dict[str, str]) -> None:
        self.found = found
        self.fields = fields

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Do what this form is for."""
        raise NotImplementedError


async def submitted(interaction: discord.Interaction, kinds: Sequence[type[Form]]) -> None:
    """Take *interaction* if it is a form of one of *kinds*; an error is said to the person."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    data = cast("dict[str, Any]", interaction.data)
    for kind in kinds:
        match = re.fullmatch(kind.template, str(data.get("custom_id")))
        if match:
            try:
                form = kind(match.groupdict(), _fields(data.get("components")))
                await form.act(interaction, services_of(interaction))
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
