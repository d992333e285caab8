"""What a digest says about readers, in words: the same on a card, in a text and in an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.chat.problems import REASONS
from bot.chat.sentences import Sentences
from bot.core.links import host_of
from bot.core.models import (
    Changes,
    Digest,
    Digested,
    Discussion,
    Engine,
    Lead,
    Position,
    Quote,
    Reading,
    Stance,
)
from bot.core.money import Standing
from bot.core.tally import all_gaps, coverage, stance_split, tally

BAR = 10  # cells of a share's bar

# platforms of one site; the others (Lemmy, Discourse, …) are known to people by their host
_SITES = {
    "github": "GitHub",
    "hackernews": "Hacker News",
    "lobsters": "Lobsters",
    "reddit": "Reddit",
}


def _(message: str) -> str:
    """Mark *message* for translation; it is translated where it is said."""
    return message


_STANCES = {
    Stance.SUPPORTS: _("{n} for"),
    Stance.OPPOSES: _("{n} against"),
    Stance.MIXED: _("{n} mixed"),
    Stance.OTHER: _("{n} neither"),
}


@dataclass(frozen=True)
class Numbered:
    """A position with the number people know it by, in the place where it is held."""

    number: int  # from 1
    position: Position
    place: int


def numbered(digested: Digested) -> list[Numbered]:
    """Return every position: those of one discussion together, most comments first."""
    place_of = digested.reading.place_of
    held = [(place_of[p.comments[0]] if p.comments else 0, p) for p in digested.digest.positions]
    held.sort(key=lambda pair: pair[0])  # stable: a digest has the largest first
    return [Numbered(n, position, place) for n, (place, position) in enumerate(held, 1)]


def largest(positions: list[Numbered], most: int) -> list[Numbered]:
    """Return the *most* largest of *positions* in their order; of each discussion at least one, while there is room."""
    by_size = sorted(positions, key=lambda one: -len(one.position.comments))
    first = {one.place: one.number for one in reversed(by_size)}  # of each place the largest
    by_size.sort(key=lambda one: one.number not in first.values())
    kept = {one.number for one in by_size[:most]}
    return [one for one in positions if one.number in kept]


def are_apart(reading: Reading) -> bool:
    """Whether there is more than one discussion with something to read, each to be shown under its own heading."""
    return sum(n > 0 for n in reading.readable_in) > 1


def place_of(quote: Quote, reading: Reading) -> int:
    """Return which discussion *quote* is from."""
    return reading.place_of[quote.comment]


def bar(share: float) -> str:
    """Return *share* (0 to 1) as a bar of text; any share above nothing shows at least one cell."""
    filled = min(BAR, max(round(share * BAR), 1 if share > 0 else 0))
    return "▰" * filled + "▱" * (BAR - filled)


def held_by(position: Position, reading: Reading, words: Sentences) -> str:
    """Return how many hold a position: bar, comments of all in its discussion, and people where one wrote several."""
    readable = _readable_beside(position, reading)
    share = len(set(position.comments)) / readable if readable else 0
    return f"{bar(share)} {counted(position, reading, words)}"


def counted(position: Position, reading: Reading, words: Sentences) -> str:
    """Return how many hold a position, without the bar."""
    count = tally(position, reading)
    readable = words.number(_readable_beside(position, reading))
    said = words.say("{n} of {all}", n=words.number(count.comments), all=readable)
    if count.authors != count.comments:
        said += " · " + words.count("{n} person", "{n} people", count.authors)
    return said


def _readable_beside(position: Position, reading: Reading) -> int:
    """Return how many comments there are in the discussion where *position* is held."""
    return reading.readable_in[reading.place_of[position.comments[0]]] if position.comments else 0


def stances(position: Position, words: Sentences) -> str:
    """Return how the comments of *position* stand to the digest's question; nothing where none does."""
    split = stance_split(position)
    if set(split) <= {Stance.OTHER}:
        return ""
    return " · ".join(
        words.say(_STANCES[stance], n=words.number(split[stance]))
        for stance in Stance
        if stance in split
    )


def leads_of(reading: Reading) -> tuple[Lead, ...]:
    """Return the discussions found elsewhere, each address once."""
    found: dict[str, Lead] = {}
    for lead in reading.leads:
        found.setdefault(lead.url, lead)
    return tuple(found.values())


