"""A digest without a model: verbatim, spread out, and no opinion counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.core.gaps import GapCode
from bot.core.grounding import ground
from bot.core.models import Brief, Cid, Discussion, Draft, Engine, Length, Made, Reading
from bot.core.tally import quoted
from bot.extractive.digester import LEAST_COMPARED, MOST_COMPARED, ExtractiveDigester
from bot.sources.pasted import read_text
from tests.extractive.test_voices import BIKES, PARKING
from tests.fakes import comment, nobody, reading

ARTICLE = """The town of Marlow opens a bike lane on Mill Road in May.
The lane costs 40,000 euros, the mayor said on Monday.

It was planned for six years. Shops on Mill Road fear for twelve parking places that the bike lane replaces. The town
promises a new car park behind the church, two minutes on foot from Mill Road. But nobody has seen a plan of it yet.
Would that be enough? The cycling club of Marlow counts three hundred riders a day on Mill Road."""


async def test_everything_said_is_verbatim() -> None:
    """
    Summary and points are sentences of the article, voices are words of the comment they cite.
    """
    read = reading(*BIKES, *PARKING, article=ARTICLE)
    said = await draft(read)

    flat = " ".join(ARTICLE.split())
    assert said.tldr
    assert all(point in flat for point in said.points)
    assert said.voices
    assert all(words in read.by_id[cid].text for cid, words in said.voices)
    assert () == said.claims


async def test_the_summary_is_in_the_order_of_the_article() -> None:
    """
    So are the points, which go on from it; what it costs is among them.
    """
    said = await draft(reading(article=ARTICLE))

    flat = " ".join(ARTICLE.split())
    places = [flat.index(told[:20]) for told in (said.tldr, *said.points)]
    assert places == sorted(places)
    assert "40,000 euros" in f"{said.tldr} {said.points}"


async def test_the_summary_does_not_ask_or_lean_back() -> None:
    """
    A question, or a sentence that begins with "But" or "It", does not stand alone.
    """
    said = await draft(reading(article=ARTICLE), Length.DETAILED)

    told = f"{said.tldr} {' '.join(said.points)}"
    assert "bike lane on Mill Road" in told
    assert not any(words in told for words in ("Would that", "But nobody", "It was planned"))


async def test_a_longer_digest_says_more() -> None:
    """
    From short to detailed, in the summary and in the voices.
    """
    texts = (*BIKES, *PARKING, "The cyclists of Marlow pay taxes too.", "My dog hates all traffic.")
    drafts = [await draft(reading(*texts, article=ARTICLE), length) for length in Length]

    lengths = [len(f"{one.tldr} {' '.join(one.points)}") for one in drafts]
    assert lengths == sorted(lengths)
    assert [3, 6] == [len(one.voices) for one in drafts[:2]]


async def test_copies_are_one_voice_and_known_as_copies() -> None:
    """
    The group goes with the draft, so that it is shown as ×N and not looked for again.
    """
    said = await draft(reading(BIKES[0], PARKING[0], BIKES[0].upper()))

    assert {"page:1", "page:2"} == {cid for cid, _ in said.voices}
    assert (("page:1", "page:3"),) == said.copies


async def test_a_thread_without_an_article_is_heard_in_its_language() -> None:
    """
    Nobody states the language of a thread; German endings are told from its words.
    """
    read = reading(
        "Der neue Radweg ist für die Kinder auf dem Weg zur Schule sicher.",
        "Die neuen Radwege sind für das Kind auf den Wegen zu den Schulen sicherer.",
        "Ohne Parkplätze werden die Läden an der Straße alle Kunden verlieren.",
        article=None,
    )
    chosen = [cid for cid, _ in (await draft(read, Length.SHORT)).voices]

    assert "page:3" in chosen[:2]


async def test_every_discussion_of_an_article_is_heard() -> None:
    """
    Twelve comments of one place do not drown the one of another.
    """
    many = tuple(
        comment(n, f"{text} I have said so {n} times in house {n * 7} of street {n * 3}.")
        for n, text in enumerate((*BIKES, *PARKING) * 2)
    )
    lone = comment(99, "Nobody has asked the people who walk on Mill Road.", id=Cid("hn:99"))
    read = replace(
        reading(),
        discussions=(
            Discussion("page", None, None, None, many),
            Discussion("hackernews", None, None, None, (lone,)),
        ),
    )

    assert "hn:99" in [cid for cid, _ in (await draft(read, Length.SHORT)).voices]


async def test_past_what_can_be_compared_some_are_and_it_is_known() -> None:
    """
    Ten thousand comments are sampled, a small discussion beside them not: it keeps enough to be heard.
    """
    crowd = tuple(comment(n, f"Lane {n} of {n * 31 % 97} is {n * 17 % 89}.") for n in range(9_000))
    few = tuple(comment(n, f"House {n} says {n * 13 % 83}.") for n in range(9_000, 9_040))
    read = replace(
        reading(),
        discussions=(
            Discussion("page", None, None, None, crowd),
            Discussion("hackernews", None, None, None, few),
        ),
    )
    said = await draft(read)

    assert said.looked_at is not None
    assert MOST_COMPARED == len(said.looked_at)
    assert {c.id for c in few} <= said.looked_at
    assert len(few) <= LEAST_COMPARED
    assert said.looked_at == (await draft(read)).looked_at


async def test_votes_decide_nothing() -> None:
    """
    In a crowd a minority that is voted down keeps its share of what is compared.
    """
    disliked = set(Random(1).sample(range(4_000), 400))
    crowd = tuple(
        comment(n, f"Lane {n} is number {n * 31 % 977}.", score=-20 if n in disliked else 300)
        for n in range(4_000)
    )
    read = replace(reading(), discussions=(Discussion("page", None, None, None, crowd),))
    said = await draft(read)

    assert said.looked_at is not None
    low = sum(c.score == -20 for c in crowd if c.id in said.looked_at)
    assert 90 <= low <= 110


async def test_a_copy_of_what_was_compared_counts_as_read() -> None:
    """
    What is left out is what nobody looked at, not what was read once for all its copies.
    """
    copied = (
        "The lane takes the parking places that our customers need, and every shop will close. "
    )
    crowd = [comment(n, f"Lane {n} of {n * 31 % 97} is {n * 17 % 89}.") for n in range(3_000)]
    copies = [comment(n, copied) for n in range(5_000, 5_500)]
    read = replace(
        reading(), discussions=(Discussion("page", None, None, None, (*copies, *crowd)),)
    )
    said = await draft(read)

    assert said.looked_at is not None
    assert sum(c.id in said.looked_at for c in copies) in {0, 500}


async def test_what_was_too_long_to_be_read_to_its_end_is_counted() -> None:
    """
    Nobody writes so much, and a digest says that it did not read it all.
    """
    said = await draft(reading(BIKES[0], "The lane is a novel of mine. " * 1_000))

    assert 1 == said.cut


async def test_every_voice_holds_against_its_comment() -> None:
    """
    Smileys, brackets, guillemets, line breaks: what was chosen is what is shown.
    """
    read = reading(
        "The bike lane makes the way to school safe (for my children) :-)",
        "(Customers need parking places, or the shops will close.)",
        "Bruxelles « commence à nous les briser », dit le boulanger de la rue du Moulin.",
        "A street lamp costs less.\n\nAnd it frightens the burglars of Mill Road!",
    )
    said = await draft(read)
    made = Made(Engine.EXTRACTIVE, None, "", 0, 0, None, 0.1, datetime(2026, 1, 1, tzinfo=UTC))
    digest = ground(said, read, Brief("en"), key="k", made=made)

    assert [words for _, words in said.voices] == [quoted(q, read) for q in digest.voices]
    assert 4 == len(digest.voices)
    assert not [gap for gap in digest.gaps if gap.code is GapCode.QUOTES_DROPPED]


async def test_the_seed_without_a_model(shared: Path) -> None:
    """
    The investment, Paris pleased with it, the inquiry and the charge of lobbying are told; six of ten readers heard.
    """
    read = read_text((shared / "seed" / "clubic-mistral.txt").read_text("utf-8"), None)
    said = await draft(read)
    told = f"{said.tldr} {' '.join(said.points)}"

    facts = ("15 millions d’euros", "se réjouir", "enquête formelle", "faire échouer l’IA Act")
    assert list(facts) == [fact for fact in facts if fact in told]
    assert 6 == len({read.by_id[cid].author for cid, _ in said.voices})


async def test_nothing_gives_nothing() -> None:
    """
    Without article and comments there is nothing to say, and nothing breaks.
    """
    said = await draft(reading(article=None))

    assert ("", (), ()) == (said.tldr, said.points, said.voices)


async def draft(read: Reading, length: Length = Length.STANDARD) -> Draft:
    return await ExtractiveDigester().draft(read, Brief("en", length), nobody)
