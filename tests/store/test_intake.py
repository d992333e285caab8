"""What is written down together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.errors import DatabaseFull
from bot.store.intake import Intake


@dataclass
class FakeWrite:
    """Remembers what it was given together; a row is new once. `gate` holds it back, `failing` are refused."""

    given: list[list[str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, rows: Sequence[str]) -> list[bool]:
        self.given.append(list(rows))
        await self.gate.wait()
        if self.failing & set(rows):
            raise DatabaseFull(place="here")
        new = [row not in self.known for row in rows]
        self.known |= set(rows)
        return new


async def put(intake: Intake[str], *rows: str) -> list[asyncio.Task[bool]]:
    tasks = [asyncio.ensure_future(intake.put(row)) for row in rows]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_who_comes_meanwhile_is_written_together() -> None:
    """
    The first is written at once and alone, those who come while that lasts share what follows.
    """
    write = FakeWrite()
    intake = Intake(write)
    first = await put(intake, "a")
    others = await put(intake, "b", "c", "a")
    write.gate.set()

    assert [True, True, True, False] == await asyncio.gather(*first, *others)
    assert [["a"], ["b", "c", "a"]] == write.given


async def test_what_cannot_be_written_is_said_to_all_whose_it_is() -> None:
    """
    Those who come after it are written.
    """
    write = FakeWrite(failing={"b"})
    intake = Intake(write)
    first = await put(intake, "a")
    others = await put(intake, "b", "c")
    write.gate.set()

    assert [True] == await asyncio.gather(*first)
    for one in others:
        with pytest.raises(DatabaseFull):
            await one
    assert await intake.put("d")


async def test_who_has_gone_disturbs_nobody() -> None:
    """
    What somebody no longer waits for is written all the same.
    """
    write = FakeWrite()
    intake = Intake(write)
    first = await put(intake, "a")
    (gone,) = await put(intake, "b")
    stays = await put(intake, "c")
    gone.cancel()
    write.gate.set()

    assert [True, True] == await asyncio.gather(*first, *stays)
    assert {"a", "b", "c"} == write.known
