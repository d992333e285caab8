"""What one place's comments look like when somebody copies them."""

from __future__ import annotations

import re
from dataclasses import dataclass

NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Form:
    """
    How one place shows comments. All patterns are for lower-case text.

    `heads` are tried at the beginning of every line that is not blank, in a text without blank lines. They have the
    groups `name` and `when`, and may have `score`, `level` (how deep a reply stands), `sure` (it can hardly be anything
    else) and `nobody` (an advertisement or notice: what follows is not a comment).

    These match whole lines: `lead` between head and words; `tail` between words and buttons; `end` is the button that
    closes a comment, and what stands behind it, up to the next head, is the page's; `buttons` tell a thread from a list
    of articles; `foot` begins the page's own end; `gone` stands in place of a deleted comment.

    These are searched: `aside` in a line of words, for what is none (at its beginning, at its end, or all of it);
    `score` in what follows the words; `hidden` for the number `n` of comments that wait behind a button; `post` above
    the thread, for its `title` and its `count` of comments.

    With `named`, a name must look like one. In a `chat` the same few people return, and nothing is clicked.
    """

    name: str
    heads: tuple[re.Pattern[str], ...] = ()
    lead: re.Pattern[str] = NEVER
    tail: re.Pattern[str] = NEVER
    end: re.Pattern[str] = NEVER
    buttons: re.Pattern[str] = NEVER
    foot: re.Pattern[str] = NEVER
    gone: re.Pattern[str] = NEVER
    aside: re.Pattern[str] = NEVER
    score: re.Pattern[str] = NEVER
    hidden: re.Pattern[str] = NEVER
    post: re.Pattern[str] = NEVER
    named: bool = False
    chat: bool = False
