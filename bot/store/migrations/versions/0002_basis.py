"""What a digest was made by and for: a refresh goes on from the last one of its kind, a translation from the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; digests kept before are gone on from by nobody, because nothing says what made them."""
    for name, length in (("language", 16), ("length", 16), ("label", 200)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("digests", column)
