"""
A digest as messages: the card, and pages with every position and its comments.

Discord's limits that the library does not hold are held here: 4,000 characters of text, 40 components (a card has far
fewer), 100 of a custom id. What does not fit is shortened, never cut inside a link or an escape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.chat.escape import link, outside
from bot.chat.sentences import Sentences
from bot.chat.writing import comments_of, held_by, leads_of, rests_on, site_of, title_of
from bot.core.models import Cid, Comment, Digested, Engine, Position, Quote
from bot.core.prose import shorten
from bot.core.tally import coverage, quoted

MOST_TEXT = 4_000
MOST_POSITIONS = 5
MOST_VOICES = 5
MOST_LEADS = 4
MOST_SMALL = 7
PAGE_TEXT = 2_800
SCALES = (1.0, 0.7, 0.5, 0.35, 0.2, 0.1, 0.05)
"""The sizes tried until the card fits; at the last, five positions of the longest words and links do."""

COLOUR = discord.Colour(0x3B6EA5)


def text_length(view: ui.LayoutView) -> int:
    """Return the length of all text of *view* as Discord counts it: in UTF-16 units."""
    return sum(_units(x.content) for x in view.walk_children() if isinstance(x, ui.TextDisplay))


def card(
    digested: Digested,
    words: Sentences,
    buttons: ui.ActionRow[ui.LayoutView],
    openers: Sequence[ui.Button[ui.LayoutView]] = (),
    last: Sequence[str] = (),
) -> ui.LayoutView:
    """
    Return the card of a digest, with *buttons* below it.

    Each of *openers* is for the lead of its place; *last* are the lines that end the small print.
    """
    for scale in SCALES:
        blocks = list(_Card(digested, words, scale, openers, last).blocks())
        if sum(_units(block.text) for block in blocks) <= MOST_TEXT:
            break
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOUR)
    for block in blocks:
        box.add_item(block.item())
    box.add_item(buttons)
    return still(ui.LayoutView(timeout=None).add_item(box))


def still(view: ui.LayoutView) -> ui.LayoutView:
    """Return *view*, told that nobody listens: the library would keep every card in memory until the end."""
    view.stop()
    return view


def notice(text: str) -> ui.LayoutView:
    """Return one sentence as a message; *text* is ours, facts from outside in it are made safe here."""
    safe = "\n".join(outside(line) for line in text.split("\n")) or "…"
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay(shorten(safe, MOST_TEXT)))


@dataclass(frozen=True)
class Page:
    """One page of positions: a heading and comments below it."""

    text: str


def pages(digested: Digested, words: Sentences) -> list[Page]:
    """Return every position with all its comments, then those in none; without positions, every comment."""
    reading, digest = digested.reading, digested.digest
    sections: list[tuple[str, tuple[Cid, ...]]] = []
    for number, position in enumerate(digest.positions, 1):
        sections.append((_position_head(number, position, digested, words, 1.0), position.comments))
    rest = digest.unplaced if digest.positions else tuple(c.id for c in reading.readable)
    if rest:
        head = words.say("In no position") if digest.positions else words.say("All comments")
        sections.append((f"**{head}**", rest))
    found = []
    for head, ids in sections:
        lines: list[str] = []
        for cid in ids:
            line = _whole(reading.by_id[cid], words)
            if lines and _units("\n".join([head, *lines, line])) > PAGE_TEXT:
                found.append(Page("\n".join([head, *lines])))
                lines = []
            lines.append(line)
        found.append(Page("\n".join([head, *lines])))
    return found


@dataclass(frozen=True)
class _Block:
    """One text of a card, with a button beside it or not; without words, a line between."""

    text: str = ""
    button: ui.Button[ui.LayoutView] | None = None

    def item(self) -> ui.Item[ui.LayoutView]:
        if self.button is not None:
            return ui.Section(self.text, accessory=self.button)
        return ui.TextDisplay(self.text) if self.text else ui.Separator()


class _Card:
    """The texts of one card at one scale."""

    def __init__(
        self,
        digested: Digested,
        words: Sentences,
        scale: float,
        openers: Sequence[ui.Button[ui.LayoutView]],
        last: Sequence[str],
    ) -> None:
        self.digested = digested
        self.words = words
        self.scale = scale
        self.openers = openers
        self.last = last
        self.most_url = int(300 * scale)

    def blocks(self) -> Iterator[_Block]:
        """Yield the parts from top to bottom."""
        digest = self.digested.digest
        yield _Block(self.head())
        yield from map(_Block, self.summary())
        if digest.positions or digest.voices:
            yield _Block()
            yield from map(_Block, self.positions() if digest.positions else self.voices())
        if self.openers:
            yield _Block()
            yield from self.elsewhere()
        yield _Block()
        yield _Block(self.small())

    def head(self) -> str:
        reading = self.digested.reading
        title = shorten(reading.title or reading.url or self.words.say("Untitled"), self._most(200))
        parts: list[str] = []
        if reading.article:
            parts.append(outside(reading.article.site or "", 60))
            parts.append(outside(", ".join(reading.article.authors), 80))
            if reading.article.published:
                parts.append(self.words.date(reading.article.published))
        covered = coverage(reading, self.digested.digest)
        parts.append(self.words.count("{n} comment", "{n} comments", covered.found))
        return f"## {link(title, reading.url, 500)}\n-# {' · '.join(filter(None, parts))}"

    def summary(self) -> Iterator[str]:
        digest = self.digested.digest
        lines = [outside(digest.tldr, self._most(700))] if digest.tldr else []
        lines += [f"- {outside(point, self._most(220))}" for point in digest.points[:5]]
        if lines:
            yield "\n".join(lines)

    def positions(self) -> Iterator[str]:
        digest = self.digested.digest
        if digest.question:
            yield f"**{outside(digest.question, self._most(200))}**"
        for number, position in enumerate(digest.positions[:MOST_POSITIONS], 1):
            head = _position_head(number, position, self.digested, self.words, self.scale)
            yield f"{head}\n{self.quote(position.quotes[0])}"
        rest = []
        more = len(digest.positions) - MOST_POSITIONS
        if more > 0:
            rest.append(self.words.count("{n} more position", "{n} more positions", more))
        if digest.unplaced:
            rest.append(
                self.words.count(
                    "{n} comment is in no position.",
                    "{n} comments are in no position.",
                    len(digest.unplaced),
                )
            )
        if digest.divide:
            divide = outside(digest.divide, self._most(300))
            rest.append(self.words.say("The divide: {divide}", divide=divide))
        if rest:
            yield "\n".join(rest)

    def voices(self) -> Iterator[str]:
        digest = self.digested.digest
        head = "**" + self.words.say("Readers' voices") + "**"
        if digest.made.engine is Engine.EXTRACTIVE:
            how = self.words.say("Chosen without a model: verbatim, and no opinion is counted.")
            head += f"\n-# {how}"
        yield head
        for voice in digest.voices[:MOST_VOICES]:
            yield self.quote(voice)

    def quote(self, quote: Quote) -> str:
        reading = self.digested.reading
        comment = reading.by_id[quote.comment]
        said = outside(quoted(quote, reading), self._most(260))
        return f"> {said}\n> — {_who(comment, self.words, self.most_url, self._most(250))}"

    def elsewhere(self) -> Iterator[_Block]:
        leads = leads_of(self.digested.reading)
        yield _Block("**" + self.words.say("Also discussed elsewhere") + "**")
        for lead, opener in zip(leads, self.openers, strict=False):
            where = link(site_of(lead), lead.url, self.most_url, self._most(100))
            line = " · ".join(filter(None, (where, comments_of(lead, self.words))))
            title = outside(title_of(lead, self.digested.reading), self._most(120))
            yield _Block(f"{line}\n-# {title}" if title else line, opener)
        more = len(leads) - len(self.openers)
        if more > 0:
            rest = self.words.count("{n} more discussion", "{n} more discussions", more)
            yield _Block(f"-# {rest}")

    def small(self) -> str:
        said = [*rests_on(self.digested, self.words)[:MOST_SMALL], *self.last]
        return "\n".join(f"-# {outside(line, self._most(200))}" for line in said)

    def _most(self, letters: int) -> int:
        return max(12, int(letters * self.scale))


def _position_head(
    number: int, position: Position, digested: Digested, words: Sentences, scale: float
) -> str:
    label = outside(position.label, max(12, int(180 * scale)))
    # the escaped point keeps it a heading: "1. " begins a list
    return f"**{number}\\. {label}**\n{held_by(position, digested.reading, words)}"


def _who(comment: Comment, words: Sentences, most_url: int, most_name: int = 250) -> str:
    return link(comment.author or words.say("unnamed reader"), comment.url, most_url, most_name)


def _whole(comment: Comment, words: Sentences) -> str:
    when = f" · {words.date(comment.posted_at)}" if comment.posted_at else ""
    return f"> {outside(comment.text, 600)}\n> — {_who(comment, words, 300)}{when}\n"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
