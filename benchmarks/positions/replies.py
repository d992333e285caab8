"""A model whose replies are as long as real ones: what is asked later depends on what was answered before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar, cast
from zlib import crc32

from bot.core.models import Cited, Stance
from bot.core.ports import Prompt, Reply
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
from tests.core.scripted import ScriptedModel, block, labels, lines, named

Shape = TypeVar("Shape")

COMMON = 9  # views that most chunks have
UNPLACED = 15  # of a hundred comments
TWICE = 20  # of a hundred are in a second view
QUOTED = 22  # words
SAID = (
    "the change costs more than the people behind it admit",
    "nobody who is affected was asked before everything was decided",
    "it makes daily life safer for those who have no other choice",
    "what others tried elsewhere shows that it can be done well",
    "the small ones pay for it while the large ones gain",
    "the problem it is meant to solve is not the real one",
    "it is a step in the right direction and comes ten years late",
    "a trial with honest figures at its end would convince more people",
    "it sounds good on paper and fails as soon as winter comes",
)
BECAUSE = (
    "because the figures leave out what comes afterwards",
    "because they have seen the same thing fail once before",
    "and they name their own street as the example",
)
SUMMARY = (
    "They point to what happened when something like it was tried before, and to the costs that came afterwards. "
    "Some would accept it with conditions, others would not."
)
TLDR = "The article reports a decision and what led to it. Those concerned were heard late, and the costs are open."
POINTS = tuple(
    f"{TLDR.split('. ', maxsplit=1)[0]}, and the {n} step follows."
    for n in ("first", "second", "third", "last")
)


class LongReplies(ScriptedModel):
    """
    Finds `COMMON` views in every chunk and a lone one or two, with labels and quotes of a real model's length.

    Which comment holds what depends on its words alone, so that a delta agrees with a full run.
    """

    def __init__(self, name: str = "scripted") -> None:
        super().__init__(views=(), name=name)

    def kinds(self) -> dict[type[object], Callable[[str], object]]:
        return super().kinds() | {ArticleReply: lambda _: ArticleReply(TLDR, POINTS)}

    def _views(self, text: str) -> dict[str, list[str]]:
        """Return the labels of the views in a prompt's comments, with the numbers of those who hold them."""
        said = lines(block(text, "comments"))
        found: dict[str, list[str]] = {}
        for number, words in said.items():
            dice = crc32(words.encode("utf-8", "replace"))
            if dice % 100 < UNPLACED:
                continue
            if dice % 100 == 99:  # one in a hundred says what nobody else says
                found[
                    f"What matters is something else, namely {_some(words, 9)}, and nothing besides"
                ] = [number]
                continue
            views = {dice // 100 % COMMON}
            views |= {dice // 1_000 % COMMON} if dice // 10_000 % 100 < TWICE else set()
            for view in views:
                wording = BECAUSE[len(said) % len(BECAUSE)]
                found.setdefault(f"{SAID[view].capitalize()}, {wording}", []).append(number)
        return found

    def _map(self, text: str) -> MapReply:
        said = lines(block(text, "comments"))
        return MapReply(
            tuple(
                Sighting(
                    tuple(Passage(n, _some(said[n])) for n in _telling(ns, said)), label, tuple(ns)
                )
                for label, ns in self._views(text).items()
            )
        )

    def _digest(self, text: str) -> DigestReply:
        return DigestReply(_question(), tuple(self._found_views(text)), (), TLDR, TLDR, POINTS)

    def _found_views(self, text: str) -> Iterable[View]:
        said = lines(block(text, "comments"))
        for label, ns in self._views(text).items():
            quotes = tuple(Cited(n, _some(said[n])) for n in _telling(ns, said))
            yield View(quotes, label, tuple(ns), SUMMARY, Stance.SUPPORTS)

    def _merge(self, text: str) -> MergeReply:
        groups: dict[str, list[str]] = {}
        for number, label in labels(block(text, "positions")):
            groups.setdefault(_view(label) or label, []).append(number)
        return MergeReply(
            tuple(
                Union(tuple(numbers), f"{said.capitalize()}, {BECAUSE[0]}")
                for said, numbers in groups.items()
                if len(numbers) > 1
            )
        )

    def _write(self, text: str) -> WriteReply:
        written = tuple(
            Written(n, (Chosen("q1"), Chosen("q2")), label, SUMMARY, Stance.OPPOSES)
            for n, label in labels(block(text, "positions"))
        )
        return WriteReply(_question(), written, TLDR, "")

    def _delta(self, text: str) -> DeltaReply:
        known = {_view(label): number for number, label in labels(block(text, "positions"))}
        placed, new = [], []
        for view in self._found_views(text):
            number = known.get(_view(view.label))
            if number is not None and _view(view.label):
                placed.append(Placed(number, view.comments))
            else:
                new.append(view)
        return DeltaReply(tuple(placed), tuple(new))

    def _translate(self, text: str) -> TranslateReply:
        return TranslateReply(
            tuple(Line(name, said[::-1]) for name, said in named(block(text, "positions")))
        )


class Recorded:
    """A model that has said everything before: what runs over it is measured without it."""

    def __init__(self, model: ScriptedModel) -> None:
        self._model = model
        self._said: dict[str, object] = {}
        self.name = model.name
        self.context_tokens = model.context_tokens
        self.count = model.count
        self.cost = model.cost

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        """Answer from memory; what is not there yet is asked for."""
        await asyncio.sleep(0)
        if prompt.user not in self._said:
            self._said[prompt.user] = self._model.answer(prompt.shape, prompt.user)
        return Reply(cast("Shape", self._said[prompt.user]), 0, 0, Decimal(0), self.name)


def _question() -> str:
    return "Should what was decided be carried out as it stands, with what it costs and whom it concerns?"


def _telling(numbers: list[str], said: dict[str, str]) -> list[str]:
    """Return the two longest of the comments: what a model quotes says more than "agreed"."""
    return sorted(numbers, key=lambda n: -len(said[n]))[:2]


def _some(words: str, most: int = QUOTED) -> str:
    return " ".join(words.split()[:most])


def _view(label: str) -> str | None:
    return next((said for said in SAID if said in label.lower()), None)
