"""Carries progress and answers to wherever they may still go (design §7)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord
from discord import ui

from bot.chat.access import Person, away, handed_over, still_theirs
from bot.chat.answers import outcome_view, pointer_view
from bot.chat.asking import MOST_HANDED_OVER
from bot.chat.cards import notice
from bot.chat.facts import nearly
from bot.chat.failures import PASSING
from bot.chat.outlet import Outlet
from bot.chat.rows import progress_view
from bot.chat.sentences import Sentences
from bot.chat.standing import UNHURRIED, note, standing
from bot.core.cards import Card, Cards
from bot.core.digesting import Digesting
from bot.core.gaps import GapCode
from bot.core.money import Standing, fullest
from bot.core.ports import Address, Clock, Notes, Order, Orders, Outcome, Progress
from bot.core.servers import Servers
from bot.core.till import Till
from bot.errors import Cancelled, StoreError

if TYPE_CHECKING:
    from bot.chat.client import ChorusClient

log = logging.getLogger("chorus.chat")

BETWEEN_EDITS = timedelta(seconds=1)
MOST_TOLD = 1_000
"""Orders whose last progress is remembered, before those are forgotten that may be told again."""

PAUSES = (1, 3, 10, 30, 60, 120, 240)
"""Seconds between tries to deliver while Discord cannot be reached; about eight minutes, then the next start tries."""


LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)  # Discord's first year: no card is older


class DiscordPostman:
    """Implements `core.ports.Postman`: by the interaction's token while it lives, then in the channel if public."""

    def __init__(
        self,
        client: ChorusClient,
        *,
        digesting: Digesting,
        orders: Orders,
        servers: Servers,
        notes: Notes,
        cards: Cards,
        clock: Clock,
        till: Till,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._client = client
        self._digesting = digesting
        self._orders = orders
        self._servers = servers
        self._notes = notes
        self._cards = cards
        self._clock = clock
        self._pauses = pauses
        self._till = till
        self._outlet = Outlet(client, clock)
        self._edits: dict[str, asyncio.Task[None]] = {}
        self._next: dict[str, datetime] = {}
        self._posting: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()

    def progress(self, order: Order, progress: Progress, *, may_stop: bool = True) -> None:
        """Show progress, at most one edit a second; what comes faster is dropped."""
        now = self._clock.now()
        due = self._next.get(order.id)
        running = self._edits.get(order.id)
        if order.reply_to.card or not self._outlet.is_open(order.reply_to):
            return
        if (due is not None and due - BETWEEN_EDITS <= now < due) or (
            running and not running.done()
        ):
            return
        if len(self._next) >= MOST_TOLD:
            self._next = {id: at for id, at in self._next.items() if at > now}
        self._next[order.id] = now + BETWEEN_EDITS
        words = Sentences.of(order.reply_to.locale)
        said = words.progress(progress)
        view = progress_view(said, order.id, words) if may_stop else notice(said)
        edit = self._edits[order.id] = asyncio.ensure_future(self._show(order.reply_to, view))
        edit.add_done_callback(partial(self._ended, order.id))

    def _ended(self, id: str, edit: asyncio.Task[None]) -> None:
        """Forget an edit: another process may be the one that delivers."""
        if self._edits.get(id) is edit:
            del self._edits[id]

    async def deliver(self, order: Order, outcome: Outcome) -> bool:
        """
        Deliver the answer; False if there is nowhere left to put it.

        Raises what Discord refuses it with, or, after the last of the pauses, what keeps it from being reached.
        """
        await self._quiet(order)
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
        if outcome.digest is None or to.private or to.card or to.positions:
            return await self._put(order, outcome, words)
        there = await self._there(order)
        if there is None:
            # of those who ask for the same at once the second finds the card of the first
            same = (to.channel, order.target, order.brief)
            async with self._posting.setdefault(same, asyncio.Lock()):
                there = await self._there(order)
                if there is None:
                    return await self._put(order, outcome, words)
        if to.quiet:
            return True
        return await self._point(order, pointer_view(there, to.guild, words))

    async def _there(self, order: Order) -> Card | None:
        """Return the card of somebody else's order that answers this one too."""
        where = (order.reply_to.guild, order.reply_to.channel)
        what = (order.target, order.brief)
        found = await standing(self._client, self._cards, self._clock, where, *what, UNHURRIED)
        return found if found and found.order != order.id else None

    async def _put(self, order: Order, outcome: Outcome, words: Sentences) -> bool:
        """Put the answer where it may still go; False if that is nowhere."""
        to = order.reply_to
        fell_back = await self._fell_back(outcome)
        # a card stays where there is nothing better to show; only the one who pressed hears why
        stays = to.card and (outcome.error is not None or fell_back)
        # a card that everybody sees keeps its language, whoever refreshes it
        everybodys = to.card and not to.private and not stays
        shown = Sentences.of(order.brief.language) if everybodys else words
        standings = await self._till.standings(order.spender)
        near = fullest(one for one in standings if to.private or not one.personal)
        view = await self._view(order, outcome, shown, near)
        put = self._outlet.aside if stays else self._outlet.replace
        message = await put(to, view) if self._outlet.is_open(to) else None
        if message is not None:
            if not stays:
                await self._note(order, outcome, message, answers=not fell_back)
            await self._afterwards(order, outcome, words, standings)
            return True
        if outcome.error == Cancelled.__name__:
            return True  # whoever pressed has seen it
        if to.quiet and outcome.digest is None:
            return True
        if to.private or away(order.audience, to.channel):
            return False
        message = await self._outlet.post(order, view, outcome.digest)
        if message is not None:
            await self._note(order, outcome, message, answers=not fell_back)
        return message is not None

    async def tell(self, order: Order, view: ui.LayoutView) -> bool:
        """Put *view* in the place of what the asker sees; False where their token has died."""
        await self._quiet(order)
        to = order.reply_to
        return self._outlet.is_open(to) and bool(await self._outlet.replace(to, view))

    async def _quiet(self, order: Order) -> None:
        """Wait until no progress is shown any more: its words could arrive after the answer."""
        running = self._edits.pop(order.id, None)
        self._next.pop(order.id, None)
        if running:
            await asyncio.wait([running])

    async def _view(
        self, order: Order, outcome: Outcome, words: Sentences, near: Standing | None = None
    ) -> ui.LayoutView:
        settings = await self._servers.get(order.reply_to.guild)
        return await outcome_view(order, outcome, self._digesting, words, settings, near)

    async def _show(self, to: Address, view: ui.LayoutView) -> None:
        try:
            await self._outlet.replace(to, view)
        except Exception as failed:
            log.info("progress was not shown: %s", failed)

    async def _point(self, order: Order, view: ui.LayoutView) -> bool:
        """Lead the asker to the card that somebody else's order put there meanwhile; nobody else need see it."""
        to = order.reply_to
        if not self._outlet.is_open(to):
            return await self._outlet.post(order, view) is not None
        await self._outlet.withdraw(to)
        return await self._outlet.aside(to, view) is not None

    async def _fell_back(self, outcome: Outcome) -> bool:
        """Whether these are extracts in place of positions, as the model failed or its budget is spent."""
        digested = await self._digesting.kept(outcome.digest) if outcome.digest else None
        gaps = digested.digest.gaps if digested else ()
        return any(gap.code in {GapCode.MODEL_FAILED, GapCode.OVER_BUDGET} for gap in gaps)

    async def _note(self, order: Order, outcome: Outcome, message: int, *, answers: bool) -> None:
        """Remember a public card: whose it is, and whether it *answers* those who ask for the same."""
        to = order.reply_to
        if outcome.digest is None or to.private or to.positions or to.channel is None:
            return
        at = (
            self._clock.now() if answers else LONG_AGO
        )  # or asking again would not try the model again
        card = Card(message, to.channel, order.target, order.brief, order.asker, order.id, at)
        await note(self._cards, card)

    async def _afterwards(
        self, order: Order, outcome: Outcome, words: Sentences, standings: Sequence[Standing]
    ) -> None:
        """Say what is for the asker alone, and hand over what waited. Nothing of it may fail the answer."""
        to = order.reply_to
        try:
            if order.shown is not None and outcome.digest == order.shown:
                told = words.say("Read again: nothing has changed.")
                await self._outlet.aside(to, notice(told))
            if not self._digesting.has_model and await self._notes.first(f"no-model:{to.guild}"):
                told = words.say(
                    "No model is configured here, so you get extracts and voices, not positions; "
                    "the operator can set OPENAI_API_KEY."
                )
                await self._outlet.aside(to, notice(told))
            own = fullest(one for one in standings if one.personal and not to.private)
            if own and await self._notes.first(f"near:{order.asker}:{own.budget}:{own.resets}"):
                await self._outlet.aside(to, notice(nearly(own, words)))
            person = Person.of_order(order)
            for waiting, ended in await self._orders.waiting(order.asker, MOST_HANDED_OVER):
                outcome = await still_theirs(self._client, person, waiting, ended)
                here = handed_over(waiting, adults=to.adults)
                view = await self._view(here, outcome, words)
                await self._outlet.aside(to, view)
        except (discord.HTTPException, *PASSING, StoreError) as failed:
            log.warning("a private word was not delivered: %s", failed)
