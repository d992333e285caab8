"""Which shards a process listens on, and which servers it is told of."""

from __future__ import annotations

import pytest

from bot.chat.access import is_told_of
from bot.chat.client import ChorusClient
from bot.chat.shards import NONE, Shards

SERVERS = [n << 22 for n in range(8)]
"""One on each shard of eight, in their order: Discord's formula is (id >> 22) % count."""


@pytest.mark.parametrize(
    ("words", "ids", "count", "all"),
    [
        ("0-3/16", (0, 1, 2, 3), 16, False),
        ("5/8", (5,), 8, False),
        ("0-1/2", (0, 1), 2, True),
        ("0/1", (0,), 1, True),
    ],
)
def test_shards_as_they_are_written(
    words: str,
    ids: tuple[int, ...],
    count: int,
    *,
    all: bool,  # noqa: A002 - the word for it
) -> None:
    """
    The first and the last, of how many.
    """
    shards = Shards.written(words)

    assert (ids, count, all) == (shards.ids, shards.count, shards.are_all)


@pytest.mark.parametrize(
    ("shards", "told"),
    [(None, SERVERS), (NONE, []), (Shards.written("2-3/8"), SERVERS[2:4])],
)
async def test_a_process_is_told_of_the_servers_on_its_shards(
    shards: Shards | None, told: list[int]
) -> None:
    """
    Alone of all, a worker of none.
    """
    client = ChorusClient(shards=shards)

    assert told == [id for id in SERVERS if is_told_of(client, id)]
