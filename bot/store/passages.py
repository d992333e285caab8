"""Passages of readings in a full-text index: SQLite's FTS5, PostgreSQL's text search."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Cid
from bot.core.passages import Passage
from bot.store.belongings import is_kept
from bot.store.database import Database

ROWS = 500  # in one statement

_KEEP = text(
    "INSERT INTO passages (reading, words, comment, first, last) "
    "VALUES (:reading, :words, :comment, :first, :last)"
)
_COLUMNS = "SELECT comment, first, last FROM passages "
# In SQLite the reading's hash is a word of the index: only its own passages are looked at, not everybody's.
_SQLITE = {
    "find": _COLUMNS + "WHERE passages MATCH :sought ORDER BY bm25(passages, 0.0, 1.0), rowid",
    "has": _COLUMNS + "WHERE passages MATCH :reading LIMIT 1",
    "drop": "DELETE FROM passages WHERE rowid IN "
    "(SELECT rowid FROM passages WHERE passages MATCH :reading)",
}
# Each word weighs as in bm25, which PostgreSQL has not: the rarer among the reading's passages, the more.
_POSTGRES = {
    "find": "WITH hit AS ("
    "SELECT id, comment, first, last, ts_rank(vector, word, 1) AS rank, "
    "ln(1 + (SELECT count(*) FROM passages WHERE reading = :reading)::float8 "
    "/ count(*) OVER (PARTITION BY word::text)) AS weight "
    "FROM passages, (SELECT to_tsquery('simple', word) AS word "
    "FROM unnest(string_to_array(:sought, ' ')) AS word) AS words "
    "WHERE reading = :reading AND vector @@ word"
    ") SELECT comment, first, last FROM hit GROUP BY id, comment, first, last "
    "ORDER BY sum(rank * weight) DESC, id",
    "has": _COLUMNS + "WHERE reading = :reading LIMIT 1",
    "drop": "DELETE FROM passages WHERE reading = :reading",
}


class SqlPassages:
    """Implements `core.answering.Passages`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statements = _POSTGRES if database.is_postgres else _SQLITE

    async def keep(self, reading: str, some: Sequence[tuple[Passage, str]]) -> None:
        """Index the passages of the reading with this hash, in place of those kept for it; none if it is not kept."""
        async with self._database.write() as connection:
            await self._database.alone(connection, f"passages {reading}")
            await self.drop(connection, reading)
            if await is_kept(connection, reading):
                for rows in _rows(reading, some):
                    await connection.execute(_KEEP, rows)

    async def has(self, reading: str) -> bool:
        """Whether the reading's passages are indexed."""
        async with self._database.read() as connection:
            found = await connection.execute(text(self._statements["has"]), self._of(reading))
            return found.first() is not None

    async def find(self, reading: str, beginnings: Sequence[str], most: int) -> list[Passage]:
        """Return passages with words that begin so, the most telling first."""
        words = [word for word in map(plain, beginnings) if word.isalnum()]
        if not words:
            return []
        if self._database.is_postgres:
            said = {"reading": reading, "sought": " ".join(f"{word}:*" for word in words)}
        else:
            any_of = " OR ".join(f'"{word}" *' for word in words)
            said = {"sought": f'reading : "{reading}" AND words : ({any_of})'}
        query = text(f"{self._statements['find']} LIMIT :most")
        async with self._database.read() as connection:
            found = await connection.execute(query, {**said, "most": most})
            return [Passage(Cid(cid) if cid else None, first, last) for cid, first, last in found]

    async def drop(self, connection: AsyncConnection, reading: str) -> None:
        """Delete the passages of a reading, in the transaction of *connection*."""
        await connection.execute(text(self._statements["drop"]), self._of(reading))

    def _of(self, reading: str) -> dict[str, str]:
        return {"reading": reading if self._database.is_postgres else f'reading : "{reading}"'}


def _rows(reading: str, some: Sequence[tuple[Passage, str]]) -> Iterator[list[dict[str, Any]]]:
    rows = [
        {
            "reading": reading,
            "words": apart(plain(words)),
            "comment": passage.comment or "",
            "first": passage.start,
            "last": passage.end,
        }
        for passage, words in some
    ]
    return (rows[at : at + ROWS] for at in range(0, len(rows), ROWS))


def plain(words: str) -> str:
    """Return *words* in lower case without accents: what is searched for is often typed without."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def apart(words: str) -> str:
    """Return *words* with nothing between them but spaces: PostgreSQL would take "cars/bikes" for a path, one word."""
    return "".join(letter if letter.isalnum() else " " for letter in words)
