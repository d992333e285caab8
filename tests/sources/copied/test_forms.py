"""What people copy from, place by place: who wrote, what, when, and with how many votes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.gaps import Gap, GapCode
from bot.core.models import Comment, Discussion, State
from bot.sources.copied.segmentation import segment
from bot.sources.pasted import read_text


def place(text: str) -> Discussion:
    return read_text(text, None).discussions[0]


def said(text: str) -> list[tuple[str | None, str]]:
    return [(one.author, one.text) for one in place(text).comments]


def scores(text: str) -> list[int | None]:
    return [one.score for one in place(text).comments]


REDDIT = """Skip to main content
The bridge is closed : r/harbour
Open menu
r/harbour
•
5h ago
maple_left
The bridge is closed and nobody told the school
Since Monday the bus has gone round by the quarry, which takes fifty minutes longer each way.

Neither the school nor the doctor has been told anything by the council.
Upvote
120

Downvote

6
comments


Share
Share
u/ferry_lines avatar
u/ferry_lines
•
Promoted

Cross the bay in style, from nine euros a day.

Sign Up
ferry.example
Add a comment
Sort by:

Best

Search Comments
Expand comment search
Comments Section
u/gray-goose avatar
gray-goose
•
3h ago
•
Edited 2h ago
Closed? It should never have been opened.

Two engineers said so in 2019:

    load > limit


Upvote
12

Downvote
Reply
reply

Award
0 awards

Share
Share

u/maple_left avatar
maple_left
OP
•
3h ago
Top 1% Commenter
12

Upvote
1.2K

Downvote
Reply
reply

Award

Share
Share

2 more replies
[deleted]
[deleted]
•
2h ago
Comment deleted by user


Upvote
1

Downvote
Reply
reply

Award

Share
Share

Buy_Boats
•
Ad
A boat is cheaper than a bridge.
Upvote
0
quiet_heron
•
1h ago
> Two engineers said so in 2019:

Name them.

Upvote
-3

Downvote
Reply
reply

Award

Share
Share
"""


def test_reddit() -> None:
    """
    The post is the article, promoted posts are nobody's comments, a deleted one keeps its place.
    """
    reading = read_text(REDDIT, None)
    comments = reading.discussions[0].comments

    assert reading.article is not None
    assert "The bridge is closed and nobody told the school" == reading.article.title
    assert reading.article.text.startswith("Since Monday")
    assert reading.article.text.endswith("by the council.")
    assert [
        (
            "gray-goose",
            "Closed? It should never have been opened.\n\nTwo engineers said so in 2019:\n\nload > limit",
            12,
        ),
        ("maple_left", "12", 1200),
        (None, "", 1),
        ("quiet_heron", "> Two engineers said so in 2019:\n\nName them.", -3),
    ] == [(one.author, one.text, one.score) for one in comments]
    assert [State.OK, State.OK, State.DELETED, State.OK] == [one.state for one in comments]
    assert all(one.posted_at is None for one in comments)  # "3h ago", by whose clock?
    assert (
        6,
        (Gap(GapCode.COMMENTS_MISSING, count=2), Gap(GapCode.COMMENTS_DELETED, count=1)),
    ) == (reading.discussions[0].declared, reading.discussions[0].gaps)


def test_reddit_without_buttons() -> None:
    """
    Some browsers copy the votes and none of the buttons; what is folded away is counted where no total is stated.
    """
    text = """u/maple_owl avatar
maple_owl
OP
•
2d ago
I posted this because our lab decides this week.

9
u/river_fern avatar
river_fern
•
2d ago
Search has been slow for months.
All 3 of them.

5

2 more replies
u/slate_wren avatar
slate_wren
•
3mo ago
I left last spring.

-1
Continue this thread
"""

    assert [
        ("maple_owl", "I posted this because our lab decides this week."),
        ("river_fern", "Search has been slow for months.\nAll 3 of them."),
        ("slate_wren", "I left last spring."),
    ] == said(text)
    assert [9, 5, -1] == scores(text)
    assert Gap(GapCode.COMMENTS_MISSING, count=2) in place(text).gaps


def test_reddit_in_other_languages() -> None:
    """
    The words around comments are the reader's language, whatever that of the comments is.
    """
    french = """Avatar de u/mouette
mouette
•
il y a 3 h
Le pont devait fermer au printemps.

Vote positif
12

Vote négatif

Répondre

Récompenser

