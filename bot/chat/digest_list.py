"""The list of earlier digests: a page at a time, each with a button that opens it."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.answers import answer_view
from bot.chat.cards import COLOUR, MOST_TEXT, SCALES, notice, still, text_length
from bot.chat.escape import label, link, outside
from bot.chat.items.pressed import KEY, OfDigest, Pressed
from bot.chat.remembering import looker_of
from bot.chat.sentences import Sentences
from bot.chat.services import Services, words_of
from bot.core.archive import Entry
from bot.core.models import Digested

ON_A_PAGE = 6
MOST_SEARCH = 60
"""With the page's number they are the state of a button, which has a hundred letters."""


async def list_view(
    interaction: discord.Interaction, services: Services, search: str, page: int
) -> ui.LayoutView:
    """Return page *page* (from 0) of what the person may see with every word of *search*."""
    search = label(search, MOST_SEARCH) if search.strip() else ""
    looker, words = looker_of(interaction), words_of(interaction)
    found = await services.archive.find(looker, search, ON_A_PAGE + 1, page * ON_A_PAGE)
    if not found and page:
        return await list_view(interaction, services, search, 0)
    if not found:
        return notice(
            words.say("No earlier digest here has all of these words: {search}", search=search)
            if search
            else words.say("Nothing has been digested here yet.")
        )
    buttons = _turning(search, page, words, more=len(found) > ON_A_PAGE)
    for scale in SCALES:
        head, box = _head(search, words), ui.Container[ui.LayoutView](accent_colour=COLOUR)
        box.add_item(ui.TextDisplay(head))
        for entry in found[:ON_A_PAGE]:
            box.add_item(_section(entry, interaction.channel_id, words, scale))
        if buttons:
            box.add_item(buttons)
        view = ui.LayoutView(timeout=None).add_item(box)
        if text_length(view) <= MOST_TEXT:
            break
    return still(view)


class TurnList(Pressed, template=r"chorus:list:(?P<page>\d{1,5}):(?P<search>.{0,60})"):
    """Turns to another page of the list."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Edit the private list in place, with what is there now."""
        view = await list_view(interaction, services, self.found["search"], int(self.found["page"]))
        await interaction.response.edit_message(view=view)


class OpenEntry(OfDigest, template=rf"chorus:entry:{KEY}"):
    """Opens a digest of the list, for the one who pressed."""

    async def press(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer privately with its card."""
        view = answer_view(digested, words_of(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)


def _head(search: str, words: Sentences) -> str:
    if not search:
        return f"**{words.say('Earlier digests')}**"
    return f"**{words.say('Earlier digests with “{search}”', search=outside(search))}**"


def _section(
    entry: Entry, here: int | None, words: Sentences, scale: float
) -> ui.Section[ui.LayoutView]:
    address = entry.target if entry.target.startswith("http") else None
    title = entry.title or words.say("Untitled")
    name = link(title, address, int(300 * scale), max(20, int(120 * scale)))
    when = f"<t:{int(entry.at.timestamp())}:R>"
    where = f" · <#{entry.channel}>" if entry.channel != here else ""
    lines = (f"**{name}**", outside(entry.tldr, int(160 * scale)), f"-# {when}{where}")
    opener: ui.Button[ui.LayoutView] = ui.Button(
        label=label(words.say("Open"), 80), custom_id=f"chorus:entry:{entry.digest}"
    )
    return ui.Section("\n".join(filter(None, lines)), accessory=opener)


def _turning(
    search: str, page: int, words: Sentences, *, more: bool
) -> ui.ActionRow[ui.LayoutView] | None:
    if not page and not more:
        return None
    turns: Sequence[tuple[str, str, bool]] = (
        (words.say("Back"), f"{page - 1}:{search}" if page else "first", page > 0),
        (words.say("Next"), f"{page + 1}:{search}" if more else "last", more),
    )
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for said, to, there in turns:  # a disabled button needs an id too, of its own
        id = f"chorus:list:{to}"
        row.add_item(ui.Button(label=label(said, 80), custom_id=id, disabled=not there))
    return row
