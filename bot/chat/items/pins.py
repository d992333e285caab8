"""What can be pressed in the list of pinned digests. The whole state is in the custom id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import discord

from bot.chat import pin_acts
from bot.chat.cards import notice
from bot.chat.items.pressed import Pressed, chosen
from bot.chat.pin_list import deleted_view, panel_view, unpinned_view
from bot.chat.services import Services, words_of
from bot.core import pinning
from bot.core.pins import Pin
from bot.errors import Expired, NotPinned


class PinItem(Pressed, template=r"chorus:pins:(?P<act>[a-z]+)(?::(?P<id>[0-9a-f]{16}))?"):
    """Opens a pinned digest from the list, or does something about it."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Do what was pressed, where the person may."""
        name, key = self.found["act"], chosen(interaction)
        if name == "list":
            view = await pin_acts.listed(interaction, services)
            await interaction.response.edit_message(view=view)
            return
        pin = await services.pinning.pins.get(self.found["id"] or key)
        if pin is None or not pin_acts.may_manage(interaction, pin):
            raise NotPinned
        acts: dict[str, Act] = {
            "open": _open,
            "refresh": _refresh,
            "freeze": partial(_change, how=pinning.frozen),
            "thaw": partial(_change, how=partial(pinning.woken, waits=None)),
            "hide": partial(_hide, key=key),
            "unpin": _unpin,
            "delete": _delete,
        }
        act = acts.get(name)
        if act is None:
            raise NotPinned
        await act(interaction, services, pin)


Act = Callable[[discord.Interaction, Services, Pin], Awaitable[None]]


async def _open(interaction: discord.Interaction, services: Services, pin: Pin) -> None:
    digested = await services.digesting.kept(pin.digest) if pin.digest else None
    spent = await pin_acts.spent_on(services, [pin])
    view = panel_view(pin, digested, spent, words_of(interaction))
    await interaction.response.edit_message(view=view)


async def _refresh(interaction: discord.Interaction, services: Services, pin: Pin) -> None:
    view = notice(words_of(interaction).say("One moment…"))
    say = partial(interaction.response.edit_message, view=view)
    await pin_acts.refresh(interaction, services, pin, say)


async def _change(
    interaction: discord.Interaction, services: Services, pin: Pin, how: Callable[..., Pin]
) -> None:
    now = services.clock.now()
    await _open(interaction, services, await pin_acts.change(services, pin, partial(how, now=now)))


async def _hide(interaction: discord.Interaction, services: Services, pin: Pin, key: str) -> None:
    digested = await services.digesting.kept(pin.digest) if pin.digest else None
    if digested is None or key not in {p.key for p in digested.digest.positions}:
        raise Expired
    await _change(interaction, services, pin, partial(pinning.hiding, key=key))


async def _unpin(interaction: discord.Interaction, services: Services, pin: Pin) -> None:
    await interaction.response.defer()
    await pin_acts.unpin(services, pin)
    await interaction.edit_original_response(view=unpinned_view(pin, words_of(interaction)))


async def _delete(interaction: discord.Interaction, services: Services, pin: Pin) -> None:
    await interaction.response.defer()
    await pin_acts.delete(services, pin)
    await interaction.edit_original_response(view=deleted_view(words_of(interaction)))
