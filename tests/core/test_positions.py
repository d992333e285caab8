"""What the model is asked about a reading, and what becomes of its reply."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar, cast

import pytest

from bot.core.models import Brief, Cid, Length, Stance
from bot.core.ports import Progress, Prompt, Reply, Stage
from bot.core.positions import ArticleReply, Cited, DigestReply, ModelDigester, View
from bot.errors import ModelBusy, ThreadTooLong
from tests.fakes import nobody, reading

Shape = TypeVar("Shape")
TEXTS = ("The lane is a gift.", "Where will customers park?", "Fewer cars is fine by me.")


@dataclass
class FakeModel:
    """Answers with the values (or raises the errors) in `answers`; a token is a word."""

    name: str = "m1"
    context_tokens: int = 100_000
    answers: deque[object] = field(default_factory=deque)
    asked: list[Prompt[Any]] = field(default_factory=list)

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        self.asked.append(prompt)
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return Reply(cast("Shape", answer), 70, 7, Decimal("0.01"), "m1-dated")

    def count(self, text: str) -> int:
        return len(text.split())


class FakePrompts:
    """Renders the name and the variables."""

    version = "abcd1234"

    def render(self, name: str, **variables: str) -> str:
        return "\n".join([name, *(f"{key}={value}" for key, value in variables.items())])


REPLY = DigestReply(
    question="Is the lane good?",
    positions=(
        View((Cited("1", "a gift"),), "It helps.", ("1", "3"), "They cycle.", Stance.SUPPORTS),
        View((), "Shops lose.", ("2", "17"), "", Stance.OPPOSES),
    ),
    unplaced=(),
    divide="Space.",
    tldr="A lane opens.",
    points=("In May.",),
)


def digester(*answers: object, **facts: Any) -> tuple[ModelDigester, FakeModel]:
    model = FakeModel(answers=deque(answers), **facts)
    return ModelDigester(model, FakePrompts()), model


def test_label_names_model_and_prompts() -> None:
    """
    A digest is kept under the model and the prompts that made it.
    """
    assert "llm/m1/abcd1234" == digester()[0].label


async def test_reply_becomes_draft() -> None:
    """
    Everything is handed on as it came, ids that do not exist included: code checks it later.
    """
    made, _ = digester(REPLY)
    draft = await made.draft(reading(*TEXTS), Brief("en"), nobody)

    assert ("A lane opens.", ("In May.",), "Is the lane good?", "Space.") == (
        draft.tldr,
        draft.points,
        draft.question,
        draft.divide,
    )
    assert [("1", "3"), ("2", "17")] == [claim.comments for claim in draft.claims]
    assert (("1", "a gift"),) == draft.claims[0].quotes
    assert ["supports", "opposes"] == [claim.stance for claim in draft.claims]
    assert {"1": Cid("page:1"), "2": Cid("page:2"), "3": Cid("page:3")} == draft.ids
    assert ("m1-dated", 70, 7, Decimal("0.01")) == (
        draft.model,
        draft.tokens_in,
        draft.tokens_out,
        draft.cost,
    )


@pytest.mark.parametrize("length", Length)
async def test_the_brief_reaches_the_model(length: Length) -> None:
    """
    Language and length come after the data; what comes before is the same for everybody.
    """
    made, model = digester(REPLY, REPLY)
    await made.draft(reading(*TEXTS), Brief("fr", length), nobody)
    (prompt,) = model.asked

    assert "digest.system" == prompt.system
    assert "language=fr" in prompt.user
    assert prompt.user.endswith(f"size=digest.size.{length.value}")
    assert prompt.user.index("</comments>") < prompt.user.index("language=")


@pytest.mark.parametrize("texts", [(), TEXTS[:1], TEXTS[:2]])
async def test_too_few_for_positions(texts: tuple[str, ...]) -> None:
    """
    With fewer than three comments only the article is asked about; the comments speak for themselves.
    """
    made, model = digester(ArticleReply("A lane opens.", ("In May.",)))
    draft = await made.draft(reading(*texts), Brief("en"), nobody)

    assert ArticleReply is model.asked[0].shape
    assert not any(text in model.asked[0].user for text in texts)
    assert ((), "A lane opens.") == (draft.claims, draft.tldr)
    assert texts == tuple(words for _, words in draft.voices)


async def test_nothing_to_ask() -> None:
    """
    Two comments and no article: the model is not asked at all.
    """
    made, model = digester()
    draft = await made.draft(reading(*TEXTS[:2], article=None), Brief("en"), nobody)

    assert ([], 0, 2) == (model.asked, draft.tokens_in, len(draft.voices))


async def test_a_thread_that_does_not_fit_is_not_sent() -> None:
    """
    What is too long is refused before it costs anything, with the numbers.
    """
    made, model = digester(context_tokens=3_000)
    with pytest.raises(ThreadTooLong) as raised:
        await made.draft(
            reading(*(f"{n} " + "word " * 1_000 for n in range(3))), Brief("en"), nobody
        )

    assert [] == model.asked
    assert 3_000 == raised.value.facts["limit"]
    assert cast("int", raised.value.facts["tokens"]) > 3_000


async def test_a_small_model_keeps_room_to_read() -> None:
    """
    The reply takes at most a third of the context.
    """
    made, model = digester(REPLY, context_tokens=6_000)
    await made.draft(reading(*TEXTS), Brief("en"), nobody)

    assert 2_000 == model.asked[0].most_tokens


async def test_progress_is_told() -> None:
    """
    One part of one, before and after.
    """
    told: list[Progress] = []
    made, _ = digester(REPLY)
    await made.draft(reading(*TEXTS), Brief("en"), told.append)

    assert [Progress(Stage.THINKING, 0, 1), Progress(Stage.THINKING, 1, 1)] == told


async def test_errors_pass() -> None:
    """
    A model's error is the caller's to handle.
    """
    made, _ = digester(ModelBusy(retry_after=3))
    with pytest.raises(ModelBusy):
        await asyncio.wait_for(made.draft(reading(*TEXTS), Brief("en"), nobody), 1)
