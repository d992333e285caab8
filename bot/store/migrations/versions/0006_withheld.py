"""
What deleting needs: what replies and pages were read for, whose an order is, readings that are outdated, and authors.

An author is kept as a keyed hash: the table says nobody's name.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables and columns. Replies and pages kept before say not what they were for: they go."""
    for name, key, about in (("replies_of", "request", "reading"), ("pages_of", "url", "target")):
        kind: sa.types.TypeEngine[str] = sa.Text() if key == "url" else sa.String(64)
        op.create_table(
            name,
            sa.Column(key, kind, nullable=False),
            sa.Column(about, sa.String(64), nullable=False),
            sa.PrimaryKeyConstraint(key, about, name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_{about}", name, [about])
        op.execute(f"DELETE FROM {name.partition('_')[0]}")  # noqa: S608 - two names of ours
    op.add_column(
        "readings",
        sa.Column("outdated", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("orders", sa.Column("target", sa.Text(), nullable=False, server_default=""))
    op.add_column("orders", sa.Column("guild", sa.BigInteger()))
    op.create_index("ix_orders_target", "orders", ["target"])
    op.create_index("ix_orders_guild", "orders", ["guild"])
    _fill()
    op.create_table(
        "withheld",
        sa.Column("platform", sa.String(253), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("platform", "name", name="pk_withheld"),
    )


def _fill() -> None:
    """Write down beside each order what its body says of it."""
    orders = sa.table("orders", *map(sa.column, ("id", "body", "target", "guild")))
    connection = op.get_bind()
    for id, body in connection.execute(sa.select(orders.c.id, orders.c.body)).all():
        order: dict[str, Any] = json.loads(zlib.decompress(body))
        said = {"target": order["target"], "guild": order["reply_to"].get("guild")}
        connection.execute(sa.update(orders).where(orders.c.id == id).values(said))
