"""Work that goes on where nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def uncut(work: Coroutine[Any, Any, T]) -> T:
    """
    Return what *work* returns; it is not cut off where the one who waits gives up.

    A query that is cut off costs its connection, and a new one takes longer than the query: whoever gives up because
    the database is slow would make it slower.
    """
    return await asyncio.shield(asyncio.ensure_future(work))
