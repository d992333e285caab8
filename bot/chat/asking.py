"""From a person's question to an answer or an order: the one way in, behind every command, menu, mention and button."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from functools import partial

import discord
from discord import app_commands

from bot.chat.access import Person, away, fit_for, for_adults, handed_over, still_theirs
from bot.chat.answers import answer_view, outcome_view, pointer_view, positions_view
from bot.chat.cards import notice
from bot.chat.failures import PASSING
from bot.chat.rules import Rules, rules_of, shown
from bot.chat.sentences import Sentences
from bot.chat.services import Services, address_of, roles_of, room_of, words_of
from bot.chat.standing import note, standing
from bot.chat.subject import about
from bot.core.cards import Card
from bot.core.models import Audience, Brief, Digested
from bot.core.ports import Acknowledge, Order
from bot.core.reference import begin
from bot.errors import (
    CannotPost,
    ChorusError,
    FileTooLarge,
    NothingToSummarize,
    StoreError,
    Unexpected,
)

log = logging.getLogger("chorus.chat")

LOOKUP_SECONDS = 0.3
"""For the look at what is kept before an answer is deferred: Discord gives three seconds in all."""

FILE_SECONDS = 1.0
"""For a file to arrive before it is acknowledged."""
MOST_HANDED_OVER = 3
"""Earlier answers at a time: where only a person has installed the bot, Discord takes no more than five follow-ups."""

TOO_LATE = 10062
"""Discord's code for an interaction that was not acknowledged within three seconds."""

MOST_FILE_BYTES = 1_000_000


@dataclass(frozen=True)
class Ask:
    """What a person asks: a link or a file, for whom, how; *positions*: what readers say in full, no card."""

    brief: Brief
    link: str | None = None
    file: discord.Attachment | None = None
    private: bool = False
    fresh: bool = False
    positions: bool = False


async def ask(
    interaction: discord.Interaction, services: Services, rules: Rules, wanted: Ask
) -> None:
    """
    Answer from what is kept, at once; else acknowledge, and order the work.

    A public card that stands in the channel already is pointed to, privately, instead of a second one.

    Raises `ChorusError` for what can be said at once: also where the server's settings do not let the person ask.
    """
    if wanted.file is None and not wanted.link:
        raise NothingToSummarize
    rules.admit()
    rules.check(wanted.link)
    if not rules.member:
        wanted = replace(wanted, private=True)
    if wanted.file is not None:
        if not wanted.private:
            may_post(interaction)
        if wanted.file.size > MOST_FILE_BYTES:
            raise FileTooLarge(megabytes=1)
        audience = room_of(interaction)
        pasting = asyncio.ensure_future(_pasted(services, wanted.file, audience, wanted.link))
        await asyncio.wait([pasting], timeout=FILE_SECONDS)
        if not pasting.done():
            await interaction.response.defer(thinking=True, ephemeral=wanted.private)
        target = await pasting
    else:
        person = Person.of(interaction)
        target, audience = await about(interaction.client, person, services, wanted.link or "")
        if away(audience, interaction.channel_id):
            wanted = replace(wanted, private=True)
        if not wanted.private:
            may_post(interaction)
        if not wanted.fresh and await _at_once(
            interaction, services, rules, wanted, (target, audience)
        ):
            await hand_over(interaction, services)
            return
    await take(interaction, services, wanted, target, audience)


async def take(
    interaction: discord.Interaction,
    services: Services,
    wanted: Ask,
    target: str,
    audience: Audience,
    *,
    shown: str | None = None,
    instead_of: int | None = None,
    say: Acknowledge | None = None,
) -> None:
    """
    Order the work, and acknowledge *interaction* if nobody has: only then is the answer certain to come.

    *shown*: the digest on the card that stands there, which the answer replaces; *instead_of*: the public card that
    the answer may be put in place of.
    *say* acknowledges, where that is not "thinking…". Raises `ChatError` where the server's settings do not let the
    person ask.
    """
    rules = await rules_of(interaction, services)
    rules.admit()
    rules.check(target)
    to = replace(
        address_of(
            interaction,
            private=wanted.private,
            card=shown is not None,
            message=instead_of or None,
        ),
        locale=rules.framed(wanted.brief, private=wanted.private),
        positions=wanted.positions,
    )
    thinking = partial(interaction.response.defer, thinking=True, ephemeral=wanted.private)
    await services.desk.take(
        Order(
            id=str(interaction.id),
            target=target,
            brief=wanted.brief,
            audience=audience,
            asker=interaction.user.id,
            reply_to=to,
            fresh=wanted.fresh,
            taken_at=services.clock.now(),
            roles=roles_of(interaction.user),
            shown=shown,
        ),
        acknowledging(interaction, say or thinking),
    )