def site_of(place: Lead | Discussion, words: Sentences) -> str:
    """Return what people call the place of a discussion."""
    if place.platform in _SITES:
        return _SITES[place.platform]
    if not place.url:
        return words.say("Copied text") if place.platform == "pasted" else place.platform
    try:
        return host_of(place.url).removeprefix("www.") or place.platform
    except ValueError:  # brackets that are no address
        return place.platform


def comments_of(lead: Lead, words: Sentences) -> str:
    """Return how many comments a discussion has; nothing where that is not known."""
    if lead.comments is None:
        return ""
    return words.count("{n} comment", "{n} comments", lead.comments)


def title_of(lead: Lead, reading: Reading) -> str:
    """Return a discussion's title where it says more than the reading's own."""
    title = " ".join((lead.title or "").split())
    return "" if title.casefold() == (reading.title or "").casefold() else title


def changed(digested: Digested, words: Sentences) -> list[str]:
    """Return what is different since the digest before, a line each; nothing where that is nothing."""
    said = digested.digest.changes
    return [] if said is None else list(_changed(said, digested, words))


def _changed(said: Changes, digested: Digested, words: Sentences) -> Iterator[str]:
    labels = {position.key: position.label for position in digested.digest.positions}
    moved = []
    if said.comments_new:
        moved.append(words.count("{n} new comment", "{n} new comments", said.comments_new))
    if said.comments_gone:
        moved.append(
            words.count("{n} comment is gone", "{n} comments are gone", said.comments_gone)
        )
    if moved:
        yield " · ".join(moved)
    for share in said.shares:
        if share.then is None:
            yield words.say("New: {label}", label=labels.get(share.position, ""))
    for label in said.positions_gone:
        yield words.say("No longer held: {label}", label=label)
    stood = [share for share in said.shares if share.then is not None]
    for share in sorted(stood, key=lambda one: -abs(one.now - (one.then or 0))):
        then, now = words.percent(share.then or 0), words.percent(share.now)
        if then != now:
            yield f"{labels.get(share.position, '')}: {then} → {now}"
    if said.quotes_gone:
        yield words.count(
            "{n} quote shown then has been edited or deleted.",
            "{n} quotes shown then have been edited or deleted.",
            said.quotes_gone,
        )


def read(digested: Digested, words: Sentences, when: str) -> str:
    """Return how much was read, *when* (as the place writes times), and what a later reading has besides."""
    covered = coverage(digested.reading, digested.digest)
    said = words.count(
        "Read {read} of {n} comment",
        "Read {read} of {n} comments",
        max(covered.found, covered.declared or 0),
        read=words.number(covered.read),
    )
    newer = ""
    if digested.newer:
        newer = words.count("{n} new comment since", "{n} new comments since", digested.newer)
    return " · ".join(filter(None, (said, when, newer)))


def rests_on(digested: Digested, words: Sentences) -> list[str]:
    """Return what a digest rests on besides, a line each: what is missing."""
    return [words.gap(gap) for gap in all_gaps(digested.reading, digested.digest)]


def cost_of(
    digest: Digest, words: Sentences, *, paid: bool, near: Standing | None = None
) -> list[str]:
    """
    Return what a digest cost where it was *paid* for now, else that it is kept and cost nothing; a line each.

    *near* is a budget of which little is left.
    """
    made = digest.made
    if made.engine is not Engine.LLM:
        return []
    if not paid:
        return [f"{made.model} · {words.say('kept, at no cost')}"]
    cost = f" · {dollars(made.cost)}" if made.cost is not None else ""
    tokens = words.say("{n} tokens", n=words.number(made.tokens_in + made.tokens_out))
    lines = [f"{made.model} · {tokens}{cost} · {words.number(made.seconds)} s"]
    return [nearly(near, words), *lines] if near else lines


def nearly(standing: Standing, words: Sentences) -> str:
    """Return the sentence that little is left of a budget."""
    return words.say(
        "{n}% of {budget} is spent; it starts anew on {resets} (0:00 UTC).",
        n=words.number(standing.percent),
        budget=words.say(REASONS[standing.budget]),
        resets=words.date(standing.resets),
    )


def dollars(amount: Decimal) -> str:
    """Return an amount with the digits that tell one digest from another."""
    return f"${amount:,.4f}" if amount < 100 else f"${amount:,.2f}"
