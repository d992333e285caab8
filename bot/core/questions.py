"""The questions a model is asked, as prompts: the stable part first, the data in its fence, the language last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.core.chunks import Room
from bot.core.merging import Sighted, listed
from bot.core.models import Brief
from bot.core.ports import Model, Prompt, Prompts
from bot.core.shapes import (
    ArticleReply,
    DeltaReply,
    DigestReply,
    MapReply,
    MergeReply,
    TranslateReply,
    WriteReply,
)

Shape = TypeVar("Shape")

FRAME_TOKENS = 600  # roles, separators and the schema, which providers count as part of the request

# Room for a reply. Reasoning models think in it too: with 2,048 tokens one in five replies comes back empty.
ROOM = 8_000
LEAST = 300  # tokens of comments in a question, so that a context that is too small is refused, not cut to nothing
ROOM_PER_COMMENT = 16  # an id in two positions, and the thought it takes to put it there


class Questions:
    """Builds the questions of one brief for one model."""

    def __init__(self, model: Model, prompts: Prompts, brief: Brief) -> None:
        self._model = model
        self._prompts = prompts
        self._language = brief.language or "en"
        self._length = brief.length.value

    def digest(self, article: str, comments: str, count: int) -> Prompt[DigestReply]:
        """Ask for the whole digest of *count* comments in one call."""
        room = ROOM + ROOM_PER_COMMENT * count
        return self._ask("digest", DigestReply, room, article=article, comments=comments)

    def article(self, article: str) -> Prompt[ArticleReply]:
        """Ask what the article says."""
        return self._ask("article", ArticleReply, ROOM, article=article)

    def map(self, lead: str, comments: str, count: int) -> Prompt[MapReply]:
        """Ask which positions *count* comments hold."""
        room = ROOM + ROOM_PER_COMMENT * count
        return self._ask("map", MapReply, room, sized=False, article=lead, comments=comments)

    def merge(self, sighted: Sequence[Sighted]) -> Prompt[MergeReply]:
        """Ask which of *sighted* are one position."""
        room = ROOM + 2 * ROOM_PER_COMMENT * len(sighted)
        return self._ask("merge", MergeReply, room, labels=listed(sighted))

    def write(self, lead: str, sheet: str, count: int) -> Prompt[WriteReply]:
        """Ask for words for *count* positions, and where they divide."""
        room = ROOM + 10 * ROOM_PER_COMMENT * count
        return self._ask("write", WriteReply, room, article=lead, positions=sheet)

    def delta(self, standing: str, comments: str, count: int) -> Prompt[DeltaReply]:
        """Ask where *count* new comments belong."""
        room = ROOM + ROOM_PER_COMMENT * count
        return self._ask(
            "delta", DeltaReply, room, sized=False, positions=standing, comments=comments
        )

    def translate(self, texts: str) -> Prompt[TranslateReply]:
        """Ask for the texts of a digest in another language."""
        room = ROOM + 2 * self._model.count(texts)
        return self._ask("translate", TranslateReply, room, sized=False, texts=texts)

    def room(self, name: str, wanted: Room, *, beside: int = 0) -> Room:
        """Return how many comments the question *name* takes of *wanted*, with *beside* tokens of other data."""
        words = self._model.count(self._prompts.render(f"{name}.system"))
        reply = self._reply(ROOM + ROOM_PER_COMMENT * min(wanted.comments, 500))
        left = self._model.context_tokens - reply - words - 2 * FRAME_TOKENS - beside
        return Room(max(min(wanted.tokens, left), LEAST), wanted.comments)

    def _reply(self, wanted: int) -> int:
        """Return the room for a reply; a small local model keeps two thirds of its context for what it reads."""
        return min(wanted, self._model.context_tokens // 3)

    def _ask(
        self, name: str, shape: type[Shape], room: int, *, sized: bool = True, **data: str
    ) -> Prompt[Shape]:
        if sized:
            data["size"] = self._prompts.render(f"{name}.size.{self._length}")
        return Prompt(
            system=self._prompts.render(f"{name}.system"),
            user=self._prompts.render(f"{name}.user", language=self._language, **data),
            shape=shape,
            most_tokens=self._reply(room),
        )
