"""From an order to its outcome: a digest, or the answer to a question."""

from __future__ import annotations

from bot.core.answering import Answering
from bot.core.digesting import Digesting, Request
from bot.core.ports import Answered, Order, Outcome, Progress, Question, Report, Stage
from bot.core.till import Till
from bot.errors import Expired


class Fulfilling:
    """What a desk runs."""

    def __init__(self, digesting: Digesting, answering: Answering, till: Till) -> None:
        self._digesting = digesting
        self._answering = answering
        self._till = till

    async def run(self, order: Order, report: Report) -> Outcome:
        """Fulfil *order*; raises whatever digest or answer end in."""
        if order.question is not None:
            return Outcome(answered=await self._answer(order, order.question, report))
        request = Request(order.target, order.audience, order.brief, order.fresh)
        made = await self._digesting.digest(request, report, order.spender, counted=order.again)
        return Outcome(digest=made.digest.key)

    async def _answer(self, order: Order, question: Question, report: Report) -> Answered:
        spender, counted = order.spender, order.again
        if question.reading is not None:
            reading = await self._digesting.reading(question.reading)
            if reading is None:
                raise Expired
        else:
            reading = await self._digesting.fresh(order.target, order.audience)
        if reading is None:
            if not counted:  # or a person could have any number of sites read by asking about them
                await self._till.count(spender)
                counted = True
            reading = await self._digesting.read(order.target, order.audience, report)
        report(Progress(Stage.THINKING))
        answer = await self._answering.answer(
            reading, question.text, order.brief.language, report, spender, counted=counted
        )
        return Answered(reading.hash, answer)
