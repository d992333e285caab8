"""What a draft will take, held against what it takes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest

from bot.core.models import Article, Brief, Digested, Reading
from bot.core.ports import Bill, Estimate
from bot.core.positions import ModelDigester
from bot.core.shapes import DeltaReply
from bot.errors import ModelBusy
from bot.llm.wire import schema
from tests.core.scripted import ScriptedModel
from tests.core.test_positions import BRIEF, about, checked, digester, talk
from tests.fakes import comment, nobody

LONG = Article(None, "T", "A word and another of this long article. " * 600)
CAMPAIGN = [
    comment(n, "Give us back the parking that we had before all this.") for n in range(5_000, 5_400)
]
SPEECHES = [
    comment(n, f"Speech {n}: " + f"so{n} much to say about parking " * 90) for n in range(60)
]


async def compared(
    made: ModelDigester, model: ScriptedModel, of: Reading, brief: Brief, basis: Digested | None
) -> tuple[Estimate, int, int]:
    """The estimate, the tokens that were then asked (the reply's shape is part of them), and those of the replies."""
    model.asked.clear()
    estimate = await made.estimate(of, brief, basis)
    assert [] == model.asked
    await made.draft(of, brief, nobody, basis)
    told = sum(
        model.count(p.system + p.user) + model.count(json.dumps(schema(p.shape)))
        for p in model.asked
    )
    answers: list[Any] = [model.answer(p.shape, p.user) for p in model.asked]
    return estimate, told, sum(model.count(json.dumps(asdict(a))) for a in answers)


@pytest.mark.parametrize(
    "of",
    [
        about(talk(2)),
        about(talk(10)),
        about(talk(180)),
        about(talk(181)),
        about(talk(1_000)),
        about(talk(5_000)),
        about(talk(90), talk(90, 500), talk(90, 900)),
        about([*talk(100), *CAMPAIGN]),
        about(SPEECHES),
        replace(about(talk(2)), article=LONG),
        replace(about(talk(40)), article=LONG),
        replace(about(talk(400)), article=LONG),
        replace(about(talk(400)), article=None),
    ],
    ids=lambda of: f"{len(of.readable)} comments",
)
@pytest.mark.parametrize("facts", [{}, {"context_tokens": 8_000}, {"budget": 5_000}], ids=str)
async def test_an_estimate_is_near_what_is_asked(of: Reading, facts: dict[str, Any]) -> None:
    """
    Of any size, window and budget: between 0.7 and 2 times the tokens asked, and no fewer back than come.
    """
    made, model = digester(**facts)
    estimate, told, said = await compared(made, model, of, BRIEF, None)

    assert 0.7 * told <= estimate.tokens_in <= 2 * told
    assert said <= estimate.tokens_out


@pytest.mark.parametrize("count", [10, 110, 1_020])
async def test_the_estimate_of_a_translation(count: int) -> None:
    """
    Another language takes as much as the digest is long, however many comments there are.
    """
    made, model = digester()
    of = about(talk(count))
    basis = checked(await made.draft(of, BRIEF, nobody), of)
    estimate, told, said = await compared(made, model, of, Brief("fr"), basis)

    assert 0.7 * told <= estimate.tokens_in <= 2 * told
    assert said <= estimate.tokens_out


@pytest.mark.parametrize(("before", "now"), [(100, 101), (100, 110), (2_000, 2_300), (100, 100)])
@pytest.mark.parametrize("article", [None, LONG], ids=["the same article", "another article"])
async def test_the_estimate_of_a_refresh(before: int, now: int, article: Article | None) -> None:
    """
    What is new is what is reckoned with.
    """
    made, model = digester()
    first, then = about(talk(before)), about(talk(now), hash="r2")
    then = replace(then, article=article or then.article)
    basis = checked(await made.draft(first, BRIEF, nobody), first)
    estimate, told, said = await compared(made, model, then, BRIEF, basis)

    assert DeltaReply in [p.shape for p in model.asked] or now == before
    assert 0.7 * told <= estimate.tokens_in <= 2 * told
    assert said <= estimate.tokens_out


async def test_an_estimate_has_the_price_of_its_tokens() -> None:
    """
    The model's own price; unknown where it has none.
    """
    made, model = digester()
    estimate = await made.estimate(about(talk(10)), BRIEF)
    model.price = None
    unknown = await made.estimate(about(talk(10)), BRIEF)

    assert ("scripted", Decimal(estimate.tokens_in + estimate.tokens_out) / 10**6) == (
        estimate.model,
        estimate.cost,
    )
    assert unknown == replace(estimate, cost=None)


async def test_where_nothing_is_asked_nothing_is_reckoned_with() -> None:
    """
    Two comments and no article need no model.
    """
    made, _ = digester()

    assert Estimate("scripted", 0, 0, Decimal(0)) == await made.estimate(
        replace(about(talk(2)), article=None), BRIEF
    )


async def test_a_bill_says_what_a_draft_has_cost() -> None:
    """
    Tokens and dollars of the draft itself.
    """
    made, _ = digester()
    bill = Bill()
    draft = await made.draft(about(talk(1_000)), BRIEF, nobody, bill=bill)

    assert Bill(draft.tokens_in, draft.tokens_out, draft.cost) == bill
    assert bill.tokens_in > 0


async def test_a_bill_says_what_a_failed_draft_has_cost() -> None:
    """
    The merge fails: six parts and the article are paid for.
    """

    def fail(answer: object) -> object:
        return ModelBusy(retry_after=3) if type(answer).__name__ == "MergeReply" else answer

    made, model = digester(edit=fail)
    bill = Bill()
    with pytest.raises(ModelBusy):
        await made.draft(about(talk(1_000)), BRIEF, nobody, bill=bill)

    paid = model.asked[:-1]
    told = sum(model.count(p.system) + model.count(p.user) for p in paid)
    assert Bill(told, 10 * 7, Decimal("0.007")) == bill
