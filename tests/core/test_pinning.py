"""What becomes of a pinned digest: how often it is read, when it sleeps, what a failure means for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core import pin_face, pin_pace, pinning
from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    PUBLIC,
    Brief,
    Cid,
    Digest,
    Digested,
    Engine,
    Made,
    Position,
    Quote,
    Stance,
)
from bot.core.money import Spender
from bot.core.pins import Face, Note, Pin, PinState
from bot.core.ports import Address, Outcome
from bot.errors import (
    CannotPost,
    ChannelGone,
    ChorusError,
    NotForYou,
    OverBudget,
    PageNotFound,
    PinDeleted,
    PinTakenDown,
    ServerLeft,
    ThreadClosed,
    TooManyPins,
    Unreachable,
)
from tests.fakes import comment, reading

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
PIN = Pin(
    id="00000000" + "0" * 8,
    guild=10,
    channel=20,
    target="https://town.example/lane",
    audience=PUBLIC,
    brief=Brief("en"),
    by=4,
    locale="en",
    since=NOW,
    moved_at=NOW,
    due=NOW,
    message=7,
    pinned=True,
    stood=True,
    posts=1,
    digest="a",
    shown=Face("a"),
)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def every(step: timedelta, times: int = 30, last: datetime = NOW) -> list[datetime]:
    return [last - n * step for n in range(times)]


def position(key: str, *numbers: int, label: str = "") -> Position:
    ids = tuple(Cid(f"page:{n}") for n in numbers)
    quote = Quote(ids[0], 0, 3)
    others = (Stance.OTHER,) * len(ids)
    return Position(key, label or key, "", Stance.OTHER, ids, others, (quote,))


def digested(key: str, *positions: Position, comments: int = 6, at: datetime = NOW) -> Digested:
    made = Made(Engine.LLM, "m", "p", 900, 100, None, 1.0, at, "llm/m/p")
    texts = [f"words of {n}" for n in range(1, comments + 1)]
    return Digested(
        reading(*texts, hash=f"r-{key}"),
        Digest(
            key=key,
            reading=f"r-{key}",
            basis=None,
            brief=Brief("en"),
            tldr="It is new.",
            points=(),
            question=None,
            positions=positions,
            divide=None,
            unplaced=(),
            duplicates=(),
            voices=(),
            gaps=(),
            made=made,
        ),
    )


@pytest.mark.parametrize(
    ("times", "wait"),
    [
        (every(minutes(1)), minutes(10)),  # never more often than every ten minutes
        (every(minutes(10)), minutes(45)),  # nine gaps in ten comments, five comments wanted
        (every(minutes(10), last=NOW - timedelta(hours=10)), timedelta(hours=5, minutes=45)),
        (every(timedelta(hours=9)), timedelta(days=1)),  # nor more rarely than once a day
        ([NOW - timedelta(hours=1)], timedelta(hours=5)),
        ([NOW + timedelta(days=9)] * 10, minutes(10)),  # a page may state any time
        (every(minutes(1), times=5_000), minutes(10)),
    ],
)
def test_the_faster_comments_come_the_sooner_it_is_read(
    times: list[datetime], wait: timedelta
) -> None:
    """
    From ten minutes to a day, by how long the last ten comments took, the quiet since then included.
    """
    assert wait == pin_pace.pace(times, NOW, LONG_AGO)


def test_where_no_times_are_stated_what_was_seen_tells_the_pace() -> None:
    """
    The longer nothing new was seen, the rarer it is looked for.
    """
    waits = [pin_pace.pace([], NOW, NOW - minutes(n)) for n in (0, 30, 60 * 24)]

    assert [minutes(10), minutes(150), timedelta(days=1)] == waits


@pytest.mark.parametrize(
    ("times", "moved", "asleep"),
    [
        ([NOW - timedelta(days=6, hours=23)], NOW, False),
        ([NOW - timedelta(days=7)], NOW, True),
        ([NOW], NOW - timedelta(days=8), True),  # it states the present, and is never new
        ([], NOW - timedelta(days=6), False),
        ([], NOW - timedelta(days=7), True),
        ([NOW + timedelta(days=400)], NOW, False),
    ],
)
def test_it_sleeps_when_nobody_has_commented_for_a_week(
    times: list[datetime], moved: datetime, *, asleep: bool
) -> None:
    """
    By the times that are stated and by what was seen, whichever is longer ago.
    """
    assert asleep is pin_pace.sleeps(times, NOW, moved)


def test_a_reading_sets_the_next_one() -> None:
    """
    What was wrong is forgotten, the new digest is to be shown, and pins do not all keep the same step.
    """
    pin = replace(PIN, failures=3, trouble=Outcome(error="X"), by_hand=True)
    made = digested("b", position("p", 1, 2))
    first = pinning.after_reading(pin, digested("a", comments=5), made, NOW)
    other = pinning.after_reading(replace(pin, id="8" + "0" * 15), None, made, NOW)

    assert (0, None, False, "b") == (first.failures, first.trouble, first.by_hand, first.digest)
    assert pinning.is_behind(first)
    assert NOW == first.moved_at
    assert [NOW + minutes(10), NOW + minutes(10.5)] == [first.due, other.due]


def test_the_first_reading_of_an_old_discussion_lets_it_sleep() -> None:
    """
    It is shown, and not read again by itself.
    """
    made = digested("b")
    old = replace(
        made.reading.discussions[0],
        comments=(comment(1, "words of 1", posted_at=NOW - timedelta(days=400)),),
    )
    made = replace(made, reading=replace(made.reading, discussions=(old,)))
    pin = pinning.after_reading(replace(PIN, digest=None, shown=None), None, made, NOW)

    assert (PinState.ASLEEP, None) == (pin.state, pin.due)
    assert pinning.is_shown(pin, NOW)


@pytest.mark.parametrize("state", [PinState.FROZEN, PinState.ENDED])
def test_what_was_frozen_meanwhile_stays_as_it_is(state: PinState) -> None:
    """
    A reading that was under way changes nothing of it.
    """
    pin = replace(PIN, state=state, due=None)

    assert pin == pinning.after_reading(pin, None, digested("b"), NOW)


def test_a_hidden_position_stays_hidden_when_it_is_named_anew() -> None:
    """
    A full run gives new keys: the position that shares most of its comments is the hidden one.
    """
    before = digested("a", position("old", 1, 2, 3), position("kept", 4, 5))
    made = digested("b", position("kept2", 4, 5, 6), position("new", 1, 2, 3))
    pin = pinning.after_reading(replace(PIN, hidden=("old",)), before, made, NOW)

    assert ("new",) == pin.hidden


def test_what_is_hidden_is_not_shown_and_not_named() -> None:
    """
    Neither the position nor what changed about it; that one is hidden is said. Its buttons lead to a digest of its own.
    """
    before = digested("a", position("x", 1, 2), position("y", 3), position("z", 4))
    made = digested("b", position("x", 1, 2, 5), position("y", 3))
    made = replace(made, digest=replace(made.digest, divide="x against y"))
    shown = pin_face.seen(replace(PIN, hidden=("x", "z")), made, before)

    assert ["y"] == [p.key for p in shown.digest.positions]
    assert shown.digest.changes is not None
    assert (["y"], ()) == (
        [share.position for share in shown.digest.changes.shares],
        shown.digest.changes.positions_gone,
    )
    assert (Gap(GapCode.POSITIONS_HIDDEN, count=1),) == shown.digest.gaps
    assert None is shown.digest.divide
    assert made.digest.key != shown.digest.key
    assert made.digest.made.label != shown.digest.made.label


def test_without_hidden_positions_it_is_the_digest_that_is_kept() -> None:
    """
    Its buttons lead to what everybody else has; its changes are those since it was last shown.
    """
    made = digested("b", position("x", 1))
    first, later = (pin_face.seen(PIN, made, d) for d in (None, digested("a", comments=5)))

    assert ("b", None) == (first.digest.key, first.digest.changes)
    assert later.digest.changes is not None
    assert 1 == later.digest.changes.comments_new


def test_changes_are_those_since_it_was_last_shown() -> None:
    """
    Also when the same digest is shown once more because something was hidden.
    """
    fresh = replace(PIN, digest="b")
    shown = pinning.after_showing(fresh, Face("b"), "b", NOW)
    again = pinning.after_showing(replace(shown, hidden=("x",)), Face("b", ("x",)), "b", NOW)

    assert ["a", "a", "a"] == [pin_face.base_of(pin) for pin in (fresh, shown, again)]


def test_edits_are_ten_minutes_apart_but_for_what_is_done_by_hand() -> None:
    """
    What was hidden while an edit was under way is shown at once, not after the pause.
    """
    fresh = replace(PIN, digest="b", show_at=NOW)
    shown = pinning.after_showing(fresh, Face("b"), "b", NOW)
    hidden = pinning.hiding(shown, "x", NOW + minutes(1))
    meanwhile = pinning.after_showing(pinning.hiding(fresh, "x", NOW), Face("b"), "b", NOW)

    assert NOW + minutes(10) == shown.show_at
    assert pinning.is_shown(hidden, NOW + minutes(1))
    assert pinning.is_shown(meanwhile, NOW)


def test_hiding_twice_is_showing() -> None:
    """
    The same choice takes it back.
    """
    once = pinning.hiding(PIN, "x", NOW)

    assert [("x",), ()] == [once.hidden, pinning.hiding(once, "x", NOW).hidden]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (PinDeleted(), PinState.ENDED),
        (PinTakenDown(), PinState.ENDED),
        (ChannelGone(), PinState.BROKEN),
        (ServerLeft(), PinState.BROKEN),
        (CannotPost(permission="Pin Messages"), PinState.BROKEN),
        (TooManyPins(limit=250), PinState.BROKEN),
        (NotForYou(), PinState.BROKEN),
        (ThreadClosed(), PinState.ASLEEP),
        (Unreachable(host="town.example"), PinState.WATCHING),
        (PageNotFound(host="town.example"), PinState.WATCHING),
        (OverBudget(budget="guild-day", resets="2026-01-16"), PinState.WATCHING),
    ],
)
def test_each_failure_has_its_consequence(error: ChorusError, state: PinState) -> None:
    """
    What is gone ends, what is forbidden stops, what may be better later is tried again; the reason is kept.
    """
    pin = pinning.after_failure(PIN, error, NOW)

    assert state == pin.state
    assert Outcome.failed(error) == pin.trouble
    assert (state is PinState.WATCHING) == (pin.due is not None and pin.due > NOW)


def test_failures_in_a_row_are_further_and_further_apart_and_end_in_sleep() -> None:
    """
    Ten minutes, twenty, …, a day; after ten it waits for a moderator.
    """
    pin, waits = PIN, []
    for _ in range(10):
        pin = pinning.after_failure(replace(pin, due=NOW), Unreachable(host="x"), NOW)
        waits.append((pin.due - NOW).total_seconds() / 60 if pin.due else None)

    assert [10, 20, 40, 80, 160, 320, 640, 1280, 1440, None] == waits
    assert PinState.ASLEEP == pin.state


def test_without_budget_it_waits_until_that_starts_anew() -> None:
    """
    Not all pins at once at midnight, and it is no failure.
    """
    error = OverBudget(budget="guild-month", resets="2026-02-01")
    first, other = (
        pinning.after_failure(replace(PIN, id=id), error, NOW) for id in ("0" * 16, "8" + "0" * 15)
    )
    midnight = datetime(2026, 2, 1, tzinfo=UTC)

    assert [midnight, midnight + minutes(7.5)] == [first.due, other.due]
    assert 0 == first.failures


def test_who_pays() -> None:
    """
    The first digest is at the cost of the person who asks, within their roles' budgets; what follows is the server's.
    """
    new = replace(PIN, message=None, roles=(11,))

    assert Spender(4, 10, 20, (11,), f"pin:{PIN.id}") == pinning.spender_of(new)
    assert Spender(None, 10, 20, (), f"pin:{PIN.id}") == pinning.spender_of(PIN)


def test_when_something_is_to_be_done() -> None:
    """
    A reading, an edit that waits, a look at the message: whichever comes first; nothing for what has stopped or ended.
    """
    soon, later = NOW + minutes(5), NOW + minutes(50)
    behind = replace(PIN, digest="b", due=later, show_at=soon)
    asleep = replace(behind, state=PinState.ASLEEP, due=None)
    broken = replace(behind, state=PinState.BROKEN, due=None)

    assert [NOW, soon, soon, None] == [
        pinning.next_look(pin) for pin in (PIN, behind, asleep, broken)
    ]
    assert NOW == pinning.next_look(pinning.to_look(broken, NOW))
    assert None is pinning.next_look(pinning.after_failure(PIN, PinDeleted(), NOW))


def test_what_ends_is_shown_once_more_without_its_promise() -> None:
    """
    A message that stays must not go on saying that it is kept current.
    """
    pin = pinning.after_failure(PIN, PinTakenDown(), NOW)

    assert Face("a", (), Note.NONE) == pin_face.face_of(pin)
    assert pinning.is_shown(pin, NOW)
    assert not pinning.is_loose(pin)


def test_woken_it_begins_anew() -> None:
    """
    Whatever it did, it is read now; who asked waits for a word, which wipes their token.
    """
    waits = Address(20, token="t", private=True)
    broken = replace(PIN, state=PinState.BROKEN, told=True, failures=9, trouble=Outcome(error="X"))
    pin = pinning.woken(broken, NOW, waits)

    assert (PinState.WATCHING, NOW, False, 0, None) == (
        pin.state,
        pin.due,
        pin.told,
        pin.failures,
        pin.trouble,
    )
    assert pin.by_hand
    assert None is pinning.answered(pin, waits).waits
    assert waits == pinning.answered(pin, replace(waits, token="older")).waits


def test_what_was_missed_is_spread_over_the_next_minutes() -> None:
    """
    Each pin has a time of its own; what somebody waits for is not put off.
    """
    late = replace(PIN, due=NOW - timedelta(days=1))
    some = [replace(late, id=f"{n:x}" * 16) for n in range(16)]
    times = [pinning.put_off(pin, NOW).due for pin in some]

    assert 16 == len(set(times))
    assert all(at is not None and NOW <= at <= NOW + minutes(15) for at in times)
    assert [late.due, None] == [
        pinning.put_off(pinning.woken(late, NOW - timedelta(days=1), None), NOW).due,
        pinning.put_off(replace(late, due=None), NOW).due,
    ]


@pytest.mark.parametrize(
    "error",
    [ChannelGone(), ThreadClosed(), Unreachable(host="x"), PinDeleted(), PinTakenDown()],
)
def test_a_look_that_fails_is_not_repeated_at_once(error: ChorusError) -> None:
    """
    What may be better later is looked at later, what is not waits for a moderator.
    """
    pin = pinning.to_look(replace(PIN, due=NOW + timedelta(days=1)), NOW)
    next_look = pinning.next_look(pinning.after_failure(pin, error, NOW))

    # unpinned by hand: only its promise is still to be taken back, now
    soon = {Unreachable: NOW + minutes(10), PinTakenDown: NOW}
    assert soon.get(type(error)) == next_look
