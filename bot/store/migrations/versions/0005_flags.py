"""Where public cards stand, so that a link is not answered twice; what readers say is wrong in a digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the two tables; cards posted before are not known, and are posted anew."""
    op.create_table(
        "cards",
        sa.Column("message", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("channel", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("length", sa.String(16), nullable=False),
        sa.Column("asker", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.PrimaryKeyConstraint("message", name="pk_cards"),
    )
    op.create_index("ix_cards_channel_at", "cards", ["channel", "at"])
    op.create_table(
        "flags",
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("position", sa.String(64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "digest", "position", "comment", "first", "last", "person", name="pk_flags"
        ),
    )
