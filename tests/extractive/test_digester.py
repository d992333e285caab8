"""A digest without a model: verbatim, spread out, and no opinion counted."""

from __future__ import annotations

import pytest

from bot.core.models import Brief, Length
from bot.extractive.digester import ExtractiveDigester
from bot.extractive.voices import MOST_COMPARED, MOST_WORDS, sample, voices
from tests.fakes import comment, nobody, reading

ARTICLE = """The town of Marlow opens a bike lane on Mill Road in May.
The lane costs 40,000 euros, the mayor said on Monday.

It was planned for six years. Shops on Mill Road fear for twelve parking places that the bike lane replaces. The town
promises a new car park behind the church, two minutes on foot from Mill Road. But nobody has seen a plan of it yet.
Would that be enough? The cycling club of Marlow counts three hundred riders a day on Mill Road."""

BIKES = (
    "The bike lane makes the way to school safe for my children.",
    "My children cycle to school, a bike lane makes that safe.",
    "A safe bike lane to school was overdue for the children.",
)
PARKING = (
    "Without parking places the shops on Mill Road will lose customers.",
    "Customers need parking places or the shops will close.",
    "The shops lose customers when the parking places go.",
)


async def test_everything_said_is_verbatim() -> None:
    """
    Summary and points are sentences of the article, voices are words of the comment they cite.
    """
    read = reading(*BIKES, *PARKING, article=ARTICLE)
    draft = await ExtractiveDigester().draft(read, Brief("en"), nobody)

    flat = " ".join(ARTICLE.split())
    assert draft.tldr
    assert all(point in flat for point in draft.points)
    assert draft.voices
    assert all(words in read.by_id[cid].text for cid, words in draft.voices)
    assert () == draft.claims


async def test_the_summary_does_not_ask_or_lean_back() -> None:
    """
    A question, or a sentence that begins with "But", does not stand alone.
    """
    draft = await ExtractiveDigester().draft(
        reading(article=ARTICLE), Brief("en", Length.SHORT), nobody
    )

    assert "bike lane on Mill Road" in draft.tldr
    assert not draft.tldr.endswith("?")


def test_two_voices_come_from_both_sides() -> None:
    """
    Of three alike and three others alike, two voices are one of each.
    """
    said = [comment(n, text) for n, text in enumerate((*BIKES, *PARKING), 1)]

    chosen = {int(cid.partition(":")[2]) for cid, _ in voices(said, "en", 2)}

    assert [1, 1] == [len(chosen & {1, 2, 3}), len(chosen & {4, 5, 6})]


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pt", "nl", "tlh", ""])
def test_any_language_works(language: str) -> None:
    """
    A language without a stemmer is compared unstemmed.
    """
    assert 3 == len(voices([comment(n, text) for n, text in enumerate(BIKES)], language, 9))


def test_copies_and_signs_are_no_voices() -> None:
    """
    A copied comment is heard once; an emoji alone is not a voice.
    """
    said = [comment(1, BIKES[0]), comment(2, BIKES[0].upper()), comment(3, "👍👍 !!!")]

    assert ["page:1"] == [cid for cid, _ in voices(said, "en", 5)]


def test_a_long_comment_is_heard_in_its_telling_sentences() -> None:
    """
    Of a long comment only what is nearest to the discussion is shown, at most forty words, in one piece.
    """
    long = "Hello everyone. " + "I had coffee this morning with a friend of mine. " * 8 + BIKES[0]
    said = [comment(1, long), comment(2, BIKES[1]), comment(3, BIKES[2])]

    words = dict(voices(said, "en", 3))[said[0].id]
    assert BIKES[0] in words
    assert words in long
    assert MOST_WORDS >= len(words.split())


def test_ten_thousand_comments_are_sampled_and_it_is_known() -> None:
    """
    Past what can be compared, the most answered and every n-th are; the same each time.
    """
    said = [comment(n, f"Comment number {n} about the lane.") for n in range(10_000)]
    said[9_876] = comment(9_876, "Answered often.", score=50)

    chosen = sample(said)

    assert MOST_COMPARED == len(chosen)
    assert said[9_876] in chosen
    assert chosen == sample(said)
    assert chosen == sorted(chosen, key=said.index)


async def test_nothing_gives_nothing() -> None:
    """
    Without article and comments there is nothing to say, and nothing breaks.
    """
    draft = await ExtractiveDigester().draft(reading(article=None), Brief("en"), nobody)

    assert ("", (), ()) == (draft.tldr, draft.points, draft.voices)
