"""From an order to its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.answering import Answering
from bot.core.fulfilling import Fulfilling
from bot.core.models import PUBLIC, Brief
from bot.core.money import Spender
from bot.core.passages import Passage
from bot.core.ports import Address, Order, Outcome, Question
from bot.errors import Expired, TooManyAsks
from tests.core.test_digesting import LINK, READING, House
from tests.core.test_spending import PAID, house
from tests.fakes import READ_AT, nobody

ORDER = Order("o1", LINK, Brief(), PUBLIC, 7, Address(channel=20, guild=10), False, READ_AT, (8, 9))
TOO_MANY = TooManyAsks(limit=30, minutes=12)


class FirstPassages:
    """An index that finds the first passages, whatever is looked for."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Passage]] = {}

    async def keep(self, reading: str, some: Sequence[tuple[Passage, str]]) -> None:
        self.kept[reading] = [passage for passage, _ in some]

    async def has(self, reading: str) -> bool:
        return reading in self.kept

    async def find(self, reading: str, beginnings: Sequence[str], most: int) -> list[Passage]:
        return self.kept[reading][:most]


def asked(text: str = "Who?", reading: str | None = None, link: str = LINK) -> Order:
    return replace(ORDER, target=link, question=Question(text, reading))


def fulfilling(at: House) -> Fulfilling:
    answering = Answering(FirstPassages(), None, None, at.till)
    return Fulfilling(at.digesting, answering, at.till)


@pytest.mark.parametrize(("again", "counted"), [(False, [7]), (True, [])])
async def test_an_order_is_counted_once(again: bool, counted: list[int]) -> None:
    """
    One that is taken up after a crash has been counted; it pays with the roles it was given with.
    """
    at = house(PAID)
    ended = await fulfilling(at).run(replace(ORDER, again=again), nobody)

    assert ended == Outcome(digest=ended.digest)
    assert counted == at.purse.counted
    assert [Spender(7, 10, 20, (8, 9), "o1")] == [c.spender for c in at.purse.made]


async def test_a_question_is_answered_from_what_is_kept_or_read_for_it() -> None:
    """
    The outcome is the answer, with the reading it rests on.
    """
    at = house(PAID)
    first, second = [await fulfilling(at).run(asked(), nobody) for _ in range(2)]

    assert first.answered
    assert second.answered
    assert READING.hash == first.answered.reading == second.answered.reading
    assert ("Who?", True) == (first.answered.answer.question, bool(first.answered.answer.passages))
    assert [LINK] == at.reader.asked


async def test_a_question_about_one_reading_is_answered_from_that_one() -> None:
    """
    However old: a card's own words are asked about. One that is no longer kept has expired.
    """
    at = house(PAID)
    await fulfilling(at).run(ORDER, nobody)
    ended = await fulfilling(at).run(asked(reading=READING.hash, link=LINK + "/2"), nobody)

    assert ended.answered
    assert READING.hash == ended.answered.reading
    with pytest.raises(Expired):
        await fulfilling(at).run(asked(reading="0" * 24), nobody)


async def test_a_question_is_an_ask_where_something_must_be_read_for_it() -> None:
    """
    Else a person could have any number of sites read by asking about them. After a crash it has been counted.
    """
    at = house(PAID)
    await fulfilling(at).run(asked(), nobody)
    assert [7] == at.purse.counted
    at.purse.too_many = TOO_MANY
    await fulfilling(at).run(asked(), nobody)
    with pytest.raises(TooManyAsks):
        await fulfilling(at).run(asked(link=LINK + "/2"), nobody)

    assert [LINK] == at.reader.asked
