"""An answer to a question as a message."""

from __future__ import annotations

import pytest

from bot.chat.answer_card import answer_card
from bot.chat.sentences import Sentences
from bot.core.answers import Answer, Sentence
from bot.core.models import Cid
from bot.core.passages import Passage
from tests.chat.digests import LANE, WORDS, absurd
from tests.chat.fake_discord import texts
from tests.chat.limits import components_of, faults

ENGLISH = Sentences.of("en")
BAD = Passage(Cid("page:2"), 0, 27)
PROVEN = Answer(
    "Is it *good*?",
    (Sentence("Not for the shops.", (BAD, Passage(None, 0, 10))), Sentence("So they say.", (BAD,))),
    (),
    model="gpt-test",
    dropped=2,
)


def shown(answer: Answer, words: Sentences = ENGLISH) -> list[str]:
    return texts(components_of(answer_card(answer, LANE, words)))


def test_each_sentence_has_its_proof_below_it() -> None:
    """
    The question, sentence by sentence with the words each rests on, then what it is about and rests on.
    """
    assert [
        "**Is it \\*good\\*?**",
        "Not for the shops.",
        "> The lane is bad for shops. —\u00a0[reader2](<https://town.example/lane#c2>)",
        "> A new bike —\u00a0[The lane](<https://town.example/lane>)",
        "So they say.",
        "> The lane is bad for shops. —\u00a0[reader2](<https://town.example/lane#c2>)",
        "-# [The lane](<https://town.example/lane>)\n-# 2 sentences without proof were dropped.\n-# gpt-test",
    ] == shown(PROVEN)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("q", (), ()), "Nothing in the article or its comments speaks of this."),
        (Answer("q", (), (BAD,)), "These passages come nearest to the question:"),
        (Answer("q", (), (BAD,), failed="ModelTimeout"), "The model failed (no answer in time)."),
        (Answer("q", (), (BAD,), model="m"), "Neither the article nor its comments answer this."),
    ],
)
def test_where_there_is_no_answer_it_is_said(answer: Answer, words: str) -> None:
    """
    Nothing found, nobody asked, the model failed, or what was found does not answer: each has its sentence.
    """
    assert words in "\n".join(shown(answer))


def test_it_is_framed_in_the_askers_language() -> None:
    """
    In French too.
    """
    assert "Rien dans l’article" in "\n".join(shown(Answer("q", (), ()), Sentences.of("fr")))


@pytest.mark.parametrize("words", WORDS)
def test_any_answer_is_within_the_limits(words: str) -> None:
    """
    Forty sentences of ten thousand letters, nine proofs each.
    """
    text = WORDS[words]
    said = absurd(text, 9, 0).reading
    proofs = tuple(Passage(c.id, 0, len(text)) for c in said.readable)
    long = Answer(text, (Sentence(text, proofs),) * 40, (), model=text, dropped=10**9)
    nearest = Answer(text, (), (Passage(None, 0, len(text)), *proofs[:4]), failed="ModelTimeout")

    for answer in (long, nearest):
        assert [] == faults(answer_card(answer, said, ENGLISH))
