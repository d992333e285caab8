"""Figures, against values worked out by hand from their definitions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import measuring
from bot.core.grounding import ground
from bot.core.measuring import Figures, GoldPosition, Rate, against_gold, agreement
from bot.core.models import (
    Brief,
    Cid,
    Cited,
    Claim,
    Digest,
    Draft,
    Engine,
    Made,
    Position,
    Quote,
    Reading,
    Stance,
)
from tests.fakes import READ_AT, reading

READING = reading(
    "The lane is a gift to children who cycle.",
    "Where will my customers park?",
    "Nobody asked the shops.",
    "Fewer cars is fine by me.",
    "Hello there.",
)
MADE = Made(Engine.LLM, "m", "p", 0, 0, None, 0, READ_AT)


def ids(*numbers: int) -> tuple[Cid, ...]:
    return tuple(Cid(f"page:{n}") for n in numbers)


def members(*numbers: int) -> frozenset[Cid]:
    return frozenset(ids(*numbers))


def drafted(*claims: Claim) -> Draft:
    """What a model said: its quotes are all proposed."""
    return Draft(
        "A lane.",
        (),
        "Is it good?",
        claims,
        ids={str(n): Cid(f"page:{n}") for n in range(1, 6)},
        proposed=tuple(cited for claim in claims for cited in claim.quotes),
    )


def claim(label: str, named: tuple[str, ...], *quotes: tuple[str, str]) -> Claim:
    return Claim(label, "", "other", named, tuple(Cited(*one) for one in quotes))


def checked(draft: Draft, of: Reading = READING) -> Digest:
    return ground(draft, of, Brief("en"), key="k", made=MADE)


def position(stance: Stance, *numbers: int, label: str = "x", summary: str = "") -> Position:
    return Position(label, label, summary, stance, ids(*numbers), (stance,) * len(numbers), ())


def digest(*positions: Position, tldr: str = "", language: str = "en") -> Digest:
    plain = ground(Draft(tldr, ()), READING, Brief(language), key="k", made=MADE)
    return replace(plain, positions=positions, question="Is it good?")


FOUR = drafted(
    claim("Good", ("1", "4"), ("1", "a gift to children"), ("4", "Fewer cars is fine")),
    claim(
        "Bad", ("2", "3"), ("2", "Where will my customers park?"), ("3", "Nobody told the shops")
    ),
)


class TestRate:
    def test_rates_add_up(self) -> None:
        """
        One of two and three of three are four of five, not the mean of 0.5 and 1.
        """
        assert 0.8 == (Rate(1, 2) + Rate(3, 3)).share

    def test_nothing_measured_is_no_zero(self) -> None:
        """
        A share of nothing is not known.
        """
        assert Rate().share is None

    def test_figures_add_up(self) -> None:
        """
        Rates, tokens and seconds are summed; a price that is unknown once is unknown for all.
        """
        one = Figures(placed=Rate(1, 2), tokens_in=10, seconds=1.5, cost=Decimal("0.1"))
        two = Figures(placed=Rate(2, 2), tokens_in=5, seconds=1, cost=Decimal("0.2"))

        assert (
            Figures(placed=Rate(3, 4), tokens_in=15, seconds=2.5, cost=Decimal("0.3")) == one + two
        )
        assert (one + replace(two, cost=None)).cost is None


class TestQuotes:
    def test_one_of_four_is_misquoted(self) -> None:
        """
        0.75 of what the model gave stands in its comment, and all of what is shown.
        """
        assert 0.75 == measuring.quotes_before(FOUR, READING).share
        assert 1.0 == measuring.quotes_after(checked(FOUR), READING).share

    @pytest.mark.parametrize(
        "quote",
        [("4", "a gift to children"), ("99", "a gift to children"), ("1", "a"), ("1", "")],
        ids=["another comment's", "of no comment", "one letter", "nothing"],
    )
    def test_what_does_not_count_as_a_quote(self, quote: tuple[str, str]) -> None:
        """
        True words under the wrong comment are no quote of it.
        """
        assert Rate(0, 1) == measuring.quotes_before(drafted(claim("x", ("1",), quote)), READING)

    def test_a_curly_apostrophe_is_no_misquote(self) -> None:
        """
        Words are compared as a reader would.
        """
        said = reading("I don’t cycle, but fine.", "b", "c")
        draft = drafted(claim("x", ("1",), ("1", "I don't cycle")))

        assert Rate(1, 1) == measuring.quotes_before(draft, said)

    @pytest.mark.parametrize(
        "quote",
        [
            Quote(Cid("page:4"), 0, 5),
            Quote(Cid("page:1"), 0, 500),
            Quote(Cid("page:1"), 5, 5),
            Quote(Cid("page:1"), -5, 3),
        ],
        ids=["of another position's comment", "past the end", "empty", "before the beginning"],
    )
    def test_a_bug_in_checking_would_show(self, quote: Quote) -> None:
        """
        What is shown is held against the comments anew, not taken for true because it was checked.
        """
        wrong = replace(position(Stance.OTHER, 1, 2), quotes=(Quote(Cid("page:1"), 0, 8), quote))

        assert Rate(1, 2) == measuring.quotes_after(digest(wrong), READING)


class TestComments:
    def test_placed(self) -> None:
        """
        A comment in two positions is placed once; of five, three are placed.
        """
        some = digest(position(Stance.OTHER, 1, 2), position(Stance.OTHER, 2, 3))

        assert 0.6 == measuring.placed(some, READING).share

    def test_too_few_comments_for_positions_are_not_missed(self) -> None:
        """
        With two comments none is to be placed.
        """
        assert measuring.placed(digest(), reading("a", "b")).share is None

    def test_ids_that_do_not_exist(self) -> None:
        """
        Three comments named, one of them unknown.
        """
        assert Rate(2, 3) == measuring.ids_valid(drafted(claim("x", ("1", "2", "99"))), READING)


class TestAgreement:
    def test_by_hand(self) -> None:
        """
        {123}{4} and {12}{34}: (3 x 4/5 + 1 x 2/3) / 4 one way, (2 x 4/5 + 2 x 2/3) / 4 the other.
        """
        one, other = [members(1, 2, 3), members(4)], [members(1, 2), members(3, 4)]

        assert pytest.approx((2.4 + 2 / 3) / 8 + (1.6 + 4 / 3) / 8) == agreement(one, other)

    def test_positions_against_none(self) -> None:
        """
        A digest that finds nothing agrees with none that does.
        """
        assert 0 == agreement([members(1)], [])

    positions = st.lists(st.frozensets(st.integers(1, 9).map(lambda n: Cid(str(n))), min_size=1))

    @given(positions, positions)
    def test_it_is_a_likeness(
        self, some: list[frozenset[Cid]], others: list[frozenset[Cid]]
    ) -> None:
        """
        The same both ways, from 0 to 1, and 1 with itself.
        """
        assert agreement(some, others) == agreement(others, some)
        assert 0 <= agreement(some, others) <= 1
        assert not some or pytest.approx(1) == agreement(some, some)

    def test_the_mean_over_pairs(self) -> None:
        """
        Two alike and one with nothing: pairs of 1, 0 and 0.
        """
        alike = digest(position(Stance.OTHER, 1, 2))

        assert pytest.approx(1 / 3) == measuring.stability([alike, alike, digest()]).share

    def test_nothing_to_compare(self) -> None:
        """
        One digest, or none with positions, says nothing of stability.
        """
        assert measuring.stability([digest(position(Stance.OTHER, 1))]).share is None
        assert measuring.stability([digest(), digest()]).share is None


class TestLanguage:
    def test_letters_in_the_language_asked_for(self) -> None:
        """
        A summary of 90 letters in one language, a reason of 90 in another: half.
        """
        foreign = position(Stance.OTHER, 1, label="l", summary="f" * 87)
        told = digest(foreign, tldr="e" * 90)

        assert 0.5 == measuring.language(told, lambda text: "en" if "e" in text else "fr").share

    def test_short_texts_are_told_together(self) -> None:
        """
        Labels of few letters say nothing alone: they are joined before they are looked at.
        """
        seen: list[str] = []
        some = [position(Stance.OTHER, n, label=f"The view number {n}") for n in range(1, 6)]

        def detect(text: str) -> str:
            seen.append(text)
            return "en"

        assert 1.0 == measuring.language(digest(*some, tldr="Short."), detect).share
        assert ["Short. The view number 1. The view number 2."] == [seen[0][:44]]
        assert 2 == len(seen)

    def test_a_region_is_no_language(self) -> None:
        """
        Prose in Portuguese is what was asked with pt-br.
        """
        assert 1.0 == measuring.language(digest(tldr="x", language="pt-br"), lambda _: "pt").share


GOLD = (
    GoldPosition(members(1, 2, 3), members(4), "for"),
    GoldPosition(members(5), stance="against"),
    GoldPosition(members(6, 7), stance="against"),
)


class TestGold:
    def test_by_hand(self) -> None:
        """
        {1 2 (4)} is the first view, F1 4/5; {5 6 7 8} the third, 4/6, and not the second, 2/5; {8 9} none.
        """
        found = against_gold(
            digest(
                position(Stance.SUPPORTS, 1, 2, 4),
                position(Stance.OPPOSES, 5, 6, 7, 8),
                position(Stance.OTHER, 8, 9),
            ),
            GOLD,
        )

        assert Rate(2, 3) == found.coverage
        assert Rate(2, 3) == found.precision
        assert 8 / 11 == found.f1.share
        assert Rate(0, 1) == found.lone_views
        assert Rate(2, 2) == found.stance

    def test_a_lone_view_is_kept_beside_another_comment(self) -> None:
        """
        {5 9} holds the view of 5, F1 2/3; {5 8 9 10} has lost it.
        """
        kept = against_gold(digest(position(Stance.OPPOSES, 5, 9)), GOLD)
        lost = against_gold(digest(position(Stance.OPPOSES, 5, 8, 9, 10)), GOLD)

        assert (Rate(1, 1), Rate(0, 1)) == (kept.lone_views, lost.lone_views)

    def test_a_view_in_two_positions(self) -> None:
        """
        Both are in the gold, which is covered once; its comments are those of both.
        """
        found = against_gold(
            digest(position(Stance.SUPPORTS, 1, 2), position(Stance.SUPPORTS, 3)), GOLD[:1]
        )

        assert (Rate(1, 1), Rate(2, 2), 1.0) == (found.coverage, found.precision, found.f1.share)

    def test_the_question_may_be_asked_the_other_way_round(self) -> None:
        """
        "Keep it?" turns every stance to "abolish it?" round; one that does not turn with them is wrong.
        """
        turned = [position(Stance.OPPOSES, 1, 2, 3), position(Stance.SUPPORTS, 5)]
        right = against_gold(digest(*turned, position(Stance.SUPPORTS, 6, 7)), GOLD)
        wrong = against_gold(digest(*turned, position(Stance.OPPOSES, 6, 7)), GOLD)

        assert (Rate(3, 3), Rate(2, 3)) == (right.stance, wrong.stance)

    @pytest.mark.parametrize(
        ("ours", "theirs", "right"),
        [
            (Stance.OTHER, "for", 0),
            (Stance.MIXED, "against", 0),
            (Stance.OTHER, None, 1),
            (Stance.MIXED, "neutral", 1),
            (Stance.SUPPORTS, "neutral", 0),
        ],
    )
    def test_taking_no_side(self, ours: Stance, theirs: str | None, right: int) -> None:
        """
        It is right only where people take none.
        """
        found = against_gold(digest(position(ours, 1)), (GoldPosition(members(1), stance=theirs),))

        assert Rate(right, 1) == found.stance

    def test_nothing_found(self) -> None:
        """
        No positions: nothing is covered, and there is no precision to speak of.
        """
        found = against_gold(digest(), GOLD)

        assert (Rate(0, 3), Rate(0, 0), Rate(0, 1)) == (
            found.coverage,
            found.precision,
            found.lone_views,
        )

    def test_without_gold(self) -> None:
        """
        Where nobody looked, nothing is measured.
        """
        assert Figures() == against_gold(digest(position(Stance.OTHER, 1)), ())
