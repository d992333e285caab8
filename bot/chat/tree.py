"""The command tree: every error is said to the person, commands are synced only when they changed."""

from __future__ import annotations

import hashlib
import json
import logging

import discord
from discord import app_commands

from bot.chat.asking import answer_error
from bot.core.ports import Notes
from bot.core.reference import begin

log = logging.getLogger("chorus.chat")


class ChorusTree(app_commands.CommandTree[discord.Client]):
    """All commands work in servers and direct messages, installed for a server or for a person."""

    def __init__(self, client: discord.Client) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let everybody in; from here on what a command does is logged under its reference."""
        begin(str(interaction.id))
        return True

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with one sentence."""
        await answer_error(interaction, error)

    async def sync_if_changed(self, notes: Notes, guild: int | None) -> bool:
        """Register the commands if their description is not the one registered last; return whether it was done."""
        where = discord.Object(guild) if guild else None
        if where is not None:
            self.copy_global_to(guild=where)
        payload = [
            await command.get_translated_payload(self, self.translator)
            if self.translator
            else command.to_dict(self)
            for command in self.get_commands(guild=where)
        ]
        found = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        name = f"commands:{guild or 'everywhere'}"
        if await notes.get(name) == found:
            return False
        await self.sync(guild=where)
        await notes.put(name, found)
        log.info("%d commands registered", len(payload))
        return True