Partager
Avatar de u/tante-lise
tante-lise
•
il y a 1 j
•
Modifié il y a 2 h
Et l'école ?

Vote positif
3
Vote négatif
Répondre
Partager
"""
    german = """u/nordlicht avatar
nordlicht
•
vor 3 Std.
Die Brücke war seit Jahren morsch.

Hochvoten
7
Runtervoten
Antworten
Teilen
3 weitere Antworten
u/hein_mueck avatar
hein_mueck
•
vor 2 Tagen
Und wer zahlt?

Hochvoten
1
Runtervoten
Antworten
Teilen
"""

    assert [
        ("mouette", "Le pont devait fermer au printemps."),
        ("tante-lise", "Et l'école ?"),
    ] == said(french)
    assert [12, 3] == scores(french)
    assert [
        ("nordlicht", "Die Brücke war seit Jahren morsch."),
        ("hein_mueck", "Und wer zahlt?"),
    ] == said(german)


def test_levels_say_who_answers_whom() -> None:
    """
    Reddit once wrote the depth of a reply above it; an answer to what was not copied stands at the top.
    """
    text = """level 1
maple_left
· 3 hr. ago
The bridge was safe.

12

Reply

Share
level 2
gray-goose
Op · 2 hr. ago · edited 1 hr. ago
It was not.

40

Reply

Share
level 3
quiet_heron
· 1 hr. ago
Was too.

2

Reply

Share
level 1
slate_wren
· 1 hr. ago


Reply

Share
level 2
heron_two
· 1 hr. ago
Nice picture.

2

Reply

Share
"""
    comments = place(text).comments

    assert ["maple_left", "gray-goose", "quiet_heron", "heron_two"] == [c.author for c in comments]
    assert [None, comments[0].id, comments[1].id, None] == [c.parent for c in comments]
    assert [12, 40, 2, 2] == [c.score for c in comments]


def test_old_reddit() -> None:
    """
    Points before the age, buttons in one word or several, heads over two lines, folded comments without words.
    """
    text = """Why we moved off trains (trains.example)
submitted 9 hours ago by boxcar
6 comments share save hide report
sorted by: best
[–]boxcar[S] 12 points 3 hours ago* \nWe counted it twice.

It was cheaper.

permalink embed save parent report give award reply

      [–]night-mail 0 points1 point2 points 2 hours ago (0 children)
      No you did not.

permalinkembedsaveparentreportreply

[+]angry_goat comment score below threshold-6 points 2 hours ago (2 children)
[–]quiet_one

[S] 1 point 1 month ago

Split head.

[–]flairy Conductor, retired -3 points 1 hour ago
Yes.
load more comments (12 replies)
about blog about source code advertise careers
"""

    assert [
        ("boxcar", "We counted it twice.\n\nIt was cheaper."),
        ("night-mail", "No you did not."),
        ("quiet_one", "Split head."),
        ("flairy", "Yes."),
    ] == said(text)
    assert [12, 1, 1, -3] == scores(text)
    assert ("Why we moved off trains", 6) == (place(text).title, place(text).declared)


HACKER_NEWS = """Hacker News new | past | comments | ask | show | jobs | submit\tlogin

A database in one file (example.com)
123 points by filer 5 hours ago | hide | past | favorite | 5\u00a0comments

\t\npg_fan 3 hours ago | next [–]

Indexes are not free.
Nor is this:

    SELECT 1

reply

\t\nmaria_b 2 hours ago | parent | next [–]

> pg_fan 3 hours ago | next [–]

> Indexes are not free.

They are when you never write.

reply

\t\n*
\t\n1 point by filer 2 minutes ago | root | parent | next | edit | delete [–]

Thanks! We will reply
to all.

reply

old_one on Nov 3, 2023 | prev [–]

[flagged]

