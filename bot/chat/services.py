"""What the Discord side needs of the rest, and where an answer to an interaction goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, cast

import discord

from bot.chat.access import for_adults
from bot.chat.remembering import Memory
from bot.chat.sentences import Sentences
from bot.chat.shown import ShownCards
from bot.core.answering import Answering
from bot.core.archive import Archive
from bot.core.cards import Cards
from bot.core.digesting import Digesting
from bot.core.flags import Flags
from bot.core.keeping import Purging
from bot.core.models import PUBLIC, Audience
from bot.core.pins import Board, Pins, Watch
from bot.core.ports import Address, Clock, Desk, Notes, Orders
from bot.core.servers import Servers
from bot.core.till import Till
from bot.core.usage import Ledger


@dataclass(frozen=True)
class Pinning:
    """What pinned digests need."""

    pins: Pins
    board: Board
    watch: Watch


@dataclass(frozen=True)
class Services:
    """Given to the client by the composition root."""

    digesting: Digesting
    answering: Answering
    desk: Desk
    orders: Orders
    servers: Servers
    archive: Archive
    memory: Memory
    cards: Cards
    flags: Flags
    notes: Notes
    clock: Clock
    till: Till
    ledger: Ledger
    pinning: Pinning
    purging: Purging
    retention_days: int
    priced: bool = True  # what the model costs is known: else no budget can hold
    inside_guilds: frozenset[int] = (
        frozenset()
    )  # servers whose links may lead inside: see audience_of
    shown: ShownCards = field(default_factory=ShownCards)


class Serving(Protocol):
    """A client that has been given its services."""

    services: Services


def services_of(interaction: discord.Interaction) -> Services:
    """Return the services of the client that received *interaction*."""
    return cast("Serving", interaction.client).services


def words_of(interaction: discord.Interaction) -> Sentences:
    """Return the sentences in the language of the person who asks."""
    return Sentences.of(str(interaction.locale))


def language_of(interaction: discord.Interaction) -> str:
    """Return the code of the asker's language: "en-US" and "en-GB" are both "en"."""
    return str(interaction.locale).partition("-")[0].lower()


def address_of(
    interaction: discord.Interaction,
    *,
    private: bool,
    card: bool = False,
    message: int | None = None,
) -> Address:
    """Return where the answer to *interaction* goes."""
    return Address(
        channel=interaction.channel_id,
        message=message,
        application=interaction.application_id,
        token=interaction.token,
        expires=interaction.expires_at,
        private=private,
        locale=str(interaction.locale),
        guild=interaction.guild_id,
        home=home_of(interaction.channel),
        card=card,
        adults=for_adults(interaction.channel),
    )


def home_of(channel: object) -> int | None:
    """Return the channel that a public thread stands in, None of everything else."""
    if not isinstance(channel, discord.Thread) or channel.is_private():
        return None
    return channel.parent_id


def roles_of(person: discord.abc.User) -> tuple[int, ...]:
    """Return the ids of somebody's roles in the server they ask in; none outside servers."""
    if not isinstance(person, discord.Member):
        return ()
    # as Discord sent them: `roles` leaves out those of a server that has not arrived yet after a start
    return tuple(person._roles)  # noqa: SLF001


def audience_of(guild: int | None, services: Services) -> Audience:
    """Return who may see what a link asked for in *guild* leads to: everyone, but for servers that may look inside."""
    return Audience(guild=guild) if guild in services.inside_guilds else PUBLIC


def room_of(interaction: discord.Interaction) -> Audience:
    """Return who may see what is pasted here: those in the channel, a server's or direct messages'."""
    if interaction.channel_id is None:
        return Audience(user=interaction.user.id)
    return Audience(guild=interaction.guild_id, channel=interaction.channel_id)
