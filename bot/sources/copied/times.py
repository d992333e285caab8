"""
How copied pages state when something was said: "3 hr. ago", "il y a 2 ans (modifié)", "12/11/2025 14:03".

The pieces are regular expressions for lower-case text: no part of them crosses a line's end, all of them are bounded,
and alternatives are told by their first letters. Ignoring case takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.sources.comments.dates import date_of

_ = r"[^\S\n]"  # any space but the end of a line
_UNIT = (
    r"(?:s(?:ec(?:s|ond(?:[soi]|es?|en)?)?|eg(?:undos?)?|ek(?:unden?)?|em(?:aines?|anas?)?|t(?:d|unden?)|ettiman[ae])?|"
    r"m(?:n|in(?:s|ut(?:e[sn]?|os?|i))?|o(?:s|is|n|nths?|nat(?:en?)?)?|es(?:es|[ei])?|ês|aand(?:en)?)?|"
    r"h(?:rs?|ours?|eures?|oras?)?|d(?:ays?|[ií]as?|ag(?:en)?|ni|zień)?|w(?:ks?|eeks?|o(?:chen?)?|eken)?|y(?:rs?|ears?)?|"
    r"j(?:ours?|ahr(?:en?)?|aar|aren)?|t(?:ag(?:en?)?|ydzień|ygodni[ea]?)?|a(?:n(?:s|n[oi]|nées?|os?)?|ños?)|or[ae]|"
    r"u(?:ur|ren)|g(?:iorn[oi]|odzin[ęy]?)|rok|lata?|miesi(?:ąc|ące|ęcy)|"
    r"секунд[уы]?|минут[уы]?|час(?:а|ов)?|д(?:ень|ня|ней)|недел[юиь]|месяц(?:а|ев)?|года?|лет)"
)
_AGO = r"(?:a(?:go|trás)|fa|geleden|temu|назад|si?e?dan|vorher)"
_AN = r"(?:\d{1,4}|an?|one|une?|einem|einer|uma?|una?)"
AGE = (
    rf"(?:\d{{1,4}}(?:{_}?{_UNIT}\b\.?(?:{_}{_AGO}\b)?|"
    r" ?(?:年|[かヶカ个個]月|週間?|周|日|天|時間|小[时時]|分[钟鐘]?|秒) ?前| ?(?:년|개월|주|일|시간|분) ?전)|"
    rf"(?:il{_}y{_}a|vor|hace|há){_}(?:environ{_}|etwa{_}|unos?{_})?{_AN}{_}?{_UNIT}\b\.?|an?{_}{_UNIT}{_}ago\b|"
    rf"just{_}now\b|à{_}l['’]instant\b|gerade{_}eben\b|letzte[sn]?{_}(?:jahr|monat|woche)\b)"
)
"""How long ago, by the reader's clock: never a date."""

MONTH = (
    r"(?:j(?:an|u[niìl]|änn?)|f(?:e[bv]|év)|m(?:a[ryigj]|är|rt|ei)|a(?:pr|vr|br|u?g|o[uû])|s(?:e[pt])|o(?:ct|kt|tt|ut)|"
    r"n(?:ov)|d(?:e[cz]|éc|ic)|giu|lug|ene|gen|янв|фев|ма[ря]|апр|ию[нл]|авг|сен|окт|ноя|дек)[a-zà-ÿа-я]{0,8}\.?"
)
_WEEKDAY = (
    r"(?:m(?:on|ar|er|i[téo]?|o)|t(?:ue|hu)|w(?:ed)|f(?:ri?|re)|s(?:at?|un|am|on?|áb)|l(?:un)|j(?:eu|ue)|v(?:en|ie)|"
    r"d(?:i[me]?|on?|om)|gio)[a-zà-ÿ]{0,8}[,.]{0,2}"
)
CLOCK = (
    rf"(?:(?:a(?:t|lle|{_}las?)|à|um|om|às|kl\.?|@|-|–){_}?)?\d{{1,2}}{_}?[:h.]{_}?\d\d(?::\d\d)?"
    rf"(?:{_}?[ap]\.?m\b\.?)?(?:{_}uhr\b)?(?:{_}(?:utc|gmt|c?e[sd]?t|bst|p[sd]t)\b)?"
)
_NUMERIC = r"\d{1,4}[-./]\d{1,2}[-./](?:\d{4}|\d\d)"
_WORDED = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?{_}(?:de{_})?{MONTH}(?:,?{_}(?:de{_})?\d{{4}})?|"
    rf"{MONTH},?{_}{{1,2}}(?:\d{{4}}\b|['’]\d\d\b|\d{{1,2}}\b(?:st|nd|rd|th)?(?:,?{_}{{1,2}}\d{{4}})?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)(?:,?{_}{{1,2}}\d{{4}})?))"
)
_FROM = rf"(?:(?:posted|posté|publié|écrit|gepostet|on|le|am|el|il|op){_}(?:(?:on|le|am|el){_})?)?"
_CALENDAR = rf"(?:{_WEEKDAY}{_})?(?:{_NUMERIC}|{_WORDED})"
DATE = rf"(?:{_FROM}{_CALENDAR}(?:[,t]?{_}{{0,2}}{CLOCK})?)"
"""A day, and mostly an hour."""
FULL = rf"(?:{_CALENDAR}[,t]?{_}{{0,2}}{CLOCK})"
"""A day and an hour."""
DAY = (
    r"(?:today|yesterday|aujourd['’]hui|h(?:ier|eute|oy|oje)|gestern|gisteren|ayer|oggi|ieri|ontem|vandaag|"
    r"сегодня|вчера)"
)
WHEN = rf"(?:{AGE}|{DATE}|{DAY}(?:,?{_}{CLOCK})?)"
EDITED = r"(?:edited|modifi(?:é|cato)|bearbeitet|editado|bewerkt|edytowan[yae]|изменено|編集済み)"

_DATE_ONLY = re.compile(rf"\W{{0,3}}{DATE}\W{{0,3}}")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")


def is_date(text: str) -> bool:
    """Whether a lower-case line is a date and nothing else."""
    return len(text) <= 60 and _DATE_ONLY.fullmatch(text) is not None


def day_first(times: Iterable[str]) -> bool | None:
    """Return whether 12/11/2025 is a day in November, by other times of the same page; None where none tells."""
    for when in times:
        if match := _SLASHED.search(when):
            one, two = int(match[1]), int(match[2])
            if (one > 12) != (two > 12):
                return one > 12
    return None


def posted(when: str, *, day_first: bool | None) -> datetime | None:
    """
    Return the time that *when* states; None where it is relative, or could be read in two ways.

    The times have no zone; they are taken as UTC, so that the day is the one the page shows.
    """
    if (match := _SLASHED.search(when)) and day_first is not None:
        day, month = (match[1], match[2]) if day_first else (match[2], match[1])
        when = f"{day}.{month}.{match[3]}{when[match.end() :]}"
    return date_of(when)