Guidelines | FAQ | Lists | API | Security | Legal | Apply to YC | Contact
Search:
"""


def test_hacker_news() -> None:
    """
    The title and the number of comments are those of the line below it; no parents: the indentation is lost.
    """
    found = place(HACKER_NEWS)

    assert [
        ("pg_fan", "Indexes are not free.\nNor is this:\n\nSELECT 1"),
        (
            "maria_b",
            "> pg_fan 3 hours ago | next [–]\n\n> Indexes are not free.\n\nThey are when you never write.",
        ),
        ("filer", "Thanks! We will reply\nto all."),
        ("old_one", ""),
    ] == said(HACKER_NEWS)
    assert [None, None, 1, None] == scores(HACKER_NEWS)
    assert ("A database in one file", 5) == (found.title, found.declared)
    assert (State.REMOVED, datetime(2023, 11, 3, tzinfo=UTC)) == (
        found.comments[3].state,
        found.comments[3].posted_at,
    )
    assert {None} == {one.parent for one in found.comments}
    assert read_text(HACKER_NEWS, None).article is None


def test_a_question_on_hacker_news_is_the_article() -> None:
    """
    What is written below the title of a post is what the comments are about.
    """
    question = (
        "I keep three databases in three files and have lost two of them to the same disk, so I wonder how "
        "other people make copies of a file that is written to all day long."
    )
    text = (
        f"Ask HN: How do you back up one file?\n12 points by filer 1 day ago | hide | past | favorite | "
        f"1 comment\n\n{question}\n\npg_fan 3 hours ago [–]\n\nTwice.\n\nreply\n"
    )
    reading = read_text(text, None)

    assert reading.article is not None
    assert ("Ask HN: How do you back up one file?", question) == (
        reading.article.title,
        reading.article.text,
    )
    assert ([("pg_fan", "Twice.")], 1) == (said(text), reading.discussions[0].declared)


YOUTUBE = """1,234 Comments
Sort by
Add a comment...
Pinned by @kitchen.table
@kitchen.table
2 years ago (edited)
The part at 4:12 made me cry
Read more
1.2K
Reply
kitchen.table
·
4 replies
@Jo-Lind
1 month ago
42
7
Reply
@日本の台所
il y a 2 ans (modifié)
Très bon.

Merci !
Afficher moins
Répondre
@müller99
@müller99
vor 3 Jahren (bearbeitet)
@Jo-Lind stimmt
142
Antworten
3 Antworten
"""


def test_youtube() -> None:
    """
    Likes before the button, names in any script, a number that is all somebody said, three languages.
    """
    assert [
        ("kitchen.table", "The part at 4:12 made me cry"),
        ("Jo-Lind", "42"),
        ("日本の台所", "Très bon.\n\nMerci !"),
        ("müller99", "@Jo-Lind stimmt"),
    ] == said(YOUTUBE)
    assert [1200, 7, None, 142] == scores(YOUTUBE)
    assert 1234 == place(YOUTUBE).declared


def test_youtube_before_names_had_signs() -> None:
    """
    A picture's text is copied too: the name stands twice.
    """
    text = """Ada Blau
Ada Blau
1 year ago (edited)
24:30 - that is a nice one :)

18


KARL B 5491 🌵
KARL B 5491 🌵
1 year ago
Hey, why is that?

2
"""

    assert [
        ("Ada Blau", "24:30 - that is a nice one :)"),
        ("KARL B 5491 🌵", "Hey, why is that?"),
    ] == said(text)
    assert [18, 2] == scores(text)


DISCORD = """Nia 🌵
 — Today at 10:12
Has anyone read the council's paper?
It has ninety pages. (edited)
[10:13]
Nobody reads ninety pages.
[10:14] I did not.
👍
3
Bo pinned a message to this channel. See all pinned messages. — Today at 10:14
@Nia 🌵
Has anyone read the council's paper?
Bo Rask
APP
 — Today at 10:15
I have. The last ten are pictures.
Image
Welcome, Lee. We hope you brought pizza. — Today at 10:16
12 November 2025
Nia 🌵 — Today at 10:20
lol
"""


def test_discord() -> None:
    """
    Messages of one person in a row are one comment; notices, reactions and previews of what is answered are none.
    """
    assert [
        (
            "Nia 🌵",
            "Has anyone read the council's paper?\nIt has ninety pages.\nNobody reads ninety pages.\nI did not.",
        ),
        ("Bo Rask", "I have. The last ten are pictures."),
        ("Nia 🌵", "lol"),
    ] == said(DISCORD)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        # nothing tells the day from the month, the month from the day
        (("03/04/2024 3:33 PM", "03/05/2024 4:22 PM"), (None, None)),
        (
            ("03/04/2024 3:33 PM", "03/14/2024 4:22 PM"),
            (
                datetime(2024, 3, 4, 15, 33, tzinfo=UTC),
                datetime(2024, 3, 14, 16, 22, tzinfo=UTC),
            ),
        ),
        (
            ("03/04/2024 15:33", "14/04/2024 16:22"),
            (
                datetime(2024, 4, 3, 15, 33, tzinfo=UTC),
                datetime(2024, 4, 14, 16, 22, tzinfo=UTC),
            ),
        ),
        (
            ("10.03.2024 12:29", "heute um 09:05 Uhr"),
            (datetime(2024, 3, 10, 12, 29, tzinfo=UTC), None),
        ),
        (("Hier à 13:26", "Aujourd’hui à 08:01"), (None, None)),
    ],
)
def test_times_of_discord(
    times: tuple[str, str], expected: tuple[datetime | None, datetime | None]
) -> None:
    """
    A date with slashes is read by the other dates of the page, and left open where they do not tell.
    """
    comments = place(f"Eric — {times[0]}\nSo.\nFloor — {times[1]}\nYo.\n").comments

    assert (("Eric", "Floor"), expected) == (
        tuple(one.author for one in comments),
        tuple(one.posted_at for one in comments),
    )


def test_compact_discord() -> None:
    """
    Time, name and words in one line; what follows without a time goes on.
    """
    text = """[14:03]Nia: Has anyone read it?
