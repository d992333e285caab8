"""/positions: only what readers say, in full."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import Ask, ask
from bot.chat.commands.options import given_link, kept_links, languages
from bot.chat.rules import rules_of
from bot.chat.services import Services
from bot.core.languages import language_code

_ = app_commands.locale_str


def add_positions(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name=_("positions"), description=_("Only what readers say, in full"))
    @app_commands.describe(
        link=_("Address of the article or discussion"),
        language=_("Language of the answer, yours if left out"),
        private=_("Only you see the answer"),
    )
    @app_commands.autocomplete(link=kept_links, language=languages)
    async def positions(
        interaction: discord.Interaction,
        link: app_commands.Range[str, 1, 2000],
        language: app_commands.Range[str, 0, 40] | None = None,
        private: bool | None = None,
    ) -> None:
        rules = await rules_of(interaction, services)
        link = await given_link(services, link)
        brief = rules.brief(language_code(language or ""))
        wanted = Ask(brief, link, private=rules.private(private), positions=True)
        await ask(interaction, services, rules, wanted)
