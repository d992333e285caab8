"""Cards as they were built last: the same digest looks the same, and building it takes longer than sending it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from discord import ui

from bot.chat.sentences import Sentences
from bot.core.models import Digested

MOST = 64

Build = Callable[[Digested, Sentences], ui.LayoutView]


class ShownCards:
    """Builds the cards of kept digests, each once while it is among the last `MOST`."""

    def __init__(self) -> None:
        self._views: dict[tuple[str, datetime, str, Build, bool], ui.LayoutView] = {}

    def of(self, kept: Digested, words: Sentences, build: Build, *, names: bool) -> ui.LayoutView:
        """
        Return what *build* makes of *kept*, the newest digest of its target, for a reader of *words*.

        *names*: whether the readers of the article have theirs in it.
        """
        made = max(kept.digest.made.at, kept.reading.read_at)
        key = (kept.digest.key, made, words.language, build, names)
        view = self._views.pop(key, None) or build(kept, words)
        self._views[key] = view
        if len(self._views) > MOST:
            del self._views[next(iter(self._views))]
        return view
