"""Work that goes on whatever fails in it."""

from __future__ import annotations

import logging

log = logging.getLogger("chorus.jobs")


class logged:  # noqa: N801 - reads as a word: with logged("…")
    """Logs an exception instead of letting it end what must go on."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        if not isinstance(error, Exception):
            return False
        log.error("%s", self._what, exc_info=error)
        return True
