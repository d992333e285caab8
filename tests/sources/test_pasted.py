"""What people really copy, read to the letter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.gaps import Gap, GapCode
from bot.errors import EmptyPage, NothingFound, UnreadableError
from bot.sources.copied.segmentation import segment
from bot.sources.pasted import read_text

ENGLISH = """The ferry will run at night

By Orla Quinn
12 June 2024, 07:15
The new ferry in the harbour. Photo: P. Quay
The new ferry in the harbour. Photo: P. Quay

From July the ferry between Inish and the mainland will sail at night as well, every two hours until four.

A long wait

The islanders had asked for it since the hospital moved away; the county pays for the crew, the harbour for the lights.

"We are glad", said the mayor, who has missed the last boat more often than she wants to count in front of the press.

Five ferries that are worth the trip
3 May 2024

About the author
Orla Quinn writes about the coast and keeps three goats that have eaten two of her keyboards so far.

Comments (0)
Join the discussion
Comments (4)
sea_dog

Finally. My mother waited six hours for a doctor in March.

Marie L

And who pays in five years?

The county has run out of money twice.

night owl

good for the pub

Tom44

I work nights and I have slept on that pier more often than at home. Thank you
"""

REDDIT = """u/maple_left
3h ago

The bridge should have been closed in spring.

Upvote
12

Downvote

Reply

Share

u/gray-goose
•
2h ago
Edited 1h ago

Closed? It should never have been opened.

Two engineers said so in 2019.

Upvote 40 Downvote Reply
"""

HACKER_NEWS = """pg_fan 3 hours ago | parent | next [–]

Indexes are not free.

reply

maria_b 2 hours ago | root | parent | next [–]

They are when you never write.

reply
"""

YOUTUBE = """@kitchen.table
2 years ago
The part at 4:12 made me cry
142

Reply

@Jo-Lind
1 month ago (edited)
Watched it three times. Still do not know how he gets the dough so thin.
8
Reply
3 replies
"""

DISCOURSE = """hal  Nov 2023

The update broke my printer.

1 Like

vera  Nov 2023

