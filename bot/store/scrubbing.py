"""
What is left in SQLite's file of what was deleted, and has no row any more.

Freed room is written over as it is freed (`PRAGMA secure_delete`); words stay in the search index until its parts are
merged, and older pages in the log of changes until that is emptied. PostgreSQL does both by itself, in its own time.
"""

from __future__ import annotations

from sqlalchemy import text

from bot.store.database import Database

PAGES = 500  # of the index merged in one transaction: 0.2 s at most for an index of 7 MB
NOTHING = 2  # rows changed by a merge that had nothing to do are fewer (https://sqlite.org/fts5.html, 6.8)

_MERGE = text("INSERT INTO passages(passages, rank) VALUES ('merge', :pages)")
_CHANGED = text("SELECT total_changes()")


async def scrub(database: Database) -> None:
    """Leave nothing of what was deleted in the database's file."""
    if database.is_postgres:
        return
    pages, changed = -PAGES, NOTHING  # the first asks for all parts to become one
    while changed >= NOTHING:
        async with database.write() as connection:
            before = await connection.scalar(_CHANGED)
            await connection.execute(_MERGE, {"pages": pages})
            changed = (await connection.scalar(_CHANGED) or 0) - (before or 0)
        pages = PAGES
    await database.empty_log()
