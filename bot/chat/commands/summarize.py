"""/summarize."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import Ask, ask
from bot.chat.place import Place
from bot.chat.rows import LANGUAGES
from bot.chat.services import Services, language_of, words_of
from bot.core.languages import language_code
from bot.core.models import Brief, Length

_ = app_commands.locale_str


def add_summarize(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name="summarize", description=_("Summary and reader positions of an article"))
    @app_commands.describe(
        link=_("Address of the article or discussion"),
        file=_("A copied page (.txt) or a saved one (.html)"),
        language=_("Language of the answer, yours if left out"),
        length=_("How much to say"),
        private=_("Only you see the answer"),
    )
    @app_commands.choices(
        length=[
            app_commands.Choice(name=_("short"), value="short"),
            app_commands.Choice(name=_("standard"), value="standard"),
            app_commands.Choice(name=_("detailed"), value="detailed"),
        ]
    )
    async def summarize(
        interaction: discord.Interaction,
        link: app_commands.Range[str, 1, 2000] | None = None,
        file: discord.Attachment | None = None,
        language: app_commands.Range[str, 0, 40] | None = None,
        length: str = "standard",
        private: bool = False,
    ) -> None:
        brief = Brief(language_code(language or "") or language_of(interaction), Length(length))
        if link is None and file is None and isinstance(interaction.channel, discord.Thread):
            link = Place(interaction.guild_id, interaction.channel.id).link
        await ask(interaction, services, Ask(brief, link, file, private))

    @summarize.autocomplete("language")
    async def languages(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        words = words_of(interaction)
        named = [(words.language_name(code), code) for code in LANGUAGES]
        return [
            app_commands.Choice(name=name, value=code)
            for name, code in named
            if typed.casefold() in name.casefold() or typed.casefold() == code
        ][:25]
