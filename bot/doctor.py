"""Checks what the bot needs, one line each, and says how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.app.engine import open_engine
from bot.chat.sentences import Sentences
from bot.core.ports import Prompt
from bot.errors import ChorusError, ConfigError
from bot.settings import Settings

Show = Callable[[bool | None, str], None]
"""Prints one finding: good, bad, or None for what is merely not configured."""


@dataclass(frozen=True)
class _Ping:
    answer: str


async def examine(settings: Settings, words: Sentences, show: Show) -> None:
    """Check Discord's token and intents, model and key, database, tokenizer; never raises `ChorusError`."""
    await _discord(settings, words, show)
    try:
        async with open_engine(settings) as engine:
            show(True, words.say("Database: {place}", place=engine.database.place))
            if engine.model is None:
                show(None, words.say("Model: none. Set OPENAI_API_KEY to get positions."))
                return
            exact = await engine.counter.load()
            show(
                True if exact else None,
                words.say("Tokenizer: exact.")
                if exact
                else words.say("Tokenizer: estimated; its table could not be downloaded."),
            )
            try:
                reply = await engine.model.ask(
                    Prompt("You answer in JSON.", 'Reply {"answer": "yes"}.', _Ping, 200)
                )
                show(True, words.say("Model: {model} answers.", model=reply.model))
            except ChorusError as error:
                show(False, words.say("Model: {problem}", problem=words.error(error)))
    except ConfigError as error:
        show(False, words.say("Settings: {problem}", problem=words.error(error)))
    except ChorusError as error:
        show(False, words.say("Database: {problem}", problem=words.error(error)))


async def _discord(settings: Settings, words: Sentences, show: Show) -> None:
    if settings.discord_token is None:
        show(None, words.say("Discord: no token. Set DISCORD_TOKEN to run the bot."))
        return
    from bot.chat.account import look

    try:
        account = await look(settings.discord_token.get_secret_value())
    except ChorusError as error:
        show(False, words.say("Discord: {problem}", problem=words.error(error)))
        return
    show(True, words.say("Discord: signed in as {name}.", name=account.name))
    if settings.discord_message_content and not account.message_content:
        show(
            False,
            words.say(
                "Intents: DISCORD_MESSAGE_CONTENT is on, but the intent is off in Discord's developer portal."
            ),
        )
    elif not settings.discord_message_content:
        show(
            None,
            words.say(
                "Intents: message content is off; Discord's own threads cannot be read, nor links offered."
            ),
        )
    else:
        show(True, words.say("Intents: message content."))
