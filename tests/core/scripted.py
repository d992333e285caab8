"""A model that answers every question by a rule, so that a test can say what must come out at the other end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, TypeVar, cast

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

Shape = TypeVar("Shape")

_LINE = re.compile(r"^#(\d+)(?:>(\w+))?( ×\d+)?(?: \(\w+\))? (.*)$", re.MULTILINE)
_LABEL = re.compile(r"^\[(P?\d+)\] (.*)$", re.MULTILINE)
_NAMED = re.compile(r"^\[([\w.]+)\] (.*)$", re.MULTILINE)

Edit = Callable[[object], object]


def lines(text: str) -> dict[str, str]:
    """The comments in a prompt: number → words. Those of the context have no number."""
    return {number: words for number, _, _, words in _LINE.findall(text)}


def labels(text: str) -> list[tuple[str, str]]:
    """The numbered labels in a prompt: number, label."""
    return _LABEL.findall(text)


def named(text: str) -> list[tuple[str, str]]:
    """The named texts in a prompt: name, text."""
    return _NAMED.findall(text)


def block(text: str, name: str) -> str:
    """What stands in one fence of a prompt."""
    return "\n".join(re.findall(rf"<{name}[^>]*>\n(.*?)\n</{name}>", text, re.DOTALL))


@dataclass
class ScriptedModel:
    """
    Places a comment in the position of each word of *views* that stands in it; a token is a word or a bracket.

    *edit* may change any answer: the way to make it lie. *wait* is awaited before each answer.
    """

    views: tuple[str, ...]
    name: str = "scripted"
    context_tokens: int = 128_000
    edit: Edit = lambda value: value
    wait: Callable[[], Any] | None = None
    asked: list[Prompt[Any]] = field(default_factory=list)
    price: Decimal | None = Decimal("0.000001")
    at_once: int = 0
    most_at_once: int = 0
    counter: Callable[[str], int] = lambda text: len(re.findall(r"\w+|[^\w\s]", text))

    def count(self, text: str) -> int:
        return self.counter(text)

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        return None if self.price is None else (tokens_in + tokens_out) * self.price

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        self.asked.append(prompt)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.wait is not None:
                await self.wait()
            else:
                await asyncio.sleep(0)
        finally:
            self.at_once -= 1
        answer = self.edit(self.answer(prompt.shape, prompt.user))
        if isinstance(answer, Exception):
            raise answer
        tokens = self.count(prompt.system) + self.count(prompt.user)
        return Reply(cast("Shape", answer), tokens, 10, Decimal("0.001"), self.name)

    def over_http(self, body: dict[str, Any]) -> dict[str, Any]:
        """Answer a request of OpenAI's protocol, or its repair: a script for `tests.llm.provider.Provider`."""
        name = body["response_format"]["json_schema"]["name"]
        shape = next(shape for shape in self.kinds() if shape.__name__ == name)
        answer: Any = self.edit(self.answer(shape, body["messages"][1]["content"]))
        return asdict(answer)

    def answer(self, shape: type[object], text: str) -> object:
        """Return what the rule says to the question *text*."""
        return self.kinds()[shape](text)

    def kinds(self) -> dict[type[object], Callable[[str], object]]:
        """Return the rule for each kind of question."""
        return {
            ArticleReply: lambda _: ArticleReply("The article.", ("A point.",)),
            DigestReply: self._digest,
            MapReply: self._map,
            MergeReply: self._merge,
            WriteReply: self._write,
            DeltaReply: self._delta,
            TranslateReply: self._translate,
        }

    def _found(self, text: str) -> tuple[dict[str, list[str]], dict[str, str]]:
        said = lines(block(text, "comments"))
        found = {view: [n for n, words in said.items() if view in words] for view in self.views}
        return {view: numbers for view, numbers in found.items() if numbers}, said

    def _digest(self, text: str) -> DigestReply:
        found, said = self._found(text)
        views = tuple(
            View((Cited(ns[0], said[ns[0]]),), f"They say {view}.", tuple(ns), "", Stance.OTHER)
            for view, ns in found.items()
        )
        return DigestReply("Is it good?", views, (), "Two sides.", "The article.", ("A point.",))

    def _map(self, text: str) -> MapReply:
        found, said = self._found(text)
        return MapReply(
            tuple(
                Sighting((Passage(ns[0], said[ns[0]]),), f"They say {view}.", tuple(ns))
                for view, ns in found.items()
            )
        )

    def _merge(self, text: str) -> MergeReply:
        groups: dict[str, list[str]] = {}
        for number, label in labels(block(text, "positions")):
            groups.setdefault(label, []).append(number)
        return MergeReply(tuple(Union(tuple(ns), label) for label, ns in groups.items()))

    def _write(self, text: str) -> WriteReply:
        written = tuple(
            Written(n, (Chosen("q1"),), label, "Because.", Stance.SUPPORTS)
            for n, label in labels(block(text, "positions"))
        )
        return WriteReply("Is it good?", written, "Two sides.", "")

    def _delta(self, text: str) -> DeltaReply:
        found, said = self._found(text)
        known = {label: n for n, label in labels(block(text, "positions"))}
        placed, new = [], []
        for view, numbers in found.items():
            number = next((n for label, n in known.items() if f"They say {view}." in label), None)
            if number:
                placed.append(Placed(number, tuple(numbers)))
            else:
                quote = Cited(numbers[0], said[numbers[0]])
                new.append(View((quote,), f"They say {view}.", tuple(numbers)))
        return DeltaReply(tuple(placed), tuple(new))

    def _translate(self, text: str) -> TranslateReply:
        said = named(block(text, "positions"))
        return TranslateReply(tuple(Line(name, f"({words})") for name, words in said))
