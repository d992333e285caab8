"""The tables. Bodies are whole values; columns beside them are only what is looked up."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A time, aware and in UTC on both sides; SQLite has no type that keeps the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"}
)

readings = Table(
    "readings",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("target", Text, nullable=False),
    Column("audience", Text, nullable=False),  # see store.shelf.audience_key
    Column("language", String(16)),
    Column("read_at", Moment, nullable=False),
    Column("fresh_until", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zlib, JSON
    Index(None, "target", "audience", "read_at"),
)

digests = Table(
    "digests",
    metadata,
    Column("key", String(24), primary_key=True),
    Column("reading", String(64), nullable=False, index=True),
    Column("language", String(16), nullable=False, server_default=""),
    Column("length", String(16), nullable=False, server_default=""),
    Column("label", String(200), nullable=False, server_default=""),  # Digester.label
    Column("made_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("request", String(64), primary_key=True),
    Column("kept_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    Column("url", Text, primary_key=True),
    Column("kept_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("state", String(10), nullable=False),  # taken, done, waiting, delivered
    Column("asker", BigInteger, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("outcome", LargeBinary),
    Index(None, "state", "taken_at"),
    Index(None, "asker", "state"),
)

notes = Table(
    "notes",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)
