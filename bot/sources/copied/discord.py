"""Chats of Discord as they are copied, spread out or compact."""

from __future__ import annotations

import re

from bot.sources.copied.buttons import EDGE, GAP
from bot.sources.copied.form import Form
from bot.sources.copied.times import DATE, DAY, EDITED

_HOUR = r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?"
_NOTICE = (
    r"(?:\S{1,40}+(?: \S{1,40}+){0,4}? (?:(?:has )?joined the (?:party|server)|"
    r"just (?:joined|landed|showed up|slid into|boosted)[^\n]{0,60}|hopped into the server|"
    r"(?:has )?pinned a message[^\n]{0,80}|a épinglé un message[^\n]{0,80}|"
    r"hat eine nachricht [^\n]{0,20}angepinnt[^\n]{0,60}|started a thread[^\n]{0,120}|"
    r"a rejoint [^\n]{0,40}|ist (?:dem server |der party )?beigetreten|appeared|"
    r"left the (?:server|group))[.!]?|"
    r"(?:welcome,?|glad you['’]re here,|good to see you,|everyone welcome|yay you made it,|"
    r"bienvenue,?|willkommen,?) [^\n—]{1,40}[.!](?: [^\n—]{1,60})?)"
)
_EMOJI = "[\u00a9\u00ae\u203c-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]"

# Name — Today at 14:03, then what Name says until somebody else speaks; [14:05] before the later messages
DISCORD = Form(
    name="discord",
    heads=(
        re.compile(
            rf"(?:(?P<nobody>{_NOTICE})|(?P<name>[^\n—]{{1,60}}+)(?:\n(?:app|bot|op|admin)){{0,2}})"
            rf"[ \n]?—[ \n]?(?P<when>{DAY},?(?: (?:at|à|um|om|a las?|alle|às))? ?{_HOUR}(?P<sure>)|"
            rf"{DATE}|{_HOUR})(?: uhr)?{EDGE}"
        ),
    ),
    lead=re.compile(r"app|bot|op"),
    tail=re.compile(
        rf"(?:{_EMOJI}{{1,8}}|:\w{{2,30}}:)[\n ]?\d{{1,4}}|:\w{{2,30}}:|new|{DATE}|"
        r"add reaction|click to react"
    ),
    buttons=re.compile(rf"replying to .{{1,60}}|\[{_HOUR}\]"),
    aside=re.compile(
        rf"^\[{_HOUR}\]\s?|^{_NOTICE}$|^replying to .{{1,60}}$|\s?\({EDITED}\)$|"
        r"^(?:image|bild|gif|expand|collapse|afficher plus|forwarded)$|"
        r"^[\d.,]{1,8} (?:[km]b|[km]o|bytes)$|^attachment file type: \w+$"
    ),
    chat=True,
)

# [14:03] Name: text
DISCORD_LOG = Form(
    name="discord log",
    heads=(
        re.compile(
            rf"\[(?P<when>(?:{DATE} )?{_HOUR}|{DATE})\] ?<?(?P<name>[^\n:\[\]<>]{{1,60}}+)[:>]{GAP}?"
        ),
    ),
    aside=DISCORD.aside,
    chat=True,
)
