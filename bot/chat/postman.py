"""Carries progress and answers to wherever they may still go (design §7)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import ui

from bot.chat.access import Person, away, still_theirs
from bot.chat.answers import outcome_view
from bot.chat.cards import notice
from bot.chat.failures import PASSING
from bot.chat.sentences import Sentences
from bot.chat.writing import nearly
from bot.core.digesting import Digesting
from bot.core.money import Standing, fullest
from bot.core.ports import Address, Clock, Notes, Order, Orders, Outcome, Progress
from bot.core.till import Till

if TYPE_CHECKING:
    from bot.chat.client import ChorusClient

log = logging.getLogger("chorus.chat")

BETWEEN_EDITS = timedelta(seconds=1)
SAFELY = timedelta(seconds=20)
"""A token that dies within this is taken for dead: the edit might arrive too late."""

PAUSES = (1, 3, 10, 30, 60, 120, 240)
"""Seconds between tries to deliver while Discord cannot be reached; about eight minutes, then the next start tries."""

NO_LONGER = frozenset({401, 403, 404})
"""The token has died early (401, code 50027), the bot may not write there any more, or the message is gone."""


class DiscordPostman:
    """Implements `core.ports.Postman`: by the interaction's token while it lives, then in the channel if public."""

    def __init__(
        self,
        client: ChorusClient,
        *,
        digesting: Digesting,
        orders: Orders,
        notes: Notes,
        clock: Clock,
        till: Till,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._client = client
        self._digesting = digesting
        self._orders = orders
        self._notes = notes
        self._clock = clock
        self._pauses = pauses
        self._till = till
        self._edits: dict[str, asyncio.Task[None]] = {}
        self._next: dict[str, object] = {}

    def progress(self, order: Order, progress: Progress) -> None:
        """Show progress, at most one edit a second; what comes faster is dropped."""
        now = self._clock.now()
        due = self._next.get(order.id)
        running = self._edits.get(order.id)
        if order.reply_to.card or not self._alive(order.reply_to):
            return
        if (isinstance(due, type(now)) and now < due) or (running and not running.done()):
            return
        self._next[order.id] = now + BETWEEN_EDITS
        view = notice(Sentences.of(order.reply_to.locale).progress(progress))
        self._edits[order.id] = asyncio.ensure_future(self._show(order.reply_to, view))

    async def deliver(self, order: Order, outcome: Outcome) -> bool:
        """
        Deliver the answer; False if there is nowhere left to put it.

        Raises what Discord refuses it with, or, after the last of the pauses, what keeps it from being reached.
        """
        running = self._edits.pop(order.id, None)
        self._next.pop(order.id, None)
        if running:
            await asyncio.wait([running])  # or its words could arrive after the answer
        for pause in self._pauses:
            try:
                return await self._deliver(order, outcome)
            except PASSING as error:
                log.warning("order %s will be delivered again in %s s: %s", order.id, pause, error)
                await asyncio.sleep(pause)
        return await self._deliver(order, outcome)

    async def _deliver(self, order: Order, outcome: Outcome) -> bool:
        to = order.reply_to
        words = Sentences.of(to.locale)
        outcome = await still_theirs(self._client, Person.of_order(order), order, outcome)
        # a card that everybody sees keeps its language, whoever refreshes it; why that failed is told to them alone
        everybodys = to.card and not to.private and outcome.error is None
        shown = Sentences.of(order.brief.language) if everybodys else words
        standings = await self._till.standings(order.spender)
        near = fullest(one for one in standings if to.private or not one.personal)
        view = await outcome_view(order, outcome, self._digesting, shown, near)
        if self._alive(to) and await self._by_token(to, view, failed=outcome.error is not None):
            await self._afterwards(order, words, standings)
            return True
        if to.private or away(order.audience, to.channel):
            return False
        return await self._in_channel(order, view)

    def _alive(self, to: Address) -> bool:
        return bool(to.token and to.expires and to.expires - SAFELY > self._clock.now())

    def _webhook(self, to: Address) -> discord.Webhook:
        # as `Interaction.followup` makes it: only an application's webhook (type 3) may send privately
        payload = {"id": str(to.application or 0), "type": 3, "token": to.token or ""}
        state = self._client._connection  # noqa: SLF001 - after a restart there is no interaction to ask
        return discord.Webhook.from_state(data=cast("Any", payload), state=state)

    async def _edit(self, to: Address, view: ui.LayoutView) -> None:
        # Discord's route takes this word in place of a message's id (developer documentation, "Edit Original
        # Interaction Response"); the library's type knows ids only
        original = cast("int", "@original")
        nobody = discord.AllowedMentions.none()
        await self._webhook(to).edit_message(original, view=view, allowed_mentions=nobody)

    async def _show(self, to: Address, view: ui.LayoutView) -> None:
        try:
            await self._edit(to, view)
        except Exception as failed:
            log.info("progress was not shown: %s", failed)

    async def _by_token(self, to: Address, view: ui.LayoutView, *, failed: bool) -> bool:
        if to.card and failed:  # the card stays; only the one who pressed hears why
            return await _taken(self._webhook(to).send(view=view, ephemeral=True))
        return await _taken(self._edit(to, view))

    async def _in_channel(self, order: Order, view: ui.LayoutView) -> bool:
        to = order.reply_to
        if to.channel is None:
            return False
        channel = self._client.get_partial_messageable(to.channel)
        # the order's id: a message that Discord had taken before the connection broke, or the bot was killed, is not
        # posted a second time within minutes
        send = partial(channel.send, view=view, nonce=order.id)
        if to.message is None:
            return await _taken(send())
        reference = channel.get_partial_message(to.message).to_reference(fail_if_not_exists=False)
        return await _taken(send(reference=reference, mention_author=False))

    async def _afterwards(
        self, order: Order, words: Sentences, standings: Sequence[Standing]
    ) -> None:
        """Say what is for the asker alone, and hand over what waited. Nothing of it may fail the answer."""
        to = order.reply_to
        try:
            if not self._digesting.has_model and await self._notes.first(f"no-model:{to.guild}"):
                told = words.say(
                    "No model is configured here, so you get extracts and voices, not positions; "
                    "the operator can set OPENAI_API_KEY."
                )
                await self._webhook(to).send(view=notice(told), ephemeral=True)
            own = fullest(one for one in standings if one.personal and not to.private)
            if own and await self._notes.first(f"near:{order.asker}:{own.budget}:{own.resets}"):
                await self._webhook(to).send(view=notice(nearly(own, words)), ephemeral=True)
            person = Person.of_order(order)
            for waiting, ended in await self._orders.waiting(order.asker):
                outcome = await still_theirs(self._client, person, waiting, ended)
                view = await outcome_view(waiting, outcome, self._digesting, words)
                await self._webhook(to).send(view=view, ephemeral=True)
        except (discord.HTTPException, *PASSING) as failed:
            log.warning("a private word was not delivered: %s", failed)


async def _taken(sending: Awaitable[object]) -> bool:
    """Send; False where that is no longer possible there, which trying again will not change."""
    try:
        await sending
    except discord.HTTPException as refused:
        if refused.status not in NO_LONGER:
            raise
        return False
    return True
