"""
What share of a thread is read: ours, counted on the requests sent, and what two reading policies of others would read.

`first_tokens` is HN Companion's (browser-extension 24b62a5: the first 25,000 tokens of four characters);
`first_top_last` is Discourse AI's (topic_summary.rb: the first five posts, the fifty best liked, the last five).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from bot.core.models import Reading
from tests.core.scripted import block
from tests.llm.provider import Request

MOST_TOKENS = 25_000
LETTERS = 4  # to a token, as they count
FIRST, TOP, LAST = 5, 50, 5

_SHOWN = re.compile(r"^#\d+(?:>\w+)?(?: ×(\d+))?", re.MULTILINE)


def first_tokens(reading: Reading) -> float:
    """Return the share of comments that stand whole in the first `MOST_TOKENS`."""
    letters = accumulate(len(comment.text) for comment in reading.readable)
    return sum(n <= MOST_TOKENS * LETTERS for n in letters) / len(reading.readable)


def first_top_last(reading: Reading) -> float:
    """Return the share of comments that are among the first, the best liked or the last."""
    said = reading.readable
    liked = sorted(said, key=lambda comment: -(comment.score or 0))
    chosen = {comment.id for comment in (*said[:FIRST], *liked[:TOP], *said[-LAST:])}
    return len(chosen) / len(said)


def ours(requests: Iterable[Request], reading: Reading) -> float:
    """Return the share of comments that *requests* show to be placed; a line ×5 is five comments."""
    shown = (block(request.body["messages"][1]["content"], "comments") for request in requests)
    lines = (match for text in shown for match in _SHOWN.finditer(text))
    return sum(int(match[1] or 1) for match in lines) / len(reading.readable)
