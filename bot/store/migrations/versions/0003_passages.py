"""A full-text index over what was read: questions are answered from the passages it finds."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the index of the database's own kind; both hold words without accents and in lower case."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE passages (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
            "reading VARCHAR(64) NOT NULL, words TEXT NOT NULL, comment TEXT NOT NULL, "
            "first INTEGER NOT NULL, last INTEGER NOT NULL, "
            "vector TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED)"
        )
        op.execute("CREATE INDEX ix_passages_reading ON passages (reading)")
        op.execute("CREATE INDEX ix_passages_vector ON passages USING GIN (vector)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE passages USING fts5("
            "reading, words, comment UNINDEXED, first UNINDEXED, last UNINDEXED)"
        )
