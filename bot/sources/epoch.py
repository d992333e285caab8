"""The time of a reading that nobody has timed."""

from __future__ import annotations

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""`read_at` of a pure reading: whoever fetched the text knows the time."""
