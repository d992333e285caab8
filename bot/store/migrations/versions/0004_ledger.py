"""Money: what each scope spends in a period, and the charges that make it up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "balances",
        sa.Column("scope", sa.String(64), nullable=False),
        sa.Column("period", sa.String(13), nullable=False),
        sa.Column("spent", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("scope", "period", name="pk_balances"),
    )
    op.create_table(
        "charges",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("for_order", sa.String(64)),
        sa.Column("person", sa.BigInteger),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("tokens_in", sa.BigInteger, nullable=False),
        sa.Column("tokens_out", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_charges"),
    )
    op.create_index("ix_charges_state_at", "charges", ["state", "at"])
    op.create_index("ix_charges_guild_day", "charges", ["guild", "day"])
    op.create_index("ix_charges_person_day", "charges", ["person", "day"])
