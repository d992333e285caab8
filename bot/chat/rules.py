"""What the server's settings say of one ask: who may, in which language, for whom to see. One way in for every door."""

from __future__ import annotations

from dataclasses import dataclass, replace

import discord

from bot.chat.sentences import Sentences
from bot.chat.services import Services, roles_of
from bot.core.models import Brief, Digested, Length, Reading
from bot.core.nameless import without_names
from bot.core.servers import ServerSettings, language_for, may_ask, may_read


@dataclass(frozen=True)
class Rules:
    """
    A server's settings, held against one person in one place.

    `locale` is the asker's. Where the bot is no `member`, but installed by a person, all is for the asker alone.
    """

    settings: ServerSettings
    place: tuple[int, ...]
    roles: tuple[int, ...]
    locale: str
    member: bool = True

    def admit(self) -> None:
        """Raise `ChannelNotOpen` or `RoleNotAllowed` where the person may not ask here."""
        refused = may_ask(self.settings, self.roles, self.place)
        if refused:
            raise refused

    def check(self, link: str | None) -> None:
        """Raise `SiteBlocked` where *link* leads to a site that is blocked."""
        refused = may_read(self.settings, link)
        if refused:
            raise refused

    def brief(self, language: str = "", length: str | None = None) -> Brief:
        """Return what is asked for, with the server's choice where the person made none."""
        asker = self.locale.partition("-")[0].lower()
        return Brief(
            language or language_for(self.settings, self.place, asker),
            Length(length) if length else self.settings.length,
        )

    def private(self, said: bool | None = None) -> bool:
        """Return whether the answer is for the asker alone, who *said* so or not."""
        return not self.member or (self.settings.private if said is None else said)

    def framed(self, brief: Brief, *, private: bool) -> str:
        """Return the language of the words around an answer: the asker's, but of a public one that of the place."""
        of_place = language_for(self.settings, self.place, "")
        return of_place if of_place == brief.language and not private else self.locale


async def rules_of(interaction: discord.Interaction, services: Services) -> Rules:
    """Return the rules for who typed or pressed."""
    channel, id = interaction.channel, interaction.channel_id
    return Rules(
        settings=await services.servers.get(interaction.guild_id),
        place=place_of(channel) if channel else (id,) if id else (),
        roles=_roles(interaction.user, interaction.guild_id),
        locale=str(interaction.locale),
        member=is_member(interaction),
    )


async def rules_for(
    person: discord.abc.User, channel: object, guild: discord.Guild | None, services: Services
) -> Rules:
    """Return the rules for *person* where the bot is itself, and no interaction says which language is theirs."""
    return Rules(
        settings=await services.servers.get(guild.id if guild else None),
        place=place_of(channel),
        roles=_roles(person, guild.id if guild else None),
        locale=str(guild.preferred_locale) if guild else "en",
    )


def shown(settings: ServerSettings, digested: Digested, words: Sentences) -> Digested:
    """Return what a server shows of a digest; raises `SiteBlocked` for one of a site that is blocked."""
    reading = read(settings, digested.reading, words)
    return digested if reading is digested.reading else replace(digested, reading=reading)


def read(settings: ServerSettings, reading: Reading, words: Sentences) -> Reading:
    """Return what a server shows of a reading; raises `SiteBlocked` as `shown` does."""
    refused = may_read(settings, reading.url)
    if refused:
        raise refused
    if settings.names:
        return reading
    return without_names(reading, lambda n: words.say("reader {n}", n=words.number(n)))


def place_of(channel: object) -> tuple[int, ...]:
    """Return the ids of *channel* and of what it stands in, the nearest first, as far as they are known."""
    if isinstance(channel, discord.Thread):
        above = place_of(channel.parent) if channel.parent else (channel.parent_id,)
        return (channel.id, *above)
    if isinstance(channel, discord.abc.GuildChannel):
        return (channel.id, *([channel.category_id] if channel.category_id else []))
    id = getattr(channel, "id", None)
    return (id,) if isinstance(id, int) else ()


def is_member(interaction: discord.Interaction) -> bool:
    """Whether the bot itself is where it is asked, not only installed by the one who asks."""
    if interaction.guild_id is None:
        return not interaction.context.private_channel
    return interaction.is_guild_integration()


def _roles(person: discord.abc.User, guild: int | None) -> tuple[int, ...]:
    """Return the roles of *person*, the one that everybody has (it is called as the server) among them."""
    return (*roles_of(person), *([guild] if guild is not None else []))
