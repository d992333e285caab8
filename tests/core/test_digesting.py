"""The flow of a digest: who is asked when, and what is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.digesting import Digesting, Request
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Audience, Brief, Cid, Claim, Digested, Draft, Engine, Length
from bot.core.money import Limits, OperatorBudgets
from bot.core.till import Till
from bot.errors import ModelTimeout, NoKey, NothingToSummarize, PageNotFound
from tests.conftest import SteadyClock
from tests.fakes import READ_AT, FakeDigester, FakePurse, FakeReader, FakeShelf, nobody, reading

LINK = "https://town.example/lane"
READING = reading("Good lane.", "Bad lane.", "What lane?")
DRAFT = Draft(
    "A lane opens.",
    (),
    claims=(Claim("Good", "", "other", ("1",), ()),),
    ids={"1": Cid("page:1")},
    model="m",
)
EXTRACTS = Draft("A lane opens.", (), voices=((Cid("page:1"), "Good lane."),))


class House:
    """Everything `Digesting` needs, in memory."""

    def __init__(self, *, model: bool = True) -> None:
        self.clock = SteadyClock(READ_AT)
        self.reader = FakeReader()
        self.shelf = FakeShelf()
        self.model = FakeDigester("llm/m/p1")
        self.extractive = FakeDigester("extractive/1")
        self.purse = FakePurse()
        self.till = Till(self.purse, OperatorBudgets(Limits(asks_per_hour=30)), self.clock)
        self.digesting = Digesting(
            reader=self.reader,
            shelf=self.shelf,
            clock=self.clock,
            extractive=self.extractive,
            model=self.model if model else None,
            till=self.till,
        )

    async def ask(self, *, fresh: bool = False, **brief: object) -> Digested:
        request = Request(LINK, PUBLIC, replace(Brief(), **brief), fresh)  # type: ignore[arg-type]
        return await self.digesting.digest(request, nobody)


async def test_the_second_request_asks_nobody() -> None:
    """
    A second identical request costs no fetch and no model call.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.append(DRAFT)

    first = await house.ask()

    assert first == await house.ask()
    assert ([LINK], 1) == (house.reader.asked, len(house.model.asked))


async def test_another_language_reads_nothing_again() -> None:
    """
    Another language needs the model, not the site.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.extend([DRAFT, DRAFT])

    await house.ask()
    await house.ask(language="fr")

    assert [LINK] == house.reader.asked
    assert ["en", "fr"] == [brief.language for _, brief in house.model.asked]


async def test_another_language_goes_on_from_the_first() -> None:
    """
    The digest that stands is what the digester is given to translate; nothing has changed since.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.extend([DRAFT, DRAFT])

    first = await house.ask()
    second = await house.ask(language="fr")

    assert [None, first.digest.key] == house.model.bases
    assert second.digest.changes is None


async def test_a_refresh_goes_on_from_the_digest_before_and_says_what_changed() -> None:
    """
    The newest digest of an earlier reading, in the same language and length, is given; the difference is counted.
    """
    house = House()
    more = reading("Good lane.", "Bad lane.", "What lane?", "Nice lane.", hash="r2")
    house.reader.answers.extend([READING, more])
    house.model.answers.extend([DRAFT, DRAFT, DRAFT])

    await house.ask(length=Length.SHORT)
    house.clock.tick(timedelta(minutes=1))
    first = await house.ask()
    second = await house.ask(fresh=True)

    assert [None, None, first.digest.key] == house.model.bases
    assert second.digest.changes is not None
    assert (first.digest.made.at, 1) == (
        second.digest.changes.since,
        second.digest.changes.comments_new,
    )


async def test_deleted_comments_leave_with_the_next_refresh() -> None:
    """
    A comment that its source deleted is in no reading and no digest any more once there is a new one.
    """
    house = House()
    fewer = reading("Good lane.", "Bad lane.", hash="r2")
    house.reader.answers.extend([READING, fewer])
    house.model.answers.extend([DRAFT, DRAFT, DRAFT])

    first = await house.ask()
    await house.ask(language="fr")
    second = await house.ask(fresh=True)

    assert None is await house.digesting.kept(first.digest.key)
    assert (["r2"], [second.digest.key]) == (list(house.shelf.readings), list(house.shelf.digests))
    assert first.digest.key == house.model.bases[2]  # it was still there to go on from


async def test_a_new_comment_takes_nothing_away() -> None:
    """
    Buttons of a card that stands go on working while comments only come.
    """
    house = House()
    more = reading("Good lane.", "Bad lane.", "What lane?", "New lane.", hash="r2")
    house.reader.answers.extend([READING, more])
    house.model.answers.extend([DRAFT, DRAFT])

    first = await house.ask()
    await house.ask(fresh=True)

    assert None is not await house.digesting.kept(first.digest.key)


async def test_a_translation_says_what_changed_too() -> None:
    """
    Who reads in French hears what is new since the French digest before, though this one is translated from English.
    """
    house = House()
    more = reading("Good lane.", "Bad lane.", "What lane?", "Nice lane.", hash="r2")
    house.reader.answers.extend([READING, more])
    house.model.answers.extend([DRAFT] * 4)

    await house.ask()
    french = await house.ask(language="fr")
    house.clock.tick(timedelta(minutes=1))
    english = await house.ask(fresh=True)
    again = await house.ask(language="fr")

    assert english.digest.key == house.model.bases[3]
    assert again.digest.changes is not None
    assert (french.digest.made.at, 1) == (
        again.digest.changes.since,
        again.digest.changes.comments_new,
    )


