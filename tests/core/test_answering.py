"""Questions, answered from what was found and from nothing else."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answering import Answering
from bot.core.answers import Answer
from bot.core.models import Article, Reading
from bot.core.money import OPERATOR, Limits, OperatorBudgets, Spender
from bot.core.passages import LONGEST, Passage, passages, terms, words_of
from bot.core.ports import Prompt, Reply
from bot.core.shapes import AnswerReply, AnswerSentence, Proof, SearchReply
from bot.core.till import Till
from bot.errors import ModelTimeout, OverBudget, TooManyAsks
from bot.llm.prompts import PromptFolder
from tests.conftest import SteadyClock
from tests.fakes import FakePurse, comment, nobody, reading

Shape = TypeVar("Shape")
SAID = reading(
    *(f"Parking is short on day {word}." for word in ("one", "two", "three", "four", "five")),
    "The lane is a gift.",
)


@dataclass
class FakeIndex:
    """Finds the passages in which a word begins so; remembers what it was asked."""

    kept: dict[str, list[tuple[Passage, str]]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    async def keep(self, reading: str, some: Sequence[tuple[Passage, str]]) -> None:
        assert reading not in self.kept
        self.kept[reading] = list(some)

    async def has(self, reading: str) -> bool:
        return reading in self.kept

    async def find(self, reading: str, beginnings: Sequence[str], most: int) -> list[Passage]:
        self.asked.append(list(beginnings))
        return [
            passage
            for passage, words in self.kept[reading]
            if any(w.startswith(b) for b in beginnings for w in words.casefold().split())
        ][:most]


@dataclass
class FakeModel:
    """Answers with what is in `answers`."""

    answers: deque[object] = field(default_factory=deque)
    asked: list[Prompt[Any]] = field(default_factory=list)
    name: str = "m"
    context_tokens: int = 100_000

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        self.asked.append(prompt)
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return Reply(cast("Shape", answer), 1, 1, Decimal(0), "m")

    def count(self, text: str) -> int:
        return len(text.split())

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        return None


def sentence(text: str, *proofs: tuple[str, str]) -> AnswerSentence:
    return AnswerSentence(tuple(Proof(*proof) for proof in proofs), text)


async def ask(
    question: str,
    *answers: object,
    of: Reading = SAID,
    model: bool = True,
    purse: FakePurse | None = None,
    spender: Spender = OPERATOR,
) -> tuple[Answer, FakeModel, FakeIndex]:
    asked, index = FakeModel(deque(answers)), FakeIndex()
    till = Till(purse or FakePurse(), OperatorBudgets(Limits(asks_per_hour=1)), SteadyClock())
    answering = Answering(index, asked if model else None, PromptFolder() if model else None, till)
    return await answering.answer(of, question, "en", nobody, spender), asked, index


async def test_an_answer_rests_on_words_that_are_there() -> None:
    """
    Each sentence keeps the spans it cites; what it was answered from is what was found.
    """
    reply = AnswerReply(
        (sentence("Readers miss parking.", ("1", "Parking is short"), ("#2", "day two")),)
    )
    answer, model, _ = await ask("What of parking?", reply)

    assert ["Readers miss parking."] == [s.text for s in answer.sentences]
    assert ["Parking is short", "day two."] == [
        words_of(p, SAID) for p in answer.sentences[0].citations
    ]
    assert "gift" not in model.asked[0].user
    assert 5 == sum(line.startswith("#") for line in model.asked[0].user.splitlines())


async def test_names_that_nobody_needs_are_not_handed_on() -> None:
    """
    The model hears whose words a passage is only where another reader speaks of that person by name.
    """
    said = replace(
        SAID,
        discussions=(
            replace(
                SAID.discussions[0],
                comments=(
                    comment(1, "Parking is short.", "Ottilie"),
                    comment(2, "Parking, as Bertram says, is dear.", "Mathilda"),
                    comment(3, "Parking was never free.", "Bertram"),
                ),
            ),
        ),
    )
    _, model, _ = await ask("What of parking?", SearchReply(()), AnswerReply(()), of=said)
    lines = [line for line in model.asked[-1].user.splitlines() if line.startswith("#")]

    assert ["#1 Parking", "#2 Parking,", "#3 (Bertram)"] == [
        " ".join(line.split()[:2]) for line in lines
    ]


async def test_a_sentence_without_proof_is_dropped() -> None:
    """
    Words that are not in the passage, a passage that does not exist, no citation at all: gone, and counted.
    """
    reply = AnswerReply(
        (
            sentence("A.", ("1", "there is plenty of parking")),
            sentence("B.", ("9", "Parking is short")),
            sentence("C."),
            sentence("D.", ("1", "Parking is short")),
            sentence("87 people say so.", ("1", "Parking is short")),
        )
    )
    answer, _, _ = await ask("What of parking?", reply)

    assert (["D."], 4) == ([s.text for s in answer.sentences], answer.dropped)


async def test_no_answer_is_said_with_what_comes_nearest() -> None:
    """
    A model that finds no answer in the passages is believed.
    """
    answer, _, _ = await ask("What of parking?", AnswerReply(()))

    assert ((), 5) == (answer.sentences, len(answer.passages))


async def test_too_little_found_is_searched_for_in_other_words() -> None:
    """
    A question in another language finds what its words mean to the readers.
    """
    reply = AnswerReply((sentence("Oui.", ("1", "The lane is a gift")),))
    answer, model, index = await ask("Un cadeau ?", SearchReply(("gift", "present")), reply)

    assert [SearchReply, AnswerReply] == [prompt.shape for prompt in model.asked]
    assert ["gift", "pres"] == index.asked[1]
    assert 1 == len(answer.sentences)


async def test_nothing_found_asks_no_further() -> None:
    """
    No passage, no answer, no invention.
    """
    answer, model, _ = await ask("What of zebras?", SearchReply(("zebra",)))

    assert ((), ()) == (answer.sentences, answer.passages)
    assert 1 == len(model.asked)


async def test_without_a_model_there_are_passages() -> None:
    """
    No model, or one that fails: what was found is shown, and the failure named.
    """
    without, _, _ = await ask("What of parking?", model=False)
    failed, _, _ = await ask("What of parking?", ModelTimeout(seconds=9))

    assert (5, None, None) == (len(without.passages), without.model, without.failed)
    assert (5, "ModelTimeout") == (len(failed.passages), failed.failed)


def test_terms_are_beginnings() -> None:
    """
    Endings of long words are left off, short words are too common to search for.
    """
    assert ["the", "park", "spac", "cafe"] == terms("THE parking spaces, is cafes?")


@given(st.text(), st.text())
def test_passages_are_everything(article: str, words: str) -> None:
    """
    Joined, the passages of a text are its words; none is longer than it may be.
    """
    said = reading(words * 20, article=None)
    said = said if not article else reading(words * 20, article=article * 20)
    for cid, text in ((None, article * 20), (comment(1, "").id, words * 20)):
        spans = [p for p in passages(said) if p.comment == cid]

        assert "".join(text.split()) == "".join("".join(words_of(p, said) for p in spans).split())
        assert all(p.end - p.start <= LONGEST for p in spans)


def test_a_long_text_is_cut_at_a_sentence() -> None:
    """
    No passage ends inside a sentence where there are ends of sentences.
    """
    text = "This is one sentence of a long text. " * 100
    said = reading(article=None)
    article = Article(None, None, text)
    spans = [
        words_of(p, r)
        for r in [type(said)("t", article, (), said.read_at, "h")]
        for p in passages(r)
    ]

    assert len(spans) > 3
    assert all(words.rstrip().endswith(".") for words in spans)


async def test_an_answer_is_paid_for() -> None:
    """
    Held before the model is asked, settled with what it took.
    """
    purse = FakePurse()
    reply = AnswerReply((sentence("Parking is short.", ("1", "Parking is short")),))
    await ask("What of parking?", reply, purse=purse)

    assert (["m"], [(0, 2)]) == ([charge.model for charge in purse.made], purse.ended)


async def test_over_a_budget_passages_are_shown() -> None:
    """
    The model is not asked, and it is said why.
    """
    refused = OverBudget(budget="operator-day", resets="2026-01-16")
    answer, model, _ = await ask("What of parking?", purse=FakePurse(deque([refused])))

    assert ([], "OverBudget") == (model.asked, answer.failed)
    assert answer.passages


async def test_a_question_counts_among_the_asks_of_who_asks_it() -> None:
    """
    One that a model answers; passages that are only searched for cost nobody anything.
    """
    purse = FakePurse()
    await ask("What of parking?", AnswerReply(()), purse=purse, spender=Spender(7))
    await ask("What of parking?", model=False, purse=purse, spender=Spender(7))

    assert [7] == purse.counted


async def test_too_many_asks_are_refused_before_a_model_is_asked() -> None:
    """
    As for a digest, with the word when the next may be asked.
    """
    purse = FakePurse(too_many=TooManyAsks(limit=1, minutes=9))

    with pytest.raises(TooManyAsks):
        await ask("What of parking?", purse=purse, spender=Spender(7))

    assert [] == purse.made
