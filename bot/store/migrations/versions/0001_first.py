"""The first schema: readings, digests, replies, pages, orders, notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything. Written out, not taken from today's tables: history must not change with them."""
    op.create_table(
        "readings",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16)),
        sa.Column("read_at", _WHEN, nullable=False),
        sa.Column("fresh_until", _WHEN, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_readings"),
    )
    op.create_index(
        "ix_readings_target_audience_read_at", "readings", ["target", "audience", "read_at"]
    )
    op.create_table(
        "digests",
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("reading", sa.String(64), nullable=False),
        sa.Column("made_at", _WHEN, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_digests"),
    )
    op.create_index("ix_digests_reading", "digests", ["reading"])
    for name, key in (
        ("replies", sa.Column("request", sa.String(64), nullable=False)),
        ("pages", sa.Column("url", sa.Text(), nullable=False)),
    ):
        op.create_table(
            name,
            key,
            sa.Column("kept_at", _WHEN, nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint(key.name, name=f"pk_{name}"),
        )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asker", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", _WHEN, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_index("ix_orders_state_taken_at", "orders", ["state", "taken_at"])
    op.create_index("ix_orders_asker_state", "orders", ["asker", "state"])
    op.create_table(
        "notes",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_notes"),
    )