Mine too, but only on Mondays.
"""

DISCORD = """Nia — Today at 10:12
Has anyone read the council's paper?
It has ninety pages.
Bo Rask — Today at 10:15
I have. The last ten are pictures.
"""


def said(text: str) -> list[tuple[str | None, str]]:
    return [(c.author, c.text) for c in read_text(text, None).discussions[0].comments]


def test_article_then_comments() -> None:
    """
    The article without captions, author's biography, other articles and calls to join; every comment whole.
    """
    reading = read_text(ENGLISH, None)
    article, place = reading.article, reading.discussions[0]

    assert article is not None
    assert ("The ferry will run at night", ("Orla Quinn",), "en") == (
        article.title,
        article.authors,
        article.language,
    )
    assert article.published is not None
    assert date(2024, 6, 12) == article.published.date()
    assert article.text.startswith("From July")
    assert article.text.endswith("in front of the press.")
    assert "A long wait" in article.text
    assert (4, ()) == (place.declared, place.gaps)
    assert [
        ("sea_dog", "Finally. My mother waited six hours for a doctor in March."),
        ("Marie L", "And who pays in five years?\n\nThe county has run out of money twice."),
        ("night owl", "good for the pub"),
        (
            "Tom44",
            "I work nights and I have slept on that pier more often than at home. Thank you",
        ),
    ] == said(ENGLISH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            REDDIT,
            [
                ("maple_left", "The bridge should have been closed in spring."),
                (
                    "gray-goose",
                    "Closed? It should never have been opened.\n\nTwo engineers said so in 2019.",
                ),
            ],
        ),
        (
            HACKER_NEWS,
            [
                ("pg_fan", "Indexes are not free."),
                ("maria_b", "They are when you never write."),
            ],
        ),
        (
            YOUTUBE,
            [
                ("kitchen.table", "The part at 4:12 made me cry"),
                (
                    "Jo-Lind",
                    "Watched it three times. Still do not know how he gets the dough so thin.",
                ),
            ],
        ),
        (
            DISCOURSE,
            [("hal", "The update broke my printer."), ("vera", "Mine too, but only on Mondays.")],
        ),
        (
            DISCORD,
            [
                ("Nia", "Has anyone read the council's paper?\nIt has ninety pages."),
                ("Bo Rask", "I have. The last ten are pictures."),
            ],
        ),
    ],
    ids=["reddit", "hackernews", "youtube", "discourse", "discord"],
)
def test_what_people_copy(text: str, expected: list[tuple[str, str]]) -> None:
    """
    Names, dates, votes and buttons are told from words by their rhythm.
    """
    assert expected == said(text)


@pytest.mark.parametrize(
    "heading",
    [
        "Comments (2)",
        "2 Kommentare",
        "Commentaires (2)",
        "2 comentarios",
        "Commenti (2)",
        "2 reacties",
    ],
)
def test_the_count_is_read_in_any_language(heading: str) -> None:
    """
    The page's own number of comments is the truth to reach.
    """
    place = read_text(f"{heading}\n\nann\n\nYes indeed.\n\nbob\n\nNo way.\n", None).discussions[0]

    assert (2, ["ann", "bob"]) == (place.declared, [c.author for c in place.comments])
    assert (Gap(GapCode.ARTICLE_MISSING),) == place.gaps


def test_fewer_comments_than_stated_are_a_gap() -> None:
    """
    A copy that ends early says how many are missing.
    """
    text = ENGLISH.replace("Comments (4)", "Comments (9)")

    assert Gap(GapCode.COMMENTS_MISSING, count=9 - len(said(text))) in (
        read_text(text, None).discussions[0].gaps
    )


def test_an_article_without_comments() -> None:
    """
    A text alone is an article, and it is said that there are no comments.
    """
    reading = read_text(ENGLISH.partition("Comments (0)")[0], None)

    assert reading.article is not None
    assert ((), (Gap(GapCode.COMMENTS_NONE),)) == (
        reading.discussions[0].comments,
        reading.discussions[0].gaps,
    )


def test_nothing_is_said_to_be_nothing() -> None:
    """
    Blank text, and a few words that are neither article nor comments.
    """
    with pytest.raises(EmptyPage):
        read_text(" \n\n", None)
    with pytest.raises(NothingFound):
        read_text("hello there", None)


words = st.lists(
    st.sampled_from(
        [
            "ann",
            "bob_2",
            "Comments (3)",
            "",
            "",
            "3h ago",
            "Reply",
            "What a long day it was.",
            "@x",
            "\t",
            "12",
        ]
    ),
    max_size=40,
).map("\n".join)


@given(st.text() | words)
@settings(deadline=2000)
def test_nothing_lost_nothing_invented(text: str) -> None:
    """
    The lines give back the text; what a comment says stands in the text; nothing breaks.
    """
    found = segment(text)

    assert text == "".join(text[span.start : span.end] for span in found.spans)
    try:
        reading = read_text(text, None)
    except UnreadableError:
        return
    for comment in reading.by_id.values():
        for line in comment.text.split("\n"):
            assert line in text


def test_a_megabyte_ends() -> None:
    """
    A long copy is read in time, whatever it states.
    """
    text = "Comments (900)\n\n" + "ann\n\nSo it is.\n\n" * 40_000

    assert len(said(text)) >= 900 or read_text(text, None).discussions[0].gaps


def test_the_seed_is_read_to_the_letter(shared: Path) -> None:
    """
    A real page, copied: ten comments of ten, in order, each complete and true to the character.
    """
    text = (shared / "seed" / "clubic-mistral.txt").read_text("utf-8")
    reading = read_text(text, None)
    place = reading.discussions[0]

    authors = [
        *("g-jack", "Kriz4liD", "Yannick2k", "pecore", "philouze"),
        *("bizbiz", "Binbin", "Cynian90", "TNZ", "MattS32"),
    ]
    assert (10, authors, ()) == (place.declared, [c.author for c in place.comments], place.gaps)
    tail = text.partition("Commentaires (10)\n")[2]
    assert tail.strip() == "\n\n".join(f"{c.author}\n\n{c.text}" for c in place.comments)
    assert reading.article is not None
    assert ("fr", ("Corentin Béchade",)) == (reading.article.language, reading.article.authors)
    assert reading.article.published is not None
    assert date(2024, 2, 28) == reading.article.published.date()
    for noise in (
        "IB Photography",
        "Journaliste depuis",
        "chatbots à intelligence",
        "Rejoignez",
        "WhatsApp",
    ):
        assert noise not in reading.article.text
    assert reading.article.text.startswith("Tout juste noué")
    assert reading.article.text.endswith("À voir si Bruxelles se laisse convaincre.")
