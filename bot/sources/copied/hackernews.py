"""Hacker News as it is copied: indentation is lost, so who answers whom is unknown."""

from __future__ import annotations

import re

from bot.sources.copied.buttons import EDGE, GAP
from bot.sources.copied.form import Form
from bot.sources.copied.times import AGE, DATE

_LINK = r"(?:parent|root|prev|next|un(?:vote|down)|edit|delete|vouch|flag|favorite|context)"
_FOLD = r"\[(?:[-–—−+]|\d+ more)\]"

# name 3 hours ago | parent | next [–] … reply
HACKER_NEWS = Form(
    name="hacker news",
    heads=(
        re.compile(
            r"(?P<sure>)(?:\*\n?)?(?:(?P<score>[-−]?\d{1,6}) points? by )?"
            rf"(?P<name>[\w-]{{2,20}}+|\[deleted\]) (?P<when>\d{{1,3}} \w{{3,8}} ago|on {DATE})"
            rf"(?: \[(?:dead|flagged|deleted)\]){{0,2}}(?= \||[^\n|]{{0,20}}{_FOLD})"
            rf"(?: \| (?:{_LINK}|on: [^\n|]{{1,200}}+))*+(?: \|)?(?: {_FOLD})?{EDGE}"
        ),
    ),
    tail=re.compile(r"\*"),
    end=re.compile(r"reply"),
    buttons=re.compile(r"reply"),
    foot=re.compile(
        r"guidelines \| faq.{0,100}|consider applying for yc.{0,100}|"
        r"(?:applications are|join us).{0,80}\byc\b.{0,40}"
    ),
    gone=re.compile(r"\[(?:deleted|flagged|dead)\]"),
    hidden=re.compile(r"\[(?P<n>\d{1,4}) more\]"),
    post=re.compile(
        r"^(?P<title>.{3,300}?)(?: \([\w./-]{3,100}\))?\n"
        rf"\d{{1,6}} points? by [\w-]{{2,20}} (?:{AGE}|on {DATE}) \| .{{0,200}}?"
        rf"(?:\| (?P<count>\d{{1,5}}){GAP}comments?)?$",
        re.MULTILINE,
    ),
)
