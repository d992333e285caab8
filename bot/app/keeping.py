"""What is kept, to look after and to move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app.clock import SystemClock
from bot.app.engine import Engine
from bot.core.keeping import Purging, Retention, Stocktaking
from bot.core.ports import Clock, Shelf
from bot.core.withholding import Withheld
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.jobs.housekeeping import Housekeeping


@dataclass(frozen=True)
class Keeping:
    """What is kept, to look after: counted, pruned, forgotten. Neither the web nor a model is needed for it."""

    clock: Clock
    shelf: Shelf
    stock: Stocktaking
    retention: Retention
    purging: Purging
    withheld: Withheld


@asynccontextmanager
async def open_keeping(settings: Settings) -> AsyncIterator[Keeping]:
    """Open what is kept; raises `StoreError`."""
    from bot.store.database import open_database
    from bot.store.purging import SqlPurging
    from bot.store.retention import SqlRetention
    from bot.store.shelf import SqlShelf
    from bot.store.stocktaking import SqlStocktaking
    from bot.store.withheld import SqlWithheld

    async with open_database(settings.database_url) as database:
        yield Keeping(
            SystemClock(),
            SqlShelf(database),
            SqlStocktaking(database),
            SqlRetention(database),
            SqlPurging(database),
            SqlWithheld(database),
        )


async def move_data(source: str, target: str) -> dict[str, int]:
    """Copy what is kept at one database's URL to an empty one; return how many rows of each table."""
    from bot.store.database import open_as_it_is, open_database
    from bot.store.moving import move

    async with open_as_it_is(source) as old, open_database(target) as new:
        return await move(old, new)


def housekeeping_of(engine: Engine) -> Housekeeping:
    """Return what deletes old things of the database of *engine*."""
    from bot.jobs.housekeeping import Housekeeping
    from bot.store.retention import SqlRetention

    retention = SqlRetention(engine.database)
    return Housekeeping(retention, engine.clock, engine.settings.retention_days)
