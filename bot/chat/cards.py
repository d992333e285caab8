"""
A digest as one message, short enough for a phone; a sentence as a message.

Discord's limits that the library does not hold are held here: 4,000 characters of text, and by what a card is made of,
40 components. What does not fit is shortened, never cut inside a link or an escape. Nothing depends on a colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.chat.escape import link, outside, units
from bot.chat.facts import (
    Numbered,
    are_apart,
    changed,
    held_by,
    largest,
    numbered,
    place_of,
    read,
    rests_on,
    site_of,
)
from bot.chat.sentences import Sentences
from bot.core.models import Comment, Digested, Engine, Quote
from bot.core.tally import coverage, quoted

MOST_TEXT = 4_000
MOST_POINTS = 3
MOST_POSITIONS = 5
MOST_QUOTES = 3  # of a position, where it is in full
MOST_VOICES = 5
MOST_CHANGES = 4
MOST_NOTES = 8
MOST_LINES = 9  # of a notice: at the last scale that many of the longest letters fit
MOST_UNBROKEN = 30  # letters of a name that stays on one line
SCALES = (1.0, 0.7, 0.5, 0.35, 0.2, 0.1, 0.05)
"""The sizes tried until the card fits; at the last, five positions of the longest words and links do."""

COLOUR = discord.Colour(0x3B6EA5)

Row = ui.ActionRow[ui.LayoutView]


def text_length(view: ui.LayoutView) -> int:
    """Return the length of all text of *view* as Discord counts it."""
    return sum(units(x.content) for x in view.walk_children() if isinstance(x, ui.TextDisplay))


def card(
    digested: Digested, words: Sentences, rows: Sequence[Row] = (), last: Sequence[str] = ()
) -> ui.LayoutView:
    """Return the card of a digest; *last* are lines that end its small print, *rows* what can be pressed below it."""
    for scale in SCALES:
        blocks = list(Parts(digested, words, scale, last).blocks())
        if sum(map(units, blocks)) <= MOST_TEXT:
            break
    return boxed(blocks, rows)


class Boxed(ui.LayoutView):
    """A message that is complete when it is made: it is written down once, and sent as often as wanted."""

    _written: list[dict[str, Any]] | None = None

    def to_components(self) -> list[dict[str, Any]]:
        """Return it as Discord takes it."""
        if self._written is None:
            self._written = super().to_components()  # type: ignore[no-untyped-call] # the library's
        return self._written


def boxed(blocks: Sequence[str], rows: Sequence[Row] = ()) -> ui.LayoutView:
    """Return *blocks* of text in a box, a line between where one is empty, with *rows* below them."""
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOUR)
    for block in blocks:
        box.add_item(ui.TextDisplay(block) if block else ui.Separator())
    for row in rows:
        box.add_item(row)
    return still(Boxed(timeout=None).add_item(box))


def still(view: ui.LayoutView) -> ui.LayoutView:
    """Return *view*, told that nobody listens: the library would keep every card in memory until the end."""
    view.stop()
    return view


def notice(text: str, *rows: Row) -> ui.LayoutView:
    """Return sentences as a message; *text* is ours, facts from outside in it are made safe here."""
    for scale in SCALES:
        lines = [outside(line, int(MOST_TEXT * scale)) for line in text.split("\n")[:MOST_LINES]]
        safe = "\n".join(lines).strip() or "…"
        if units(safe) <= MOST_TEXT:
            break
    view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay(safe))
    for row in rows:
        view.add_item(row)
    return still(view) if rows else view


def moment(at: datetime, style: str) -> str:
    """Return *at* so that each reader's Discord writes it in their language and time zone; "R" is how long ago."""
    return f"<t:{int(at.timestamp())}:{style}>"


def who(comment: Comment, words: Sentences, most_url: int = 300, most_name: int = 250) -> str:
    """Return who wrote *comment*, as a link to it."""
    name = comment.author or words.say("unnamed reader")
    if len(name) <= MOST_UNBROKEN:
        name = "\u00a0".join(name.split())
    return link(name, comment.url, most_url, most_name)


