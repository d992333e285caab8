"""
What becomes of a pinned digest: when it is read and shown next, when it sleeps, what a failure means for it.

Pure functions from a pin to a pin; `bot.jobs.watching` does what they say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.models import Digested
from bot.core.money import Spender
from bot.core.pin_face import base_of, face_of, still_hidden
from bot.core.pin_pace import LONGEST, pace, sleeps, times_of
from bot.core.pins import Face, Pin, PinState
from bot.core.ports import Address, Outcome
from bot.errors import (
    AgeRestricted,
    CannotPost,
    CannotRead,
    ChannelGone,
    ChorusError,
    NeedsMessageContent,
    NotForYou,
    OtherServer,
    OverBudget,
    PinDeleted,
    PinTakenDown,
    ServerLeft,
    SiteBlocked,
    ThreadClosed,
    TooManyPins,
)

BETWEEN_EDITS = timedelta(minutes=10)
CHANNEL_GAP = timedelta(seconds=6)
"""
Between two edits in one channel, whichever messages they are of.

Discord takes three edits in six seconds of messages older than an hour, and refuses more with 30046: two of the three
are left to cards that people refresh.
"""

SPREAD = timedelta(minutes=15)
"""Over which what was missed while nothing ran, or waited for a budget, is taken up again."""

RETRY = timedelta(minutes=10)
MOST_FAILURES = 10
"""In a row: with pauses that double up to a day, some four days."""

MOST_TITLE = 200
MOST_WATCHED = 25
"""In one server: as many as Discord's lists can offer."""

_BREAKS = (
    AgeRestricted,
    CannotPost,
    CannotRead,
    ChannelGone,
    NeedsMessageContent,
    NotForYou,
    OtherServer,
    ServerLeft,
    SiteBlocked,
    TooManyPins,
)


def share_of(id: str) -> float:
    """Return a number from 0 to 1 that belongs to a pin: it keeps pins from doing everything at once."""
    return int(id[:8], 16) / 0x1_0000_0000


def next_look(pin: Pin) -> datetime | None:
    """Return when something is to be done for *pin*; None: nothing by itself."""
    due = [pin.show_at if is_behind(pin) and pin.state is not PinState.BROKEN else None]
    if pin.state is not PinState.ENDED:
        due.append(pin.look)
    if pin.state is PinState.WATCHING or is_loose(pin):
        due.append(pin.due)
    return min((at for at in due if at is not None), default=None)


def is_read(pin: Pin, now: datetime) -> bool:
    """Whether *pin* is to be read now."""
    return pin.state is PinState.WATCHING and pin.due is not None and pin.due <= now


def is_loose(pin: Pin) -> bool:
    """Whether the message was posted and is still to be pinned."""
    stays = pin.state in {PinState.BROKEN, PinState.ENDED}
    return pin.message is not None and not pin.pinned and not stays


def is_new(pin: Pin) -> bool:
    """Whether no message of *pin* has been pinned yet."""
    return not pin.stood and pin.state is not PinState.ENDED


def is_behind(pin: Pin) -> bool:
    """Whether the message does not show what it should."""
    return pin.digest is not None and pin.shown != face_of(pin)


def is_stuck(pin: Pin) -> bool:
    """Whether *pin* waits for a moderator because of what went wrong."""
    return pin.state is PinState.BROKEN or (
        pin.state is PinState.ASLEEP and pin.trouble is not None
    )


def is_shown(pin: Pin, now: datetime) -> bool:
    """Whether the message is to be edited, or posted, now."""
    ready = pin.show_at is None or pin.show_at <= now
    return pin.state is not PinState.BROKEN and is_behind(pin) and ready


def spender_of(pin: Pin) -> Spender:
    """Return who pays: for the first digest who had it pinned, for every refresh the server."""
    if pin.message is None:
        return Spender(pin.by, pin.guild, pin.channel, pin.roles, order_of(pin))
    return Spender(guild=pin.guild, channel=pin.channel, order=order_of(pin))


def order_of(pin: Pin) -> str:
    """Return the name under which the ledger has all that was spent for *pin*."""
    return f"pin:{pin.id}"


def after_reading(pin: Pin, before: Digested | None, made: Digested, now: datetime) -> Pin:
    """
    Return *pin* after *made* was read and digested; *before* is the digest it had, where that is kept.

    One that was frozen or ended meanwhile stays as it is.
    """
    if pin.state in {PinState.FROZEN, PinState.ENDED}:
        return replace(pin, by_hand=False)
    known = {c.id for c in before.reading.readable} if before else set()
    moved = {c.id for c in made.reading.readable} - known
    moved_at = now if moved and pin.digest is not None else pin.moved_at
    times = times_of(made.reading)
    asleep = sleeps(times, now, moved_at)
    wait = pace(times, now, moved_at) * (1 + 0.1 * share_of(pin.id))
    return replace(
        pin,
        state=PinState.ASLEEP if asleep else PinState.WATCHING,
        due=None if asleep else now + wait,
        trouble=None,
        failures=0,
        by_hand=False,
        title=(made.reading.title or "")[:MOST_TITLE],
        digest=made.digest.key,
        made_at=made.digest.made.at,
        show_at=pin.show_at or now,
        moved_at=moved_at,
        hidden=still_hidden(pin.hidden, before, made) if pin.hidden else (),
    )


