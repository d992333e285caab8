"""/ask: a question to an article and its comments, or to what was digested last in the channel."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.access import LOOK_SECONDS, Person, admit, away
from bot.chat.asking import may_post
from bot.chat.commands.options import given_link, kept_links
from bot.chat.failures import discord_errors
from bot.chat.forms import MOST_QUESTION
from bot.chat.questions import ask_question
from bot.chat.remembering import looker_of
from bot.chat.rules import rules_of
from bot.chat.services import Services
from bot.chat.subject import about as about_link
from bot.core.models import Reading
from bot.core.ports import Question
from bot.errors import NothingDigested

_ = app_commands.locale_str


def add_ask(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name=_("ask"), description=_("Ask an article and its comments a question"))
    @app_commands.describe(
        question=_("Your question"),
        link=_("Address of the article, or what was digested last in this channel"),
        private=_("Only you see the answer"),
    )
    @app_commands.autocomplete(link=kept_links)
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 2, MOST_QUESTION],
        link: app_commands.Range[str, 1, 2000] | None = None,
        private: bool | None = None,
    ) -> None:
        rules = await rules_of(interaction, services)
        rules.admit()
        reading = None
        if link is not None:
            link = await given_link(services, link)
            about = await about_link(interaction.client, Person.of(interaction), services, link)
        else:
            newest = await _newest(interaction, services)
            about, reading = (newest.target, newest.audience), newest.hash
        alone = rules.private(private) or away(about[1], interaction.channel_id)
        if not alone:
            may_post(interaction)
        asked = Question(question, reading)
        await ask_question(interaction, services, about, asked, private=alone)


async def _newest(interaction: discord.Interaction, services: Services) -> Reading:
    """Return what the asker saw last in this channel; raises `NothingDigested`, or where it is not for them (now)."""
    key = await services.archive.newest(looker_of(interaction))
    digested = await services.digesting.kept(key) if key else None
    if digested is None:
        raise NothingDigested
    async with discord_errors(LOOK_SECONDS):
        await admit(interaction.client, Person.of(interaction), digested.reading.audience)
    return digested.reading
