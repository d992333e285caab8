"""Forums, blogs and news sites as they are copied: a name and a time. Discourse, WordPress, Disqus and their like."""

from __future__ import annotations

import re

from bot.sources.copied.buttons import EDGE, GAP, MORE, NUMBER, REPLIES, REPLY, SHARE, VOTE
from bot.sources.copied.form import Form
from bot.sources.copied.times import DATE, EDITED, FULL, MONTH, WHEN

_ROLE = (
    r"(?:op|mod(?:erator)?|modérateur|admin(?:istrator)?|leader|regular|member|membre|mitglied|"
    r"author|auteur|autor|staff|team|verified|subscriber|abonné|guest|gast|invité|premium|"
    r"(?:post|topic) author)"
)
_ROLES = rf"(?:\n[@•·]?{GAP}?{_ROLE}(?=\n)){{0,2}}"
_TO = r"(?: ?[↓›»]| (?:to|à|an|a) .{1,40})?"
_CLICKS = (
    rf"(?:{REPLY}{_TO}|{VOTE}|like this|quote|citer|zitieren|citar|reply with quote|solution|flag|"
    r"(?:likes?|j['’]aime|gefällt mir|me gusta|mi piace|vind ik leuk)(?: ?\d+)?|"
    r"[-−]?\d+ (?:likes?|(?:mentions? )?j['’]aime|„?gefällt mir.{0,8}|me gusta|mi piace|"
    r"(?:up)?votes?|points?)|recommend(?: ?\d+)?|permalink|link to this comment|log in to reply|"
    r"report(?: (?:abuse|comment))?|signaler(?: un abus)?|melden|denunciar|segnala|(?:reply)?delete)"
)
_SAYS = (
    r"(?:sa(?:ys|id|gt)|wr(?:ote|ites)|schr(?:eibt|ieb)|meint|(?:a )?dit|a écrit|di(?:ce|jo|sse)|"
    r"ha scritto|zegt)"
)
_WORD = r"[^\s:]{1,40}+"
_WORDS = rf"(?P<name>{_WORD}(?: {_WORD}){{0,4}}?)"  # a name, word by word
_LINE = r"(?P<name>[^\n]{1,60}+)"
_NTH = r"(?:#?\d{1,4}[.)]?[ \n])?"  # the number of a comment, before its head
_AFTER = rf"(?:{GAP}?\(?{EDITED}\)?)?(?:{GAP}{{0,2}}[#|•·][^\n.!?:;…]{{0,40}}|{GAP}{REPLY}|{GAP}?:)?{EDGE}"

DATED = Form(
    name="dated",
    heads=(
        # Discourse as a print-out or a robot sees it: behind the date stands the number of the post
        re.compile(
            rf"(?P<sure>){_LINE}\n(?P<when>{MONTH} \d{{1,2}}, \d{{4}}, {{1,2}}\d{{1,2}}:\d\d[ap]m)"
            rf"[\n ]\d{{1,5}}{EDGE}"
        ),
        # Ann says: June 12, 2024
        re.compile(
            rf"(?P<sure>){_NTH}{_WORDS}{GAP}{_SAYS}(?:{GAP}?[:,])?{_ROLES}[ \n](?P<when>{WHEN}){_AFTER}"
        ),
        # June 12, 2024 / Ann said:
        re.compile(
            rf"(?P<sure>)(?P<when>{DATE}){GAP}?\n{_NTH}{_WORDS}{GAP}{_SAYS}{GAP}?[:,]?{EDGE}"
        ),
        # Ann / 3 h
        re.compile(
            rf"{_NTH}{_LINE}{_ROLES}\n(?:[•·|]\n)?[-–—•·|(]?{GAP}?(?P<when>{WHEN})\)?{_AFTER}"
        ),
        # Ann · Author · 3 h
        re.compile(
            rf"{_NTH}(?P<name>[^\n|•·—\t,]{{1,60}}+)[|•·—\t,]{GAP}{{0,3}}"
            rf"(?:{_ROLE}{GAP}{{0,2}}[|•·—]?{GAP}{{0,2}})?(?P<when>{WHEN}){_AFTER}"
        ),
        # Ann  Nov 2023
        re.compile(
            rf"(?P<name>\S{{1,40}}+(?: \S{{1,40}}+){{0,4}}+){GAP}{{2,6}}(?P<when>{WHEN}){_AFTER}"
        ),
        # Ann June 12, 2024 at 10:12
        re.compile(
            rf"{_NTH}{_WORDS} (?P<when>{FULL}|(?:on|le|am|el) {DATE}|\d{{1,3}} \w{{3,8}} ago|"
            rf"il y a \d{{1,3}} \w{{1,8}}|vor \d{{1,3}} \w{{3,8}}){_AFTER}"
        ),
        # AnnJune 12, 2024 at 10:12 AM: Blogger
        re.compile(
            rf"(?=[^\n:]{{12,90}}+:\d\d [ap]m{EDGE})(?P<name>[^\n]{{1,50}}?)"
            rf"(?P<when>(?:{MONTH} \d{{1,2}}, \d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})(?: at)? "
            rf"\d{{1,2}}:\d\d [ap]m){EDGE}"
        ),
        # Ann says:
        re.compile(rf"{_NTH}{_WORDS}{GAP}{_SAYS}{GAP}?[:,]{EDGE}"),
        # AnnNov '23: Discourse before 2017
        re.compile(
            rf"(?=[\w.-]{{5,60}}+ ['’]\d\d{EDGE})(?P<name>[\w.-]{{2,40}}?)(?:{_ROLE})?"
            r"(?P<when>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) ['’]\d\d)"
        ),
    ),
    lead=re.compile(rf"{_ROLE}|[•·|]|{DATE}|#\d{{1,5}}|says:?"),
    tail=re.compile(
        rf"{NUMBER}|{_CLICKS}|{MORE}|{REPLIES}|{SHARE}|[•·|›−+–-]|\d+ / \d+|{DATE}(?: \| .{{0,30}})?"
    ),
    end=re.compile(rf"{REPLY}{_TO}|log in to reply|reply with quote|(?:reply)?delete"),
    buttons=re.compile(rf"{_CLICKS}|{REPLIES}"),
    foot=re.compile(
        r"(?:related|suggested|new & unread|similar) topics|topic\s+replies.{0,60}|"
        r"powered by discourse.{0,60}|sujets similaires|want to read more\?.{0,80}|"
        r"leave a (?:reply|comment).{0,60}|(?:post|add) a comment.{0,60}|"
        r"laisser un commentaire.{0,60}|schreibe einen kommentar.{0,60}|"
        r"deja (?:un comentario|una respuesta).{0,60}|"
        r"your email address will not be published.{0,100}|"
        r"votre adresse e-mail ne sera pas publiée.{0,100}"
    ),
    score=re.compile(
        rf"(?:^|\n)(?P<score>{NUMBER})(?=\n|\Z| (?:likes?|j['’]aime|points?|(?:up)?votes?))"
    ),
    named=True,
)

PLAIN = Form(
    name="plain",
    tail=re.compile(rf"{_CLICKS}|{MORE}|{REPLIES}|{SHARE}|[•·|]"),
    buttons=DATED.buttons,
    foot=DATED.foot,
    score=DATED.score,
)
"""Names in lines of their own, without a time: only where a page says how many comments there are (see `rhythm`)."""
