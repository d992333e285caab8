"""/summarize."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import Ask, ask
from bot.chat.commands.options import LENGTHS, given_link, kept_links, languages
from bot.chat.place import Place
from bot.chat.rules import rules_of
from bot.chat.services import Services
from bot.core.languages import language_code

_ = app_commands.locale_str


def add_summarize(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name=_("summarize"), description=_("Summary and reader positions of an article"))
    @app_commands.describe(
        link=_("Address of the article or discussion"),
        file=_("A copied page (.txt) or a saved one (.html)"),
        language=_("Language of the answer, yours if left out"),
        length=_("How much to say"),
        private=_("Only you see the answer"),
    )
    @app_commands.choices(length=LENGTHS)
    @app_commands.autocomplete(link=kept_links, language=languages)
    async def summarize(
        interaction: discord.Interaction,
        link: app_commands.Range[str, 1, 2000] | None = None,
        file: discord.Attachment | None = None,
        language: app_commands.Range[str, 0, 40] | None = None,
        length: str | None = None,
        private: bool | None = None,
    ) -> None:
        rules = await rules_of(interaction, services)
        brief = rules.brief(language_code(language or ""), length)
        if link is not None:
            link = await given_link(services, link)
        elif file is None and isinstance(interaction.channel, discord.Thread):
            link = Place(interaction.guild_id, interaction.channel.id).link
        await ask(interaction, services, rules, Ask(brief, link, file, rules.private(private)))
