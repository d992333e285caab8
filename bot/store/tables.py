"""The tables. Bodies are whole values; columns beside them are only what is looked up."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
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
    # it holds words that the newest reading of the same target and audience has no more
    Column("outdated", Boolean, nullable=False, server_default=false()),
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

replies_of = Table(
    "replies_of",
    metadata,
    Column("request", String(64), primary_key=True),
    Column("reading", String(64), primary_key=True, index=True),
)

pages = Table(
    "pages",
    metadata,
    Column("url", Text, primary_key=True),
    Column("kept_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

pages_of = Table(
    "pages_of",
    metadata,
    Column("url", Text, primary_key=True),
    Column("target", String(64), primary_key=True, index=True),  # see belongings.target_key
)

orders = Table(
    "orders",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("target", Text, nullable=False, server_default="", index=True),
    Column("guild", BigInteger, index=True),
    Column("state", String(10), nullable=False),  # taken, done, waiting, delivered
    Column("asker", BigInteger, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("outcome", LargeBinary),
    Column("asked", String(64), nullable=False, server_default=""),  # Order.asked
    Column("begun", Integer, nullable=False, server_default="0"),  # how often, in a fleet
    Index(None, "state", "taken_at"),
    Index(None, "asker", "state"),
    Index(None, "asked", "state"),
)

turns = Table(
    "turns",
    metadata,
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(32)),  # a process; NULL: free
    Column("until", Moment),  # it holds it at least
)

notes = Table(
    "notes",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", BigInteger, nullable=False),
    Column("target", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("length", String(16), nullable=False),
    Column("asker", BigInteger, nullable=False),
    Column("asked", String(64), nullable=False),  # the interaction or message that asked
    Column("at", Moment, nullable=False),
    Index(None, "channel", "at"),
)

flags = Table(
    "flags",
    metadata,
    Column("digest", String(24), primary_key=True),
    Column("position", String(64), primary_key=True),
    Column("comment", Text, primary_key=True),  # of the quote; "" for the position itself
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
)

withheld = Table(
    "withheld",
    metadata,
    Column("platform", String(253), primary_key=True),  # "reddit", or a site's host
    Column("name", String(64), primary_key=True),  # a keyed hash: see store.withheld
)

balances = Table(
    "balances",
    metadata,
    Column("scope", String(64), primary_key=True),  # operator, guild:1, user:2, …; asks:2
    Column("period", String(13), primary_key=True),  # 2026-11, 2026-11-24; for asks 2026-11-24T10
    Column("spent", BigInteger, nullable=False),  # millionths of a dollar, held ones too; asks
)

charges = Table(
    "charges",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("state", String(10), nullable=False),  # reserved, settled, refunded
    Column("at", Moment, nullable=False),
    Column("day", String(10), nullable=False),  # of `at`: with its month the periods charged
    Column("scopes", Text, nullable=False),  # the balances charged, separated by spaces
    Column("for_order", String(64)),
    Column("person", BigInteger),
    Column("guild", BigInteger),
    Column("channel", BigInteger),
    Column("site", Text, nullable=False),
    Column("model", String(200), nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column(
        "amount", BigInteger
    ),  # held or spent, as in `balances`; NULL where the price is unknown
    Index(None, "state", "at"),
    Index(None, "guild", "day"),
    Index(None, "person", "day"),
)

pins = Table(
    "pins",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("guild", BigInteger, nullable=False, index=True),
    Column("channel", BigInteger, nullable=False, index=True),
    Column("message", BigInteger),
    Column(
        "person", BigInteger, nullable=False, index=True
    ),  # who had it pinned, 0: is not known any more
    Column("target", Text, nullable=False, index=True),
    Column("audience", Text, nullable=False),
    # digests: the newest, and the one that the message's buttons open; "" for none, as a NULL among them would make
    # every other digest one of which nothing is known
    Column("digest", String(24), nullable=False),
    Column("opens", String(24), nullable=False),
    Column("next_at", Moment, index=True),  # see core.pinning.next_look
    Column("lease", String(16)),
    Column("leased_until", Moment),
    Column("edited_at", Moment),
    Column("body", LargeBinary, nullable=False),
)

servers = Table(
    "servers",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

shown = Table(
    "shown",
    metadata,
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),  # 0: everybody there
    Column("target", Text, primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("guild", BigInteger),
    Column("home", BigInteger, nullable=False),
    Column("bound", Boolean, nullable=False),
    Column("digest", String(24), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("title", Text, nullable=False),
    Column("tldr", Text, nullable=False),
    Column("words", Text, nullable=False),  # plain: see store.passages
    Index(None, "guild", "at"),
)