def acknowledging(interaction: discord.Interaction, say: Acknowledge) -> Acknowledge:
    """Return how *interaction* is acknowledged if nobody has: by *say*."""

    async def acknowledge() -> None:
        if interaction.response.is_done():
            return
        try:
            await say()
        except PASSING as failed:  # Discord may have heard it
            log.warning(
                "whether order %s was acknowledged is not known: %s", interaction.id, failed
            )

    return acknowledge


async def hand_over(interaction: discord.Interaction, services: Services) -> None:
    """Give the asker, privately, what could not be delivered earlier."""
    person = Person.of(interaction)
    try:
        waiting = await services.orders.waiting(person.id, MOST_HANDED_OVER)
    except StoreError as error:  # it goes on waiting; what was asked for now is there
        log.warning("what waits for somebody could not be looked for: %s", error)
        return
    for order, ended in waiting:
        outcome = await still_theirs(interaction.client, person, order, ended)
        settings = await services.servers.get(order.reply_to.guild)
        here = handed_over(order, adults=for_adults(interaction.channel))
        view = await outcome_view(
            here, outcome, services.digesting, words_of(interaction), settings
        )
        await interaction.followup.send(view=view, ephemeral=True)


async def answer_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Say *error* to the person, privately where that is still possible; never raises."""
    while isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.NotFound) and error.code == TOO_LATE:
        log.warning("interaction %s was not acknowledged in time", interaction.id)
        return  # Discord has told the person, and takes nothing for them any more
    if not isinstance(error, ChorusError):
        reference = begin(str(interaction.id))
        log.error("unexpected error, reference %s", reference, exc_info=error)
        error = Unexpected(reference=reference)
    view = notice(words_of(interaction).error(error))
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(view=view, ephemeral=True)
        elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(view=view)
        else:
            await interaction.followup.send(view=view, ephemeral=True)
    except (discord.DiscordException, *PASSING) as failed:
        log.warning("an error could not be said: %s", failed)


async def _pasted(
    services: Services, file: discord.Attachment, audience: Audience, link: str | None
) -> str:
    return await services.digesting.paste(await file.read(), file.filename, audience, link)


async def _at_once(
    interaction: discord.Interaction,
    services: Services,
    rules: Rules,
    wanted: Ask,
    what: tuple[str, Audience],
) -> bool:
    """Answer with what is there: the card that stands in the channel, or the digest that is kept; False without."""
    client, cards, clock = interaction.client, services.cards, services.clock
    where, by = (interaction.guild_id, interaction.channel_id), interaction.user.id
    is_card = not wanted.private and not wanted.positions
    if is_card:
        there = await standing(client, cards, clock, where, what[0], wanted.brief)
        if there:
            view = pointer_view(there, interaction.guild_id, words_of(interaction))
            await interaction.response.send_message(view=view, ephemeral=True)
            return True
    kept = await _kept(services, *what, wanted.brief)
    if not kept:
        return False
    fit_for(kept.reading, adults=for_adults(interaction.channel))
    words = Sentences.of(rules.framed(wanted.brief, private=wanted.private))
    shows = positions_view if wanted.positions else answer_view
    ours = shown(rules.settings, kept, words)
    view = services.shown.of(ours, words, shows, names=rules.settings.names)
    sent = await interaction.response.send_message(view=view, ephemeral=wanted.private)
    await services.memory.note(kept, *where, by if wanted.private else None)
    if is_card and sent.message_id and where[1] is not None:
        card = Card(
            sent.message_id, where[1], what[0], wanted.brief, by, str(interaction.id), clock.now()
        )
        await note(cards, card)
    return True


async def _kept(
    services: Services, target: str, audience: Audience, brief: Brief
) -> Digested | None:
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            return await services.digesting.cached(target, audience, brief)
    except (TimeoutError, StoreError):
        return None  # the desk looks again, without hurry


def may_post(interaction: discord.Interaction) -> None:
    """Raise `CannotPost` where the server lets the bot answer in private only."""
    if interaction.guild_id is None or not interaction.is_guild_integration():
        return
    rights = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    if not rights.view_channel:
        raise CannotPost(permission="View Channel")
    if not (rights.send_messages_in_threads if in_thread else rights.send_messages):
        raise CannotPost(permission="Send Messages in Threads" if in_thread else "Send Messages")
