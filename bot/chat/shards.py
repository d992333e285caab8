"""Discord's own sharding: which of a bot's shards a process listens on. No Discord here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

MOST = 100_000
_WRITTEN = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?/(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class Shards:
    """The shards with these *ids*, of *count*; a server is on the one that its id gives."""

    ids: tuple[int, ...]
    count: int

    @classmethod
    def written(cls, words: str) -> Self:
        """Return the shards of `0-3/16` (0, 1, 2 and 3 of 16) or `0/2`; raises `ValueError`."""
        found = _WRITTEN.fullmatch(words.strip())
        if found is None:
            raise ValueError(words)
        first, count = int(found[1]), int(found[3])
        last = int(found[2] or first)
        if not first <= last < count <= MOST:
            raise ValueError(words)
        return cls(tuple(range(first, last + 1)), count)

    @property
    def are_all(self) -> bool:
        """Whether no other process listens."""
        return len(self.ids) == self.count


NONE = Shards((), 1)
"""Of a process that listens to nobody, and only works."""
