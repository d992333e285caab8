"""The digester over a model: a whole thread, a refresh by what is new, or another language of what stands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.core import delta, translating
from bot.core.asker import Asker, together
from bot.core.chunks import Chunk, chunks
from bot.core.duplicates import duplicates
from bot.core.grounding import FEWEST
from bot.core.models import Brief, Cid, Comment, Digested, Draft, Reading
from bot.core.plan import Plan
from bot.core.ports import Bill, Estimate, Model, Prompts, Report
from bot.core.questions import Questions
from bot.core.register import Register
from bot.core.shapes import ArticleReply, DeltaReply
from bot.core.sheets import Layout
from bot.core.whole import CHUNK, ArticleSheet, Whole, sizes, summary

Copies = tuple[tuple[Cid, ...], ...]


class ModelDigester:
    """
    Implements `bot.core.ports.PaidDigester` over a model and the texts it is told.

    *budget_tokens* is what the comments of one digest may take; past it some of each kind are read, and it is said.
    """

    def __init__(self, model: Model, prompts: Prompts, budget_tokens: int = 1_000_000) -> None:
        self._model = model
        self._prompts = prompts
        self._budget = budget_tokens

    @property
    def label(self) -> str:
        """`llm/<model>/<version of the prompts>`."""
        return f"llm/{self._model.name}/{self._prompts.version}"

    async def estimate(
        self, reading: Reading, brief: Brief, basis: Digested | None = None
    ) -> Estimate:
        """Return what `draft` of the same will take. Asks nobody."""
        plan = Plan(self._model, Questions(self._model, self._prompts, brief), self._budget)
        return await asyncio.to_thread(plan.estimate, reading, basis)

    async def draft(
        self,
        reading: Reading,
        brief: Brief,
        report: Report,
        basis: Digested | None = None,
        bill: Bill | None = None,
    ) -> Draft:
        """
        Draft a digest; raises `ModelError`, `ThreadTooLong` before anything is sent.

        *basis* is an earlier digest to go on from: of the same reading in another language, or of an earlier reading.
        With fewer than `FEWEST` comments the model is not asked about readers, without an article not at all.
        *bill* is written as the replies come in.
        """
        asker = Asker(self._model, report, bill, reading=reading.hash)
        questions = Questions(self._model, self._prompts, brief)
        draft = await self._draft(reading, questions, asker, basis)
        return replace(draft, **asker.billed())

    async def _draft(
        self, reading: Reading, questions: Questions, asker: Asker, basis: Digested | None
    ) -> Draft:
        if basis is not None and basis.reading.hash == reading.hash:
            said = await asker.ask(questions.translate(translating.listed(basis)))
            return translating.translated(basis, said.texts)
        if len(reading.readable) < FEWEST:
            return await self._article_only(reading, questions, asker)
        copies = await asyncio.to_thread(duplicates, reading.readable)
        layout = await asyncio.to_thread(Layout, reading, copies)
        draft = None
        if basis is not None:
            new = delta.new_or_edited(basis.reading, reading)
            if delta.suffices(basis, reading, new):
                draft = await self._grown(basis, new, reading, layout, questions, asker)
        if draft is None:
            draft = await Whole(reading, layout, self._model, questions, asker).draft(self._budget)
        return replace(draft, copies=copies)

    async def _article_only(self, reading: Reading, questions: Questions, asker: Asker) -> Draft:
        said = await summary(ArticleSheet.of(reading, self._model), questions, asker)
        voices = tuple((comment.id, comment.text) for comment in reading.readable)
        return Draft(tldr=said.tldr, points=said.points, voices=voices)

    async def _grown(
        self,
        basis: Digested,
        new: Sequence[Comment],
        reading: Reading,
        layout: Layout,
        questions: Questions,
        asker: Asker,
    ) -> Draft | None:
        """Return the positions of *basis* with the *new* comments in them; None where they no longer fit the talk."""
        register = Register(layout)
        held = delta.listed(basis.digest)
        fresh = layout.distinct(new)
        size = await asyncio.to_thread(sizes, fresh, layout, self._model)
        room = questions.room("delta", CHUNK, beside=self._model.count(held))
        parts = chunks(reading, fresh, size, room)
        article = ArticleSheet.of(reading, self._model)
        if delta.same_article(basis.reading, reading):
            article = replace(article, asked=False)
        asker.expect(len(parts) + article.asked)

        async def place(chunk: Chunk, number: int) -> DeltaReply:
            sheet = layout.sheet(chunk.comments, chunk.context)
            register.enter(sheet, number)
            return await asker.ask(questions.delta(held, sheet.text, len(chunk.comments)))

        about, *replies = await together(
            [
                summary(article, questions, asker),
                *(place(part, n) for n, part in enumerate(parts)),
            ]
        )
        assert isinstance(about, ArticleReply)  # noqa: S101 - the first question
        answers = [reply for reply in replies if isinstance(reply, DeltaReply)]
        claims = delta.claims(basis, reading, new, answers, register)
        if delta.outgrown(basis, reading, claims, register):
            return None
        before = basis.digest
        return Draft(
            tldr=about.tldr if article.asked else before.tldr,
            points=about.points if article.asked else before.points,
            question=before.question,
            claims=tuple(claims),
            divide=before.divide,
            ids=register.ids,
            gaps=article.gaps,
            basis=before.key,
            grown=before.grown + len(new),
        )
