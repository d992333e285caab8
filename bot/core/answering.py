"""
A question about an article and its comments: searched, answered from what was found, and cited.

The model sees passages, never the whole; a sentence of its answer stands only if words it cites are in the passage it
names. Without a model, and where nothing in the answer holds, the passages themselves are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.core.answers import Answer, Sentence
from bot.core.asker import Asker
from bot.core.models import Cid, Comment, Reading
from bot.core.money import OPERATOR, Spender
from bot.core.passages import Passage, passages, source_of, terms, words_of
from bot.core.ports import Estimate, Model, Prompt, Prompts, Report
from bot.core.prose import Proofreader
from bot.core.quoting import Quoting
from bot.core.shapes import AnswerReply, SearchReply
from bot.core.sheets import flat, name_of, named
from bot.core.till import Till, site_of
from bot.errors import ModelError, OverBudget

MOST_PASSAGES = 40  # shown to the model; some 4,000 tokens
SHOWN = 5  # passages shown to a person where there is no answer
FEW = 5  # found; with fewer the model is asked for other words to search for
ROOM = 6_000  # tokens of a reply, thoughts included
TOKENS_IN, TOKENS_OUT = 6_000, 3_000  # what an answer takes: passages, a search before, thoughts


class Passages(Protocol):
    """A full-text index. Implemented by `bot.store`."""

    async def keep(self, reading: str, some: Sequence[tuple[Passage, str]]) -> None:
        """Index the passages of the reading with this hash, in place of those kept for it."""
        ...

    async def has(self, reading: str) -> bool:
        """Whether the reading's passages are indexed."""
        ...

    async def find(self, reading: str, beginnings: Sequence[str], most: int) -> list[Passage]:
        """Return passages with words that begin so, the most telling first."""
        ...


class Answering:
    """Answers questions about readings; *model* is None where none is configured."""

    def __init__(
        self, index: Passages, model: Model | None, prompts: Prompts | None, till: Till
    ) -> None:
        self._index = index
        self._till = till
        self._model = model
        self._prompts = prompts

    async def answer(
        self,
        reading: Reading,
        question: str,
        language: str,
        report: Report,
        spender: Spender = OPERATOR,
        *,
        counted: bool = False,
    ) -> Answer:
        """
        Answer *question* in *language* from *reading*, at the cost of *spender*.

        *counted*: whether it has been counted among the spender's asks. Raises `StoreError`, and `TooManyAsks`
        where a model would be asked.
        """
        question = " ".join(question.split())
        if not await self._index.has(reading.hash):
            some = await asyncio.to_thread(
                lambda: [(p, words_of(p, reading)) for p in passages(reading)]
            )
            await self._index.keep(reading.hash, some)
        found = await self._index.find(reading.hash, terms(question), MOST_PASSAGES)
        if self._model is None or self._prompts is None:
            return Answer(question, (), tuple(found[:SHOWN]))
        if not counted:
            await self._till.count(spender)
        cost = self._model.cost(TOKENS_IN, TOKENS_OUT)
        estimate = Estimate(self._model.name, TOKENS_IN, TOKENS_OUT, cost)
        try:
            async with self._till.paying(spender, estimate, site_of(reading)) as bill:
                asker = Asker(self._model, report, bill, reading=reading.hash)
                if len(found) < FEW:
                    found = await self._searched_again(reading, question, found, asker)
                if not found:
                    return Answer(question, (), (), model=self._model.name)
                reply = await asker.ask(self._asked(reading, found, question, language))
        except (ModelError, OverBudget) as error:
            return Answer(question, (), tuple(found[:SHOWN]), failed=error.code)
        return await asyncio.to_thread(_checked, reading, question, found, reply, self._model.name)

    async def _searched_again(
        self, reading: Reading, question: str, found: list[Passage], asker: Asker
    ) -> list[Passage]:
        """Return what other words find: synonyms, and those of the readers' language."""
        assert self._prompts is not None  # noqa: S101 - asked for by `answer` only
        sample = [flat(comment.text)[:200] for comment in reading.readable[:5]]
        prompt = Prompt(
            system=self._prompts.render("search.system"),
            user=self._prompts.render(
                "search.user", title=flat(reading.title or ""), sample="\n".join(sample),
                question=flat(question),
            ),
            shape=SearchReply,
            most_tokens=ROOM,
        )  # fmt: skip
        words = (await asker.ask(prompt)).words
        beginnings = list(dict.fromkeys(term for word in words for term in terms(word)))
        more = await self._index.find(reading.hash, beginnings[: 2 * MOST_PASSAGES], MOST_PASSAGES)
        return list(dict.fromkeys((*found, *more)))[:MOST_PASSAGES]

    def _asked(
        self, reading: Reading, found: Sequence[Passage], question: str, language: str
    ) -> Prompt[AnswerReply]:
        assert self._prompts is not None  # noqa: S101 - asked for by `answer` only
        known = named(reading.readable)
        return Prompt(
            system=self._prompts.render("ask.system"),
            user=self._prompts.render(
                "ask.user",
                passages="\n".join(
                    f"#{n}{_by(passage, reading, known)} {flat(words_of(passage, reading))}"
                    for n, passage in enumerate(found, 1)
                ),
                question=flat(question),
                language=language or "en",
            ),
            shape=AnswerReply,
            most_tokens=ROOM,
        )


def _by(passage: Passage, reading: Reading, known: frozenset[str]) -> str:
    if passage.comment is None:
        return " (article)"
    author = reading.by_id[passage.comment].author
    return f" ({name_of(author)})" if author in known else ""


def _checked(
    reading: Reading, question: str, found: Sequence[Passage], reply: AnswerReply, model: str
) -> Answer:
    """Return the sentences of *reply* that can be proven; passages instead, where none can."""
    proof = Proofreader(reading)
    quoting = Quoting(_sources(reading))
    sentences = []
    dropped = 0
    for one in reply.sentences:
        citations = []
        for cited in one.citations:
            number = cited.passage.strip("#[] ")
            at = int(number) - 1 if number.isascii() and number.isdecimal() else -1
            if not 0 <= at < min(len(found), 10**6):
                continue
            source = found[at].comment or _ARTICLE
            span = quoting.span(source, cited.words)
            if span:
                citations.append(Passage(found[at].comment, *span))
        text = proof.clean(one.text, most=600)
        if text and citations:
            sentences.append(Sentence(text, tuple(dict.fromkeys(citations))))
        else:
            dropped += 1
    cited_first = [p for s in sentences for p in s.citations]
    shown = cited_first if sentences else found[:SHOWN]
    return Answer(question, tuple(sentences), tuple(shown), model=model, dropped=dropped)


_ARTICLE = Cid("article")


def _sources(reading: Reading) -> dict[Cid, Comment]:
    """Return what may be cited, by id; the article is cited like a comment."""
    article = Comment(_ARTICLE, None, None, source_of(None, reading))
    return {_ARTICLE: article, **{comment.id: comment for comment in reading.readable}}
