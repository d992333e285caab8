"""Pages that are kept to be asked for by their validators (ETag, Last-Modified) instead of whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class CachedPage:
    """A page that may be asked for by its validators instead of whole."""

    url: str  # where the redirects ended
    content_type: str
    charset: str | None
    body: bytes = field(repr=False)
    etag: str | None
    last_modified: str | None
    headers: dict[str, str] = field(default_factory=dict, repr=False)  # names in lower case


class Pages(Protocol):
    """Pages kept with their validators, by URL. Implemented by `bot.store`."""

    async def get(self, url: str) -> CachedPage | None:
        """Return the page kept under *url*."""
        ...

    async def put(self, url: str, page: CachedPage, target: str) -> None:
        """Keep *page* under *url*; it was asked for to read *target*."""
        ...

    async def serves(self, url: str, target: str) -> None:
        """Note that the page kept under *url* served to read *target* too."""
        ...
