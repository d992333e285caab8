"""What is chosen and pressed in the panel."""

from __future__ import annotations

import discord

from bot.chat.items.pressed import Pressed, choices, chosen
from bot.chat.services import Services, words_of
from bot.chat.settings_panel.changes import changed
from bot.chat.settings_panel.forms import budget_form, sites_form
from bot.chat.settings_panel.panel import managed, panel_of
from bot.chat.settings_panel.views import overview, page


class Turn(Pressed, template=r"chorus:panel(?::(?P<page>home|language))?"):
    """Turns to a page: the one chosen, a channel's language, or back."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Edit the panel."""
        guild = managed(interaction, services.clock)
        panel = panel_of(interaction, await services.servers.get(guild))
        first = chosen(interaction)
        match self.found["page"]:
            case "home":
                view = overview(panel)
            case "language" if first.isascii() and first.isdecimal():
                view = page(panel, "languages", int(first))
            case _:
                view = page(panel, first)
        await interaction.response.edit_message(view=view)


class Choose(
    Pressed, template=r"chorus:set:(?P<page>[a-z]+):(?P<name>[a-z_]+)(?::(?P<of>\d{1,20}))?"
):
    """Changes one setting to what is chosen."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Change it, and show the page as it is now."""
        guild = managed(interaction, services.clock)
        name, values = self.found["name"], choices(interaction)
        of = int(self.found["of"]) if self.found["of"] else None
        settings = await services.servers.change(guild, lambda now: changed(now, name, of, values))
        view = page(panel_of(interaction, settings), self.found["page"])
        await interaction.response.edit_message(view=view)


class OpenSites(Pressed, template=r"chorus:panel:sites"):
    """Opens the form for the sites that are blocked."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Answer with the form, as it is filled in now."""
        guild = managed(interaction, services.clock)
        settings = await services.servers.get(guild)
        await interaction.response.send_modal(sites_form(settings, words_of(interaction)))


class OpenBudget(Pressed, template=r"chorus:panel:budget:(?P<whose>server|person|role)"):
    """Opens the form for a budget: the server's, each member's, or that of the role chosen."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Answer with the form, as it is filled in now."""
        guild = managed(interaction, services.clock)
        settings = await services.servers.get(guild)
        first = chosen(interaction)
        role = int(first) if first.isascii() and first.isdecimal() else 0
        form = budget_form(settings, self.found["whose"], role, words_of(interaction))
        await interaction.response.send_modal(form)
