"""Public cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from bot.core.cards import Card
from bot.core.models import Brief, Length
from bot.store.database import Database
from bot.store.tables import cards

_NEWEST = (
    select(cards)
    .where(
        cards.c.channel == bindparam("channel"),
        cards.c.target == bindparam("target"),
        cards.c.language == bindparam("language"),
        cards.c.length == bindparam("length"),
        cards.c.at >= bindparam("since"),
    )
    .order_by(cards.c.at.desc())
    .limit(1)
)


class SqlCards:
    """Implements `core.cards.Cards`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, card: Card) -> None:
        """Write a card down, in place of what is known of its message."""
        row = {
            "channel": card.channel,
            "target": card.target,
            "language": card.brief.language,
            "length": card.brief.length.value,
            "asker": card.asker,
            "asked": card.order,
            "at": card.at,
        }
        statement = self._database.insert(cards).values(message=card.message, **row)
        statement = statement.on_conflict_do_update(index_elements=["message"], set_=row)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def get(self, message: int) -> Card | None:
        """Return the card that this message is."""
        async with self._database.read() as connection:
            query = select(cards).where(cards.c.message == message)
            return _card((await connection.execute(query)).first())

    async def find(self, channel: int, target: str, brief: Brief, since: datetime) -> Card | None:
        """Return the newest card of *target* in *channel*, in the language and length of *brief*."""
        row = await self._database.look(
            _NEWEST,
            channel=channel,
            target=target,
            language=brief.language,
            length=brief.length.value,
            since=since,
        )
        return _card(row)

    async def drop(self, messages: Sequence[int]) -> None:
        """Forget the cards among *messages*."""
        ours = cards.c.message.in_(messages)
        # looked up first: most messages that are deleted in a server are nobody's cards, and a writer locks
        async with self._database.read() as connection:
            known = (await connection.execute(select(cards.c.message).where(ours))).first()
        if known is not None:
            async with self._database.write() as connection:
                await connection.execute(delete(cards).where(ours))


def _card(row: Row[Any] | None) -> Card | None:
    if row is None:
        return None
    brief = Brief(row.language, Length(row.length))
    return Card(row.message, row.channel, row.target, brief, row.asker, row.asked, row.at)
