"""A digest as files to take away: Markdown for people, JSON for programs."""

from __future__ import annotations

import io
import json
import re
import unicodedata

import discord
from discord import ui

from bot.chat.cards import notice
from bot.chat.sentences import Sentences
from bot.chat.writing import digest_text
from bot.core.export import digest_json
from bot.core.models import Digested

MOST_NAME = 40


def export(
    digested: Digested, words: Sentences, most_bytes: int
) -> tuple[ui.LayoutView, list[discord.File]]:
    """
    Return a message that shows *digested* as files, and the files; one of more than *most_bytes* is only named.

    The Markdown is worded in the digest's language, the message in that of *words*.
    """
    texts = {
        "md": digest_text(digested, Sentences.of(digested.digest.brief.language), markdown=True),
        "json": json.dumps(digest_json(digested), ensure_ascii=False, indent=2),
    }
    said, files = [words.say("The digest as Markdown and as JSON:")], []
    for ending, text in texts.items():
        name = f"{_name(digested)}.{ending}"
        data = f"{text}\n".encode("utf-8", "replace")
        if len(data) > most_bytes:
            said.append(words.say("{name} is larger than Discord takes here.", name=name))
        else:
            files.append(discord.File(io.BytesIO(data), name))
    view = notice("\n".join(said))
    for file in files:
        view.add_item(ui.File(file))
    return view, files


def _name(digested: Digested) -> str:
    """Return what the files are called: the title in letters that every system takes, and the language."""
    title = unicodedata.normalize("NFKD", (digested.reading.title or "")[: 4 * MOST_NAME])
    plain = re.sub(r"[^a-z0-9]+", "-", title.encode("ascii", "ignore").decode().lower())
    language = re.sub(r"[^a-z0-9-]", "", digested.digest.brief.language.lower())[:16]
    return "-".join(filter(None, (plain[:MOST_NAME].strip("-") or "digest", language)))