[14:04]Bo Rask: I have: the last ten are pictures.
and one is upside down
[14:05]Nia: ha (edited)
"""

    assert [
        ("Nia", "Has anyone read it?"),
        ("Bo Rask", "I have: the last ten are pictures.\nand one is upside down"),
        ("Nia", "ha"),
    ] == said(text)


DISCOURSE = """A printer that eats Mondays
Hardware

hal
Nov 2023
The update broke my printer.

It was a Monday.

3 Likes

Vera Núñez
Moderator
Nov 2023
hal:
The update broke my printer.

Mine too, but only on Mondays.

1 Reply

hal
1d
Thanks
12
Suggested Topics
Topic Replies Views
Something else 4 12
"""


def test_discourse() -> None:
    """
    What is quoted from an earlier post, with its author's name above, is said once; the forum's own lists are nobody's.
    """
    assert [
        ("hal", "The update broke my printer.\n\nIt was a Monday."),
        ("Vera Núñez", "Mine too, but only on Mondays."),
        ("hal", "Thanks"),
    ] == said(DISCOURSE)
    assert [3, None, 12] == scores(DISCOURSE)
    assert {None} == {one.posted_at for one in place(DISCOURSE).comments}  # "Nov 2023" is no day


def test_discourse_in_print() -> None:
    """
    A robot's view states the day, the hour and the number of each post.
    """
    text = """ElvishJ

January 2, 2026,  6:14pm

10

Yea, I think you’re right.

1 Like

tlater

January 3, 2026,  5:30am

11

Well.
Powered by Discourse, best viewed with JavaScript enabled
"""

    assert [("ElvishJ", "Yea, I think you’re right."), ("tlater", "Well.")] == said(text)
    assert [
        datetime(2026, 1, 2, 18, 14, tzinfo=UTC),
        datetime(2026, 1, 3, 5, 30, tzinfo=UTC),
    ] == [one.posted_at for one in place(text).comments]


def test_a_name_with_a_colon_is_only_a_quote_where_it_is_one() -> None:
    """
    Words that were not said before stay, whoever is named above them; so does a comment that is nothing but a quote.
    """
    text = """hal
Nov 2023
It is the cable.

1 Like

vera
Nov 2023
hal:
It is the wire.

No.

1 Like

tom
Nov 2023
hal:
It is the cable.

1 Like
"""

    assert [
        ("hal", "It is the cable."),
        ("vera", "hal:\nIt is the wire.\n\nNo."),
        ("tom", "hal:\nIt is the cable."),
    ] == said(text)


BLOGS = {
    "numbered": """2 Comments

1. Roger Weeks Says:
August 9th, 2012 at 1:11 pm

Fixed image, thanks!

2. Ann-Marie L. Says:
August 10th, 2012 at 9:42 am

Looks better now.
""",
    "the time first": """2 Comments

August 9th, 2012 at 1:11 pm

Roger Weeks said,

Fixed image, thanks!

August 10th, 2012 at 9:42 am

Ann-Marie L. said,

Looks better now.
""",
    "in one line": """2 responses to “The harbour is frozen”

Roger Weeks August 9th, 2012 at 1:11 pm #

Fixed image, thanks!

Reply

Ann-Marie L. August 10th, 2012 at 9:42 am #

Looks better now.

Reply
""",
    "with bullets": """2 Comments

Roger Weeks • 9 August 2012, 13:11
Fixed image, thanks!
2
•
Reply
•
Share ›

