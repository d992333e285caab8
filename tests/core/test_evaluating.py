"""Readings through a digester: what is asked, what is measured, and what a failure does to the rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.core.evaluating import Case, Evaluating, Row
from bot.core.measuring import GoldPosition, Rate
from bot.core.models import Cid, Cited
from bot.core.positions import ModelDigester
from bot.core.shapes import ArticleReply, DigestReply, MapReply, View
from bot.errors import ModelBusy, NothingFound
from bot.llm.prompts import PromptFolder
from tests.core.scripted import Edit, ScriptedModel, lines
from tests.fakes import comment, reading

TEXTS = (
    "No parking is left for anybody.",
    "Safe for children at last.",
    "Where will the parking be now?",
    "The children and the parking!",
    "Good morning to you all.",
    "Children first, I always say.",
)
READING = reading(*TEXTS)
VIEWS = ("parking", "hildren")
PROMPTS = PromptFolder()


def english(_: str) -> str:
    return "en"


async def evaluate(model: ScriptedModel, *cases: Case, at_once: int = 8) -> list[Row]:
    digester = ModelDigester(model, PROMPTS)
    evaluating = Evaluating(digester, language="", detect=english, at_once=at_once)
    return await evaluating.rows(cases, lambda: None)


def lying(edit: Edit) -> ScriptedModel:
    return ScriptedModel(VIEWS, edit=edit)


async def test_three_orders_are_asked() -> None:
    """
    As read, backwards, and with the first third last; the same model in each gives the same positions.
    """
    model = ScriptedModel(VIEWS)
    [row] = await evaluate(model, Case("a", READING))

    said = [list(lines(prompt.user).values()) for prompt in model.asked]
    assert [list(TEXTS), list(TEXTS[::-1]), [*TEXTS[2:], *TEXTS[:2]]] == said
    assert row.figures is not None
    assert 1.0 == row.figures.stability.share
    assert 5 / 6 == row.figures.placed.share
    assert row.error is None


async def test_tokens_and_cost_are_of_one_digest() -> None:
    """
    What the other orders took is not what a digest costs.
    """
    [row] = await evaluate(ScriptedModel(VIEWS), Case("a", READING))

    assert row.figures is not None
    assert (10, "0.001") == (row.figures.tokens_out, str(row.figures.cost))


async def test_a_model_that_follows_the_order() -> None:
    """
    One position of the first three comments, whoever they are: {123} {654} {345} agree in 0, 1/3 and 2/3.
    """

    def first_three(value: object) -> object:
        view = View((Cited("1", "x"),), "The first.", ("1", "2", "3"))
        return replace(value, positions=(view,)) if isinstance(value, DigestReply) else value

    [row] = await evaluate(lying(first_three), Case("a", READING))

    assert row.figures is not None
    # F1 of {123} and {654}: 0; of {123} and {345}: 2/6; of {654} and {345}: 4/6
    assert abs((0 + 1 / 3 + 2 / 3) / 3 - (row.figures.stability.share or 0)) < 1e-9
    assert Rate(0, 1) == row.figures.quotes_before


async def test_a_reading_that_fails_is_a_row() -> None:
    """
    Neither a file that cannot be read nor a model that fails ends the others.
    """

    def busy(value: object) -> object:
        return ModelBusy(retry_after=None) if isinstance(value, ArticleReply) else value

    two = reading("One.", "Two.")
    rows = await evaluate(
        lying(busy), Case("file", NothingFound()), Case("two", two), Case("six", READING)
    )

    assert ["file", "two", "six"] == [row.name for row in rows]
    assert ["NothingFound", "ModelBusy", None] == [row.error and row.error.code for row in rows]
    assert [False, False, True] == [row.figures is not None for row in rows]


async def test_another_order_that_fails_costs_stability_only() -> None:
    """
    The figures of the reading stay; the error is told all the same.
    """
    asked = 0

    def once(value: object) -> object:
        nonlocal asked
        asked += 1
        return value if asked == 1 else ModelBusy(retry_after=None)

    [row] = await evaluate(lying(once), Case("a", READING))

    assert row.figures is not None
    assert row.figures.stability.share is None
    assert 1.0 == row.figures.quotes_before.share
    assert isinstance(row.error, ModelBusy)


async def test_a_bug_is_a_row_too(caplog: pytest.LogCaptureFixture) -> None:
    """
    What the other readings have cost is not lost with one that breaks us.
    """
    rows = await evaluate(lying(lambda _: ZeroDivisionError()), Case("a", READING))

    assert ["Unexpected"] == [row.error and row.error.code for row in rows]
    assert "ZeroDivisionError" in caplog.text


async def test_nobody_asks_thrice_about_an_article() -> None:
    """
    Below three comments there are no positions: no order to compare.
    """
    model = ScriptedModel(VIEWS)
    [row] = await evaluate(model, Case("a", reading("One.", "Two.")))

    assert 1 == len(model.asked)
    assert row.figures is not None
    assert [None] * 4 == [
        rate.share
        for rate in (
            row.figures.quotes_before,
            row.figures.placed,
            row.figures.stability,
            row.figures.coverage,
        )
    ]


async def test_no_more_at_once_than_allowed() -> None:
    """
    Ten readings, two at a time.
    """

    async def pause() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    model = ScriptedModel(VIEWS, wait=pause)
    await evaluate(model, *(Case(str(n), READING) for n in range(10)), at_once=2)

    assert (30, 2) == (len(model.asked), model.most_at_once)


async def test_gold_beside_a_reading() -> None:
    """
    Parking is found; the view of the fifth comment alone is lost, and nobody took a side.
    """
    gold = (
        GoldPosition(frozenset(map(Cid, ("page:1", "page:3", "page:4"))), stance="against"),
        GoldPosition(frozenset({Cid("page:5")}), stance="for"),
    )
    [row] = await evaluate(ScriptedModel(VIEWS), Case("a", READING, gold))

    assert row.figures is not None
    assert (Rate(1, 2), Rate(1, 2), Rate(0, 1), Rate(0, 1)) == (
        row.figures.coverage,
        row.figures.precision,
        row.figures.lone_views,
        row.figures.stance,
    )


async def test_misquotes_of_a_large_thread_are_seen_before_they_are_sorted_out() -> None:
    """
    A thread read in parts: of the two quotes each part gives, one is misquoted; half were true.
    """
    some = tuple(comment(n, f"{TEXTS[n % 6]} Says {chr(97 + n % 26) * 9} {n}.") for n in range(400))
    large = replace(READING, discussions=(replace(READING.discussions[0], comments=some),))

    def misquoting(value: object) -> object:
        if not isinstance(value, MapReply):
            return value
        first, *rest = value.positions
        quote = replace(first.quotes[0], words="Nobody ever said this.")
        return replace(value, positions=(replace(first, quotes=(quote,)), *rest))

    [row] = await evaluate(lying(misquoting), Case("a", large))

    assert row.figures is not None
    assert row.figures.quotes_before.of > 2
    assert (0.5, 1.0) == (row.figures.quotes_before.share, row.figures.quotes_after.share)
