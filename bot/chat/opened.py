"""What a reader opens: a position with every comment behind it, those in none, or all; a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import MOST_TEXT, SCALES, moment, who
from bot.chat.escape import outside, units
from bot.chat.facts import Numbered, are_apart, held_by, numbered, site_of, stances
from bot.chat.sentences import Sentences
from bot.core.flags import Flag
from bot.core.models import Cid, Comment, Digested

REST, ALL = "rest", "all"
MOST_LETTERS = 600  # shown of a comment; its link leads to the rest
PAGE_LETTERS = 2_400
BESIDE = 150  # letters reckoned for what stands beside a comment: author, link, time
MOST_NOTES = 3


@dataclass(frozen=True)
class Shown:
    """A comment, and how many almost the same it stands for, itself included."""

    comment: Comment
    times: int


@dataclass(frozen=True)
class Section:
    """Comments that are read together. `name` is the position's number, `rest` or `all`."""

    name: str
    one: Numbered | None
    pages: tuple[tuple[Shown, ...], ...]


def section(digested: Digested, name: str) -> Section | None:
    """Return the section called *name*, None where there is none."""
    digest, one = digested.digest, None
    if name == ALL:
        ids: Sequence[Cid] = [comment.id for comment in digested.reading.readable]
    elif name == REST:
        ids = digest.unplaced
    else:
        one = next((x for x in numbered(digested) if str(x.number) == name), None)
        ids = one.position.comments if one else ()
    return Section(name, one, _pages(_once(ids, digested))) if ids else None


def page(
    digested: Digested, what: Section, number: int, words: Sentences, flags: Sequence[Flag] = ()
) -> list[str]:
    """Return the texts of page *number* of *what*: its head, "" for a line between, its comments."""
    head = _head(digested, what, words, first=number == 0)
    if flags:
        head.append(_flagged(flags, words))
    for scale in SCALES:
        said = [_comment(shown, digested, words, scale) for shown in what.pages[number]]
        if sum(map(units, [*head, *said])) <= MOST_TEXT:
            break
    return [*head, "", *said]


def _once(ids: Sequence[Cid], digested: Digested) -> list[Shown]:
    """Return the comments of *ids*, of those that are almost the same only the first."""
    group_of = {cid: n for n, group in enumerate(digested.digest.duplicates) for cid in group}
    found: dict[object, list[Cid]] = {}
    for cid in ids:
        found.setdefault(group_of.get(cid, cid), []).append(cid)
    by_id = digested.reading.by_id
    return [Shown(by_id[same[0]], len(same)) for same in found.values()]


def _pages(comments: Sequence[Shown]) -> tuple[tuple[Shown, ...], ...]:
    # reckoned, not written: of ten thousand comments only those of one page are made safe and shown
    pages: list[list[Shown]] = []
    room = 0
    for shown in comments:
        takes = min(len(shown.comment.text), MOST_LETTERS) + BESIDE
        if takes > room:
            pages.append([])
            room = PAGE_LETTERS
        pages[-1].append(shown)
        room -= takes
    return tuple(map(tuple, pages))


def _head(digested: Digested, what: Section, words: Sentences, *, first: bool) -> list[str]:
    if what.one is None:
        name = words.say("All comments") if what.name == ALL else words.say("In no position")
        return [f"**{name}**"]
    one, position, digest = what.one, what.one.position, digested.digest
    lines = [
        f"**{one.number}\\. {outside(position.label, 180) or '…'}**",
        held_by(position, digested.reading, words),
    ]
    if are_apart(digested.reading):
        place = site_of(digested.reading.discussions[one.place], words)
        lines[1] += f" · {outside(place, 60)}"
    sides = stances(position, words)
    if first and sides and digest.question:
        lines.append(f"-# {outside(digest.question, 200)} {sides}")
    blocks = ["\n".join(lines)]
    if first and position.summary:
        blocks.append(outside(position.summary, 600))
    return blocks


def _flagged(flags: Sequence[Flag], words: Sentences) -> str:
    people = len({flag.person for flag in flags})
    lines = [words.count("Flagged by {n} reader", "Flagged by {n} readers", people)]
    notes = [flag.note for flag in flags if flag.note]
    lines += [f"“{outside(note, 120)}”" for note in notes[-MOST_NOTES:]]
    return "\n".join(f"-# {line}" for line in lines)


def _comment(shown: Shown, digested: Digested, words: Sentences, scale: float) -> str:
    comment = shown.comment
    parts = [who(comment, words, int(300 * scale), max(20, int(100 * scale)))]
    if are_apart(digested.reading):
        place = digested.reading.discussions[digested.reading.place_of[comment.id]]
        parts.append(outside(site_of(place, words), 60))
    if comment.posted_at:
        parts.append(moment(comment.posted_at, "f"))
    if shown.times > 1:
        parts.append(words.say("×{n}", n=words.number(shown.times)))
    said = outside(comment.text, max(20, int(MOST_LETTERS * scale)))
    return f"> {said}\n-# {' · '.join(parts)}"
