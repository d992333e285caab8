"""The panel's forms, and what they bring in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import discord
from discord import ui

from bot.chat.escape import label
from bot.chat.items.form import Form
from bot.chat.sentences import Sentences
from bot.chat.services import Services
from bot.chat.settings_panel.changes import with_budget
from bot.chat.settings_panel.panel import managed, panel_of
from bot.chat.settings_panel.views import page
from bot.core.servers import ServerSettings, amount_in, sites_in

MOST_TITLE = MOST_NAME = 45
MOST_WRITTEN = 4_000
MOST_AMOUNT = 16

Change = Callable[[ServerSettings], ServerSettings]


def sites_form(settings: ServerSettings, words: Sentences) -> ui.Modal:
    """Return the form for the blocked sites, a line each."""
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="sites",
        style=discord.TextStyle.paragraph,
        default="\n".join(settings.sites_blocked)[:MOST_WRITTEN],
        required=False,
        max_length=MOST_WRITTEN,
    )
    form = _form(words.say("Blocked sites"), "chorus:panel-form:sites")
    return form.add_item(_named(words.say("One a line, like example.org"), field))


def budget_form(settings: ServerSettings, whose: str, role: int, words: Sentences) -> ui.Modal:
    """Return the form for a budget; of the server's there is one a month too."""
    titles = {
        "server": words.say("What this server may spend"),
        "person": words.say("What each member may spend"),
        "role": words.say("What a role may spend, together"),
    }
    days = {
        "server": settings.server_day,
        "person": settings.person_day,
        "role": settings.role_days.get(role),
    }
    form = _form(titles[whose], f"chorus:panel-form:{whose}:{role}")
    form.add_item(
        _named(words.say("US dollars a day (none: no limit)"), _amount("day", days[whose]))
    )
    if whose == "server":
        month = _amount("month", settings.server_month)
        form.add_item(_named(words.say("US dollars a month (none: no limit)"), month))
    return form


class Sites(Form):
    """The sites that are blocked."""

    template = r"chorus:panel-form:sites"

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Put them in place of those before; raises `NotAHost` or `TooManySites`."""
        sites = sites_in(self.fields.get("sites", "")[:MOST_WRITTEN])
        await _change(interaction, services, "sites", lambda now: replace(now, sites_blocked=sites))


class Budget(Form):
    """A budget: the server's, each member's, or a role's."""

    template = r"chorus:panel-form:(?P<whose>server|person|role):(?P<role>\d{1,20})"

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Put it in place of the one before; raises `NotAnAmount`."""
        whose, role = self.found["whose"], int(self.found["role"])
        day, month = (amount_in(self.fields.get(name, "")) for name in ("day", "month"))
        await _change(
            interaction, services, "budgets", lambda now: with_budget(now, whose, role, day, month)
        )


PANEL_FORMS: tuple[type[Form], ...] = (Budget, Sites)


async def _change(
    interaction: discord.Interaction, services: Services, name: str, change: Change
) -> None:
    """Change the settings, and show the page called *name* as it is now."""
    guild = managed(interaction, services.clock)
    settings = await services.servers.change(guild, change)
    view = page(panel_of(interaction, settings), name)
    await interaction.response.edit_message(view=view)


def _amount(id: str, now: int | None) -> ui.TextInput[ui.Modal]:
    written = "" if now is None else f"{now / 1_000_000:.6f}".rstrip("0").rstrip(".")
    return ui.TextInput(custom_id=id, default=written, required=False, max_length=MOST_AMOUNT)


def _form(title: str, custom_id: str) -> ui.Modal:
    form = ui.Modal(title=label(title, MOST_TITLE), custom_id=custom_id, timeout=None)
    form.stop()  # or the library would keep it, and forget it at the next start all the same
    return form


def _named(name: str, field: ui.Item[ui.Modal]) -> ui.Label[ui.Modal]:
    return ui.Label(text=label(name, MOST_NAME), component=field)
