"""
Keeps pinned digests current: takes those that are due, reads and digests them again, has them shown.

Every decision is in the store before it is acted on (what is due, who works at it, what is shown), so that a pin goes
on after a restart, and two processes never work at the same one. What follows from what is in `bot.core.pinning`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.core import pin_face, pinning
from bot.core.digesting import Digesting, Request
from bot.core.models import Digested, Engine
from bot.core.pins import Board, Face, Held, Pin, Pins
from bot.core.ports import Clock, Progress, Shelf
from bot.core.reference import begin
from bot.errors import ChorusError, TooManyPins, Unexpected
from bot.jobs.logged import logged

log = logging.getLogger("chorus.jobs")

LOOK_SECONDS = 20
"""Between two looks at what is due; what is asked for by hand wakes the watcher."""

LEASE = timedelta(minutes=2)
"""Renewed while a pin has its turn: where a process is killed, another goes on with its pins after this."""

BEAT_SECONDS = 30
MOST_SECONDS = 25 * 60  # for one turn

JUST_READ = timedelta(minutes=5)
"""What was read so lately, for another server's pin or for somebody who asked, is not read again."""


class _Gone(Exception):
    """The pin is no longer there, or no longer ours: somebody unpinned it meanwhile."""


class Watcher:
    """Implements `core.pins.Watch`; at most *most_at_once* pins have their turn at the same time."""

    def __init__(
        self,
        *,
        pins: Pins,
        digesting: Digesting,
        shelf: Shelf,
        board: Board,
        clock: Clock,
        most_at_once: int = 4,
    ) -> None:
        self._pins = pins
        self._digesting = digesting
        self._shelf = shelf
        self._board = board
        self._clock = clock
        self._most = most_at_once
        self._turns: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled; what was missed meanwhile is spread over the next minutes."""
        with logged("what was missed could not be put off"):
            await self.resume()
        try:
            while True:
                self._woken.clear()
                with logged("what is due could not be looked for"):
                    await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._woken.wait()
        finally:
            await self.close()

    def wake(self) -> None:
        """Look now: something has become due."""
        self._woken.set()

    async def resume(self) -> None:
        """Give what became due while nothing ran a time of its own soon: not all of it begins at once."""
        now = self._clock.now()
        for pin in await self._pins.overdue(now):
            await self._pins.change(pin.id, partial(pinning.put_off, now=now))

    async def look(self) -> int:
        """Begin what is due, as far as there is room; return how much was begun."""
        room = self._most - len(self._turns)
        now = self._clock.now()
        held = await self._pins.take(now, now + LEASE, room) if room > 0 else []
        for one in held:
            task = asyncio.ensure_future(self._turn(one))
            self._turns.add(task)
            task.add_done_callback(self._ended)
        return len(held)

    async def settle(self) -> None:
        """Wait until no pin has its turn."""
        while self._turns:
            await asyncio.wait(self._turns)

    async def close(self) -> None:
        """Stop what runs; it stays due, for the next start."""
        for task in self._turns:
            task.cancel()
        await self.settle()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._turns.discard(task)
        self.wake()  # there is room for another

    async def _turn(self, held: Held) -> None:
        begin(pinning.order_of(held.pin))
        beat = asyncio.ensure_future(self._beat(held))
        try:
            async with asyncio.timeout(MOST_SECONDS):
                await self._try(held)
            await self._pins.free(held.pin.id, held.lease)
        except Exception:
            # the lease stays: it is not tried again before that has ended
            log.exception("the turn of pin %s ended badly", held.pin.id)
        except asyncio.CancelledError:
            await self._pins.free(held.pin.id, held.lease)
            raise
        finally:
            beat.cancel()

    async def _beat(self, held: Held) -> None:
        """Renew the lease as long as this runs; one that was lost is noticed when something is put down."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with logged("a lease could not be renewed"):
                await self._pins.renew(held.pin.id, held.lease, self._clock.now() + LEASE)

    async def _try(self, held: Held) -> None:
        try:
            pin = await self._step(held)
        except _Gone:
            return
        except ChorusError as error:
            await self._failed(held, error)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("pin %s failed unexpectedly, reference %s", held.pin.id, reference)
            await self._failed(held, Unexpected(reference=reference))
        else:
            await self._answer(pin, None, news=pin.digest != held.pin.digest)
            await self._let_go(pin)

    async def _step(self, held: Held) -> Pin:
        """Do whatever is due for a pin; return it as it is then."""
        pin = held.pin
        if pin.pinned:
            await self._board.stands(pin)
            pin = await self._put(held, pinning.looked_at)
        if pinning.is_read(pin, self._clock.now()):
            pin = await self._read(held, pin)
        if pinning.is_shown(pin, self._clock.now()):
            pin = await self._show(held, pin)
        if pinning.is_loose(pin):
            pin = await self._fasten(held, pin)
        return pin

    async def _read(self, held: Held, pin: Pin) -> Pin:
        # looked for first: where words in it are gone, it is deleted as soon as the new one is kept
        before = await self._digesting.kept(pin.digest) if pin.digest else None
        made = await self._digest(pin)
        now = self._clock.now()
        try:
            return await self._put(held, lambda pin: pinning.after_reading(pin, before, made, now))
        except _Gone:
            gone = await self._pins.get(pin.id) is None
            if gone and not await self._pins.is_shared(pin):  # deleted meanwhile, and this with it
                await self._digesting.forget(pin.target, pin.audience)
            raise

    async def _digest(self, pin: Pin) -> Digested:
        """Digest what *pin* is about; positions are never replaced by extracts, they are waited for."""
        newest = await self._shelf.latest(pin.target, pin.audience)
        lately = newest is not None and newest.read_at > self._clock.now() - JUST_READ
        fresh = pin.by_hand or (pin.message is not None and not lately)
        engine = Engine.LLM if self._digesting.has_model else Engine.AUTO
        request = Request(pin.target, pin.audience, replace(pin.brief, engine=engine), fresh)

        def report(step: Progress) -> None:
            self._board.progress(pin, step)

        return await self._digesting.digest(request, report, pinning.spender_of(pin))

    async def _show(self, held: Held, pin: Pin) -> Pin:
        """Show what *pin* should show: in place, or in a new message where the old one takes no more edits."""
        face, view = pin_face.face_of(pin), await self._view(pin)
        if face is None or view is None:  # deleted since: it is made anew when it is read next
            return await self._put(held, lambda pin: replace(pin, digest=None))
        if pin.message is None:
            return await self._post(held, pin, face, view)
        now = self._clock.now()
        if not await self._pins.may_edit(pin, now, pinning.CHANNEL_GAP):
            return await self._put(
                held, lambda pin: replace(pin, show_at=now + pinning.CHANNEL_GAP)
            )
        if not await self._board.edit(pin, view):
            return await self._post(held, pin, face, view)
        return await self._put(
            held, lambda pin: pinning.after_showing(pin, face, view.digest.key, now)
        )

    async def _view(self, pin: Pin) -> Digested | None:
        """Return what the message of *pin* is to show."""
        made = await self._digesting.kept(pin.digest) if pin.digest else None
        if made is None:
            return None
        base = pin_face.base_of(pin)
        before = await self._digesting.kept(base) if base else None
        view = pin_face.seen(pin, made, before)
        if view.digest.key != made.digest.key:
            await self._shelf.keep_digest(view.digest)  # its buttons open it by its key
        return view

    async def _post(self, held: Held, pin: Pin, face: Face, view: Digested) -> Pin:
        message, now = await self._board.post(pin, view), self._clock.now()
        try:
            return await self._put(
                held, lambda pin: pinning.after_posting(pin, face, view.digest.key, message, now)
            )
        except _Gone:
            await self._board.remove(replace(pin, message=message))
            raise

    async def _fasten(self, held: Held, pin: Pin) -> Pin:
        """Pin the message that was posted, and unpin the one before."""
        try:
            await self._board.fasten(pin)
        except TooManyPins:
            if pin.old is None:
                raise
            await self._board.unfasten(pin, pin.old)  # makes room for the new one
            await self._board.fasten(pin)
        if pin.old is not None:
            await self._board.unfasten(pin, pin.old)
        return await self._put(held, pinning.after_pinning)

    async def _failed(self, held: Held, error: ChorusError) -> None:
        """Put down what *error* means for a pin, and tell somebody once where it cannot go on."""
        pin = await self._pins.get(held.pin.id)
        if pin is None:
            return
        if pinning.is_new(pin):  # it never stood: who asked hears of it, that is all
            await self._pins.drop(pin.id)
            await self._board.answer(pin, error, news=False)
            if pin.message is not None:
                await self._board.remove(pin)
            return
        now = self._clock.now()
        with suppress(_Gone):
            pin = await self._put(held, lambda pin: pinning.after_failure(pin, error, now))
            told = await self._answer(pin, error, news=False)
            if pinning.is_stuck(pin) and not pin.told:
                await self._put(held, lambda pin: replace(pin, told=True))
                if not told:
                    await self._board.warn(pin, error)
            await self._let_go(pin)

    async def _let_go(self, pin: Pin) -> None:
        """Forget a pin that was unpinned with a command, once its message no longer says that it is kept current."""
        if pin.leaving and not pinning.is_behind(pin):
            await self._pins.drop(pin.id)

    async def _answer(self, pin: Pin, error: ChorusError | None, *, news: bool) -> bool:
        """Tell whoever waits how it ended, unless they came later than what was read; return whether somebody was."""
        if pin.waits is None or pin.by_hand:
            return False
        await self._board.answer(pin, error, news=news)
        await self._pins.change(pin.id, partial(pinning.answered, waits=pin.waits))
        return True

    async def _put(self, held: Held, how: Callable[[Pin], Pin]) -> Pin:
        pin = await self._pins.change(held.pin.id, how, held.lease)
        if pin is None:
            raise _Gone
        return pin
