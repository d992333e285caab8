"""Domain values as compressed JSON and back, by their types alone."""

from __future__ import annotations

import json
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
        try:
            body = self._adapter.dump_json(value, exclude_computed_fields=True)
        except ValueError:  # a lone surrogate, which pydantic will not write
            plain = self._adapter.dump_python(value, mode="json", exclude_computed_fields=True)
            said = json.dumps(plain, ensure_ascii=False).encode("utf-16", "surrogatepass")
            body = said.decode("utf-16", "replace").encode()
        return zlib.compress(body, 1)

    def load(self, body: bytes) -> T:
        """Return the value behind *body*."""
        return self._adapter.validate_json(zlib.decompress(body))
