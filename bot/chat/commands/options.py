"""What several commands have in common: the names of their options, and what is offered while one types."""

from __future__ import annotations

import asyncio
import logging
import re

import discord
from discord import app_commands

from bot.chat.escape import label
from bot.chat.remembering import looker_of
from bot.chat.rows import LANGUAGES
from bot.chat.services import Services, services_of, words_of
from bot.core.archive import Entry
from bot.core.links import host_of
from bot.errors import Expired, StoreError

_ = app_commands.locale_str
log = logging.getLogger("chorus.chat")

# the library hands the names of options to the translator by itself: here they are marked for it
NAMES = (
    _("link"),
    _("file"),
    _("language"),
    _("length"),
    _("private"),
    _("question"),
    _("search"),
)

LENGTHS = [
    app_commands.Choice(name=_("short"), value="short"),
    app_commands.Choice(name=_("standard"), value="standard"),
    app_commands.Choice(name=_("detailed"), value="detailed"),
]

OFFER_SECONDS = 0.3
MOST_OFFERED = 25
MOST_NAME = MOST_VALUE = 100

_KEPT = re.compile(r"chorus:([0-9a-f]{24})")


async def languages(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer languages by what is typed of their names."""
    words = words_of(interaction)
    named = [(words.language_name(code), code) for code in LANGUAGES]
    return [
        app_commands.Choice(name=name, value=code)
        for name, code in named
        if typed.casefold() in name.casefold() or typed.casefold() == code
    ][:MOST_OFFERED]


async def kept_links(
    interaction: discord.Interaction, typed: str
) -> list[app_commands.Choice[str]]:
    """Offer the links of earlier digests of this place by any word of title or address; none where that takes long."""
    archive = services_of(interaction).archive
    try:
        async with asyncio.timeout(OFFER_SECONDS):
            found = await archive.find(looker_of(interaction), typed[:100], MOST_OFFERED)
    except (StoreError, TimeoutError) as failed:
        log.info("no links were offered: %r", failed)
        return []
    return [_choice(entry) for entry in found if entry.target.startswith("http")]


async def given_link(services: Services, link: str) -> str:
    """Return the link behind an option that was typed or chosen from what was offered; raises `Expired`."""
    key = _KEPT.fullmatch(link)
    if key is None:
        return link
    digested = await services.digesting.kept(key[1])
    if digested is None:
        raise Expired
    return digested.reading.target


def _choice(entry: Entry) -> app_commands.Choice[str]:
    host = host_of(entry.target).removeprefix("www.")
    name = label(f"{label(entry.title, 70)} · {host}", MOST_NAME)
    # Discord takes a hundred letters: a longer link is chosen by its digest
    fits = len(entry.target) <= MOST_VALUE
    return app_commands.Choice(name=name, value=entry.target if fits else f"chorus:{entry.digest}")
