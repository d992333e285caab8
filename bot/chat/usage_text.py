"""What was spent, in words, figures and bars: the same on a card and on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.chat.facts import dollars
from bot.chat.sentences import Sentences
from bot.core.money import MILLION
from bot.core.usage import Row, Run, Sum, Usage

WIDTH = 30  # letters of one width in a line: what a phone shows of a card without breaking it
CELL = "█"


@dataclass(frozen=True)
class Section:
    """
    A heading with lines of text, rows or a chart below it.

    A row is its figures, to be shown in letters of one width, and a name from outside; so is a chart.
    """

    head: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    chart: str = ""


def totals(head: str, today: Sum, month: Sum, words: Sentences) -> Section:
    """Return what was spent today and this month."""
    day = words.say("Today: {spent}", spent=_spent(today, words))
    return Section(head, (day, words.say("This month: {spent}", spent=_spent(month, words))))


def latest(runs: Sequence[Run], words: Sentences) -> Iterator[Section]:
    """Yield somebody's last digests, where there are any."""
    if runs:
        figures = _aligned([(_amount(x.sum, words), words.short_date(x.at)) for x in runs])
        names = (_site(run.site, words) for run in runs)
        yield Section(words.say("Your last digests"), rows=tuple(zip(figures, names, strict=True)))


def divided(found: Usage, words: Sentences) -> Iterator[Section]:
    """Yield what was spent by person, server, model and site, as far as that was asked for, and by day."""
    for by, head in (
        ("person", words.say("By person, this month")),
        ("guild", words.say("By server, this month")),
        ("model", words.say("By model, this month")),
        ("site", words.say("By site, this month")),
    ):
        rows = [row for one, some in found.by.items() if one == by for row in some]
        if rows:
            each = [(_amount(x.sum, words), f"×{words.number(x.sum.runs)}") for x in rows]
            names = (_name(by, row, words) for row in rows)
            yield Section(head, rows=tuple(zip(_aligned(each), names, strict=True)))
    if any(row.sum.runs for row in found.days):
        yield Section(words.say("By day"), chart=_chart(found.days, words))


def usage_text(found: Usage, words: Sentences) -> str:
    """Return what everybody has spent, for the terminal."""
    head = words.say("What everybody has spent")
    blocks = []
    for one in (totals(head, found.today, found.month, words), *divided(found, words)):
        rows = (f"{figures}  {name}" for figures, name in one.rows)
        blocks.append("\n".join(filter(None, (one.head, *one.lines, *rows, one.chart))))
    return "\n\n".join(blocks)


def _chart(days: Sequence[Row], words: Sentences) -> str:
    """Return a bar a day, the longest for the day on which most was spent."""
    priced = any(row.sum.amount is not None for row in days)
    values = [(row.sum.amount or 0) if priced else row.sum.tokens for row in days]
    said = [_amount(row.sum, words) if row.sum.runs else "" for row in days]
    names = [words.short_date(date.fromisoformat(str(row.key))) for row in days]
    widest = max(map(len, names))
    room = WIDTH - widest - max(map(len, said)) - 2
    most = max(*values, 1)
    lines = []
    for name, value, amount in zip(names, values, said, strict=True):
        # anything above nothing is seen
        bar = CELL * (max(round(value / most * room), 1) if value else 0)
        lines.append(f"{name.ljust(widest)} {bar} {amount}".rstrip())
    return "\n".join(lines)


def _aligned(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Return two columns of figures as one, each to the right."""
    first, second = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [f"{one.rjust(first)} {other.rjust(second)}" for one, other in rows]


def _spent(spent: Sum, words: Sentences) -> str:
    parts = [
        words.count("{n} digest", "{n} digests", spent.runs),
        words.say("{n} tokens", n=words.number(spent.tokens)),
    ]
    return " · ".join(parts if spent.amount is None else [_amount(spent, words), *parts])


def _amount(spent: Sum, words: Sentences) -> str:
    """Return a sum in dollars, in tokens where no price is known."""
    if spent.amount is None:
        return f"{words.number(spent.tokens)} t"
    return dollars(Decimal(spent.amount) / MILLION)


def _name(by: str, row: Row, words: Sentences) -> str:
    if by == "person":
        return f"<@{row.key}>"  # Discord knows their names; we keep none
    if by == "site":
        return _site(str(row.key), words)
    return str(row.key) if row.key is not None else words.say("no server")


def _site(site: str, words: Sentences) -> str:
    return site or words.say("a file")
