"""Positions sighted in the chunks of a large thread → the positions of the whole. All ids travel through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.models import Cited
from bot.core.prose import shorten
from bot.core.register import Register
from bot.core.shapes import MapReply, Union
from bot.core.sheets import flat

MOST_LETTERS = 300  # of a label; what a model repeats without end is not paid for again


@dataclass(frozen=True)
class Sighted:
    """What one or more chunks say of one position; ids are references of a `Register`, unverified."""

    label: str
    comments: tuple[str, ...]
    quotes: tuple[Cited, ...]
    place: int  # the discussion: sightings of two of them are never merged
    labels: tuple[str, ...] = ()  # the wordings it was merged from


def sightings(reply: MapReply, register: Register, chunk: int, place: int) -> list[Sighted]:
    """Return the positions of a reply about *chunk*; what has no comment is none."""
    return [
        Sighted(
            label=_label(view.label),
            comments=register.refs(view.comments, chunk),
            quotes=register.cited(view.quotes, chunk),
            place=place,
            labels=(_label(view.label),),
        )
        for view in reply.positions
        if view.comments
    ]


def listed(some: Sequence[Sighted]) -> str:
    """Return the labels of *some* as lines, numbered from 1 for the model."""
    return "\n".join(f"[{n}] {one.label}" for n, one in enumerate(some, 1))


def merged(some: Sequence[Sighted], unions: Iterable[Union]) -> list[Sighted]:
    """
    Return *some* joined as *unions* say, in the order of their first members.

    Each goes where it is named first; one that is named nowhere stays as it is, so that no lone view is lost. Those of
    two discussions are never joined.
    """
    groups: list[tuple[str, list[int]]] = []
    taken: set[int] = set()
    for union in unions:
        members = [at for at in map(_number, union.members) if 0 <= at < len(some)]
        members = [at for at in dict.fromkeys(members) if at not in taken]
        taken.update(members)
        groups += [
            (_label(union.label), [at for at in members if some[at].place == place])
            for place in dict.fromkeys(some[at].place for at in members)
        ]
    groups += [(one.label, [at]) for at, one in enumerate(some) if at not in taken]
    groups.sort(key=lambda group: min(group[1]))
    return [_joined(label, [some[at] for at in members]) for label, members in groups]


def _label(said: str) -> str:
    return flat(shorten(said, MOST_LETTERS))


def _joined(label: str, members: Sequence[Sighted]) -> Sighted:
    return Sighted(
        label=label or members[0].label,
        comments=tuple(dict.fromkeys(ref for one in members for ref in one.comments)),
        quotes=tuple(dict.fromkeys(cited for one in members for cited in one.quotes)),
        place=members[0].place,
        labels=tuple(dict.fromkeys(label for one in members for label in one.labels)),
    )


def _number(ref: str) -> int:
    ref = ref.strip("[] ")
    return int(ref) - 1 if ref.isascii() and ref.isdecimal() and len(ref) < 7 else -1
