"""Cards within Discord's limits, from nothing to the absurd."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.answers import answer_view
from bot.chat.cards import MOST_TEXT, notice, pages, text_length
from bot.chat.rows import page_view
from bot.chat.sentences import Sentences
from bot.core.grounding import ground
from bot.core.models import (
    Article,
    Brief,
    Cid,
    Cited,
    Claim,
    Digested,
    Draft,
    Engine,
    Lead,
    Length,
    Made,
    Reading,
)
from tests.chat.fake_discord import texts, walk
from tests.discord.checks import message_faults
from tests.fakes import READ_AT, reading

WORDS = Sentences.of("fr")
MADE = Made(Engine.LLM, "model" * 9, "p", 10**6, 10**5, None, 840.0, READ_AT)


def digested(
    said: Reading, *, claims: int, words: str, made: Made = MADE, voices: int = 0
) -> Digested:
    ids = {str(n): c.id for n, c in enumerate(said.readable, 1)}
    draft = Draft(
        tldr=words,
        points=(words,) * 9,
        question=words,
        claims=tuple(
            Claim(
                f"{n} {words}",
                words,
                "supports",
                tuple(ids),
                tuple(Cited(i, words) for i in list(ids)[:2]),
            )
            for n in range(claims)
        ),
        divide=words,
        ids=ids,
        voices=tuple((c.id, c.text) for c in said.readable[:voices]),
        model="m",
    )
    return Digested(
        said, ground(draft, said, Brief("fr", Length.DETAILED), key="a" * 24, made=made)
    )


def check(view: ui.LayoutView) -> list[dict[str, Any]]:
    """
    Discord's limits: 4,000 characters, 40 components, ids and labels, links of buttons.
    """
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    assert text_length(view) <= MOST_TEXT
    assert [] == message_faults({"components": components}, v2=True)
    return components


@pytest.mark.parametrize("comments", [0, 1, 2, 3, 10, 500])
@pytest.mark.parametrize("words", ["Oui.", "trop long " * 200, "\U0001f600" * 1500, "*_~[" * 500])
async def test_every_card_is_within_the_limits(comments: int, words: str) -> None:
    """
    From 0 to 500 comments, titles and labels of 10,000 characters, emoji and signs that need escaping.
    """
    said = reading(*[words or "x"] * comments)
    long_url = "https://town.example/" + "x" * 400
    said = replace(
        said,
        article=Article(
            long_url, words * 6, words, site=words, authors=(words,) * 5, published=READ_AT
        ),
        leads=tuple(Lead("page", f"{long_url[: 60 * n]}", words, 10**9) for n in range(1, 9)),
        discussions=(
            replace(
                said.discussions[0],
                comments=tuple(
                    replace(c, author=words, url=long_url, posted_at=READ_AT)
                    for c in said.discussions[0].comments
                ),
            ),
        ),
    )
    for claims, voices, engine in (
        (0, 9, Engine.EXTRACTIVE),
        (3, 0, Engine.LLM),
        (50, 0, Engine.LLM),
    ):
        made = replace(MADE, engine=engine)
        card = digested(said, claims=claims, words=words, made=made, voices=voices)
        check(answer_view(card, WORDS))
        every = pages(card, WORDS)
        for number in (0, len(every) // 2, len(every) - 1, 10_000):
            if every:
                check(page_view(card, number, WORDS))


@given(
    st.lists(st.text(min_size=1, max_size=200), max_size=12),
    st.text(max_size=300),
    st.integers(0, 9),
)
@settings(deadline=None, max_examples=40)
def test_any_digest_makes_a_card(comments: list[str], words: str, claims: int) -> None:
    """
    Any words at all make a card within the limits.
    """
    check(answer_view(digested(reading(*comments), claims=claims, words=words), WORDS))
    check(notice(words))


def test_the_card_reads_from_top_to_bottom() -> None:
    """
    Title, source, summary, positions with count, bar, quote and author, what is left, what it rests on.
    """
    said = reading("The lane is good for us all.", "The lane is bad for shops.", "No idea.")
    comments = tuple(
        replace(c, url=f"https://town.example/lane#c{n}") for n, c in enumerate(said.readable, 1)
    )
    said = replace(said, discussions=(replace(said.discussions[0], comments=comments),))
    draft = Draft(
        "A lane opens in May.",
        ("It is new.",),
        question="Is it good?",
        claims=(Claim("It is good", "", "supports", ("1",), (Cited("1", "The lane is good"),)),),
        ids={"1": Cid("page:1")},
        model="m",
    )
    digest = ground(draft, said, Brief("en"), key="a" * 24, made=replace(MADE, model="m"))
    view = answer_view(Digested(said, digest), Sentences.of("en"))

    shown = "\n".join(texts(check(view)))
    order = [
        "## [The lane](<https://town.example/lane>)",
        "3 comments",
        "A lane opens in May.",
        "- It is new.",
        "**Is it good?**",
        "**1\\. It is good**",
        "▰▰▰▱▱▱▱▱▱▱ 1 of 3",
        "> The lane is good",
        "[reader1](<https://town.example/lane#c1>)",
        "2 comments are in no position.",
        "-# Read: 3 of 3 comments",
    ]
    places = [shown.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert sorted(places) == places


def test_leads_stand_on_the_card_with_their_counts() -> None:
    """
    Where else it is discussed, how much, and under which title; each address once, a button each.
    """
    leads = (
        Lead("hackernews", "https://news.ycombinator.com/item?id=1", "A lane *for* Marlow", 312),
        Lead("hackernews", "https://news.ycombinator.com/item?id=1", "Again", 312),
        Lead("lemmy", "https://town.example/post/7", "The lane", None),
    )
    said = replace(reading("Yes."), leads=leads)
    view = answer_view(digested(said, claims=0, words="A lane."), Sentences.of("en"))

    components = check(view)
    shown = texts(components)
    place = shown.index("**Also discussed elsewhere**")
    first = "[Hacker News](<https://news.ycombinator.com/item?id=1>) · 312 comments"
    assert [f"{first}\n-# A lane \\*for\\* Marlow"] == shown[place + 1 : place + 2]
    assert "[town.example](<https://town.example/post/7>)" == shown[place + 2]
    ids = [c.get("custom_id", "") for c in walk([c["accessory"] for c in sections(components)])]
    assert all(id.startswith(f"chorus:lead:{'a' * 24}:") for id in ids)
    assert 2 == len(set(ids))


def test_more_leads_than_a_card_holds_are_counted() -> None:
    """
    The first four have buttons; how many more there are is said.
    """
    leads = tuple(Lead("page", f"https://town.example/{n}", None, n) for n in range(9))
    view = answer_view(
        digested(replace(reading("Yes."), leads=leads), claims=0, words="A lane."),
        Sentences.of("en"),
    )

    components = check(view)
    assert 4 == len(sections(components))
    assert "-# 5 more discussions" in texts(components)


def sections(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [c for c in walk(components) if c["type"] == 9]


def test_pages_show_every_comment_once_in_its_position() -> None:
    """
    All comments of all positions, then those in none.
    """
    said = reading(*[f"Comment number {n} says a thing or two." for n in range(60)])
    ids = {str(n): Cid(f"page:{n}") for n in range(1, 61)}
    draft = Draft(
        "x", (), claims=(Claim("One", "", "", tuple(map(str, range(1, 41))), ()),), ids=ids
    )
    digest = ground(draft, said, Brief("en"), key="a" * 24, made=MADE)

    text = "\n".join(page.text for page in pages(Digested(said, digest), Sentences.of("en")))

    assert all(1 == text.count(f"number {n} says") for n in range(60))
