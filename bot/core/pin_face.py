"""What the message of a pinned digest shows: a digest, what changed since it was last shown, not what is hidden."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.core.changes import changes, earlier
from bot.core.fingerprint import digest_key
from bot.core.gaps import Gap, GapCode
from bot.core.models import Digest, Digested, Position
from bot.core.pins import Face, Note, Pin, PinState


def face_of(pin: Pin) -> Face | None:
    """Return what the message should show."""
    if pin.digest is None:
        return None
    notes = {PinState.FROZEN: Note.FROZEN, PinState.ENDED: Note.NONE}
    return Face(pin.digest, pin.hidden, notes.get(pin.state, Note.CURRENT))


def base_of(pin: Pin) -> str | None:
    """Return the digest that what has changed is counted from: what was shown before the newest."""
    if pin.shown is None or pin.shown.digest == pin.digest:
        return pin.before
    return pin.shown.digest


def seen(pin: Pin, made: Digested, before: Digested | None) -> Digested:
    """
    Return *made* as the message shows it: with what changed since *before*, without what is hidden.

    Without some positions it is a digest of its own, under a key of its own: what its buttons open hides them too.
    """
    hidden = {*pin.hidden, *(pin.shown.hidden if pin.shown else ())}
    if before is not None:
        before = replace(before, digest=_without(before.digest, hidden))
    kept = _without(made.digest, set(pin.hidden))
    gone = len(made.digest.positions) - len(kept.positions)
    if gone:
        names = hashlib.sha256("\n".join(sorted(pin.hidden)).encode()).hexdigest()[:8]
        label = f"hidden-{names}/{kept.made.label}"  # so that no refresh goes on from it
        kept = replace(
            kept,
            key=digest_key(made.reading.hash, kept.brief, label),
            divide=None,  # it would name what is hidden
            made=replace(kept.made, label=label),
            gaps=(Gap(GapCode.POSITIONS_HIDDEN, count=gone), *kept.gaps),
        )
    since = changes(before, made.reading, kept) if before is not None else None
    if before is None and pin.shown is not None and not hidden:
        since = kept.changes  # what it went on from is deleted by now, because words in it were
    return Digested(made.reading, replace(kept, changes=since))


def _without(digest: Digest, hidden: set[str]) -> Digest:
    return replace(digest, positions=tuple(p for p in digest.positions if p.key not in hidden))


def still_hidden(hidden: Sequence[str], before: Digested | None, made: Digested) -> tuple[str, ...]:
    """Return the keys of the positions that go on from hidden ones: a full run names positions anew."""
    if before is None:
        return tuple(p.key for p in made.digest.positions if p.key in hidden)
    both = {c.id for c in before.reading.readable} & {c.id for c in made.reading.readable}
    left: list[Position] = list(before.digest.positions)
    found = []
    for position in made.digest.positions:
        match = earlier(position, left, both)
        if match is not None:
            left.remove(match)
            if match.key in hidden:
                found.append(position.key)
    return tuple(found)