class Parts:
    """The texts of one card at one scale; *last* are lines that end its small print."""

    def __init__(
        self, digested: Digested, words: Sentences, scale: float, last: Sequence[str] = ()
    ) -> None:
        self.digested = digested
        self.words = words
        self.scale = scale
        self.last = last

    def blocks(self) -> Iterator[str]:
        """Yield the parts from top to bottom, "" for a line between."""
        digest = self.digested.digest
        yield self.head()
        yield from self.summary()
        if digest.positions or digest.voices:
            yield ""
            yield from self.positions() if digest.positions else self.voices()
        if digest.changes:
            yield from self.changes(digest.changes.since)
        yield ""
        yield self.small()

    def head(self) -> str:
        """Return the title with a link, and what is known of the article."""
        reading = self.digested.reading
        title = reading.title or reading.url or ""
        parts: list[str] = []
        if reading.article:
            parts.append(outside(reading.article.site or "", 60))
            parts.append(outside(", ".join(reading.article.authors), 80))
            if reading.article.published:
                parts.append(self.words.date(reading.article.published))
        covered = coverage(reading, self.digested.digest)
        parts.append(self.words.count("{n} comment", "{n} comments", covered.found))
        safe = link(title, reading.url, 500, self._most(200)) or self.words.say("Untitled")
        return f"## {safe}\n-# {' · '.join(filter(None, parts))}"

    def summary(self) -> Iterator[str]:
        """Yield what the article says."""
        digest = self.digested.digest
        lines = [outside(digest.tldr, self._most(700))] if digest.tldr else []
        lines += [f"- {outside(point, self._most(220))}" for point in digest.points[:MOST_POINTS]]
        if lines:
            yield "\n".join(lines)

    def positions(self) -> Iterator[str]:
        """Yield the largest positions, and how many more there are."""
        digest, reading = self.digested.digest, self.digested.reading
        question = outside(digest.question or "", self._most(200))
        if question:
            yield f"**{question}**"
        place = None
        for one in largest(numbered(self.digested), MOST_POSITIONS):
            if are_apart(reading) and one.place != place:
                if place is not None:
                    yield ""
                place = one.place
                yield self.place(place)
            yield self.position(one)
        yield from self.rest()

    def place(self, number: int) -> str:
        """Return the heading over what is said in one of several discussions."""
        reading = self.digested.reading
        place = reading.discussions[number]
        name = link(site_of(place, self.words), place.url, int(300 * self.scale), self._most(60))
        comments = reading.readable_in[number]
        return f"### {name} · {self.words.count('{n} comment', '{n} comments', comments)}"

    def position(self, one: Numbered, *, full: bool = False) -> str:
        """Return a position with a quote; *full*: with its summary, and every quote."""
        position = one.position
        said = outside(position.label, self._most(180)) or "…"
        held = held_by(position, self.digested.reading, self.words)
        lines = [f"**{one.number}\\. {said}**", held]  # the escaped point: "1. " begins a list
        if full and position.summary:
            lines.append(outside(position.summary, self._most(600)))
        lines += [self.quote(quote) for quote in position.quotes[: MOST_QUOTES if full else 1]]
        return "\n".join(lines)

    def rest(self, shown: int = MOST_POSITIONS) -> Iterator[str]:
        """Yield what is left when so many positions are shown."""
        digest, words, rest = self.digested.digest, self.words, []
        more = len(digest.positions) - shown
        if more > 0:
            rest.append(words.count("{n} more position", "{n} more positions", more))
        if digest.unplaced:
            rest.append(
                words.count(
                    "{n} comment in no position",
                    "{n} comments in no position",
                    len(digest.unplaced),
                )
            )
        if rest:
            yield f"-# {' · '.join(rest)}"
        if digest.divide:
            divide = outside(digest.divide, self._most(300))
            yield words.say("The divide: {divide}", divide=divide)

    def voices(self) -> Iterator[str]:
        """Yield the voices that stand where there are no positions."""
        digest, reading = self.digested.digest, self.digested.reading
        head = "**" + self.words.say("Readers' voices") + "**"
        if digest.made.engine is Engine.EXTRACTIVE:
            how = self.words.say("Chosen without a model: verbatim, and no opinion is counted.")
            head += f"\n-# {how}"
        yield head
        shown = sorted(digest.voices[:MOST_VOICES], key=lambda quote: place_of(quote, reading))
        place = None
        for voice in shown:
            if are_apart(reading) and place_of(voice, reading) != place:
                place = place_of(voice, reading)
                yield self.place(place)
            yield self.quote(voice)
        more = len(digest.voices) - MOST_VOICES
        if more > 0:
            yield "-# " + self.words.count("{n} more voice", "{n} more voices", more)

    def quote(self, quote: Quote) -> str:
        """Return somebody's words, what they mean beside them, and who said them with a link to where."""
        reading = self.digested.reading
        said = outside(quoted(quote, reading), self._most(260))
        by = who(reading.by_id[quote.comment], self.words, int(300 * self.scale), self._most(250))
        if quote.translation:
            said += f"\n> *{outside(quote.translation, self._most(260))}*"
        return f"> {said} —\u00a0{by}"

    def changes(self, since: datetime) -> Iterator[str]:
        """Yield what has changed; nothing where nothing has."""
        lines = changed(self.digested, self.words)
        if lines:
            head = self.words.say("What has changed since {when}", when=moment(since, "f"))
            shown = [f"- {outside(line, self._most(140))}" for line in lines[:MOST_CHANGES]]
            yield ""
            yield "\n".join([f"**{head}**", *shown])

    def small(self) -> str:
        """Return the small print: what it rests on."""
        read_at = moment(self.digested.reading.read_at, "R")
        notes = [*rests_on(self.digested, self.words)[:MOST_NOTES], *self.last]
        lines = [outside(line, self._most(200)) for line in notes]
        return "\n".join(
            f"-# {line}" for line in (read(self.digested, self.words, read_at), *lines)
        )

    def _most(self, letters: int) -> int:
        return max(12, int(letters * self.scale))
