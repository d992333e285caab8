"""/help."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.asking import hand_over
from bot.chat.cards import notice, still
from bot.chat.items.wish import wish_row
from bot.chat.services import Services, words_of

_ = app_commands.locale_str


def add_help(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name="help", description=_("How it works, who receives the text, what is kept"))
    async def help_(interaction: discord.Interaction) -> None:
        wish = wish_row(words_of(interaction).say("Delete what is kept about me"))
        view = still(notice(help_text(interaction, services)).add_item(wish))
        await interaction.response.send_message(view=view, ephemeral=True)
        await hand_over(interaction, services)


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
        words.count(
            "What was read and digested is kept for a day so that the next one need not wait.",
            "What was read and digested is kept for {n} days so that the next one need not wait.",
            services.retention_days,
        ),
        words.say(
            "A file you give stays in this channel. The button below deletes your files and what you asked; for your "
            "own words in a digest, ask this bot's operator to leave them out."
        ),
    ]
    return "\n".join(lines)
