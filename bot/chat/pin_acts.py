"""What a moderator does with pinned digests, and which of them are theirs to do it with."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import discord
from discord import ui

from bot.chat.access import Person, away
from bot.chat.asking import acknowledging
from bot.chat.pin_list import list_view
from bot.chat.pinning import lacking
from bot.chat.rules import Rules
from bot.chat.services import Services, address_of, roles_of, words_of
from bot.chat.subject import about
from bot.core import pinning
from bot.core.links import canonical
from bot.core.models import Brief
from bot.core.money import Spender
from bot.core.pins import Pin, PinState
from bot.core.ports import Acknowledge
from bot.core.usage import Sum
from bot.errors import CannotPost, NotInPublic, NotPinned, UsageError


async def pin(
    interaction: discord.Interaction, services: Services, rules: Rules, link: str, brief: Brief
) -> None:
    """Have *link* digested, posted and pinned here, and acknowledge that privately; raises `ChorusError`."""
    guild, channel = interaction.guild_id, interaction.channel_id
    if guild is None or channel is None:  # Discord offers the command in servers only
        raise NotPinned
    rules.admit()
    rules.check(link)
    thread = isinstance(interaction.channel, discord.Thread)
    missing = lacking(interaction.app_permissions, thread=thread)
    if missing:
        raise CannotPost(permission=missing)
    target, audience = await about(interaction.client, Person.of(interaction), services, link)
    if away(audience, channel):
        raise NotInPublic
    now = services.clock.now()
    wanted = Pin(
        id=secrets.token_hex(8),
        guild=guild,
        channel=channel,
        target=target,
        audience=audience,
        brief=brief,
        by=interaction.user.id,
        roles=roles_of(interaction.user),
        locale=str(interaction.locale),
        since=now,
        moved_at=now,
        due=now,
        waits=address_of(interaction, private=True),
    )
    await services.pinning.pins.add(wanted, pinning.MOST_WATCHED)
    # acknowledged only now: what was acknowledged is answered, whatever dies
    await interaction.response.defer(thinking=True, ephemeral=True)
    services.pinning.watch.wake()


async def theirs(interaction: discord.Interaction, services: Services) -> list[Pin]:
    """Return the pinned digests that the person may manage: those in this channel first, oldest first."""
    if interaction.guild_id is None:
        return []
    every = await services.pinning.pins.of_guild(interaction.guild_id)
    found = [one for one in every if may_manage(interaction, one)]
    return sorted(found, key=lambda one: (one.channel != interaction.channel_id, one.channel))


def may_manage(interaction: discord.Interaction, pin: Pin) -> bool:
    """
    Whether *pin* is the person's to manage.

    In the channel where they are Discord has settled it: owners decide who has the command. Elsewhere they must be able
    to pin messages. Where its channel is gone, or is a thread that is closed and not this one, nobody can be held
    against it: then it is for those who manage the server, and for the one who had it pinned.
    """
    if pin.guild != interaction.guild_id:
        return False
    if pin.channel == interaction.channel_id:
        return True
    guild, member = interaction.client.get_guild(pin.guild), interaction.user
    channel = guild.get_channel_or_thread(pin.channel) if guild else None
    if channel is None or not isinstance(member, discord.Member):
        return interaction.permissions.manage_guild or pin.by == member.id
    try:
        rights = channel.permissions_for(member)
    except discord.ClientException:  # a thread whose channel is not known
        return False
    private = isinstance(channel, discord.Thread) and channel.is_private()
    return rights.pin_messages and rights.view_channel and (rights.manage_threads or not private)


async def listed(interaction: discord.Interaction, services: Services) -> ui.LayoutView:
    """Return the list of what the person may manage; what has ended by hand is said in it this once."""
    found = [one for one in await theirs(interaction, services) if not one.leaving]
    spent = await spent_on(services, found)
    view = list_view(found, spent, interaction.channel_id or 0, words_of(interaction))
    for one in found:
        if one.state is PinState.ENDED:
            await services.pinning.pins.drop(one.id)
    return view


async def spent_on(services: Services, pins: Sequence[Pin]) -> dict[str, Sum]:
    """Return what *pins*, all of one server, have cost so far, by the names of their orders."""
    if not pins:
        return {}
    return await services.ledger.of_orders(pins[0].guild, [pinning.order_of(one) for one in pins])


async def chosen(interaction: discord.Interaction, services: Services, given: str | None) -> Pin:
    """Return the pin called *given*, by its id or its link; without, the only one here. Raises `NotPinned`."""
    every = [one for one in await theirs(interaction, services) if one.state is not PinState.ENDED]
    if given is None:
        found = [one for one in every if one.channel == interaction.channel_id]
    else:
        target = given
        with suppress(UsageError):
            target = canonical(given)
        found = [one for one in every if given == one.id or target == one.target]
    if len(found) != 1:
        raise NotPinned
    return found[0]


async def refresh(
    interaction: discord.Interaction, services: Services, pin: Pin, say: Acknowledge
) -> None:
    """
    Have *pin* read again now, whatever it did until then; *interaction* is answered when that is done.

    It counts among the person's asks, and is acknowledged by *say* once it is kept.
    """
    who = interaction.user
    spender = Spender(who.id, interaction.guild_id, interaction.channel_id, roles_of(who))
    await services.till.count(spender)
    now, waits = services.clock.now(), address_of(interaction, private=True)
    woken = partial(pinning.woken, now=now, waits=waits)
    if await services.pinning.pins.change(pin.id, woken) is None:
        raise NotPinned
    await acknowledging(interaction, say)()
    services.pinning.watch.wake()


async def change(services: Services, pin: Pin, how: partial[Pin]) -> Pin:
    """Change *pin* and have what follows from that done; raises `NotPinned` where it is gone."""
    changed = await services.pinning.pins.change(pin.id, how)
    if changed is None:
        raise NotPinned
    services.pinning.watch.wake()
    return changed


async def unpin(services: Services, pin: Pin) -> None:
    """Unpin *pin* and watch it no longer; its message stays, and soon no longer says that it is kept current."""
    if pin.message is None:
        await services.pinning.pins.drop(pin.id)
        return
    now = services.clock.now()
    await change(services, pin, partial(pinning.ended, now=now, leaving=True))
    for message in filter(None, (pin.message, pin.old)):
        await services.pinning.board.unfasten(pin, message)


async def delete(services: Services, pin: Pin) -> None:
    """Delete *pin* with its message, and for good what was read and digested for it alone."""
    await services.pinning.pins.drop(pin.id)
    if not await services.pinning.pins.is_shared(pin):
        await services.digesting.forget(pin.target, pin.audience)
    if pin.message is not None:
        await services.pinning.board.remove(pin)
