"""
Time counted in rounds of waiting, without a clock: all questions a provider holds are answered together, once no more
can come. What takes n rounds takes n × L with a provider that answers each question after the same time L.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar

from bot.core.ports import Model, Prompt, Reply

Shape = TypeVar("Shape")
Script = Callable[[dict[str, Any]], Any]


class Rounds:
    """Answers in rounds; *limit* is the number of questions that may be under way at once. `count` are the rounds."""

    def __init__(self, limit: int) -> None:
        self.count = 0
        self._limit = limit
        self._held: list[asyncio.Future[None]] = []
        self._drafts: set[Watched] = set()

    def script(self, answer: Script) -> Callable[[dict[str, Any]], Awaitable[Any]]:
        """Return *answer* as a provider's script that waits for the round to end."""

        async def held(body: dict[str, Any]) -> Any:
            turn = asyncio.get_running_loop().create_future()
            self._held.append(turn)
            self.look()
            await turn
            return answer(body)

        return held

    async def run(self, model: Model, draft: Callable[[Model], Awaitable[Any]]) -> None:
        """Run *draft* with *model*, one of those that are waited for."""
        watched = Watched(model, self.look)
        self._drafts.add(watched)
        try:
            await draft(watched)
        finally:
            self._drafts.discard(watched)
            self.look()

    def look(self) -> None:
        """End the round if no more questions can come: the limit is reached, or all are here that anybody waits for."""
        waiting = [watched.waiting for watched in self._drafts]
        everyone = all(waiting) and sum(waiting) == len(self._held)
        if self._held and (everyone or len(self._held) == self._limit):
            self.count += 1
            for turn in self._held:
                turn.set_result(None)
            self._held.clear()


class Watched:
    """A model that counts its questions that are not answered yet, and calls *look* when their number changes."""

    def __init__(self, model: Model, look: Callable[[], None]) -> None:
        self._model = model
        self._look = look
        self.waiting = 0

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def context_tokens(self) -> int:
        return self._model.context_tokens

    def count(self, text: str) -> int:
        return self._model.count(text)

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        return self._model.cost(tokens_in, tokens_out)

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        self.waiting += 1
        self._look()
        try:
            return await self._model.ask(prompt)
        finally:
            self.waiting -= 1
            self._look()
