"""
What was shown where.

Searched with LIKE over one server's rows: a busy server shows some thousands of digests a year, and an index of words
would find neither parts of words nor the scripts that write no spaces.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.core.archive import Entry, Looker, Spot
from bot.store.database import Database
from bot.store.passages import plain
from bot.store.tables import digests, shown

EVERYBODY = 0
MOST_TERMS = 8  # of a search

_COLUMNS = (
    shown.c.digest,
    shown.c.target,
    shown.c.title,
    shown.c.tldr,
    shown.c.language,
    shown.c.channel,
    shown.c.at,
)


class SqlArchive:
    """Implements `core.archive.Archive`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, spot: Spot, entry: Entry, *, words: str, bound: bool) -> None:
        """Note a digest; *words* are searched, *bound* says that what was read is for readers of its home only."""
        row = {
            "guild": spot.guild,
            "home": spot.home,
            "bound": bound,
            "digest": entry.digest,
            "at": entry.at,
            "title": _storable(entry.title),
            "tldr": _storable(entry.tldr),
            "words": plain(words),
        }
        key = {
            "channel": spot.channel,
            "person": spot.person or EVERYBODY,
            "target": entry.target,
            "language": entry.language,
        }
        statement = self._database.insert(shown).values(**key, **row)
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=row)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def find(self, looker: Looker, search: str, most: int, skip: int = 0) -> list[Entry]:
        """Return what *looker* may see with every word of *search*; newest first, each link once."""
        terms = [shown.c.words.contains(x, autoescape=True) for x in plain(search).split()]
        query = (
            select(*_COLUMNS)
            .where(_may_see(looker), *terms[:MOST_TERMS])
            .order_by(shown.c.at.desc(), shown.c.target)
        )
        # by the index, from the newest on: telling links apart in SQL would look at every row first
        rows, found = 4 * (skip + most), dict[str, Entry]()
        async with self._database.read() as connection:
            while True:
                got = (await connection.execute(query.limit(rows))).all()
                for row in got:
                    found.setdefault(row.target, Entry(*row))
                if len(found) >= skip + most or len(got) < rows:
                    return list(found.values())[skip : skip + most]
                rows *= 4

    async def newest(self, looker: Looker) -> str | None:
        """Return the key of the digest that *looker* saw last in their channel."""
        query = (
            select(shown.c.digest)
            .where(_may_see(looker), shown.c.channel == looker.channel)
            .order_by(shown.c.at.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(query)
        return found


def _may_see(looker: Looker) -> ColumnElement[bool]:
    """Return what is true of the rows that *looker* may see; of digests that are no longer kept it never is."""
    here = (
        and_(shown.c.guild.is_(None), shown.c.channel == looker.channel)
        if looker.guild is None
        else shown.c.guild == looker.guild
    )
    own = shown.c.person == looker.person
    readable = shown.c.home.in_(sorted(looker.readable))
    return and_(
        here,
        or_(own, shown.c.person == EVERYBODY),
        or_(readable, and_(own, ~shown.c.bound)),
        exists().where(digests.c.key == shown.c.digest),
    )


def _storable(text: str) -> str:
    """Return *text* as both databases take it."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
