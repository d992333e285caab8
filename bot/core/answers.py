"""What is known about a question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.passages import Passage


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer and the words it rests on: spans of comments or of the article, at least one."""

    text: str
    citations: tuple[Passage, ...]


@dataclass(frozen=True)
class Answer:
    """
    What is known about a question.

    No `sentences`: what was read does not answer it, or nobody was asked; `passages` are what comes nearest.
    `failed` is the code of the error, the model's or a budget's, where it should have been asked; `dropped` counts
    sentences without proof.
    """

    question: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    model: str | None = None
    failed: str | None = None
    dropped: int = 0
