"""Words that readers have taken back, and words that only were not read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.gaps import Gap, GapCode
from bot.core.models import Comment, Reading, State
from bot.core.withdrawn import words_gone
from tests.fakes import reading

BEFORE = reading("Good lane.", "Bad lane.", "What lane?")


def with_comments(*comments: Comment, gaps: tuple[Gap, ...] = ()) -> Reading:
    place = replace(BEFORE.discussions[0], comments=comments, gaps=gaps)
    return replace(BEFORE, discussions=(place,))


ONE, TWO, THREE = BEFORE.discussions[0].comments
MISSING = (Gap(GapCode.COMMENTS_MISSING, count=1),)


@pytest.mark.parametrize(
    ("now", "gone"),
    [
        (BEFORE, False),
        (reading("Good lane.", "Bad lane.", "What lane?", "New lane."), False),
        (with_comments(ONE, TWO), True),
        (with_comments(ONE, TWO, gaps=MISSING), False),
        (with_comments(ONE, TWO, replace(THREE, text="", state=State.DELETED)), True),
        (with_comments(ONE, TWO, replace(THREE, state=State.REMOVED), gaps=MISSING), True),
        (with_comments(ONE, TWO, replace(THREE, text="Which lane?")), True),
        (with_comments(replace(TWO, id=ONE.id), replace(ONE, id=TWO.id), THREE), False),
        (replace(BEFORE, discussions=()), False),
    ],
    ids=[
        "the same",
        "one more",
        "one less",
        "one unread",
        "deleted",
        "removed, others unread",
        "edited",
        "reordered",
        "another place",
    ],
)
def test_what_is_gone_and_what_was_only_not_read(now: Reading, gone: bool) -> None:
    """
    A comment is gone where its place was read whole without it, or shows it deleted, removed or changed.
    """
    assert gone == words_gone(BEFORE, now)
