"""What a model is asked about a reading, and what becomes of its replies."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from bot.core.gaps import GapCode
from bot.core.grounding import ground
from bot.core.models import (
    Article,
    Brief,
    Cid,
    Comment,
    Digested,
    Discussion,
    Draft,
    Engine,
    Length,
    Made,
    Reading,
    State,
)
from bot.core.ports import Bill, Progress, Stage
from bot.core.positions import ModelDigester
from bot.core.shapes import (
    ArticleReply,
    DeltaReply,
    DigestReply,
    MapReply,
    MergeReply,
    TranslateReply,
    WriteReply,
)
from bot.errors import ModelBusy, ReplyInvalid, ThreadTooLong
from bot.llm.prompts import PromptFolder
from tests.core.scripted import ScriptedModel, lines
from tests.fakes import READ_AT, comment, nobody, reading

VIEWS = ("parking", "children", "shops")
BRIEF = Brief("en")
PROMPTS = PromptFolder()


def talk(count: int, first: int = 0) -> list[Comment]:
    """*count* comments: two in five speak of parking, one of children, one of both, the last of neither."""
    said = ("No parking left.", "Where is the parking?", "Safe for children.")
    more = ("The children and the parking.", "Hello there.")
    texts = (*said, *more)
    return [
        comment(n, f"{texts[n % 5]} Says {chr(97 + n % 26) * (n // 26 + 1)}.")
        for n in range(first, first + count)
    ]


def about(*places: list[Comment], hash: str = "r1") -> Reading:
    discussions = tuple(
        Discussion(f"p{n}", None, None, None, tuple(some)) for n, some in enumerate(places)
    )
    return replace(reading(hash=hash), discussions=discussions)


def digester(**facts: Any) -> tuple[ModelDigester, ScriptedModel]:
    budget = facts.pop("budget", 1_000_000)
    model = ScriptedModel(VIEWS, **facts)
    return ModelDigester(model, PROMPTS, budget), model


def checked(draft: Draft, of: Reading, key: str = "k1", brief: Brief = BRIEF) -> Digested:
    made = Made(Engine.LLM, "m", "p", 0, 0, None, 0.0, READ_AT)
    return Digested(of, ground(draft, of, brief, key=key, made=made))


def held(digested: Digested) -> dict[str, set[Cid]]:
    return {position.label: set(position.comments) for position in digested.digest.positions}


def saying(of: Reading, word: str) -> set[Cid]:
    return {comment.id for comment in of.readable if word in comment.text}


def asked(model: ScriptedModel) -> list[type[object]]:
    return [prompt.shape for prompt in model.asked]


def test_label_names_model_and_prompts() -> None:
    """
    A digest is kept under the model and the prompts that made it.
    """
    assert f"llm/scripted/{PROMPTS.version}" == digester()[0].label


class TestOneCall:
    async def test_a_thread_that_fits_is_one_question(self) -> None:
        """
        Ten comments and their article: one call, everyone placed where they belong.
        """
        made, model = digester()
        said = about(talk(10))
        digested = checked(await made.draft(said, BRIEF, nobody), said)

        assert [DigestReply] == asked(model)
        assert {
            "They say parking.": saying(said, "parking"),
            "They say children.": saying(said, "children"),
        } == held(digested)
        assert ("The article.", ("A point.",), "Is it good?", "Two sides.") == (
            digested.digest.tldr,
            digested.digest.points,
            digested.digest.question,
            digested.digest.divide,
        )
        assert saying(said, "Hello") == set(digested.digest.unplaced)

    @pytest.mark.parametrize("length", Length)
    async def test_the_brief_reaches_the_model_last(self, length: Length) -> None:
        """
        Language and length come after the data: what comes before is the same for everybody.
        """
        made, model = digester()
        await made.draft(about(talk(5)), Brief("fr", length), nobody)
        (prompt,) = model.asked

        assert PROMPTS.render("digest.system") == prompt.system
        assert prompt.user.startswith("<article>")
        assert prompt.user.index("</comments>") < prompt.user.index('code "fr"')
        assert prompt.user.endswith(PROMPTS.render(f"digest.size.{length.value}"))

    @pytest.mark.parametrize("count", [0, 1, 2])
    async def test_too_few_for_positions(self, count: int) -> None:
        """
        With fewer than three comments only the article is asked about; the comments speak for themselves.
        """
        made, model = digester()
        said = about(talk(count))
        draft = await made.draft(said, BRIEF, nobody)

        assert [ArticleReply] == asked(model)
        assert ((), "The article.") == (draft.claims, draft.tldr)
        assert [c.text for c in said.readable] == [words for _, words in draft.voices]

    async def test_nothing_to_ask(self) -> None:
        """
        Two comments and no article: the model is not asked at all.
        """
        made, model = digester()
        draft = await made.draft(replace(about(talk(2)), article=None), BRIEF, nobody)

        assert ([], 0, 2) == (model.asked, draft.tokens_in, len(draft.voices))

    async def test_copies_count_and_are_paid_once(self) -> None:
        """
        A text sent five times is one line, and five comments of its position.
        """
        copy = "Give us back the parking that we had before the works began."
        said = about([*talk(5), *(comment(n, copy) for n in range(50, 55))])
        made, model = digester()
        digested = checked(await made.draft(said, BRIEF, nobody), said)

        assert 6 == len(lines(model.asked[0].user))
        assert saying(said, "parking") == held(digested)["They say parking."]

    async def test_two_discussions_are_digested_apart(self) -> None:
        """
        A view held on the page and in the forum is a position in each.
        """
        said = about(talk(5), talk(5, 100))
        made, _ = digester()
        digested = checked(await made.draft(said, BRIEF, nobody), said)
        places = [{said.place_of[c] for c in p.comments} for p in digested.digest.positions]

        assert [1, 1, 1, 1] == list(map(len, places))
        assert ["They say children."] * 2 + ["They say parking."] * 2 == sorted(
            p.label for p in digested.digest.positions
        )


class TestInParts:
    async def test_a_large_thread_is_mapped_merged_and_written(self) -> None:
        """
        A thousand comments: the article and all chunks, then the labels, then the words; every comment is read once.
        """
        made, model = digester()
        said = about(talk(1_000))
        digested = checked(await made.draft(said, BRIEF, nobody), said)
        kinds = asked(model)

        assert [ArticleReply, MapReply, MergeReply, WriteReply] == list(dict.fromkeys(kinds))
        assert 1_000 == sum(len(lines(p.user)) for p in model.asked if p.shape is MapReply)
        assert {
            "They say parking.": saying(said, "parking"),
            "They say children.": saying(said, "children"),
        } == held(digested)
        assert saying(said, "Hello") == set(digested.digest.unplaced)
        assert "Because." == digested.digest.positions[0].summary
        assert all(q.end for p in digested.digest.positions for q in p.quotes)

    async def test_all_chunks_are_asked_at_once(self) -> None:
        """
        No answer comes before every chunk and the article have been asked; two more questions follow, one by one.
        """
        told: list[Progress] = []
        gate = asyncio.Event()

        async def wait() -> None:
            if model.at_once == cast("int", told[-1].total) - 2:
                gate.set()
            await gate.wait()

        made, model = digester(wait=wait)
        await asyncio.wait_for(made.draft(about(talk(1_000)), BRIEF, told.append), 5)

        assert [MergeReply, WriteReply] == asked(model)[-2:]
        assert len(model.asked) - 2 == model.most_at_once

    async def test_a_lone_view_survives(self) -> None:
        """
        One reader of a thousand who speaks of shops has a position, though the merge forgets it.
        """

        def forget(answer: object) -> object:
            if isinstance(answer, MergeReply):
                return MergeReply(tuple(u for u in answer.positions if "shops" not in u.label))
            return answer

        made, _ = digester(edit=forget)
        said = about([*talk(999), comment(5_000, "Nobody asked the shops.")])
        digested = checked(await made.draft(said, BRIEF, nobody), said)

        assert {Cid("page:5000")} == held(digested)["They say shops."]

    async def test_what_the_parts_invent_is_counted(self) -> None:
        """
        Words that one part's answer puts into a comment's mouth are not chosen from, and the digest says how many.
        """
        lied: list[str] = []

        def lie(answer: object) -> object:
            if isinstance(answer, MapReply) and not lied:
                first = answer.positions[0]
                lied.append("invented")
                invented = replace(first.quotes[0], words="Ban every car at once")
                return MapReply((replace(first, quotes=(invented,)), *answer.positions[1:]))
            return answer

        made, _ = digester(edit=lie)
        said = about(talk(1_000))
        digested = checked(await made.draft(said, BRIEF, nobody), said)

        assert (1,) == tuple(
            gap.count for gap in digested.digest.gaps if gap.code is GapCode.QUOTES_DROPPED
        )

    async def test_past_the_budget_some_are_read_and_it_is_said(self) -> None:
        """
        A budget of half the tokens: half the comments, the rest neither placed nor unplaced, and counted as left out.
        """
        made, model = digester(budget=7_500)
        said = about(talk(1_000))
        digested = checked(await made.draft(said, BRIEF, nobody), said)
        read = sum(len(lines(p.user)) for p in model.asked if p.shape is MapReply)
        (gap,) = [g for g in digested.digest.gaps if g.code == "sampled"]
        placed = {c for p in digested.digest.positions for c in p.comments}

        assert 300 < read < 800
        assert 1_000 - read == gap.count
        assert read == len(placed) + len(digested.digest.unplaced)

    async def test_a_small_window_takes_smaller_parts(self) -> None:
        """
        A model of 8,000 tokens reads all the same, in more parts, and its reply has a third of the room.
        """
        made, model = digester(context_tokens=8_000)
        said = about(talk(400))
        digested = checked(await made.draft(said, BRIEF, nobody), said)

        assert saying(said, "parking") == held(digested)["They say parking."]
        assert {2_666} == {prompt.most_tokens for prompt in model.asked}
        for prompt in model.asked:
            assert model.count(prompt.system) + model.count(prompt.user) + 2_666 < 8_000

    async def test_a_window_that_is_too_small_is_said_before_anything_is_sent(self) -> None:
        """
        Refused with the numbers, nothing paid.
        """
        made, model = digester(context_tokens=1_500)
        long = [comment(n, "word " * 700) for n in range(3)]
        with pytest.raises(ThreadTooLong) as raised:
            await made.draft(about(long), BRIEF, nobody)

        assert MapReply not in asked(model)
        assert 1_500 == raised.value.facts["limit"]
        assert cast("int", raised.value.facts["tokens"]) > 1_500

    async def test_a_long_article_is_cut_and_it_is_said(self) -> None:
        """
        An article takes at most a third of the window.
        """
        made, model = digester(context_tokens=9_000)
        said = replace(about(talk(5)), article=Article(None, "T", "word " * 20_000))
        digested = checked(await made.draft(said, BRIEF, nobody), said)

        assert 2_700 < model.count(model.asked[0].user) < 3_400
        assert ("article_partial", "window") in [(g.code, g.detail) for g in digested.digest.gaps]

    async def test_what_is_paid_for_is_waited_for(self) -> None:
        """
        One chunk fails: the others are let finish, so that their replies are kept, then the error is raised.
        """
        failed = False

        def fail(answer: object) -> object:
            nonlocal failed
            if isinstance(answer, MapReply) and not failed:
                failed = True
                return ModelBusy(retry_after=3)
            return answer

        made, model = digester(edit=fail)
        with pytest.raises(ModelBusy):
            await made.draft(about(talk(1_000)), BRIEF, nobody)

        assert 6 == asked(model).count(MapReply)
        assert MergeReply not in asked(model)

    async def test_the_article_is_waited_for_too(self) -> None:
        """
        A chunk fails while the article is still under way: its reply is paid for as well, so it is not broken off.
        """
        ended: list[type[object]] = []

        async def wait() -> None:
            kind = model.asked[-1].shape
            for _ in range(100 if kind is ArticleReply else 1):
                await asyncio.sleep(0)
            ended.append(kind)

        def fail(answer: object) -> object:
            return ModelBusy(retry_after=3) if isinstance(answer, MapReply) else answer

        made, model = digester(wait=wait, edit=fail)
        with pytest.raises(ModelBusy):
            await made.draft(about(talk(1_000)), BRIEF, nobody)

        assert [*[MapReply] * 6, ArticleReply] == ended

    async def test_everything_fails(self, caplog: pytest.LogCaptureFixture) -> None:
        """
        Every question fails: one error is raised, none is left for the log to complain of.
        """
        made, _ = digester(edit=lambda _: ModelBusy(retry_after=None))
        with pytest.raises(ModelBusy):
            await made.draft(about(talk(1_000)), BRIEF, nobody)
        gc.collect()

        assert [] == caplog.records


class TestDelta:
    async def grown(
        self, first: Reading, then: Reading, **facts: Any
    ) -> tuple[Digested, ScriptedModel]:
        made, model = digester(**facts)
        basis = checked(await made.draft(first, BRIEF, nobody), first)
        model.asked.clear()
        return checked(await made.draft(then, BRIEF, nobody, basis), then, "k2"), model

    async def test_only_what_is_new_is_asked_about(self) -> None:
        """
        Ten new comments of 110: one question with ten lines; positions, question and article stay.
        """
        first, then = about(talk(100)), about(talk(110), hash="r2")
        digested, model = await self.grown(first, then)

        assert [DeltaReply] == asked(model)
        assert 10 == len(lines(model.asked[0].user.split("</positions>")[1]))
        assert saying(then, "parking") == held(digested)["They say parking."]
        assert ("k1", 10) == (digested.digest.basis, digested.digest.grown)
        assert ("The article.", "Is it good?") == (digested.digest.tldr, digested.digest.question)

    async def test_a_new_view_is_a_new_position(self) -> None:
        """
        What none of the standing positions says stands beside them.
        """
        first = about(talk(100))
        then = about([*talk(100), comment(500, "And the shops?")], hash="r2")
        digested, _ = await self.grown(first, then)

        assert {Cid("page:500")} == held(digested)["They say shops."]

    async def test_edited_and_deleted_comments_leave(self) -> None:
        """
        One edited comment moves, one deleted is gone with its quote.
        """
        said = talk(100)
        first = about(said)
        changed = [
            replace(c, text="Safe for children now.") if c.id == "page:0" else c for c in said
        ]
        changed[1] = replace(changed[1], state=State.DELETED, text="")
        then = about(changed, hash="r2")
        digested, model = await self.grown(first, then)

        assert 1 == len(lines(model.asked[0].user.split("</positions>")[1]))
        assert saying(then, "parking") == held(digested)["They say parking."]
        assert Cid("page:0") in held(digested)["They say children."]
        assert Cid("page:1") not in {c for ids in held(digested).values() for c in ids}

    async def test_a_changed_article_is_read_again(self) -> None:
        """
        Another text: summary and points anew, beside the delta.
        """
        first = about(talk(100))
        then = replace(about(talk(101), hash="r2"), article=Article(None, "T", "All is off."))
        _, model = await self.grown(first, then)

        assert {ArticleReply, DeltaReply} == set(asked(model))

    async def test_a_fifth_new_is_a_full_run(self) -> None:
        """
        25 new of 125: everything is read again.
        """
        digested, model = await self.grown(about(talk(100)), about(talk(126), hash="r2"))

        assert [DigestReply] == asked(model)
        assert (None, 0) == (digested.digest.basis, digested.digest.grown)

    async def test_positions_that_no_longer_fit_are_found_anew(self) -> None:
        """
        Ten new comments that state no known view: the delta is given up for a full run.
        """
        other = [
            comment(n, f"Something else entirely, {chr(97 + n % 26)}.") for n in range(900, 915)
        ]
        _, model = await self.grown(about(talk(100)), about([*talk(100), *other], hash="r2"))

        assert [DeltaReply, DigestReply] == asked(model)

    async def test_a_delta_agrees_with_a_full_run(self) -> None:
        """
        Placed by delta or anew: the same comments in the same positions.
        """
        then = about(talk(118), hash="r2")
        by_delta, _ = await self.grown(about(talk(100)), then)
        anew = checked(await digester()[0].draft(then, BRIEF, nobody), then)

        assert held(anew) == held(by_delta)


class TestTranslation:
    async def test_a_second_language_translates_what_stands(self) -> None:
        """
        One question without a comment in it; ids, spans and keys stay, words change, quotes get theirs beside them.
        """
        made, model = digester()
        said = about(talk(100))
        basis = checked(await made.draft(said, BRIEF, nobody), said)
        model.asked.clear()
        french = Brief("fr")
        digested = checked(await made.draft(said, french, nobody, basis), said, "k2", french)
        before, after = basis.digest.positions, digested.digest.positions

        assert [TranslateReply] == asked(model)
        assert [p.key for p in before] == [p.key for p in after]
        assert [p.comments for p in before] == [p.comments for p in after]
        assert [f"({p.label})" for p in before] == [p.label for p in after]
        assert ("(The article.)", "k1") == (digested.digest.tldr, digested.digest.basis)
        for one, other in zip(before, after, strict=True):
            assert [(q.comment, q.start, q.end) for q in one.quotes] == [
                (q.comment, q.start, q.end) for q in other.quotes
            ]
            assert other.quotes[0].translation is not None

    async def test_what_the_translation_leaves_out_stays(self) -> None:
        """
        A reply without a line keeps that text in its language; `=` is no translation beside a quote.
        """

        def half(answer: object) -> object:
            if isinstance(answer, TranslateReply):
                some = [t for t in answer.texts if "label" not in t.name]
                return TranslateReply(
                    tuple(replace(t, text="=") if "quote" in t.name else t for t in some)
                )
            return answer

        made, _ = digester(edit=half)
        said = about(talk(100))
        basis = checked(await made.draft(said, BRIEF, nobody), said)
        french = Brief("fr")
        digested = checked(await made.draft(said, french, nobody, basis), said, "k2", french)

        assert [p.label for p in basis.digest.positions] == [
            p.label for p in digested.digest.positions
        ]
        assert {None} == {q.translation for p in digested.digest.positions for q in p.quotes}


async def test_costs_add_up() -> None:
    """
    Tokens and dollars of all questions together.
    """
    made, model = digester()
    draft = await made.draft(about(talk(1_000)), BRIEF, nobody)

    assert 10 * len(model.asked) == draft.tokens_out
    assert draft.tokens_in > sum(model.count(p.user) for p in model.asked)
    assert len(model.asked) == 1_000 * cast("Any", draft.cost)


async def test_what_a_failing_question_cost_is_on_the_bill() -> None:
    """
    Five chunks and the article were paid for before it was seen that the sixth failed, and that had cost something too.
    """
    failing = ReplyInvalid()
    failing.tokens_in, failing.tokens_out, failing.cost = 70, 7, Decimal("0.5")
    kept: list[object] = []

    def fail(answer: object) -> object:
        kept.append(answer)
        return failing if len(kept) == 3 else answer

    bill = Bill()
    made, model = digester(edit=fail)
    with pytest.raises(ReplyInvalid):
        await made.draft(about(talk(1_000)), BRIEF, nobody, bill=bill)

    others = len(model.asked) - 1
    assert (10 * others + 7, others * Decimal("0.001") + Decimal("0.5")) == (
        bill.tokens_out,
        bill.cost,
    )
    assert bill.tokens_in > sum(model.count(p.user) for p in model.asked) // 2


async def test_progress_counts_the_questions() -> None:
    """
    From nothing to all of all, never backwards.
    """
    told: list[Progress] = []
    made, model = digester()
    await made.draft(about(talk(1_000)), BRIEF, told.append)
    done = [progress.done for progress in told]

    assert {Stage.THINKING} == {progress.stage for progress in told}
    assert Progress(Stage.THINKING, len(model.asked), len(model.asked)) == told[-1]
    assert done == sorted(done, key=lambda n: n or 0)
    assert {len(model.asked)} == {progress.total for progress in told}
