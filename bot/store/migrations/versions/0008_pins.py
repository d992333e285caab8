"""Pinned digests: what is pinned where, when it is looked at next, and which process does it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "pins",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("guild", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.BigInteger()),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("opens", sa.String(24), nullable=False),
        sa.Column("next_at", _WHEN),
        sa.Column("lease", sa.String(16)),
        sa.Column("leased_until", _WHEN),
        sa.Column("edited_at", _WHEN),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pins"),
    )
    for column in ("guild", "channel", "person", "target", "next_at"):
        op.create_index(f"ix_pins_{column}", "pins", [column])
