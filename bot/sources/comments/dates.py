"""Written dates: whether a short text is one, and which, where that is beyond doubt."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MONTHS = (
    r"jan|feb|fev|fév|mar|mär|mrt|apr|avr|abr|may|mai|mei|mag|jun|juin|giu|jul|juil|lug|aug|aoû|aou|ago|sep|set|oct|okt|"
    r"out|ott|nov|dec|déc|dez|dic|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
)
_MONTH_OF = {
    name: number
    for number, some in enumerate(
        (
            "jan,янв,ene,gen", "feb,fev,fév,фев", "mar,mär,mrt,мар", "apr,avr,abr,апр", "may,mai,mei,mag,мая",
            "jun,juin,giu,июн", "jul,juil,lug,июл", "aug,aoû,aou,ago,авг", "sep,set,сен", "oct,okt,out,ott,окт",
            "nov,ноя", "dec,déc,dez,dic,дек",
        ),
        1,
    )
    for name in some.split(",")
}  # fmt: skip
_DATED = re.compile(
    rf"\b\d{{4}}[-/.年]\s?\d{{1,2}}[-/.月]\s?\d{{1,2}}|\b\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?\d{{2,4}}\b|\b(?:{_MONTHS})[a-zéûà]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?(?:{_MONTHS})|\b\d{{1,2}}[:h]\d\d\b|"
    rf"\b\d{{1,2}}[./-](?:{_MONTHS})[./-]\d{{2,4}}\b|"
    r"\b\d+\s*(?:second|minute|min|hour|hr|day|week|month|year|sekunde|stunde|tag|woche|monat|jahr|"
    r"heure|jour|semaine|mois|"
    r"an\b|ans\b|hora|día|dia|semana|mes|año|ora|ore|giorn|settiman|anno|anni|uur|dag|maand|jaar)\w*\b.{0,10}$|"
    r"\b(?:vor|il y a|hace|há|fa)\s+\w+|\bago\b|"
    r"\b(?:yesterday|today|gestern|heute|hier|aujourd'hui|ayer|hoy|ieri|oggi)\b"
)  # on lower-cased text: ignoring case takes four times as long
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_STAMP = re.compile(r"\s*(?:(?:19|20)\d\d-\d\d-\d\d\b|1\d{9}(?:\d{3})?\s*$)")
_DAY_FIRST = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?(?P<month>{_MONTHS})[a-zéûàôа-я]*\.?,?\s+"
    r"(?:de\s+)?(?P<year>(?:19|20)\d\d)"
)
_MONTH_FIRST = rf"(?P<month>{_MONTHS})[a-zéû]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)"
_WORDS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (_DAY_FIRST, _MONTH_FIRST))
_PARTS = re.compile(
    rf"\b(?:{_MONTHS})[a-zéû]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+(?:19|20)\d\d)?\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?(?:{_MONTHS})[a-zéûàôа-я]*\.?,?(?:\s+(?:de\s+)?(?:19|20)\d\d)?|"
    rf"\b\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?(?:T\S+)?|\b\d{{1,2}}[./-]\s?(?:\d{{1,2}}|{_MONTHS})[./-]\s?\d{{2,4}}\b|"
    r"\b\d{1,2}[:h]\d\d(?::\d\d)?(?:\s*[ap]\.?m\b\.?)?(?:\s*\(?[A-Z]{3,4}\)?)?|"
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*day\b,?|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),|"
    r"(?:(?<=\s)|^)(?:at|on|um|le|el|am|à|uhr|posted|by)(?=\s|$)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b(\d{1,2})[:h](\d\d)(?::\d\d)?\s*([ap])?\.?m?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\b((?:19|20)\d\d)[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)")
_DOTTED = re.compile(
    r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b"
)  # dots: day first, everywhere


def is_stamp(text: str) -> bool:
    """Whether an attribute holds a time that machines read: ISO 8601, or seconds or milliseconds since 1970."""
    return _STAMP.match(text) is not None


def looks_dated(text: str) -> bool:
    """Whether a short text states a date, a time or an age."""
    return _DATED.search(text.lower()) is not None


def undated(text: str) -> str:
    """Return a short *text* without the dates, times and days of the week in it."""
    return " ".join(_PARTS.sub(" ", text).split())


def date_of(text: str) -> datetime | None:
    """
    Return the time that *text* states, in UTC; None where it is relative or could be read in two ways.

    A time without a zone is taken as UTC: the page does not say more, and the day is what readers are shown.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{10}(?:\d{3})?", text):
            return datetime.fromtimestamp(int(text[:10]), UTC)
        if iso := _ISO.search(text):
            found = datetime.fromisoformat(
                iso.group().strip().replace("Z", "+00:00").replace(" +", "+")
            )
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        for pattern in _WORDS:
            if match := pattern.search(text):
                return _at(int(match["year"]), _month(match["month"]), int(match["day"]), text)
        if match := _YEAR_FIRST.search(text):
            return _at(int(match[1]), int(match[2]), int(match[3]), text)
        if match := _DOTTED.search(text):
            return _at(int(match[3]), int(match[2]), int(match[1]), text)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _month(name: str) -> int:
    name = name.lower()
    return _MONTH_OF.get(name[:4], _MONTH_OF.get(name[:3], 0))


def _at(year: int, month: int, day: int, text: str) -> datetime:
    clock = _CLOCK.search(text)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    if clock and clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return datetime(
        year, month, day, hour if hour < 24 else 0, minute if minute < 60 else 0, tzinfo=UTC
    )
