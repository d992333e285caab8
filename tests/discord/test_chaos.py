"""Kills at random instants: ten here, a hundred by `make chaos`."""

from __future__ import annotations

from tests.discord.chaos import Chaos
from tests.discord.conftest import Town


async def test_killed_ten_times(town: Town) -> None:
    """
    Everybody who was acknowledged has one answer; no kept reply is asked for again; each digest is kept once, whole.
    """
    chaos = Chaos(town.discord, town.pages, town.provider, town.env(), town.folder, seed=1)

    tally = await chaos.run(10)

    assert tally.holds(), tally
    assert tally.repeated <= tally.in_flight
    assert 11 == tally.kills
