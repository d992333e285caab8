"""The slash commands and the message menu: parse, ask, nothing else."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import Ask, ask, hand_over
from bot.chat.buttons import LANGUAGES
from bot.chat.cards import notice
from bot.chat.place import Place
from bot.chat.services import Services, language_of, words_of
from bot.core.languages import language_code
from bot.core.links import links_in
from bot.core.models import Brief, Length

_ = app_commands.locale_str


def _say(message: str) -> app_commands.locale_str:
    return app_commands.locale_str(message)


def add_commands(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add every command to *tree*."""

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

    @tree.command(name="help", description=_("How it works, who receives the text, what is kept"))
    async def help_(interaction: discord.Interaction) -> None:
        view = notice(help_text(interaction, services))
        await interaction.response.send_message(view=view, ephemeral=True)
        await hand_over(interaction, services)

    @tree.context_menu(name=_("Summarize discussion"))
    async def summarize_discussion(
        interaction: discord.Interaction, message: discord.Message
    ) -> None:
        place = Place(interaction.guild_id, message.channel.id, message.id)
        await ask(interaction, services, Ask(Brief(language_of(interaction)), place.link))

    @tree.context_menu(name=_("Summarize link"))
    async def summarize_link(interaction: discord.Interaction, message: discord.Message) -> None:
        brief = Brief(language_of(interaction))
        await ask(interaction, services, Ask(brief, first_link(message)))


def first_link(message: discord.Message) -> str | None:
    """Return the first link in the words, embeds or forwarded parts of *message*."""
    texts = [message.content, *(embed.url or "" for embed in message.embeds)]
    for snapshot in message.message_snapshots:
        texts += [snapshot.content, *(embed.url or "" for embed in snapshot.embeds)]
    return next((link for text in texts for link in links_in(text)), None)


def help_text(interaction: discord.Interaction, services: Services) -> str:
    """Return what /help says."""
    words = words_of(interaction)
    lines = [
        words.say(
            "I read an article and its readers' comments, and say what they think: who holds what view, how many, in "
            "whose words. Counts are counted, quotes are checked."
        ),
        words.say(
            "Type /summarize with a link, or choose Apps → Summarize link on a message, or mention me with a link."
        ),
        words.say(
            "In a thread or forum post /summarize alone is enough, and Apps → Summarize discussion takes the replies "
            "around a message. What is said here is shown to nobody who may not read it."
        )
        if interaction.client.intents.message_content
        else words.say(
            "Discord's own threads cannot be read here: the operator has not switched on the message content intent."
        ),
        words.say(
            "The text of article and comments is sent to the language model that this bot's operator has chosen, and "
            "to nobody else."
        )
        if services.digesting.has_model
        else words.say(
            "No model is configured: nothing is sent to anyone, and you get extracts and voices, not positions."
        ),
        words.say(
            "What was read and digested is kept so that the next one need not wait. A file you give stays in this "
            "channel."
        ),
    ]
    return "\n".join(lines)
