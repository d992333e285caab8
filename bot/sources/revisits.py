"""Pages kept from earlier visits: asked for by their validators, brought back when nothing has changed (RFC 9111)."""

from __future__ import annotations

from bot.core.pages import CachedPage, Pages
from bot.sources.contents import Answer


class Revisits:
    """Keeps what may be kept in *pages*, if there are any."""

    def __init__(self, pages: Pages | None) -> None:
        self._pages = pages

    async def kept(self, key: str) -> CachedPage | None:
        """Return what an earlier visit left under *key*."""
        return await self._pages.get(key) if self._pages else None

    async def serves(self, key: str, target: str) -> None:
        """Note that what is kept under *key* served to read *target* too."""
        if self._pages:
            await self._pages.serves(key, target)

    async def keep(self, key: str, answer: Answer, target: str) -> None:
        """Keep *answer*, asked for to read *target*, if the site gave it a validator and does not forbid it."""
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        forbidden = "no-store" in answer.headers.get("cache-control", "").lower()
        if self._pages and answer.status == 200 and (etag or modified) and not forbidden:
            page = CachedPage(
                url=answer.url,
                content_type=answer.content_type,
                charset=answer.charset,
                body=answer.body,
                etag=etag,
                last_modified=modified,
                headers=answer.headers,
            )
            await self._pages.put(key, page, target)


def validators(kept: CachedPage | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it is not *kept* any more."""
    said = {
        "If-None-Match": kept.etag if kept else None,
        "If-Modified-Since": kept.last_modified if kept else None,
    }
    return {name: value for name, value in said.items() if value}


def revived(kept: CachedPage, now: Answer) -> Answer:
    """Return the kept page; what the site says of it now goes before what it said then (RFC 9111 §4.3.4)."""
    return Answer(
        url=kept.url,
        status=200,
        content_type=kept.content_type,
        charset=kept.charset,
        body=kept.body,
        headers={**kept.headers, **now.headers},
        from_cache=True,
    )
