"""Asks the questions of one draft: checks that each fits, tells how far it is, and adds up what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.core.ports import Bill, Model, Progress, Prompt, Reply, Report, Stage
from bot.core.questions import FRAME_TOKENS
from bot.errors import ModelError, ThreadTooLong

Shape = TypeVar("Shape")
T = TypeVar("T")


class Asker:
    """
    Asks *model* on behalf of one draft.

    `expect` announces how many questions are to come; progress is told by them. Costs are added up on *bill*, of
    questions that fail too. *reading* is the hash of what is asked about.
    """

    def __init__(
        self, model: Model, report: Report, bill: Bill | None = None, *, reading: str = ""
    ) -> None:
        self._model = model
        self._report = report
        self._reading = reading
        self._done = 0
        self._expected = 0
        self._bill = bill or Bill()
        self._name: str | None = None

    def expect(self, more: int) -> None:
        """Announce *more* questions."""
        self._expected += more

    async def ask(self, prompt: Prompt[Shape]) -> Shape:
        """Ask one question; raises `ModelError`, `ThreadTooLong` before anything is sent."""
        await self._check(prompt)
        self._tell()
        try:
            reply = await self._model.ask(replace(prompt, reading=self._reading))
        except ModelError as error:
            self._pay(error)
            raise
        self._done += 1
        self._tell()
        self._pay(reply)
        self._name = reply.model
        return reply.value

    def _pay(self, spent: Reply[Any] | ModelError) -> None:
        self._bill.add(spent.tokens_in, spent.tokens_out, spent.cost)

    def billed(self) -> dict[str, Any]:
        """Return what has been asked so far cost, as the fields of a `Draft`."""
        return {
            "model": self._name or self._model.name,
            "tokens_in": self._bill.tokens_in,
            "tokens_out": self._bill.tokens_out,
            "cost": self._bill.cost,
        }

    async def _check(self, prompt: Prompt[Any]) -> None:
        limit = self._model.context_tokens - prompt.most_tokens - FRAME_TOKENS
        text = prompt.system + prompt.user
        if len(text.encode("utf-8", "replace")) <= limit:
            return  # no token is shorter than a byte: nearly always there is nothing to count
        tokens = await asyncio.to_thread(self._model.count, text)
        if tokens > limit:
            beside = self._model.context_tokens - limit
            raise ThreadTooLong(tokens=tokens + beside, limit=self._model.context_tokens)

    def _tell(self) -> None:
        self._report(Progress(Stage.THINKING, self._done, max(self._expected, self._done, 1)))


async def together(questions: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """
    Return the answers to all *questions*, asked at once.

    Where one fails the others are let finish before its error is raised: their replies are paid for and kept. Being
    cancelled cancels all.
    """
    answers = await asyncio.gather(*questions, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers  # type: ignore[return-value] # no exceptions among them
