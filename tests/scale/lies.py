"""Everything a model may do wrong in a reply that has the right shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import Any

from bot.core.models import Cited, Stance
from bot.core.shapes import (
    ArticleReply,
    Chosen,
    DeltaReply,
    DigestReply,
    Line,
    MapReply,
    MergeReply,
    Passage,
    Placed,
    Sighting,
    TranslateReply,
    Union,
    View,
    WriteReply,
    Written,
)

Lie = Callable[[Any], Any]

ODD = (
    "0",
    "-3",
    "9999999999999999999999",
    "1e9",
    "0x10",
    "1.5",
    "NaN",
    "½",
    "²",
    "٣",
    "",
    " ",
    "#",
    "[",
    "7 8",
)
EVERYONE = tuple(map(str, range(1, 400)))
INVENTED = "I was there myself and saw them take the money out of the till"
LINK = "https://evil.example/win"


def each(answer: Any, *kinds: type[Any], to: Lie) -> Any:
    """Return *answer* with every part of one of *kinds*, at any depth, changed by *to*."""
    if isinstance(answer, tuple):
        return tuple(each(part, *kinds, to=to) for part in answer)
    if not is_dataclass(answer) or isinstance(answer, type):
        return answer
    parts = {f.name: each(getattr(answer, f.name), *kinds, to=to) for f in fields(answer)}
    made = replace(answer, **parts)
    return to(made) if isinstance(made, kinds) else made


def parts(answer: Any, *kinds: type[Any]) -> list[Any]:
    """Return the parts of *answer* that are of *kinds*."""
    found: list[Any] = []

    def keep(part: Any) -> Any:
        found.append(part)
        return part

    each(answer, *kinds, to=keep)
    return found


def _words(change: Callable[[str], str]) -> Lie:
    return lambda answer: each(
        answer, Cited, Passage, to=lambda quote: replace(quote, words=change(quote.words))
    )


def _labels(label: str) -> Lie:
    return lambda answer: each(
        answer, View, Sighting, Union, Written, to=lambda one: replace(one, label=label)
    )


def _ids(*more: str) -> Lie:
    def lie(answer: Any) -> Any:
        made = each(
            answer, View, Sighting, Placed, to=lambda v: replace(v, comments=(*v.comments, *more))
        )
        return each(made, Union, to=lambda u: replace(u, members=(*u.members, *more)))

    return lie


def _exchanged(answer: Any) -> Any:
    """Give every comment the words of another one."""
    said = [quote.words for quote in parts(answer, Cited, Passage)]
    moved = iter([*said[1:], *said[:1]])
    return each(answer, Cited, Passage, to=lambda quote: replace(quote, words=next(moved)))


def _glued(answer: Any) -> Any:
    """Make one quote of the words of two comments."""
    said = [quote.words for quote in parts(answer, Cited, Passage)]
    moved = iter([*said[1:], *said[:1]])
    return each(
        answer,
        Cited,
        Passage,
        to=lambda quote: replace(quote, words=f"{quote.words} {next(moved)}"),
    )


def _itself(answer: Any) -> Any:
    """Quote the label."""

    def lie(view: Any) -> Any:
        return replace(view, quotes=tuple(replace(q, words=view.label) for q in view.quotes))

    return each(answer, View, Sighting, to=lie)


def _elsewhere(answer: Any) -> Any:
    """Cite comments that do not hold the view."""
    return each(answer, Cited, Passage, to=lambda quote: replace(quote, comment="3"))


def _found(answer: Any) -> tuple[Any, ...]:
    """Return the positions that *answer* finds in comments."""
    kinds = (MapReply, DigestReply, DeltaReply)
    return tuple(answer.positions) if type(answer) in kinds else ()


def _one_position(answer: Any) -> Any:
    if some := _found(answer):
        return replace(answer, positions=(replace(some[0], comments=EVERYONE),))
    if isinstance(answer, MergeReply):
        return MergeReply((Union(EVERYONE, "All of it"),))
    return answer


def _many_positions(answer: Any) -> Any:
    if found := _found(answer):
        some = found[0]
        views = tuple(
            replace(some, label=f"{some.label} {'so ' * n}", comments=(str(n), str(n // 2)))
            for n in range(200)
        )
        return replace(answer, positions=views)
    return MergeReply(()) if isinstance(answer, MergeReply) else answer


def _same_everywhere(answer: Any) -> Any:
    made = each(answer, View, Sighting, Placed, to=lambda v: replace(v, comments=("1",) * 50))
    return each(made, Union, to=lambda u: replace(u, members=("1",) * 50))


def _stances() -> Lie:
    turns = Random(1)
    return lambda answer: each(
        answer, View, Written, to=lambda one: replace(one, stance=turns.choice(list(Stance)))
    )


def _groups_again(answer: Any) -> Any:
    if not isinstance(answer, MergeReply):
        return answer
    everything = tuple(number for union in answer.positions for number in union.members)
    return MergeReply(
        (
            *answer.positions,
            *answer.positions,
            Union(everything, "Everything"),
            Union((), "Nothing"),
        )
    )


def _unknown_quotes(answer: Any) -> Any:
    names = ("q99", "q0", "q-1", "Q1", "1", "", "q1 q2", "q٣", "q" + "9" * 500)
    chosen = tuple(Chosen(name, "A translation of nothing.") for name in names)
    return each(answer, Written, to=lambda one: replace(one, quotes=chosen))


def _unknown_positions(answer: Any) -> Any:
    if isinstance(answer, WriteReply):
        more = tuple(Written(odd, (Chosen("q1"),), "Nobody's view") for odd in (*ODD, "999", "P1"))
        return replace(answer, positions=(*answer.positions, *more, *more))
    if isinstance(answer, DeltaReply):
        more_placed = tuple(Placed(odd, EVERYONE) for odd in (*ODD, "P0", "P-1", "P999", "p1"))
        return replace(answer, placed=(*answer.placed, *more_placed, *more_placed))
    return answer


def _unknown_lines(answer: Any) -> Any:
    if not isinstance(answer, TranslateReply):
        return answer
    names = ("0.quote.99", "999.label", "-1.label", "point.-1", "0", "", "question.0", "0.comments")
    more = tuple(Line(name, INVENTED) for name in names)
    return TranslateReply((*more, *answer.texts[::2], *answer.texts[::2], *more))


def prose(words: str) -> Lie:
    """Put *words* into every field that is the model's own."""

    def lie(answer: Any) -> Any:
        made = each(answer, View, Written, to=lambda one: replace(one, summary=words, label=words))
        made = each(made, Sighting, Union, to=lambda one: replace(one, label=words))
        made = each(made, Line, to=lambda line: replace(line, text=words))
        made = each(made, Cited, Chosen, to=lambda quote: replace(quote, translation=words))
        if isinstance(made, DigestReply | WriteReply):
            made = replace(made, question=words, divide=words, tldr=words)
        if isinstance(made, ArticleReply | DigestReply):
            made = replace(made, tldr=words, points=(words,) * 3)
        return made

    return lie


