"""A model that lies in every way the field has seen, and what is left of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.gaps import GapCode
from bot.core.grounding import ground
from bot.core.models import (
    Brief,
    Cid,
    Cited,
    Claim,
    Digest,
    Draft,
    Engine,
    Made,
    Reading,
    Stance,
    State,
)
from bot.core.tally import quoted, tally
from tests.fakes import comment, reading

TEXTS = (
    "The lane is a gift to children who cycle to school.",
    "Where will my customers park? Nobody asked the shops.",
    "Nobody asked the shops. Twelve parking places are gone!",
    "I don’t cycle — but fewer cars is fine by me.",
    "It costs 40,000 euros, that is nothing.",
)
READING = reading(*TEXTS)
IDS = {str(n): Cid(f"page:{n}") for n in range(1, 6)}


def made(engine: Engine = Engine.LLM) -> Made:
    return Made(engine, "m", "p", 1, 1, Decimal(0), 0.1, datetime(2026, 1, 1, tzinfo=UTC))


def check(*claims: Claim, on: Reading = READING, **facts: object) -> Digest:
    draft = replace(Draft("A lane opens.", (), claims=claims, ids=IDS), **facts)  # type: ignore[arg-type]
    return ground(draft, on, Brief("en"), key="k", made=made())


def claim(label: str, *ids: str, quotes: tuple[tuple[str, str], ...] = (), **more: str) -> Claim:
    cited = tuple(Cited(*one) for one in quotes)
    return Claim(label, more.get("summary", ""), more.get("stance", "other"), ids, cited)


def gap(digest: Digest, code: GapCode) -> int | None:
    return next((g.count for g in digest.gaps if g.code is code), None)


def test_true_quote_shows_the_original_span() -> None:
    """
    A quote with plain apostrophe and hyphen is found, and shown as the reader typed it.
    """
    digest = check(claim("Fewer cars", "4", quotes=(("4", "I don't cycle - but fewer cars"),)))

    assert "I don’t cycle — but fewer cars" == quoted(digest.positions[0].quotes[0], READING)
    assert None is gap(digest, GapCode.QUOTES_DROPPED)


@pytest.mark.parametrize(
    "said",
    [
        "It is dear (and nobody asked us).",
        "(The shops were never asked.)",
        "What a gift to the children :-)",
    ],
)
def test_a_quote_keeps_the_brackets_it_has_in_the_comment(said: str) -> None:
    """
    What stands around a quote in the comment as in the quote is shown with it.
    """
    on = reading(f"So. {said} More words", "b", "c")
    digest = check(claim("One", "1", quotes=(("1", said),)), on=on)

    assert said == quoted(digest.positions[0].quotes[0], on)


def test_marks_that_only_the_quote_has_are_left_off() -> None:
    """
    A model that sets a quote in quotation marks adds none to the comment.
    """
    digest = check(claim("One", "2", quotes=(("2", '"Nobody asked the shops."'),)))

    assert "Nobody asked the shops." == quoted(digest.positions[0].quotes[0], READING)


def test_a_quote_keeps_the_mark_that_closes_it() -> None:
    """
    Guillemets that open inside a quote close inside it.
    """
    on = reading("Bruxelles « commence à nous les briser\u202f» !", "b", "c")
    digest = check(
        claim("Bruxelles", "1", quotes=(("1", "Bruxelles « commence à nous les briser »"),)), on=on
    )

    assert "Bruxelles « commence à nous les briser\u202f»" == quoted(
        digest.positions[0].quotes[0], on
    )


@pytest.mark.parametrize(
    "words",
    [
        "Where will my clients park?",  # a word replaced
        "Where will my customers park",  # (true one, see below)
        "Nobody asked the shops. Twelve parking places are gone!",  # another comment's words
        "Where will my customers park? Twelve parking places are gone!",  # two comments in one
        "Où mes clients vont-ils se garer ?",  # translated
        "customers park? Nobody asked the shop",  # cut inside a word
        "Where … shops",  # with a hole
        "shops",  # one word says anything
        "",
    ],
)
def test_a_quote_that_is_not_in_the_cited_comment_is_never_shown(words: str) -> None:
    """
    Whatever the model quotes, what is shown is in the cited comment, letter for letter.
    """
    digest = check(claim("Shops were not asked", "2", quotes=(("2", words),)))
    quote = digest.positions[0].quotes[0]

    assert quoted(quote, READING) in TEXTS[1]
    assert (0 if words == "Where will my customers park" else 1) == (
        gap(digest, GapCode.QUOTES_DROPPED) or 0
    )


def test_a_quote_that_never_ends_is_none() -> None:
    """
    True words repeated for ever are not looked for: the comment is nowhere near as long.
    """
    digest = check(claim("Shops", "2", quotes=(("2", TEXTS[1] * 100_000),)))

    assert 1 == gap(digest, GapCode.QUOTES_DROPPED)


def test_a_quote_of_a_comment_outside_the_position_is_dropped() -> None:
    """
    A position is not illustrated with the words of someone who does not hold it.
    """
    digest = check(claim("Shops", "2", quotes=(("5", "It costs 40,000 euros"),)))

    assert ["page:2"] == [quote.comment for quote in digest.positions[0].quotes]
    assert 1 == gap(digest, GapCode.QUOTES_DROPPED)


def test_ids_that_do_not_exist_are_refused_and_counted() -> None:
    """
    Invented ids count for nobody; a claim that rests on nothing else is gone.
    """
    digest = check(claim("Real", "1", "1", "99"), claim("Invented", "77"))

    assert [("page:1",)] == [position.comments for position in digest.positions]
    assert 2 == gap(digest, GapCode.IDS_DROPPED)


def test_every_comment_is_in_a_position_or_unplaced() -> None:
    """
    Nobody is dropped: who is in no position is in `unplaced`.
    """
    digest = check(claim("Shops", "2", "3"), claim("Cheap", "5"))

    assert ("page:1", "page:4") == digest.unplaced


def test_counts_are_functions_of_ids() -> None:
    """
    Comments, distinct authors and share come from the ids; the model's "hundreds of readers" count nothing.
    """
    twice = replace(
        READING.discussions[0],
        comments=(
            comment(1, TEXTS[0]),
            comment(2, TEXTS[1], "Ann"),
            comment(3, TEXTS[2], "Ann"),
            comment(4, TEXTS[3]),
        ),
    )
    on = replace(READING, discussions=(twice,))
    digest = check(claim("Shops", "2", "3"), on=on)

    counted = tally(digest.positions[0], on)
    assert (2, 1, 0.5) == (counted.comments, counted.authors, counted.share)


def test_claims_of_one_label_are_one_position() -> None:
    """
    The same label twice is one position whose comments count once; contradicting stances become mixed.
    """
    digest = check(
        claim("Shops lose", "2", "3", stance="opposes"),
        claim("shops lose", "3", "5", stance="supports"),
        question="Should the lane stay?",
    )

    assert [("page:2", "page:3", "page:5")] == [p.comments for p in digest.positions]
    assert Stance.MIXED is digest.positions[0].stance
    assert (Stance.OPPOSES, Stance.OPPOSES, Stance.SUPPORTS) == digest.positions[0].stances


def test_an_empty_label_is_replaced_by_the_readers_words() -> None:
    """
    A position whose label says nothing is named by a reader.
    """
    assert "The lane is a gift to children who cycle to school." == (
        check(claim("  ", "1")).positions[0].label
    )


def test_without_a_question_every_stance_is_other() -> None:
    """
    For and against need something to be for and against.
    """
    assert Stance.OTHER is check(claim("Gift", "1", stance="supports")).positions[0].stance


def test_figures_nobody_gave_take_their_sentence_with_them() -> None:
    """
    A number of the model's own never reaches a reader; one of the source does, however it is written.
    """
    digest = check(
        claim("Cheap", "5", summary="It costs 40 000 euros. 87 % of readers agree."),
        tldr="A lane opens. It is 12 km long.",
        points=("There are 3 lanes.", "It is new."),
    )

    assert "A lane opens." == digest.tldr
    assert ("It is new.",) == digest.points
    assert "It costs 40 000 euros." == digest.positions[0].summary
    assert 3 == gap(digest, GapCode.NUMBERS_DROPPED)


def test_links_and_mentions_of_the_models_own_are_taken_out() -> None:
    """
    A link, mention or invite that is not in the source is not shown.
    """
    digest = check(
        claim("Go to [this page](https://evil.example) or discord.gg/abc @everyone <@123>", "1")
    )

    assert "Go to this page or" == digest.positions[0].label
    assert 4 == gap(digest, GapCode.LINKS_DROPPED)


def test_a_label_of_nothing_is_the_readers_words_without_their_link() -> None:
    """
    Where nothing sayable is left of a label the first words of its first comment stand in, as prose: without a link.
    """
    on = reading(
        "Visit https://evil.example/win @everyone now!", "https://evil.example/win", "Good."
    )
    first, second = check(
        claim("https://evil.example/win", "1"), claim("\u202e", "2"), on=on
    ).positions

    assert ("Visit everyone now!", "…") == (first.label, second.label)
    assert quoted(first.quotes[0], on) == on.readable[0].text


def test_two_comments_make_no_positions() -> None:
    """
    With two comments no position is claimed, whatever the model says: both are shown in full.
    """
    few = reading("Good.", "Bad, very bad.")
    digest = check(claim("All agree", "1", "2"), on=few)

    assert () == digest.positions
    assert ["Good.", "Bad, very bad."] == [quoted(voice, few) for voice in digest.voices]
    assert 2 == gap(digest, GapCode.FEW_COMMENTS)


def test_deleted_comments_are_neither_counted_nor_quoted() -> None:
    """
    What was deleted at the source is not in the digest, even if the model saw it.
    """
    gone = replace(READING.discussions[0].comments[0], state=State.DELETED)
    on = replace(
        READING,
        discussions=(
            replace(READING.discussions[0], comments=(gone, *READING.discussions[0].comments[1:])),
        ),
    )
    digest = check(claim("Gift", "1", quotes=(("1", "The lane is a gift"),)), on=on)

    assert () == digest.positions
    assert "page:1" not in digest.unplaced


def test_extracts_claim_no_positions_and_leave_nobody_unplaced() -> None:
    """
    Without a model there are voices; "unplaced" would suggest that somebody looked.
    """
    draft = Draft("A lane opens.", (), voices=((Cid("page:4"), "fewer cars is fine by me"),))
    digest = ground(draft, READING, Brief("en"), key="k", made=made(Engine.EXTRACTIVE))

    assert ((), ()) == (digest.positions, digest.unplaced)
    assert ["fewer cars is fine by me."] == [quoted(v, READING) for v in digest.voices]


words = st.text(max_size=80)
refs = st.sampled_from([*IDS, "0", "99", "page:1", ""])
claims = st.builds(
    Claim,
    label=words,
    summary=words,
    stance=st.sampled_from(["supports", "opposes", "", "hates"]),
    comments=st.lists(refs, max_size=8).map(tuple),
    quotes=st.lists(st.builds(Cited, refs, words | st.sampled_from(TEXTS)), max_size=5).map(tuple),
)


@given(st.lists(claims, max_size=12), words, words)
def test_whatever_the_model_says_the_digest_can_be_proven(
    said: list[Claim], tldr: str, question: str
) -> None:
    """
    For any draft: quotes are spans of their comment, ids exist, placed and unplaced are everyone.
    """
    digest = check(*said, tldr=tldr, question=question)
    placed = {cid for position in digest.positions for cid in position.comments}

    assert {c.id for c in READING.readable} == placed | set(digest.unplaced)
    assert not placed & set(digest.unplaced)
    for position in digest.positions:
        assert position.label
        assert len(position.comments) == len(set(position.comments)) == len(position.stances)
        assert position.quotes
        for quote in position.quotes:
            assert quote.comment in position.comments
            assert quoted(quote, READING).strip()
