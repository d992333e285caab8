"""What of a comment is the writer's own, and what of that can be shown alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extractive.quotable import MOST_WORDS, by_robot, own_words, sayings
from tests.fakes import comment

OWN = "The lane makes the way to school safe."


@pytest.mark.parametrize(
    "other",
    [
        "> The lane will ruin every shop on the road.",
        ">The lane will ruin every shop on the road.",
        "    lane = roads[mill].lanes.add(width=2)",
        "\tif (lane) { open(lane); }",
        "lanes[0] = {open: true};",
        "https://town.example/lane",
        "On Monday, the baker wrote:",
        "Le boulanger a écrit :",
        "“The lane will ruin every shop on the road.”",
        "— — —",
        "👍👍👍",
    ],
)
def test_words_of_others_code_and_links_are_not_own(other: str) -> None:
    """
    What stands beside an own sentence, and is none, is left out, before it and after it.
    """
    assert [OWN] == stretches(f"{other}\n\n{OWN}") == stretches(f"{OWN}\n\n{other}")


def test_a_fence_of_code_is_left_out_with_all_in_it() -> None:
    """
    From one row of backticks to the next, nothing is prose.
    """
    assert [OWN, "So there."] == stretches(f"{OWN}\n```\nlane is open\n```\nSo there.")


def test_what_is_left_out_parts_what_stands_around_it() -> None:
    """
    Nothing shown runs across somebody else's words.
    """
    text = f"{OWN}\n\n> But the shops of the town?\n\nThe shops will have more customers than ever."

    assert [OWN, "The shops will have more customers than ever."] == said(text)


def test_a_short_comment_is_shown_whole() -> None:
    """
    Up to forty words nothing is chosen from: both sentences belong together.
    """
    text = f"{OWN} I know, I cycle there every day."

    assert [text] == said(text)


def test_of_a_long_comment_only_whole_sentences_are_shown() -> None:
    """
    Every run of sentences within forty words, and none of a sentence that is longer.
    """
    long = " ".join(["and on"] * 25)
    runs = said(f"{OWN} It goes {long}. Nobody was asked about it.")

    assert [OWN, "Nobody was asked about it."] == runs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@baker: the lane makes it all safe", "the lane makes it all safe"),
        ("#3 the lane makes it all safe", "the lane makes it all safe"),
        ("2.) the lane makes it all safe", "the lane makes it all safe"),
        ("[1] the lane makes it all safe", "the lane makes it all safe"),
        ("The lane makes it all safe: https://a.example/b", "The lane makes it all safe"),
    ],
)
def test_names_numbers_and_links_at_the_edges_are_left_off(text: str, expected: str) -> None:
    """
    What is shown is what was said, not to whom or where.
    """
    assert [expected] == said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Exactly.",
        "No, never ever.",
        "",
        "https://town.example/a https://town.example/b",
        "“The lane will ruin every shop on the road”, they say, oh well.",
    ],
)
def test_too_few_words_of_its_own_are_no_voice(text: str) -> None:
    """
    Fewer than five words, or more of somebody else's than own.
    """
    assert [] == said(text)


def test_it_is_known_what_hangs_in_the_air() -> None:
    """
    A comment without a full stop is whole; a piece of a long one without an end, or one said to somebody, is not.
    """
    filler = "I had coffee this morning with an old friend of mine. " * 4
    long = f"The lane and its many enemies\n\n{filler}"

    assert [True] == [one.whole for one in sayings("the lane makes it all safe")]
    assert [False] == [one.whole for one in sayings("@baker the lane makes it all safe")]
    assert [False] == [one.whole for one in sayings(long) if "coffee" not in long[: one.end]]


@pytest.mark.parametrize(
    ("author", "text"),
    [
        ("AutoModerator", "Please read the rules."),
        ("github-actions[bot]", "Thank you for opening this."),
        ("RemindMeBot", "I will message you in a year."),
        ("anybody", "I am a bot, and this action was performed automatically."),
        ("Another blog", "[…] a lane is opened, says Marlow […]"),
        ("Another blog", "The lane of Marlow is going to … Weiterlesen"),
    ],
)
def test_programs_are_no_readers(author: str, text: str) -> None:
    """
    By their name, by their own word, or as a blog that announces a link.
    """
    assert by_robot(comment(1, text, author))


@pytest.mark.parametrize("author", ["Abbot", "Talbot", "botanist", "robotnik", None])
def test_people_are_no_programs(author: str | None) -> None:
    """
    Names that end or begin with the letters are names.
    """
    assert not by_robot(comment(1, "Robots should build that lane.", author))


@given(st.text())
def test_every_saying_is_a_span_of_at_most_forty_words(text: str) -> None:
    """
    Whatever somebody writes.
    """
    for one in sayings(text):
        assert 0 <= one.start < one.end <= len(text)
        assert MOST_WORDS >= len(text[one.start : one.end].split())


@pytest.mark.parametrize(
    "text",
    [
        "http://" * 20_000,
        "((((" * 20_000,
        "«" * 90_000,
        "?" * 90_000 + "a",
        "> a\nb b b b b\n" * 9_000,
        "@a " * 40_000,
    ],
    ids=["links", "brackets", "quotes", "signs", "lines", "names"],
)
def test_hostile_comments_take_little_time(text: str) -> None:
    """
    Only the beginning of what nobody writes is looked at, and no pattern goes over it again and again.
    """
    started = time.process_time()
    list(sayings(text))

    assert 1 > time.process_time() - started


def said(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sayings(text)]


def stretches(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in own_words(text)]