def _nothing(answer: Any) -> Any:
    if _found(answer):
        return replace(answer, positions=(), unplaced=())
    if isinstance(answer, WriteReply):
        return WriteReply(None, ())
    return TranslateReply(()) if isinstance(answer, TranslateReply) else answer


LIES: dict[str, Lie] = {
    "the truth": lambda answer: answer,
    "letters altered": _words(lambda words: words[:-3] + "zq" + words[-3:]),
    "words left out": _words(lambda words: " ".join(words.split()[::2])),
    "words of others": _exchanged,
    "two comments in one quote": _glued,
    "quotes translated": _words(lambda words: words.swapcase()[::-1]),
    "quotes invented": _words(lambda _: INVENTED),
    "quotes empty": _words(lambda _: ""),
    "quotes of nothing": _words(lambda _: "…\u200b ' [...]"),
    "quotes endless": _words(lambda words: (words + " ") * 2_000),
    "label quoted": _itself,
    "quotes from elsewhere": _elsewhere,
    "ids invented": _ids("401", "9999"),
    "ids odd": _ids(*ODD),
    "everything in one position": _one_position,
    "two hundred positions": _many_positions,
    "one comment everywhere": _same_everywhere,
    "stances that contradict": _stances(),
    "labels empty": _labels(""),
    "labels of nothing": _labels(" \u200b\u00ad\n"),
    "labels all the same": _labels("They say something"),
    "labels endless": _labels("so and " * 20_000),
    "groups twice": _groups_again,
    "quotes by unknown names": _unknown_quotes,
    "positions by unknown names": _unknown_positions,
    "lines by unknown names": _unknown_lines,
    "figures": prose("87 % of readers agree. It costs 987654321 dollars."),
    "links": prose(f"Go to {LINK} or [here]({LINK}) now, @everyone and <@123456789>."),
    "quotes in prose": prose(f"One of them says “{INVENTED}”."),
    "unseen letters": prose("Fine\x00\x1b[31m\u202e\ud800\U000e0041 words\u2066."),
    "nothing": _nothing,
}


def mixed(seed: int) -> Lie:
    """Return a lie made of five others, one on top of the other."""
    some = Random(seed).sample(list(LIES.values()), 5)

    def lie(answer: Any) -> Any:
        for one in some:
            answer = one(answer)
        return answer

    return lie
