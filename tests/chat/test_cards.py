"""Cards within Discord's limits, from nothing to the absurd, and what stands on them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.answers import answer_view
from bot.chat.cards import notice
from bot.chat.exporting import export
from bot.chat.facts import numbered
from bot.chat.forms import ask_form, wrong_form
from bot.chat.opened import section
from bot.chat.rows import chooser, full_view, more_view, page_view, progress_view
from bot.chat.sentences import Sentences
from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    Changes,
    Cid,
    Comment,
    Digested,
    Discussion,
    Engine,
    Lead,
    Quote,
    Share,
)
from tests.chat.digests import KEY, LANE, MADE, WORDS, absurd, digest_of, position
from tests.chat.fake_discord import texts, walk
from tests.chat.limits import components_of, faults, form_faults
from tests.fakes import READ_AT, comment, reading

ENGLISH, FRENCH = Sentences.of("en"), Sentences.of("fr")


def views(card: Digested, words: Sentences) -> list[ui.LayoutView]:
    """Everything a digest can be shown as."""
    found = [
        answer_view(card, words, instead_of=10**19),
        more_view(card, words, 10**19, may_remove=True),
    ]
    every = numbered(card)
    for name in [*(str(one.number) for one in every[:1] + every[-1:]), "rest", "all"]:
        what = section(card, name)
        if what is not None:
            last = len(what.pages) - 1
            found += [page_view(card, what, n, words) for n in {0, last, 10_000}]
    if every:
        found += [chooser(card, start, words) for start in (0, 22, 10_000)]
        found += [full_view(card, n, words) for n in (0, 1, 10_000)]
    return found


# comments, positions, voices, discussions
SIZES = (
    (0, 0, 0, 1),
    (1, 0, 1, 1),
    (2, 0, 2, 2),
    (3, 3, 0, 1),
    (10, 50, 0, 3),
    (10, 200, 0, 1),
    (500, 0, 9, 1),
    (500, 50, 0, 3),
)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("words", WORDS)
def test_every_message_is_within_the_limits(words: str, size: tuple[int, int, int, int]) -> None:
    """
    From 0 to 500 comments and 200 positions, every text 10,000 letters, emoji, signs, marks or nothing to see.
    """
    comments, positions, voices, places = size
    card = absurd(WORDS[words], comments, positions, voices=voices, places=places)

    for n, view in enumerate(views(card, FRENCH)):
        # the description takes a hundredth of a second: for one of each kind
        assert [] == faults(view, described=n < 3 or positions == 3)


@pytest.mark.parametrize("words", WORDS)
def test_every_form_and_file_is_within_the_limits(words: str) -> None:
    """
    So are the forms, what is under way, and the message that carries the files, which have names for every system.
    """
    card = absurd(WORDS[words], 3, 2)
    view, files = export(card, FRENCH, 10**7)

    assert [] == form_faults(ask_form(card, FRENCH))
    assert [] == form_faults(wrong_form(card, numbered(card)[-1], FRENCH))
    assert [] == faults(progress_view(WORDS[words], "9" * 20, FRENCH))
    assert [] == faults(view)
    assert [".md", ".json"] == [re.sub(r"^[a-z0-9-]{1,60}", "", file.filename) for file in files]


@given(
    st.lists(st.text(min_size=1, max_size=200), max_size=12),
    st.text(max_size=300),
    st.integers(0, 9),
)
@settings(max_examples=40)
def test_any_digest_makes_a_card(comments: list[str], words: str, positions: int) -> None:
    """
    Any words at all make a card within the limits.
    """
    said = reading(*comments)
    ids = [c.id for c in said.by_id.values()]
    held = [position(n, ids, words) for n in range(1, positions + 1)] if ids else []
    voices = tuple(Quote(c.id, 0, len(c.text)) for c in said.by_id.values())
    card = digest_of(said, held, tldr=words, points=(words,), divide=words, voices=voices)

    assert [] == faults(answer_view(card, ENGLISH))
    assert [] == faults(notice(words), described=False)


def shown(card: Digested, words: Sentences = ENGLISH) -> list[str]:
    return texts(components_of(answer_view(card, words)))


def pressable(card: Digested) -> list[dict[str, Any]]:
    every = walk(components_of(answer_view(card, ENGLISH)))
    return [one for one in every if "custom_id" in one]


def test_the_card_reads_from_top_to_bottom() -> None:
    """
    Title, source, summary, positions with count, bar, quote and author, what is left, what it rests on.
    """
    card = digest_of(
        LANE,
        [position(1, [Cid("page:1")], "It is good", [Quote(Cid("page:1"), 0, 16)])],
        points=("It is new.",),
        question="Is it good?",
        divide="Safety against parking.",
        unplaced=(Cid("page:2"), Cid("page:3")),
    )
    order = [
        "## [The lane](<https://town.example/lane>)",
        "3 comments",
        "A lane opens in May.",
        "- It is new.",
        "**Is it good?**",
        "**1\\. It is good**",
        "▰▰▰▱▱▱▱▱▱▱ 1 of 3",
        "> The lane is good —\u00a0[reader1](<https://town.example/lane#c1>)",
        "-# 2 comments in no position",
        "The divide: Safety against parking.",
        f"-# Read 3 of 3 comments · <t:{int(READ_AT.timestamp())}:R>",
        "-# gpt-test · kept, at no cost",
    ]
    text = "\n".join(shown(card))

    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert sorted(places) == places


def test_the_card_is_short() -> None:
    """
    Three points and five positions at most, one quote each; how many more there are is said.
    """
    held = [
        position(n, [Cid("page:1")], quotes=[Quote(Cid("page:1"), 0, 3)] * 4) for n in range(1, 9)
    ]
    text = "\n".join(shown(digest_of(LANE, held, points=tuple("abcdef"))))

    assert 3 == len(re.findall(r"^- ", text, re.MULTILINE))
    assert (
        5
        == len(re.findall(r"^\*\*\d", text, re.MULTILINE))
        == len(re.findall(r"^> ", text, re.MULTILINE))
    )
    assert "-# 3 more positions" in text


def test_people_are_counted_where_they_are_fewer() -> None:
    """
    Two comments of one person are two comments, one person.
    """
    said = reading("Yes.", "Yes, again.", "No.")
    (place,) = said.discussions
    same = tuple(replace(c, author="Ann") for c in place.comments[:2])
    said = replace(said, discussions=(replace(place, comments=(*same, place.comments[2])),))
    card = digest_of(
        said, [position(1, [Cid("page:1"), Cid("page:2")]), position(2, [Cid("page:3")])]
    )

    text = "\n".join(shown(card))
    assert "2 of 3 · 1 person" in text
    assert text.endswith("1 of 3\n> No. —\u00a0reader3") or "1 of 3\n" in text


def test_a_quote_in_another_language_has_its_translation_beside_it() -> None:
    """
    The words themselves come first.
    """
    quote = Quote(Cid("page:1"), 0, 16, "La voie *est* bonne")
    text = "\n".join(shown(digest_of(LANE, [position(1, [Cid("page:1")], quotes=[quote])]), FRENCH))

    assert "> The lane is good\n> *La voie \\*est\\* bonne* —\u00a0[reader1]" in text


def two_places() -> Digested:
    first, second = LANE.discussions[0], "https://news.ycombinator.com/item?id=1"
    other = tuple(Comment(Cid(f"hn:{n}"), None, f"u{n}", f"Elsewhere {n}.") for n in range(4))
    said = replace(LANE, discussions=(first, Discussion("hackernews", second, None, 4, other)))
    here = [position(n, [Cid("page:1")], f"Here {n}") for n in range(1, 8)]
    there = [position(8, [Cid("hn:1"), Cid("hn:2")], "There")]
    return digest_of(said, [*there, *here])


def test_several_discussions_are_shown_apart() -> None:
    """
    A heading each; a position counts against its own discussion, and the smaller one is not left out.
    """
    text = "\n".join(shown(two_places()))
    order = [
        "### [town.example](<https://town.example/lane>) · 3 comments",
        "**1\\. Here 1**\n▰▰▰▱▱▱▱▱▱▱ 1 of 3",
        "**4\\. Here 4**",
        "### [Hacker News](<https://news.ycombinator.com/item?id=1>) · 4 comments",
        "**8\\. There**\n▰▰▰▰▰▱▱▱▱▱ 2 of 4",
        "3 more positions",
    ]
    places = [text.find(part) for part in order]

    assert -1 not in places, order[places.index(-1)]
    assert sorted(places) == places
    assert "Here 5" not in text


def test_voices_of_several_discussions_are_shown_apart_and_marked() -> None:
    """
    Without a model it is said so, above the voices and in the small print.
    """
    said = two_places().reading
    voices = (Quote(Cid("hn:1"), 0, 9), Quote(Cid("page:1"), 0, 8), Quote(Cid("hn:2"), 0, 9))
    made = replace(MADE, engine=Engine.EXTRACTIVE, model=None)
    text = "\n".join(
        shown(digest_of(said, voices=voices, made=made, gaps=(Gap(GapCode.NO_MODEL),)))
    )

    assert "Chosen without a model: verbatim, and no opinion is counted." in text
    assert "-# Made without a model: extracts, no positions." in text
    assert text.find("> The lane") < text.find("### [Hacker News]") < text.find("> Elsewhere")
    assert 1 == text.count("### [Hacker News]")


def test_what_has_changed_is_said() -> None:
    """
    New and gone comments, new and gone positions, shares that moved by a percent, quotes that are gone.
    """
    changes = Changes(
        since=READ_AT - timedelta(hours=2),
        comments_new=37,
        comments_gone=1,
        shares=(Share("p1", 0.2, 0.353), Share("p2", None, 0.1), Share("p3", 0.5, 0.5004)),
        positions_gone=("It is *ugly*",),
        quotes_gone=1,
    )
    held = [position(n, [Cid("page:1")], f"View {n}") for n in (1, 2, 3)]
    text = "\n".join(shown(digest_of(LANE, held, changes=changes)))
    said = text[text.index("**What has changed") :].split("\n")
    french = "\n".join(shown(digest_of(LANE, held, changes=changes), FRENCH))

    assert [
        f"**What has changed since <t:{int(changes.since.timestamp())}:f>**",
        "- 37 new comments · 1 comment is gone",
        "- New: View 2",
        "- No longer held: It is \\*ugly\\*",
        "- View 1: 20% → 35%",
    ] == said[:5]
    assert "37 nouveaux commentaires · 1 commentaire disparu" in french
    assert "View 1: 20\u202f% → 35\u202f%" in french.replace("\u00a0%", "\u202f%")


def test_nothing_new_says_nothing() -> None:
    """
    A refresh after which every count is the same has no section about it.
    """
    same = Changes(READ_AT, 0, 0, (Share("p1", 0.5, 0.5),), (), 0)

    assert "changed" not in "\n".join(
        shown(digest_of(LANE, [position(1, [Cid("page:1")])], changes=same))
    )


def test_what_a_later_reading_has_besides_is_said() -> None:
    """
    How much was read of how much is stated, when, and how many comments came since.
    """
    (place,) = LANE.discussions
    said = replace(LANE, discussions=(replace(place, declared=1380),))
    card = replace(digest_of(said), newer=37)
    text = "\n".join(shown(card))

    when = f"<t:{int(READ_AT.timestamp())}:R>"
    assert f"-# Read 3 of 1,380 comments · {when} · 37 new comments since" in text
    assert "Lu\u00a0: 3 commentaires sur 1\u202f380" in "\n".join(shown(card, FRENCH))


def test_below_the_card_are_two_lists_and_one_row_of_buttons() -> None:
    """
    A list of what can be opened, one of where else it is discussed, and three buttons.
    """
    leads = (
        Lead("hackernews", "https://news.ycombinator.com/item?id=1", "A lane *for* Marlow", 1312),
        Lead("hackernews", "https://news.ycombinator.com/item?id=1", "Again", 1312),
        Lead("lemmy", "https://town.example/post/7", "The lane", None),
    )
    card = digest_of(
        replace(LANE, leads=leads), [position(1, [Cid("page:1")])], unplaced=(Cid("page:2"),)
    )
    opener, elsewhere, *buttons = pressable(card)

    assert ["1. Position 1", "In no position", "All comments"] == [
        option["label"] for option in opener["options"]
    ]
    assert "Also discussed: Hacker News · 1,312, town.example" == elsewhere["placeholder"]
    assert [
        ("Hacker News · 1,312 comments", "A lane *for* Marlow"),
        ("town.example", None),
    ] == [(option["label"], option.get("description")) for option in elsewhere["options"]]
    assert ["Ask", "Refresh", "More…"] == [one["label"] for one in buttons]
    assert all(KEY in one["custom_id"] for one in (opener, elsewhere, *buttons))


def test_a_card_without_positions_opens_all_comments_with_a_button() -> None:
    """
    There is nothing to choose from.
    """
    assert ["All comments", "Ask", "Refresh", "More…"] == [
        one["label"] for one in pressable(digest_of(LANE))
    ]


def test_a_copied_text_cannot_be_read_again() -> None:
    """
    It has no *Refresh*.
    """
    pasted = digest_of(replace(LANE, target="paste:1"))

    assert "Refresh" not in [one["label"] for one in pressable(pasted)]


def test_of_200_positions_each_can_be_reached() -> None:
    """
    At most 25 at a time, largest first; the last option of each list leads on, in the end back to the first.
    """
    card = digest_of(LANE, [position(n, [Cid("page:1")]) for n in range(1, 201)])
    seen: list[str] = []
    start = 0
    while True:
        (opener,) = [
            c for c in walk(components_of(chooser(card, start, ENGLISH))) if c["type"] == 3
        ]
        values = [option["value"] for option in opener["options"]]
        seen += [value for value in values if value.isdecimal()]
        (further,) = [value for value in values if value.startswith("from:")]
        start = int(further.removeprefix("from:"))
        if start == 0:
            break

    assert [str(n) for n in range(1, 201)] == seen
    assert [str(n) for n in range(1, 24)] == [
        o["value"] for o in pressable(card)[0]["options"] if o["value"].isdecimal()
    ]


def test_comments_with_a_name_of_several_words_keep_it_on_one_line() -> None:
    """
    A short name is not broken.
    """
    said = reading()
    said = replace(
        said, discussions=(replace(said.discussions[0], comments=(comment(1, "Yes.", "Ann Lee"),)),)
    )

    assert "—\u00a0Ann\u00a0Lee" in "\n".join(
        shown(digest_of(said, voices=(Quote(Cid("page:1"), 0, 4),)))
    )
