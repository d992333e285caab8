"""Stated counts, in ten languages."""

from __future__ import annotations

import pytest

from bot.core.gaps import Gap, GapCode
from bot.sources.comments.declared import counted
from bot.sources.webpage import read_page

LINES = {
    "12 comments": "English",
    "12 Kommentare": "German",
    "12 commentaires": "French",
    "12 comentarios": "Spanish",
    "12 comentários": "Portuguese",
    "12 commenti": "Italian",
    "12 reacties": "Dutch",
    "12 kommentarer": "Swedish, Danish, Norwegian",
    "12 komentarzy": "Polish",
    "12 комментариев": "Russian",
    "12 kommenttia": "Finnish",
    "12 komentářů": "Czech",
}
BODY = "The council has decided to open the old swimming pool again next summer, after ten years of broken tiles. "
PAGE = (
    "<html><head><title>The pool</title></head><body><article><h1>The pool</h1><p>{0}</p><p>{0}</p></article>"
    '<h3>{1}</h3><ol><li id="comment-1"><b class="fn">Ann</b> <time datetime="2024-05-07">x</time><p>First.</p></li>'
    '<li id="comment-2"><b class="fn">Bob</b> <time datetime="2024-05-08">x</time><p>Second.</p></li></ol>'
    "</body></html>"
)


@pytest.mark.parametrize("line", LINES, ids=LINES.values())
def test_a_count_is_checked_against_what_was_found(line: str) -> None:
    """
    Twelve are stated and two are there: ten are missing.
    """
    (place,) = read_page(PAGE.format(BODY, line), "https://town.example/pool").discussions

    assert (12, 2) == (place.declared, len(place.comments))
    assert (Gap(GapCode.COMMENTS_MISSING, count=10),) == place.gaps


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("1,204 comments", 1204),
        ("1.204 Kommentare", 1204),
        ("1\u202f204 commentaires", 1204),
        ("Comments (12)", 12),
        ("12 responses to “The pool opens”", 12),
        ("Leserkommentare: 3", 3),
        ("0 comments", 0),
        ("Comments", None),
        ("12 people like this", None),
        ("12 uncommented lines", None),
        ("Comments closed after 12 days", None),
    ],
)
def test_how_counts_are_written(line: str, count: int | None) -> None:
    """
    With signs between thousands, before the word or after it; other numbers are no counts.
    """
    assert count == counted(line)


@pytest.mark.parametrize(
    "beside",
    [
        '<aside><a href="/other">99 comments</a></aside>',
        '<div class="related-posts"><a href="/other">Another story</a> <span>99 comments</span></div>',
        '<nav><a href="/other">99 comments</a></nav>',
    ],
    ids=["aside", "related", "menu"],
)
def test_counts_of_other_pages_are_not_ours(beside: str) -> None:
    """
    What side bars say of other articles is not what is missing here.
    """
    html = PAGE.format(BODY, "2 comments").replace("</body>", f"{beside}</body>")
    (place,) = read_page(html, "https://town.example/pool").discussions

    assert (2, ()) == (place.declared, place.gaps)
