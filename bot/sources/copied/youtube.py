"""YouTube as it is copied: a name with its sign, or twice without (before 2022), and an age."""

from __future__ import annotations

import re

from bot.sources.copied.buttons import EDGE, MORE, NUMBER, REPLIES, REPLY
from bot.sources.copied.form import Form
from bot.sources.copied.times import AGE, EDITED

_PINNED = (
    r"(?:📌 ?)?(?:pinned by|épinglé par|angepinnt von|fijado por|fissato da|fixado por) [^\n]{1,60}"
)

# @name, 2 years ago (edited) … 142, Reply, 4 replies
YOUTUBE = Form(
    name="youtube",
    heads=(
        re.compile(
            rf"(?:{_PINNED}\n)?(?P<sure>(?=@\S{{1,60}}\n|([^\n]{{1,60}}+)\n\2\n))"
            r"(?P<name>[^\n]{1,60}+)(?:\n(?P=name)(?=\n))?"
            rf"\n(?:[•·]\n)?(?P<when>{AGE})(?: ?\({EDITED}\))?{EDGE}"
        ),
    ),
    tail=re.compile(
        rf"{NUMBER}(?: likes?)?|{MORE}|{_PINNED}|like|dislike|translate to .{{3,20}}|"
        r"traduire en .{3,20}"
    ),
    end=re.compile(REPLY),
    buttons=re.compile(rf"{REPLY}|{REPLIES}"),
    score=re.compile(rf"(?:^|\n)(?P<score>{NUMBER})(?=\n|\Z| likes?)"),
)
