"""Whatever a model says: everyone is counted, every count is that of its ids, no quote is shown that is not there."""

from __future__ import annotations

import pytest

from bot.core.models import Reading
from tests.core.scripted import ScriptedModel
from tests.scale.claims import check
from tests.scale.lies import LIES, mixed
from tests.scale.telling import told_thrice

VIEWS = ("the", "is", "you", "and", "parking", "kerb", "que", "I ")


async def hold(reading: Reading, **facts: object) -> None:
    model = ScriptedModel(VIEWS, **facts)  # type: ignore[arg-type] # facts of the model
    for told in await told_thrice(model, reading):
        check(told.printed, told.reading)


@pytest.mark.parametrize("thread", ["handmade", "seed"], indirect=True)
@pytest.mark.parametrize("lie", LIES)
async def test_every_claim_holds(lie: str, thread: Reading) -> None:
    """
    Through map, merge, write, delta and translate, on what `chorus digest --format json` prints.
    """
    await hold(thread, edit=LIES[lie])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("thread", ["handmade", "reddit", "hackernews"], indirect=True)
async def test_every_claim_holds_when_lies_are_mixed(seed: int, thread: Reading) -> None:
    """
    Five lies, one on top of the other.
    """
    await hold(thread, edit=mixed(seed))


@pytest.mark.parametrize("thread", ["handmade-2000", "hackernews-10000"], indirect=True)
async def test_every_claim_holds_in_large_threads(thread: Reading) -> None:
    """
    Two thousand and ten thousand comments, and a model that mixes its lies.
    """
    await hold(thread, edit=mixed(7))
