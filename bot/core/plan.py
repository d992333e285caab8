"""What a draft will take, told before anything is asked: the way `bot.core.positions` goes, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from bot.core import delta, translating
from bot.core.chunks import Room
from bot.core.duplicates import SHORTEST
from bot.core.grounding import FEWEST
from bot.core.models import Comment, Digested, Reading
from bot.core.ports import Estimate, Model, Prompt
from bot.core.questions import Questions
from bot.core.sheets import MOST_LETTERS, lead_of
from bot.core.whole import CHUNK, MOST_WORDED, ArticleSheet

ENVELOPE = 250  # tokens of a question besides its texts: roles, separators, the shape of the reply
HEAD = 5  # tokens of a comment besides its words: number, what it answers, line break

# Of replies, in tokens. Thoughts are billed as reply: some models have none, some many times this.
THOUGHT = 1_500  # a question
SUMMARY = 250  # what an article says
PLACING = 5  # the id of a comment in a position, or in two
WORDING = 120  # a position: label, summary, quotes
SIGHTED = 8  # positions a part of a thread shows
LABEL = 14  # one of them in the list that is merged


class Plan:
    """Reckons the questions of one brief; *budget_tokens* is that of `ModelDigester`."""

    def __init__(self, model: Model, questions: Questions, budget_tokens: int) -> None:
        self._model = model
        self._questions = questions
        self._budget = budget_tokens
        self._tokens_in = 0
        self._tokens_out = 0

    def estimate(self, reading: Reading, basis: Digested | None) -> Estimate:
        """Return what a draft of *reading* will take that goes on from *basis*; once a plan. Blocks."""
        if basis is not None and basis.reading.hash == reading.hash:
            texts = translating.listed(basis)
            self._ask(self._questions.translate(texts), reply=self._model.count(texts))
        elif len(reading.readable) < FEWEST:
            self._article(ArticleSheet.of(reading, self._model))
        else:
            new = delta.new_or_edited(basis.reading, reading) if basis is not None else []
            if basis is not None and delta.suffices(basis, reading, new):
                self._grown(basis, reading, new)
            else:
                self._whole(reading)
        cost = self._model.cost(self._tokens_in, self._tokens_out)
        return Estimate(self._model.name, self._tokens_in, self._tokens_out, cost)

    def _ask(self, prompt: Prompt[Any], *, reply: int, times: int = 1, data: int = 0) -> None:
        """Reckon with *prompt*, asked *times*; *data* tokens besides, and *reply* tokens back, of all of them."""
        frame = self._model.count(prompt.system) + self._model.count(prompt.user) + ENVELOPE
        self._tokens_in += times * frame + data
        self._tokens_out += times * THOUGHT + reply

    def _article(self, article: ArticleSheet) -> None:
        if article.asked:
            self._ask(self._questions.article(article.text), reply=SUMMARY)

    def _grown(self, basis: Digested, reading: Reading, new: Sequence[Comment]) -> None:
        held = delta.listed(basis.digest)
        tokens, count = self._sizes(new)
        room = self._questions.room("delta", CHUNK, beside=self._model.count(held))
        if count:
            self._ask(
                self._questions.delta(held, "", 0),
                times=_parts(tokens, count, room),
                data=tokens,
                reply=count * PLACING + WORDING,
            )
        if not delta.same_article(basis.reading, reading):
            self._article(ArticleSheet.of(reading, self._model))

    def _whole(self, reading: Reading) -> None:
        article = ArticleSheet.of(reading, self._model)
        tokens, count = self._sizes(reading.readable)
        if tokens > self._budget:  # some are read
            tokens, count = self._budget, max(1, count * self._budget // tokens)
        room = self._questions.room("digest", CHUNK, beside=article.tokens)
        placing = count * PLACING
        if count <= room.comments and tokens <= room.tokens:
            reply = SUMMARY + SIGHTED * WORDING + placing
            self._ask(self._questions.digest(article.text, "", 0), data=tokens, reply=reply)
            return
        lead = lead_of(reading)
        room = self._questions.room("map", CHUNK, beside=self._model.count(lead))
        places = len(set(map(reading.place_of.get, (c.id for c in reading.readable))))
        parts = max(places, _parts(tokens, count, room))  # discussions are not mixed
        labels = parts * SIGHTED
        worded = min(labels, MOST_WORDED)
        self._article(article)
        self._ask(
            self._questions.map(lead, "", 0),
            times=parts,
            data=tokens,
            reply=placing + labels * WORDING // 2,
        )
        self._ask(self._questions.merge(()), data=labels * LABEL, reply=labels * LABEL)
        self._ask(
            self._questions.write(lead, "", 0), data=worded * WORDING // 2, reply=worded * WORDING
        )

    def _sizes(self, comments: Sequence[Comment]) -> tuple[int, int]:
        """Return how many tokens *comments* take together, and how many they are; the very same words count once."""
        texts = {_sameness(comment): comment.text[:MOST_LETTERS] for comment in comments}
        return self._model.count("\n".join(texts.values())) + HEAD * len(texts), len(texts)


def _parts(tokens: int, count: int, room: Room) -> int:
    return max(1, ceil(tokens / room.tokens), ceil(count / room.comments))


def _sameness(comment: Comment) -> str:
    # `duplicates` finds nearly the same words too, in ten times the time; what it saves comes back at settlement
    words = comment.text.casefold().split()
    return " ".join(words) if len(comment.text) >= SHORTEST else comment.id
