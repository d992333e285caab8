"""Where words to one person can be put: by their interaction's token while it lives, in the channel afterwards."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from functools import partial
from typing import Any, cast

import discord
from discord import ui

from bot.chat.original import original, remove, shows
from bot.chat.standing import is_out_of_reach
from bot.core.ports import Address, Clock, Order

# Discord's route takes this word in place of a message's id (developer documentation, "Edit Original Interaction
# Response"); the library's type knows ids only
ORIGINAL = cast("int", "@original")

SAFELY = timedelta(seconds=20)
"""A token that dies within this is taken for dead: the edit might arrive too late."""


class Outlet:
    """Puts messages; each way returns the message's id, None where trying again will not change that it is refused."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def is_open(self, to: Address) -> bool:
        """Whether the token of *to* lives."""
        return bool(to.token and to.expires and to.expires - SAFELY > self._clock.now())

    async def replace(self, to: Address, view: ui.LayoutView) -> int | None:
        """Put *view* in the place of what the interaction's answer is so far."""
        nobody = discord.AllowedMentions.none()
        edit = self._webhook(to).edit_message
        return await _sent(edit(ORIGINAL, view=view, allowed_mentions=nobody))

    async def aside(self, to: Address, view: ui.LayoutView) -> int | None:
        """Put *view* beside it, for the one who pressed or asked."""
        return await _sent(self._webhook(to).send(view=view, ephemeral=True, wait=True))

    async def withdraw(self, to: Address) -> None:
        """Delete the interaction's answer."""
        try:
            await self._webhook(to).delete_message(ORIGINAL)
        except discord.HTTPException as error:
            if not is_out_of_reach(error):
                raise

    async def post(
        self, order: Order, view: ui.LayoutView, digest: str | None = None
    ) -> int | None:
        """
        Post *view* in the channel, in place of what says that the answer to *order* is under way.

        What Discord had taken before the token died, and already shows the *digest*, stays.
        """
        to = order.reply_to
        if to.channel is None:
            return None
        begun = await original(self._client, to.channel, order.id) if to.token else None
        if begun is not None and digest and shows(begun, digest):
            return begun.id
        channel = self._client.get_partial_messageable(to.channel)
        # the order's id: a message that Discord had taken before the connection broke, or the bot was killed, is not
        # posted a second time within minutes
        send = partial(channel.send, view=view, nonce=order.id)
        if to.message is None:
            posted = await _sent(send())
        else:
            answered = channel.get_partial_message(to.message)
            reference = answered.to_reference(fail_if_not_exists=False)
            posted = await _sent(send(reference=reference, mention_author=False))
        if posted is not None and begun is not None:
            await remove(begun)
        return posted

    def _webhook(self, to: Address) -> discord.Webhook:
        # as `Interaction.followup` makes it: only an application's webhook (type 3) may send privately
        payload = {"id": str(to.application or 0), "type": 3, "token": to.token or ""}
        state = self._client._connection  # noqa: SLF001 - after a restart there is no interaction to ask
        return discord.Webhook.from_state(data=cast("Any", payload), state=state)


async def _sent(sending: Awaitable[discord.Message]) -> int | None:
    try:
        return (await sending).id
    except discord.HTTPException as refused:
        if not is_out_of_reach(refused):
            raise
        return None
