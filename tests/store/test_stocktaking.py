"""How much is kept, how old it is, and what it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.models import PUBLIC
from bot.store.database import Database
from bot.store.shelf import SqlShelf
from bot.store.stocktaking import SqlStocktaking
from tests.conftest import SteadyClock
from tests.fakes import READ_AT, reading
from tests.store.test_forgetting import LINK, Keeping


async def test_every_kind_is_counted(database: Database, clock: SteadyClock) -> None:
    """
    Each kind with its number and bytes; the file is larger than all of them together.
    """
    assert () == (await SqlStocktaking(database).count()).kinds
    await Keeping(database, clock).keep(LINK, PUBLIC, "a")
    stock = await SqlStocktaking(database).count()

    assert {"readings", "digests", "replies", "pages", "orders"} == {k.name for k in stock.kinds}
    assert all(1 == kind.count for kind in stock.kinds)
    assert 0 < sum(kind.bytes for kind in stock.kinds) < stock.bytes
    assert database.place == stock.place


async def test_the_oldest_and_the_newest_are_told(database: Database) -> None:
    """
    From when to when, aware and in UTC.
    """
    shelf = SqlShelf(database)
    for n in range(3):
        said = replace(reading("a", hash=f"r{n}"), read_at=READ_AT + timedelta(days=n))
        await shelf.keep_reading(said, READ_AT + timedelta(days=90))
    (kind,) = (await SqlStocktaking(database).count()).kinds

    assert (3, READ_AT, READ_AT + timedelta(days=2)) == (kind.count, kind.oldest, kind.newest)
