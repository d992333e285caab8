"""How many tokens a text takes: exact where tiktoken's table is at hand, else an estimate from above."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

FALLBACK = "o200k_base"  # for models tiktoken does not know: near enough for budgets
_STRETCH = 20_000  # characters encoded at a time: a megabyte without a space takes tiktoken seconds


class TokenCounter:
    """
    Counts for *model*. Tables are kept in *folder*, beside the database (`TIKTOKEN_CACHE_DIR`, where set, wins).

    Until `load` has succeeded, and offline for good, a token is taken to be three bytes of UTF-8: English has four or
    more to a token, other scripts about three.
    """

    def __init__(self, model: str, folder: Path) -> None:
        self._model = model
        self._folder = folder
        self._encoding: tiktoken.Encoding | None = None

    @property
    def exact(self) -> bool:
        """Whether the table is loaded."""
        return self._encoding is not None

    async def load(self, *, seconds: float = 15) -> bool:
        """
        Load the table, downloading it once; return whether it is there. Never raises, waits *seconds* at most.

        tiktoken downloads without a timeout. So the work is done in a daemon thread: one that hangs holds up neither
        the loop nor the end of the program, and a table that comes late is used from then on.
        """
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def work() -> None:
            # requests, OSError, ValueError (a damaged table): being offline is no failure
            with contextlib.suppress(Exception):
                self._encoding = self._table()
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=work, name="tiktoken", daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                await done.wait()
        except TimeoutError:
            return False
        return self.exact

    def count(self, text: str) -> int:
        """Return the number of tokens of *text*; special tokens in it are text like any other."""
        encoding = self._encoding
        if encoding is None:
            return -(-len(text.encode("utf-8", "surrogatepass")) // 3)
        return sum(
            len(encoding.encode(text[at : at + _STRETCH], disallowed_special=()))
            for at in range(0, len(text), _STRETCH)
        )

    def _table(self) -> tiktoken.Encoding:
        import tiktoken

        # the only way to tell tiktoken; the process has one cache of tables
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(self._folder))
        try:
            name = tiktoken.encoding_name_for_model(self._model)
        except KeyError:
            name = FALLBACK
        return tiktoken.get_encoding(name)
