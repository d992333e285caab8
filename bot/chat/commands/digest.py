"""/digest: pinned digests, for those who may pin messages."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from bot.chat import pin_acts
from bot.chat.asking import hand_over
from bot.chat.commands.options import LENGTHS, given_link, kept_links, languages
from bot.chat.escape import label
from bot.chat.pin_list import deleted_view, state_of, unpinned_view
from bot.chat.rules import rules_of
from bot.chat.services import Services, words_of
from bot.core.languages import language_code
from bot.core.pins import PinState

_ = app_commands.locale_str

Which = app_commands.Range[str, 1, 2000]


def add_digest(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the commands to *tree*: in servers only, and at first for those who may pin messages."""
    group = app_commands.Group(
        name=_("digest"),
        description=_("Pinned digests that keep themselves current"),
        # what is not said is taken from the tree
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(pin_messages=True),
    )
    _add_pin(group, services)
    _add_acts(group, services)

    @group.command(name=_("list"), description=_("What is pinned, how it stands, what it has cost"))
    async def list_(interaction: discord.Interaction) -> None:
        view = await pin_acts.listed(interaction, services)
        await interaction.response.send_message(view=view, ephemeral=True)
        await hand_over(interaction, services)

    tree.add_command(group)


def _add_pin(group: app_commands.Group, services: Services) -> None:
    @group.command(
        name=_("pin"), description=_("Digest a link, pin the answer here, and keep it current")
    )
    @app_commands.describe(
        link=_("Address of the article or discussion"),
        language=_("Language of the answer, yours if left out"),
        length=_("How much to say"),
    )
    @app_commands.choices(length=LENGTHS)
    @app_commands.autocomplete(link=kept_links, language=languages)
    async def pin(
        interaction: discord.Interaction,
        link: app_commands.Range[str, 1, 2000],
        language: app_commands.Range[str, 0, 40] | None = None,
        length: str | None = None,
    ) -> None:
        rules = await rules_of(interaction, services)
        link = await given_link(services, link)
        brief = rules.brief(language_code(language or ""), length)
        await pin_acts.pin(interaction, services, rules, link, brief)


def _add_acts(group: app_commands.Group, services: Services) -> None:
    async def pinned(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        words, found = words_of(interaction), []
        for one in await pin_acts.theirs(interaction, services):
            name = one.title or one.target
            if one.state is not PinState.ENDED and typed.casefold() in name.casefold():
                said = f"{label(name, 70)} · {state_of(one, words)}"
                found.append(app_commands.Choice(name=label(said, 100), value=one.id))
        return found[:25]

    which = _("Which one; the only one here if left out")

    @group.command(
        name=_("unpin"), description=_("Unpin a digest and let it be: the message stays")
    )
    @app_commands.describe(digest=which)
    @app_commands.autocomplete(digest=pinned)
    async def unpin(interaction: discord.Interaction, digest: Which | None = None) -> None:
        pin = await pin_acts.chosen(interaction, services, digest)
        await interaction.response.defer(thinking=True, ephemeral=True)
        await pin_acts.unpin(services, pin)
        await interaction.edit_original_response(view=unpinned_view(pin, words_of(interaction)))

    @group.command(
        name=_("refresh"),
        description=_("Read a pinned digest again now; wakes one that sleeps or stopped"),
    )
    @app_commands.describe(digest=which)
    @app_commands.autocomplete(digest=pinned)
    async def refresh(interaction: discord.Interaction, digest: Which | None = None) -> None:
        pin = await pin_acts.chosen(interaction, services, digest)
        say = partial(interaction.response.defer, thinking=True, ephemeral=True)
        await pin_acts.refresh(interaction, services, pin, say)

    @group.command(
        name=_("delete"),
        description=_("Delete a pinned digest for good, with all that was read for it"),
    )
    @app_commands.describe(digest=which)
    @app_commands.autocomplete(digest=pinned)
    async def delete(interaction: discord.Interaction, digest: Which | None = None) -> None:
        pin = await pin_acts.chosen(interaction, services, digest)
        await interaction.response.defer(thinking=True, ephemeral=True)
        await pin_acts.delete(services, pin)
        await interaction.edit_original_response(view=deleted_view(words_of(interaction)))
