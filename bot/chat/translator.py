"""Names and descriptions of commands in the languages there are sentences for."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.sentences import Sentences


class Translator(app_commands.Translator):
    """Looks command texts up in the same catalogue as all sentences; a missing one stays English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return *string* in *locale*, None where it is not translated."""
        words = Sentences.of(str(locale))
        if words.language == "en":
            return None
        said = words.say(string.message)
        return said if said != string.message else None
