"""Several processes: what an order asks, how often it was begun, and the turns at the model."""

from __future__ import annotations

import hashlib
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns, fill in what the orders under way ask, and create the table."""
    with op.batch_alter_table("orders") as orders:
        orders.add_column(sa.Column("asked", sa.String(64), nullable=False, server_default=""))
        orders.add_column(sa.Column("begun", sa.Integer, nullable=False, server_default="0"))
        orders.create_index("ix_orders_asked_state", ["asked", "state"])
    known = sa.table(
        "orders", sa.column("id"), sa.column("body"), sa.column("state"), sa.column("asked")
    )
    connection = op.get_bind()
    under_way = sa.select(known.c.id, known.c.body).where(known.c.state == "taken")
    for id, body in connection.execute(under_way).all():
        order = json.loads(zlib.decompress(body))
        of = order["audience"]
        said = f"{of['guild']}/{of['channel']}/{of['user']} {order['target']}"
        asked = hashlib.sha256(said.encode()).hexdigest()
        connection.execute(sa.update(known).where(known.c.id == id).values(asked=asked))
    op.create_table(
        "turns",
        sa.Column("slot", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(32)),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("slot", name="pk_turns"),
    )
