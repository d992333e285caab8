"""Pins as they are kept: found, changed, leased to one, edited one after the other in a channel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.models import PUBLIC, Audience, Brief
from bot.core.pins import Face, Pin, PinState
from bot.core.ports import Address, Outcome
from bot.errors import AlreadyPinned, PageNotFound, TooManyWatched
from bot.store.database import Database, open_database
from bot.store.pins import SqlPins

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
GAP = timedelta(seconds=6)


def pin(number: int = 1, **more: object) -> Pin:
    made = Pin(
        id=f"{number:016x}",
        guild=10,
        channel=20,
        target=f"https://town.example/{number}",
        audience=PUBLIC,
        brief=Brief("en"),
        by=4,
        locale="en",
        since=NOW + timedelta(seconds=number),
        moved_at=NOW,
        due=NOW,
    )
    return replace(made, **more)  # type: ignore[arg-type] # facts are fields of Pin


@pytest.fixture
def pins(database: Database) -> SqlPins:
    return SqlPins(database)


async def test_a_pin_comes_back_as_it_was(pins: SqlPins) -> None:
    """
    With everything that is known of it; pins of other servers are apart.
    """
    full = pin(
        1,
        audience=Audience(guild=10, channel=20),
        roles=(11, 12),
        trouble=Outcome.failed(PageNotFound(host="x")),
        title="Lane",
        message=7,
        digest="a",
        shown=Face("a", ("p",)),
        hidden=("p",),
        waits=Address(20, token="t"),
    )
    await pins.add(full, 25)
    await pins.add(pin(2, guild=99), 25)

    assert full == await pins.get(full.id)
    assert [full.id] == [one.id for one in await pins.of_guild(10)]
    assert None is await pins.get("f" * 16)


async def test_the_same_link_is_pinned_once_in_a_channel(pins: SqlPins) -> None:
    """
    In one language; elsewhere, in another language, or after it has ended, it may be pinned again.
    """
    await pins.add(pin(1), 25)
    with pytest.raises(AlreadyPinned):
        await pins.add(replace(pin(1), id="a" * 16), 25)
    await pins.add(replace(pin(1), id="b" * 16, channel=21), 25)
    await pins.add(replace(pin(1), id="c" * 16, brief=Brief("fr")), 25)
    await pins.change(pin(1).id, lambda one: replace(one, state=PinState.ENDED))
    await pins.add(replace(pin(1), id="d" * 16), 25)

    assert 4 == len(await pins.of_guild(10))


async def test_a_server_has_only_so_many(pins: SqlPins) -> None:
    """
    Those that have ended do not count.
    """
    await pins.add(pin(1, state=PinState.ENDED), 2)
    await pins.add(pin(2), 2)
    await pins.add(pin(3), 2)
    with pytest.raises(TooManyWatched) as caught:
        await pins.add(pin(4), 2)

    assert {"limit": 2} == caught.value.facts


async def test_what_is_due_is_taken_once(pins: SqlPins) -> None:
    """
    The longest due first, at most so many, nobody's twice; given back, it can be taken again.
    """
    for number in (1, 2, 3):
        await pins.add(pin(number, due=NOW - timedelta(minutes=number)), 25)
    await pins.add(pin(4, due=LATER), 25)
    first = await pins.take(NOW, LATER, 2)
    second = await pins.take(NOW, LATER, 2)
    await pins.free(first[0].pin.id, first[0].lease)
    third = await pins.take(NOW, LATER, 2)

    assert [[3, 2], [1], [3]] == [
        [int(held.pin.id, 16) for held in some] for some in (first, second, third)
    ]


async def test_two_processes_never_take_the_same(url: str) -> None:
    """
    Of two that look at once each pin goes to one.
    """
    async with open_database(url) as one, open_database(url) as two:
        some = SqlPins(one), SqlPins(two)
        for number in range(20):
            await some[0].add(pin(number), 25)
        taken = await asyncio.gather(*(pins.take(NOW, LATER, 5) for pins in some * 3))

    ids = [held.pin.id for batch in taken for held in batch]
    assert 20 == len(ids) == len(set(ids))


async def test_one_at_a_time_of_what_leads_to_the_same(pins: SqlPins) -> None:
    """
    Across servers: the second finds what the first has read; another audience reads for itself.
    """
    await pins.add(pin(1), 25)
    await pins.add(replace(pin(1), id="2" * 16, guild=99), 25)
    await pins.add(replace(pin(1), id="3" * 16, audience=Audience(guild=10), channel=21), 25)
    first = await pins.take(NOW, LATER, 9)
    await pins.free(first[0].pin.id, first[0].lease)
    await pins.change(first[0].pin.id, lambda one: replace(one, due=LATER))
    second = await pins.take(NOW, LATER, 9)

    assert [[pin(1).id, "3" * 16], ["2" * 16]] == [
        [held.pin.id for held in some] for some in (first, second)
    ]


async def test_a_lease_that_has_ended_is_anybodys(pins: SqlPins) -> None:
    """
    Where a process died another goes on; what the first still puts down does not count. A renewed one lasts.
    """
    await pins.add(pin(1), 25)
    (first,) = await pins.take(NOW, LATER, 1)
    await pins.renew(first.pin.id, first.lease, LATER + timedelta(minutes=2))
    none = await pins.take(LATER, LATER, 1)
    (second,) = await pins.take(LATER + timedelta(minutes=2), LATER + timedelta(minutes=4), 1)
    late = await pins.change(first.pin.id, lambda one: replace(one, title="late"), first.lease)
    await pins.free(first.pin.id, first.lease)
    good = await pins.change(first.pin.id, lambda one: replace(one, title="good"), second.lease)

    assert ([], None) == (none, late)
    assert good is not None
    assert "good" == good.title


async def test_changes_at_once_are_both_kept(pins: SqlPins) -> None:
    """
    Neither a moderator's nor the reading's is lost.
    """
    await pins.add(pin(1), 25)

    def hide(key: str) -> asyncio.Future[Pin | None]:
        return asyncio.ensure_future(
            pins.change(pin(1).id, lambda one: replace(one, hidden=(*one.hidden, key)))
        )

    await asyncio.gather(*(hide(f"p{n}") for n in range(10)))
    kept = await pins.get(pin(1).id)

    assert kept is not None
    assert 10 == len(set(kept.hidden))


async def test_one_edit_in_a_channel_at_a_time(pins: SqlPins) -> None:
    """
    The next one six seconds later, whichever pin it is of; other channels do not wait.
    """
    for number in (1, 2):
        await pins.add(pin(number), 25)
    await pins.add(pin(3, channel=21), 25)
    asked = [
        await pins.may_edit(pin(1), NOW, GAP),
        await pins.may_edit(pin(2), NOW + timedelta(seconds=5), GAP),
        await pins.may_edit(pin(1), NOW + timedelta(seconds=5), GAP),
        await pins.may_edit(pin(3, channel=21), NOW, GAP),
        await pins.may_edit(pin(2), NOW + timedelta(seconds=6), GAP),
        await pins.may_edit(pin(9), NOW + timedelta(minutes=6), GAP),  # not there
    ]

    assert [True, False, False, True, True, False] == asked


async def test_pins_are_found_by_their_message(pins: SqlPins) -> None:
    """
    Those that are not posted yet have none.
    """
    await pins.add(pin(1, message=7), 25)
    await pins.add(pin(2, message=8), 25)
    await pins.add(pin(3), 25)

    assert [2, 1, 0] == [
        len(await pins.among(20)),
        len(await pins.among(20, [8, 9])),
        len(await pins.among(21)),
    ]


async def test_what_is_overdue_and_nobodys(pins: SqlPins) -> None:
    """
    What a process works at is not among it.
    """
    await pins.add(pin(1), 25)
    await pins.add(pin(2), 25)
    (held,) = await pins.take(NOW, LATER, 1)
    found = await pins.overdue(NOW)
    await pins.drop(held.pin.id)

    assert 1 == len(found)
    assert held.pin.id not in {one.id for one in found}
    assert 1 == len(await pins.of_guild(10))
