"""Domain values as compressed JSON and back, by their types alone."""

from __future__ import annotations

import zlib
from typing import Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class Codec(Generic[T]):
    """Writes and reads one type. Lone surrogates, which hostile pages contain, become U+FFFD."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def dump(self, value: T) -> bytes:
        """Return *value* as bytes."""
        return zlib.compress(self._adapter.dump_json(value, exclude_computed_fields=True), 1)

    def load(self, body: bytes) -> T:
        """Return the value behind *body*."""
        return self._adapter.validate_json(zlib.decompress(body))