def after_posting(pin: Pin, face: Face, opens: str, message: int, now: datetime) -> Pin:
    """Return *pin* after it was posted anew: still to be pinned, in place of the message it had."""
    shown = after_showing(pin, face, opens, now)
    old = pin.message if pin.pinned else pin.old
    return replace(shown, message=message, old=old, pinned=False, posts=pin.posts + 1)


def after_showing(pin: Pin, face: Face, opens: str, now: datetime) -> Pin:
    """Return *pin* after its message was made to show *face*; its buttons open the digest called *opens*."""
    shown = replace(pin, shown=face, opens=opens, before=base_of(pin))
    # what was changed by hand meanwhile need not wait
    return shown if is_behind(shown) else replace(shown, show_at=now + BETWEEN_EDITS)


def after_pinning(pin: Pin) -> Pin:
    """Return *pin* after its message was pinned, and the one before unpinned."""
    return replace(pin, pinned=True, stood=True, old=None)


def after_failure(pin: Pin, error: ChorusError, now: datetime) -> Pin:
    """Return *pin* after *error*: it ends, breaks, sleeps, waits for its budget, or is tried again later."""
    if pin.state is PinState.ENDED or isinstance(error, PinDeleted):
        gone = ended(pin, now, leaving=pin.leaving)
        gone = replace(gone, trouble=pin.trouble or Outcome.failed(error))
        return replace(gone, shown=face_of(gone))  # there is nothing to show it in, or no way to
    pin = replace(pin, trouble=Outcome.failed(error), by_hand=False, failures=pin.failures + 1)
    if isinstance(error, PinTakenDown):
        return ended(pin, now)
    if isinstance(error, _BREAKS):
        return replace(pin, state=PinState.BROKEN, due=None, look=None)
    if isinstance(error, OverBudget):
        anew = datetime.combine(date.fromisoformat(str(error.facts["resets"])), time(), UTC)
        return replace(pin, due=anew + SPREAD * share_of(pin.id), failures=0)
    if isinstance(error, ThreadClosed) or pin.failures >= MOST_FAILURES:
        return _put_down(pin)
    again = now + min(RETRY * 2 ** (pin.failures - 1), LONGEST)
    look = again if pin.look else None
    return replace(pin, due=max(again, pin.due or again), show_at=again, look=look)


def _put_down(pin: Pin) -> Pin:
    """Let *pin* sleep; what it does not show yet is shown when it is woken."""
    state = pin.state if pin.state is PinState.FROZEN else PinState.ASLEEP
    return replace(pin, state=state, due=None, show_at=None, look=None)


def looked_at(pin: Pin) -> Pin:
    """Return *pin* after its message was found where it should be."""
    return replace(pin, look=None)


def to_look(pin: Pin, now: datetime) -> Pin:
    """Return *pin* when somebody may have unpinned or deleted its message."""
    return replace(pin, look=now)


def woken(pin: Pin, now: datetime, waits: Address | None) -> Pin:
    """Return *pin* when somebody asks for it to be read now: it watches again, whatever it did."""
    return replace(
        pin,
        state=PinState.WATCHING,
        due=now,
        show_at=now,
        trouble=None,
        failures=0,
        told=False,
        by_hand=True,
        waits=waits,
    )


def frozen(pin: Pin, now: datetime) -> Pin:
    """Return *pin* when it is to stay as it is."""
    return replace(pin, state=PinState.FROZEN, due=None, trouble=None, show_at=now)


def ended(pin: Pin, now: datetime, *, leaving: bool = False) -> Pin:
    """Return *pin* when it is watched no longer; *leaving*: because of a command, which needs no mention later."""
    state = replace(pin, state=PinState.ENDED, due=None, by_hand=False)
    return replace(state, pinned=False, show_at=now, leaving=leaving)


def hiding(pin: Pin, key: str, now: datetime) -> Pin:
    """Return *pin* without the position called *key*, with it where it was hidden."""
    hidden = tuple(k for k in pin.hidden if k != key)
    return replace(pin, hidden=hidden if key in pin.hidden else (*hidden, key), show_at=now)


def answered(pin: Pin, waits: Address) -> Pin:
    """Return *pin* when who waited at *waits* was told: the token is kept no longer."""
    return replace(pin, waits=None) if pin.waits == waits else pin


def unnamed(pin: Pin) -> Pin:
    """Return *pin* without who had it pinned."""
    return replace(pin, by=0, roles=(), waits=None)


def put_off(pin: Pin, now: datetime) -> Pin:
    """Return *pin*, which became due while nothing ran, with a time of its own soon."""
    if pin.due is None or pin.due > now or pin.by_hand or pin.message is None:
        return pin
    return replace(pin, due=now + SPREAD * share_of(pin.id))
