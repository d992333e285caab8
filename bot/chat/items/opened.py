"""Opening positions and their comments, turning their pages, and saying that one is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.access import moderates
from bot.chat.facts import numbered
from bot.chat.forms import wrong_form
from bot.chat.items.pressed import KEY, SECTION, OfDigest, chosen
from bot.chat.opened import ALL, section
from bot.chat.rows import chooser, full_view, page_view
from bot.chat.services import Services, words_of
from bot.core.flags import Flag
from bot.core.models import Digested
from bot.errors import Expired


class OpenAll(OfDigest, template=rf"chorus:all:{KEY}"):
    """Opens every comment, for the one who pressed."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with the first page."""
        view = await _view(interaction, services, digested, ALL, 0)
        await interaction.response.send_message(view=view, ephemeral=True)


class Open(OfDigest, template=rf"chorus:open:{KEY}"):
    """Opens what was chosen from the list below a card, for the one who chose."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with the first page, or with more of the list."""
        view = await _chosen(interaction, services, digested)
        await interaction.response.send_message(view=view, ephemeral=True)


class OpenInstead(OfDigest, template=rf"chorus:turn:{KEY}"):
    """Opens what was chosen from the list below a page, in its place."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Edit the private page."""
        await turned(interaction, await _chosen(interaction, services, digested))


class TurnPage(OfDigest, template=rf"chorus:page:{KEY}:{SECTION}:(?P<number>\d{{1,5}})"):
    """Turns to another page."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Edit the private page in place."""
        name, number = self.found["name"], int(self.found["number"])
        await turned(interaction, await _view(interaction, services, digested, name, number))


class TurnPositions(OfDigest, template=rf"chorus:full:{KEY}:(?P<number>\d{{1,5}})"):
    """Turns to another page of all positions."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Edit the private page in place."""
        view = full_view(digested, int(self.found["number"]), words_of(interaction))
        await turned(interaction, view)


class Wrong(OfDigest, template=rf"chorus:wrong:{KEY}:{SECTION}"):
    """Opens the form that says what is wrong with a position."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer with the form."""
        one = next((x for x in numbered(digested) if str(x.number) == self.found["name"]), None)
        if one is None:
            raise Expired
        form = wrong_form(digested, one, words_of(interaction))
        await interaction.response.send_modal(form)


async def turned(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """Show *view* in place of a private page; of a public one everybody turns a private copy."""
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def _chosen(
    interaction: discord.Interaction, services: Services, digested: Digested
) -> ui.LayoutView:
    """Return what was chosen: a section's first page, or the list from another position on."""
    name = chosen(interaction)
    further = name.removeprefix("from:")
    if name != further and further.isascii() and further.isdecimal():
        return chooser(digested, int(further[:6]), words_of(interaction))
    return await _view(interaction, services, digested, name, 0)


async def _view(
    interaction: discord.Interaction,
    services: Services,
    digested: Digested,
    name: str,
    number: int,
) -> ui.LayoutView:
    what = section(digested, name)
    if what is None:
        raise Expired
    flags: Sequence[Flag] = ()
    if what.one is not None and moderates(interaction):
        # of a translation the digest it was made from counts too, of a refresh the one before
        keys = [digested.digest.key, *filter(None, [digested.digest.basis])]
        flags = await services.flags.of(keys, what.one.position.key)
    return page_view(digested, what, number, words_of(interaction), flags)