Ann-Marie L. • 10 August 2012, 09:42
Looks better now.
•
Reply
•
Share ›
""",
    "in German": """2 Kommentare

Roger Weeks
9. August 2012 um 13:11 Uhr
Fixed image, thanks!
Antworten

Ann-Marie L.
10. August 2012 um 09:42 Uhr
Looks better now.
Antworten

Schreibe einen Kommentar
Deine E-Mail-Adresse wird nicht veröffentlicht.
""",
}


@pytest.mark.parametrize("name", BLOGS)
def test_blogs(name: str) -> None:
    """
    A name and a day, in any order and with any sign between; the day is read where it is one.
    """
    comments = place(BLOGS[name]).comments

    assert [("Roger Weeks", "Fixed image, thanks!"), ("Ann-Marie L.", "Looks better now.")] == [
        (one.author, one.text) for one in comments
    ]
    assert [(2012, 8, 9), (2012, 8, 10)] == [
        (one.posted_at.year, one.posted_at.month, one.posted_at.day)
        for one in comments
        if one.posted_at
    ]


def test_an_article_with_its_author_and_date_is_not_the_first_comment() -> None:
    """
    A long text without the others' buttons, below a name and a day, is what they talk about.
    """
    article = " ".join(["The harbour froze on Monday night and nobody was told about it."] * 12)
    text = f"""The harbour is frozen
Orla Quinn
12 June 2024
{article}
Ann
13 June 2024
Cold.
Reply
Bob
13 June 2024
Colder here.
Reply
"""
    reading = read_text(text, None)

    assert [("Ann", "Cold."), ("Bob", "Colder here.")] == said(text)
    assert reading.article is not None
    assert (("Orla Quinn",), article) == (reading.article.authors, reading.article.text)


def test_a_head_pasted_into_a_comment_is_part_of_it() -> None:
    """
    Who copies somebody's message with its head into his own does not make that person say it twice, nor say the rest.
    """
    text = """Nia — Today at 10:12
Has anyone read the paper?
Bo — Today at 10:15
Look what she asked:
Nia — Today at 10:12
Has anyone read the paper?
No, Nia.
Nia — Today at 10:16
Thanks, Bo.
"""

    assert [
        ("Nia", "Has anyone read the paper?"),
        (
            "Bo",
            "Look what she asked:\nNia — Today at 10:12\nHas anyone read the paper?\nNo, Nia.",
        ),
        ("Nia", "Thanks, Bo."),
    ] == said(text)


def test_one_comment_alone() -> None:
    """
    A single comment is one where its buttons are copied with it.
    """
    assert [("pg_fan", "Indexes are not free.")] == said(
        "pg_fan 3 hours ago | parent | next [–]\n\nIndexes are not free.\n\nreply\n"
    )
    assert [("Jo-Lind", "So thin!")] == said("@Jo-Lind\n1 month ago\nSo thin!\n8\nReply\n")


@pytest.mark.parametrize(
    ("likes", "expected"),
    [("12", 12), ("1,234", 1_234), ("1.2K", 1_200), ("1,2 k", 1_200), ("3 Tsd.", 3_000), ("2M", 2_000_000)],
)  # fmt: skip
def test_numbers_are_read_as_the_page_means_them(likes: str, expected: int) -> None:
    """
    Thousands have many spellings.
    """
    text = f"@a\n1 day ago\nYes.\n{likes}\nReply\n@b\n1 day ago\nNo.\nReply\n"

    assert [expected, None] == scores(text)


def test_the_form_that_explains_most_is_taken() -> None:
    """
    Two lines of a chat quoted in a thread of a forum do not make it a chat.
    """
    text = """u/ann_w avatar
ann_w
•
3h ago
Look at this:

Nia — Today at 10:12
it is broken
Bo — Today at 10:13
it is not

Upvote
2
Downvote
Reply
u/bob_r avatar
bob_r
•
2h ago
Both wrong.

Upvote
1
Downvote
Reply
u/cy_d avatar
cy_d
•
2h ago
Ha.

Upvote
1
Downvote
Reply
"""
    form = segment(text).form

    assert form is not None
    assert "reddit" == form.name
    assert ["ann_w", "bob_r", "cy_d"] == [one.author for one in place(text).comments]
    assert "Bo — Today at 10:13\nit is not" in place(text).comments[0].text


def test_ids_are_unique() -> None:
    """
    Each comment has its own id, in order.
    """
    comments: tuple[Comment, ...] = place(REDDIT).comments

    assert len(comments) == len({one.id for one in comments})
