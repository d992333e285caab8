"""What the bot says of itself: in /help to one person, in a greeting to a server."""

from __future__ import annotations

from discord import ui

from bot.chat.cards import boxed
from bot.chat.sentences import Sentences

PROJECT = "https://github.com/chorus-bot/chorus"


def help_view(
    words: Sentences, *, has_model: bool, message_content: bool, days: int
) -> ui.LayoutView:
    """Return what /help says: three uses, who receives the text, what is kept how long, where to read on."""
    threads = (
        words.say(
            "In a thread or forum post /summarize alone is enough, and Apps → Summarize discussion takes the replies "
            "around a message. What is said here is shown to nobody who may not read it."
        )
        if message_content
        else words.say(
            "Discord's own threads cannot be read here: the operator has not switched on the message content intent."
        )
    )
    return boxed(
        [
            _purpose(words),
            "",
            f"**{words.say('Three ways to ask')}**\n{_uses(words, seen=message_content)}\n{threads}",
            f"**{words.say('Who receives the text')}**\n{_receives(words, has_model=has_model)}",
            f"**{words.say('What is kept, and how long')}**\n{_keeps(words, days)}",
            "",
            f"-# [{words.say('Source and documentation')}](<{PROJECT}>)",
        ]
    )


def greeting(words: Sentences, *, has_model: bool) -> ui.LayoutView:
    """Return the greeting of a server: what to type, what happens with text, where it is set up."""
    return boxed(
        [
            f"{words.say('Hello!')} {_purpose(words)}",
            "",
            _commands(words),
            _receives(words, has_model=has_model),
            words.say(
                "Nothing has to be set up. Those who manage the server can, with /settings: languages, who may ask and "
                "where, what it may cost."
            ),
        ]
    )


def _purpose(words: Sentences) -> str:
    return words.say(
        "I read an article and its readers' comments, and say what they think: who holds what view, how many, in "
        "whose words. Counts are counted, quotes are checked."
    )


def _uses(words: Sentences, *, seen: bool) -> str:
    # the message that a mention answers is not among those that reach a bot without the intent
    mention = (
        words.say("Mention me with a link, or answer a message with a link that way.")
        if seen
        else words.say("Mention me with a link.")
    )
    return "\n".join(
        (
            "- " + words.say("Type /summarize with a link, or with a copied page as a file."),
            "- " + words.say("On a message with a link, choose Apps → Summarize link."),
            f"- {mention}",
            words.say(
                "/ask answers a question from what was read, /positions shows only what readers say, /digests finds "
                "what was digested here before. Moderators pin a digest that keeps itself current with /digest pin."
            ),
        )
    )


def _commands(words: Sentences) -> str:
    return "\n".join(
        (
            "- " + words.say("/summarize with a link: what it says, and what its readers say"),
            "- " + words.say("/ask: a question to article and comments"),
            "- " + words.say("/help: how I work, and what is kept"),
        )
    )


def _receives(words: Sentences, *, has_model: bool) -> str:
    if not has_model:
        return words.say(
            "No model is configured: nothing is sent to anyone, and you get extracts and voices, not positions."
        )
    return words.say(
        "The text of article and comments is sent to the language model that this bot's operator has chosen, and "
        "to nobody else."
    )


def _keeps(words: Sentences, days: int) -> str:
    return " ".join(
        (
            words.count(
                "What was read and digested is kept for a day so that the next one need not wait.",
                "What was read and digested is kept for {n} days so that the next one need not wait.",
                days,
            ),
            words.say(
                "A file you give stays in this channel. The button below deletes your files and what you asked; for "
                "your own words in a digest, ask this bot's operator to leave them out."
            ),
            words.say(
                "What you ask for privately is found again by you alone. When I leave a server, its settings and its "
                "list of digests are deleted."
            ),
        )
    )
