"""What to ask a model about a reading, and how its reply becomes a draft; `bot.core.grounding` checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from bot.core.grounding import FEWEST
from bot.core.models import Brief, Claim, Draft, Reading, Stance
from bot.core.ports import Model, Progress, Prompt, Prompts, Reply, Report, Stage
from bot.core.requests import Sheet, lay_out_article, lay_out_comments, with_copies
from bot.errors import ThreadTooLong

Shape = TypeVar("Shape")

FRAME_TOKENS = 600  # roles, separators and the schema, which providers count as part of the request

# Room for a reply. Reasoning models think in it too: with 2,048 tokens one in five replies comes back empty.
ROOM = 8_000
ROOM_PER_COMMENT = 16  # an id in two positions, and the thought it takes to put it there


@dataclass(frozen=True)
class Cited:
    """Words of one comment."""

    comment: str
    words: str


@dataclass(frozen=True)
class View:
    """
    One position, evidence before conclusions.

    Words are copied first, and name the view; the label says which ids belong; the summary is written with the ids in
    sight; the stance needs them all.
    """

    quotes: tuple[Cited, ...]
    label: str
    comments: tuple[str, ...]
    summary: str = ""
    stance: Stance = Stance.OTHER


@dataclass(frozen=True)
class DigestReply:
    """The reply to `digest`. The question comes first because every stance refers to it; it claims nothing itself."""

    question: str | None
    positions: tuple[View, ...]
    unplaced: tuple[str, ...] = ()
    divide: str | None = None
    tldr: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArticleReply:
    """The reply to `article`, asked where there are too few comments for positions."""

    tldr: str
    points: tuple[str, ...] = ()


class ModelDigester:
    """Implements `bot.core.ports.Digester` over a model and the texts it is told."""

    def __init__(self, model: Model, prompts: Prompts) -> None:
        self._model = model
        self._prompts = prompts

    @property
    def label(self) -> str:
        """`llm/<model>/<version of the prompts>`."""
        return f"llm/{self._model.name}/{self._prompts.version}"

    async def draft(self, reading: Reading, brief: Brief, report: Report) -> Draft:
        """
        Draft a digest in one call; raises `ModelError`, `ThreadTooLong` before anything is sent.

        With fewer than `FEWEST` comments the model is not asked about readers, without an article not at all.
        """
        if len(reading.readable) < FEWEST:
            return await self._article_only(reading, brief, report)
        sheet = lay_out_comments(reading)
        prompt = Prompt(
            system=self._prompts.render("digest.system"),
            user=self._prompts.render(
                "digest.user",
                article=lay_out_article(reading.article),
                comments=sheet.text,
                language=brief.language or "en",
                size=self._prompts.render(f"digest.size.{brief.length.value}"),
            ),
            shape=DigestReply,
            most_tokens=self._room(ROOM + ROOM_PER_COMMENT * len(reading.readable)),
        )
        reply = await self._ask(prompt, report)
        said = reply.value
        return Draft(
            tldr=said.tldr,
            points=said.points,
            question=said.question,
            claims=tuple(_claim(view, sheet) for view in said.positions),
            divide=said.divide,
            ids=sheet.ids,
            model=reply.model,
            tokens_in=reply.tokens_in,
            tokens_out=reply.tokens_out,
            cost=reply.cost,
        )

    async def _article_only(self, reading: Reading, brief: Brief, report: Report) -> Draft:
        voices = tuple((comment.id, comment.text) for comment in reading.readable)
        if reading.article is None or not reading.article.text.strip():
            return Draft(tldr="", points=(), voices=voices, model=self._model.name)
        prompt = Prompt(
            system=self._prompts.render("article.system"),
            user=self._prompts.render(
                "article.user",
                article=lay_out_article(reading.article),
                language=brief.language or "en",
                size=self._prompts.render(f"article.size.{brief.length.value}"),
            ),
            shape=ArticleReply,
            most_tokens=self._room(ROOM),
        )
        reply = await self._ask(prompt, report)
        return Draft(
            tldr=reply.value.tldr,
            points=reply.value.points,
            voices=voices,
            model=reply.model,
            tokens_in=reply.tokens_in,
            tokens_out=reply.tokens_out,
            cost=reply.cost,
        )

    def _room(self, wanted: int) -> int:
        """Return the room for a reply; a small local model keeps two thirds of its context for what it reads."""
        return min(wanted, self._model.context_tokens // 3)

    async def _ask(self, prompt: Prompt[Shape], report: Report) -> Reply[Shape]:
        asked = self._model.count(prompt.system) + self._model.count(prompt.user) + FRAME_TOKENS
        if asked + prompt.most_tokens > self._model.context_tokens:
            raise ThreadTooLong(tokens=asked + prompt.most_tokens, limit=self._model.context_tokens)
        report(Progress(Stage.THINKING, 0, 1))
        reply = await self._model.ask(prompt)
        report(Progress(Stage.THINKING, 1, 1))
        return reply


def _claim(view: View, sheet: Sheet) -> Claim:
    return Claim(
        label=view.label,
        summary=view.summary,
        stance=view.stance.value,
        comments=with_copies(view.comments, sheet),
        quotes=tuple((cited.comment, cited.words) for cited in view.quotes),
    )