async def test_extracts_are_no_basis() -> None:
    """
    After a failure of the model the next digest starts from nothing.
    """
    house = House()
    house.reader.answers.extend([READING, reading("New.", "Newer.", "Newest.", hash="r2")])
    house.model.answers.extend([ModelTimeout(seconds=180), DRAFT])
    house.extractive.answers.append(EXTRACTS)

    await house.ask()
    second = await house.ask(fresh=True)

    assert [None, None] == house.model.bases
    assert second.digest.changes is None


async def test_unsaid_language_is_the_articles() -> None:
    """
    Who names no language gets the article's, and shares its digest with who names it.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.append(DRAFT)

    assert await house.ask() == await house.ask(language="en")


async def test_an_old_reading_is_read_again() -> None:
    """
    Once a reading is no longer fresh the site is asked; unchanged content costs no model call.
    """
    house = House()
    house.reader.answers.extend([READING, READING])
    house.model.answers.append(DRAFT)

    await house.ask()
    house.clock.tick(timedelta(days=2))
    await house.ask()

    assert ([LINK, LINK], 1) == (house.reader.asked, len(house.model.asked))


async def test_refresh_goes_past_what_is_kept() -> None:
    """
    A fresh request reads again at once, and drafts again when something changed.
    """
    house = House()
    house.reader.answers.extend([READING, reading("New.", "Newer.", "Newest.", hash="r2")])
    house.model.answers.extend([DRAFT, DRAFT])

    await house.ask()
    await house.ask(fresh=True)

    assert ["r1", "r2"] == [hash for hash, _ in house.model.asked]


async def test_a_digest_says_how_many_comments_came_since() -> None:
    """
    Counted against the newest reading that is kept, whoever had it read; its own reading has none besides.
    """
    house = House()
    more = reading("Good lane.", "Bad lane.", "What lane?", "My lane.", "Our lane.", hash="r2")
    house.reader.answers.extend([READING, replace(more, read_at=READ_AT + timedelta(hours=2))])
    house.model.answers.append(DRAFT)
    key = (await house.ask()).digest.key
    before = await house.digesting.kept(key)
    await house.digesting.read(LINK, PUBLIC, nobody)
    after = await house.digesting.kept(key)

    assert before
    assert after
    assert (0, 2) == (before.newer, after.newer)


async def test_two_at_once_share_one_run() -> None:
    """
    Two who ask for the same thing at the same time cost one fetch and one model call.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.append(DRAFT)

    first, second = await asyncio.gather(house.ask(), house.ask())

    assert first == second
    assert ([LINK], 1) == (house.reader.asked, len(house.model.asked))


async def test_a_failure_is_not_kept_and_releases_everyone() -> None:
    """
    Everyone waiting hears of the failure; the next one to ask starts anew.
    """
    house = House()
    house.reader.answers.extend([PageNotFound(host="town.example"), READING])
    house.model.answers.append(DRAFT)

    both = await asyncio.gather(house.ask(), house.ask(), return_exceptions=True)

    assert [PageNotFound, PageNotFound] == [type(error) for error in both]
    await house.ask()
    assert 2 == len(house.reader.asked)


async def test_model_failure_gives_extracts_that_are_not_served_again() -> None:
    """
    When the model fails the answer is marked extracts; the next request tries the model again, not the site.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.extend([ModelTimeout(seconds=180), DRAFT])
    house.extractive.answers.append(EXTRACTS)

    first = await house.ask()
    second = await house.ask()

    assert Gap(GapCode.MODEL_FAILED, "ModelTimeout") in first.digest.gaps
    assert Engine.EXTRACTIVE is first.digest.made.engine
    assert Engine.LLM is second.digest.made.engine
    assert [LINK] == house.reader.asked
    assert await house.digesting.kept(first.digest.key) == first


async def test_who_insists_on_the_model_is_told_why_it_failed() -> None:
    """
    With `--engine llm` there is no fallback; what was read is kept all the same.
    """
    house = House()
    house.reader.answers.append(READING)
    house.model.answers.extend([ModelTimeout(seconds=180), DRAFT])

    with pytest.raises(ModelTimeout):
        await house.ask(engine=Engine.LLM)
    await house.ask(engine=Engine.LLM)

    assert [LINK] == house.reader.asked


async def test_without_a_model_there_are_extracts_and_it_is_said() -> None:
    """
    No key: extracts, marked; insisting on the model is an error.
    """
    house = House(model=False)
    house.reader.answers.append(READING)
    house.extractive.answers.append(EXTRACTS)

    digested = await house.ask()

    assert GapCode.NO_MODEL in {gap.code for gap in digested.digest.gaps}
    with pytest.raises(NoKey):
        await house.ask(engine=Engine.LLM)


async def test_copied_text_is_parsed_once_and_never_fetched() -> None:
    """
    A copied text is digested from what was kept when it came in, for its own audience only.
    """
    house = House()
    here = Audience(guild=1, channel=2)
    house.reader.answers.append(READING)
    house.model.answers.append(DRAFT)

    target = await house.digesting.paste(b"copied", "page.txt", here, None)
    assert target == await house.digesting.paste(b"copied", "again.txt", here, None)
    house.clock.tick(timedelta(days=400))
    digested = await house.digesting.digest(Request(target, here, Brief(), fresh=True), nobody)

    assert ["page.txt"] == house.reader.asked
    assert (target, here) == (digested.reading.target, digested.reading.audience)
    with pytest.raises(NothingToSummarize):
        await house.digesting.digest(Request(target, Audience(guild=9), Brief()), nobody)
