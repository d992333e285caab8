"""What a digest costs, whom, and what happens where it may cost nothing more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.core.digesting import Request
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Brief, Digested, Engine
from bot.core.money import OPERATOR, Spender
from bot.errors import ModelTimeout, OverBudget, PageNotFound, TooManyAsks
from tests.core.test_digesting import DRAFT, EXTRACTS, LINK, READING, House
from tests.fakes import READ_AT, nobody

ANNE = Spender(user=1, guild=10, channel=20)
BERT = Spender(user=2, guild=10, channel=20)
PAID = replace(DRAFT, tokens_in=800, tokens_out=90, cost=Decimal("0.0123"))
OVER = OverBudget(budget="guild-day", resets="2026-01-16")


def house(*drafts: Any, extracts: int = 0) -> House:
    made = House()
    made.reader.answers.extend([READING, READING])
    made.model.answers.extend(drafts)
    made.extractive.answers.extend([EXTRACTS] * extracts)
    return made


async def ask(house: House, spender: Spender = ANNE, **facts: Any) -> Digested:
    brief = Brief(engine=facts.pop("engine", Engine.AUTO))
    return await house.digesting.digest(Request(LINK, PUBLIC, brief, **facts), nobody, spender)


async def test_what_a_digest_costs_is_held_before_and_taken_after() -> None:
    """
    Reserved as reckoned, settled as billed, for the one who asked.
    """
    at = house(PAID)
    await ask(at)
    (charge,) = at.purse.made

    assert (ANNE, "town.example", "m", 10_000, READ_AT) == (
        charge.spender,
        charge.site,
        charge.model,
        charge.amount,
        charge.at,
    )
    assert [(12_300, 890)] == at.purse.ended


async def test_what_is_kept_costs_nothing_and_is_no_ask() -> None:
    """
    The second time nothing is reserved and nothing counted.
    """
    at = house(PAID)
    await ask(at)
    await ask(at, BERT)

    assert (1, [1]) == (len(at.purse.made), at.purse.counted)


async def test_unchanged_comments_cost_nothing() -> None:
    """
    A refresh that finds nothing new is an ask, and free.
    """
    at = house(PAID)
    await ask(at)
    await ask(at, BERT, fresh=True)

    assert (1, [1, 2]) == (len(at.purse.made), at.purse.counted)


async def test_extracts_cost_nothing() -> None:
    """
    Whoever asks for extracts meets no budget.
    """
    at = house(extracts=1)
    at.purse.refusals.append(OVER)
    await ask(at, engine=Engine.EXTRACTIVE)

    assert [] == at.purse.made


async def test_who_joins_a_run_does_not_pay() -> None:
    """
    Two at once: both are counted, the first one pays.
    """
    at = house(PAID)
    await asyncio.gather(ask(at, ANNE), ask(at, BERT))

    assert [ANNE] == [charge.spender for charge in at.purse.made]
    assert [1, 2] == at.purse.counted


async def test_without_a_price_tokens_are_noted() -> None:
    """
    An unknown price holds nothing and takes nothing; it is not taken for a price of nothing.
    """
    at = house(replace(PAID, cost=None))
    at.model.reckoned = None
    await ask(at)

    assert (None, [(None, 890)]) == (at.purse.made[0].amount, at.purse.ended)


class TestFailure:
    async def test_nothing_paid_is_given_back(self) -> None:
        """
        The model could not be reached: refunded; the extracts made instead are free.
        """
        at = house(ModelTimeout(seconds=1), extracts=1)
        await ask(at)

        assert [None] == at.purse.ended

    async def test_what_was_paid_before_is_paid(self) -> None:
        """
        The model failed at the third question: the first two cost what they cost.
        """
        at = house(ModelTimeout(seconds=1), extracts=1)
        at.model.wasted = Decimal("0.002")
        await ask(at)

        assert [(2_000, 1)] == at.purse.ended

    @pytest.mark.parametrize(
        ("wasted", "ended"), [(Decimal(0), None), (Decimal("0.002"), (2_000, 1))]
    )
    async def test_a_run_that_is_stopped(self, wasted: Decimal, ended: object) -> None:
        """
        Cancelled in the middle, as at a stop: what was spent by then is settled, nothing stays held.
        """
        at = house(asyncio.CancelledError())
        at.model.wasted = wasted
        with pytest.raises(asyncio.CancelledError):
            await ask(at)

        assert [ended] == at.purse.ended

    async def test_a_bug_is_paid_for_too(self) -> None:
        """
        Whatever ends a run, the reservation ends with it.
        """
        at = house(ZeroDivisionError())
        with pytest.raises(ZeroDivisionError):
            await ask(at)

        assert [None] == at.purse.ended


class TestOverBudget:
    async def test_there_are_extracts_that_say_so(self) -> None:
        """
        The model is not asked; which budget, and when it starts anew, stands on the digest.
        """
        at = house(extracts=1)
        at.purse.refusals.append(OVER)
        made = await ask(at)

        assert Gap(GapCode.OVER_BUDGET, "guild-day/2026-01-16") in made.digest.gaps
        assert (Engine.EXTRACTIVE, []) == (made.digest.made.engine, at.model.asked)
        assert await at.digesting.kept(made.digest.key) == made

    async def test_they_are_not_kept_as_the_real_thing(self) -> None:
        """
        Once there is room again the model is asked, and nothing is read anew.
        """
        at = house(PAID, extracts=1)
        at.purse.refusals.append(OVER)
        await ask(at)
        made = await ask(at)

        assert (Engine.LLM, [LINK]) == (made.digest.made.engine, at.reader.asked)

    async def test_the_same_extracts_are_made_once(self) -> None:
        """
        Who asks again meets the same budget, and gets what was made then.
        """
        at = house(extracts=1)
        at.purse.refusals.extend([OVER, OVER])

        assert await ask(at) == await ask(at, fresh=True)

    async def test_another_budget_has_extracts_of_its_own(self) -> None:
        """
        One person's budget is not said to be another's.
        """
        at = house(extracts=2)
        at.purse.refusals.extend([OVER, OverBudget(budget="person-day", resets="2026-01-16")])
        first, second = await ask(at), await ask(at, BERT)

        assert first.digest.key != second.digest.key
        assert first == await at.digesting.kept(first.digest.key)

    async def test_what_is_kept_is_served(self) -> None:
        """
        A digest that is there needs no budget.
        """
        at = house(PAID)
        first = await ask(at)
        at.purse.refusals.append(OVER)

        assert first == await ask(at)

    async def test_who_insists_on_the_model_hears_when(self) -> None:
        """
        With `--engine llm` it is an error; what was read is kept.
        """
        at = house()
        at.purse.refusals.append(OVER)
        with pytest.raises(OverBudget):
            await ask(at, engine=Engine.LLM)

        assert (await at.shelf.latest(LINK, PUBLIC)) is not None

    @pytest.mark.parametrize("fresh", [False, True])
    async def test_the_budget_of_one_is_not_that_of_who_joined(self, fresh: bool) -> None:
        """
        The first to ask has none left: the second one's run is their own, and they pay; one read serves both.
        """
        at = house(PAID, extracts=1)
        at.purse.refusals.append(OVER)
        anne, bert = await asyncio.gather(ask(at, ANNE, fresh=fresh), ask(at, BERT, fresh=fresh))

        assert (Engine.EXTRACTIVE, Engine.LLM) == (anne.digest.made.engine, bert.digest.made.engine)
        assert [BERT] == [charge.spender for charge in at.purse.made]
        assert [LINK] == at.reader.asked


class TestAsks:
    async def test_too_many_are_refused_before_anything_is_read(self) -> None:
        """
        The ceiling stands before the site.
        """
        at = house()
        at.purse.too_many = TooManyAsks(limit=30, minutes=12)
        with pytest.raises(TooManyAsks):
            await ask(at)

        assert [] == at.reader.asked

    async def test_the_operator_may_ask_as_often_as_they_like(self) -> None:
        """
        The command line is nobody's hour.
        """
        at = house(PAID)
        at.purse.too_many = TooManyAsks(limit=30, minutes=12)
        await ask(at, OPERATOR)

        assert [OPERATOR] == [charge.spender for charge in at.purse.made]

    async def test_an_ask_that_fails_is_an_ask(self) -> None:
        """
        Reading costs the site something, whatever comes of it.
        """
        at = house()
        at.reader.answers.appendleft(PageNotFound(host="town.example"))
        with pytest.raises(PageNotFound):
            await ask(at)

        assert [1] == at.purse.counted


@pytest.mark.parametrize(
    ("target", "url", "site"),
    [
        ("https://www.town.example/lane", None, "town.example"),
        ("https://discord.com/channels/1/2", None, "discord.com"),
        ("paste:1", "https://town.example/x", "town.example"),
        ("paste:1", None, ""),
        ("paste:1", "https://[bad", ""),
        ("paste:1", "https://`@everyone`/", ""),
    ],
)
async def test_a_charge_knows_the_site(target: str, url: str | None, site: str) -> None:
    """
    The host and no more; none for a file, nor for an address a page makes up.
    """
    at = house(PAID)
    article = replace(READING.article, url=url)  # type: ignore[type-var]
    places = tuple(replace(place, url=url) for place in READING.discussions)
    at.reader.answers.appendleft(
        replace(READING, target=target, article=article, discussions=places)
    )
    if target.startswith("paste:"):
        target = await at.digesting.paste(b"x", "x.txt", PUBLIC, None)
    await at.digesting.digest(Request(target, PUBLIC, Brief()), nobody, ANNE)

    assert [site] == [charge.site for charge in at.purse.made]
