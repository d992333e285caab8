"""A whole thread: in one call where it fits, else map → merge → write, three rounds of waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.core.asker import Asker, together
from bot.core.chunks import Chunk, Room, Size, chunks
from bot.core.gaps import Gap, GapCode
from bot.core.merging import Sighted, merged, sightings
from bot.core.models import Cited, Claim, Comment, Draft, Reading
from bot.core.ports import Model
from bot.core.questions import Questions
from bot.core.quoting import Quoting
from bot.core.register import Register
from bot.core.sampling import sample
from bot.core.shapes import ArticleReply, WriteReply, Written
from bot.core.sheets import MOST_LETTERS, Layout, Sheet, flat, lay_out_article, lead_of
from bot.errors import ModelError

CHUNK = Room(tokens=12_000, comments=180)
"""
What one question holds. A strong model places a hundred comments in one call and loses none, of several hundred it
loses the middle; and every chunk repeats the instructions, at this size a twentieth of what is read.
"""

MOST_WORDED = 60  # positions worded anew; smaller ones keep the label they were sighted under
MOST_QUOTED = 16  # of these with quotes to choose from
MOST_QUOTES = 2
MOST_WORDINGS = 2  # besides the label
SHRUNK = 0.8  # a round of merging that leaves more than this of the labels was the last


class Whole:
    """Drafts a digest of all comments of a reading, laid out by *layout*."""

    def __init__(
        self, reading: Reading, layout: Layout, model: Model, questions: Questions, asker: Asker
    ) -> None:
        self._reading = reading
        self._layout = layout
        self._model = model
        self._questions = questions
        self._asker = asker
        self._register = Register(layout)
        self._dropped = 0

    async def draft(self, budget_tokens: int) -> Draft:
        """Draft from all comments; past *budget_tokens* from some of each kind. Raises `ModelError`."""
        found = self._layout.distinct(self._reading.readable)
        size = await asyncio.to_thread(sizes, found, self._layout, self._model)
        read = await asyncio.to_thread(sample, found, budget_tokens, size)
        article = ArticleSheet.of(self._reading, self._model)
        room = self._questions.room("digest", CHUNK, beside=article.tokens)
        draft = (
            await self._in_one_call(article, read)
            if room.takes(read, size)
            else await self._in_parts(article, read, size)
        )
        return replace(
            draft,
            ids=self._register.ids,
            proposed=tuple(self._register.proposed),
            dropped=self._dropped,
            looked_at=frozenset(cid for c in read for cid in self._layout.copies(c.id))
            if len(read) < len(found)
            else None,
            cut=sum(len(comment.text) > MOST_LETTERS for comment in read),
            gaps=article.gaps,
        )

    async def _in_one_call(self, article: ArticleSheet, comments: Sequence[Comment]) -> Draft:
        sheet = self._layout.sheet(comments)
        self._register.enter(sheet, 0)
        said = await self._asker.ask(
            self._questions.digest(article.text, sheet.text, len(comments))
        )
        return Draft(
            tldr=said.tldr,
            points=said.points,
            question=said.question,
            claims=tuple(self._register.claim(view, 0) for view in said.positions),
            divide=said.divide,
        )

    async def _in_parts(
        self, article: ArticleSheet, comments: Sequence[Comment], size: Size
    ) -> Draft:
        lead = lead_of(self._reading)
        room = self._questions.room("map", CHUNK, beside=self._model.count(lead))
        parts = await asyncio.to_thread(chunks, self._reading, comments, size, room)
        self._asker.expect(len(parts) + article.asked + 2)
        sheets = await asyncio.to_thread(self._sheets, parts)
        about = asyncio.ensure_future(summary(article, self._questions, self._asker))
        try:
            sighted = await together([self._map(sheet, n, lead) for n, sheet in enumerate(sheets)])
            positions = await self._merge([one for some in sighted for one in some])
            return await self._write(positions, await about, lead)
        except ModelError:
            await asyncio.gather(about, return_exceptions=True)  # paid for as well: kept
            raise
        finally:
            about.cancel()

    def _sheets(self, parts: Sequence[Chunk]) -> list[Sheet]:
        return [self._layout.sheet(part.comments, part.context) for part in parts]

    async def _map(self, sheet: Sheet, number: int, lead: str) -> list[Sighted]:
        self._register.enter(sheet, number)
        reply = await self._asker.ask(self._questions.map(lead, sheet.text, len(sheet.ids)))
        place = self._reading.place_of[next(iter(sheet.ids.values()))]
        return sightings(reply, self._register, number, place)

    async def _merge(self, sighted: list[Sighted]) -> list[Sighted]:
        """Join what is one position; in several questions and rounds only where one cannot hold all labels."""
        while len(sighted) > 1:
            batches = _batches(sighted, self._questions.room("merge", Room(1 << 30, 1 << 30)))
            self._asker.expect(len(batches) - 1)
            replies = await together(
                [self._asker.ask(self._questions.merge(batch)) for batch in batches]
            )
            before = len(sighted)
            pairs = zip(batches, replies, strict=True)
            sighted = [one for batch, reply in pairs for one in merged(batch, reply.positions)]
            if len(batches) == 1 or len(sighted) > SHRUNK * before:
                break
        return sorted(sighted, key=lambda one: -len(one.comments))

    async def _write(self, positions: list[Sighted], article: ArticleReply, lead: str) -> Draft:
        worded = positions[:MOST_WORDED]
        quotes = await asyncio.to_thread(self._verified, worded)
        said = WriteReply(None, ())
        if worded:
            sheet = _sheet(worded, quotes)
            said = await self._asker.ask(self._questions.write(lead, sheet, len(worded)))
        words = {one.position.strip("[] "): one for one in said.positions}
        claims = [_worded(one, words.get(str(n)), quotes[n - 1]) for n, one in enumerate(worded, 1)]
        claims += [_worded(one, None, ()) for one in positions[MOST_WORDED:]]
        return Draft(
            tldr=article.tldr or said.tldr,
            points=article.points,
            question=said.question,
            claims=tuple(claims),
            divide=said.divide,
        )

    def _verified(self, positions: Sequence[Sighted]) -> list[tuple[Cited, ...]]:
        """Return quotes to choose from for each position: only what stands in its comment."""
        quoting = Quoting(self._reading.by_id)
        return [
            tuple(islice(self._standing(one, quoting), MOST_QUOTES if at < MOST_QUOTED else 0))
            for at, one in enumerate(positions)
        ]

    def _standing(self, one: Sighted, quoting: Quoting) -> Iterator[Cited]:
        """Yield the quotes of a position that stand in its comments, in the words of these."""
        ours = set(one.comments)
        for cited in one.quotes:
            cid = self._register.ids.get(cited.comment)
            span = quoting.span(cid, cited.words) if cid and cited.comment in ours else None
            if cid and span:
                yield replace(cited, words=self._reading.by_id[cid].text[slice(*span)])
            else:
                self._dropped += 1


@dataclass(frozen=True)
class ArticleSheet:
    """The article as it is shown: at most a third of what the model takes; the reply has another, comments the last."""

    text: str
    tokens: int
    asked: bool  # whether there is an article to ask about
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def of(cls, reading: Reading, model: Model) -> ArticleSheet:
        """Lay out the article of *reading* for *model*."""
        article = reading.article
        asked = article is not None and bool(article.text.strip())
        text = lay_out_article(article)
        tokens, most = model.count(text), model.context_tokens // 3
        if article is None or tokens <= most:
            return cls(text, tokens, asked)
        text = lay_out_article(article, int(0.95 * len(article.text) * most / tokens))
        return cls(text, model.count(text), asked, (Gap(GapCode.ARTICLE_PARTIAL, "window"),))


async def summary(article: ArticleSheet, questions: Questions, asker: Asker) -> ArticleReply:
    """Ask what the article says; where there is none, nothing."""
    return await asker.ask(questions.article(article.text)) if article.asked else ArticleReply("")


def sizes(comments: Sequence[Comment], layout: Layout, model: Model) -> Size:
    """Return how many tokens each of *comments* takes as a line, its numbers and line break included."""
    shown = {comment.parent: "100" for comment in comments if comment.parent}
    measured = {c.id: model.count(layout.line(c, "100", shown) + "\n") for c in comments}
    return lambda comment: measured[comment.id]


def _batches(sighted: list[Sighted], room: Room) -> list[list[Sighted]]:
    """Return *sighted* in batches of labels that fit *room*, those of one discussion together."""
    batches: list[list[Sighted]] = [[]]
    tokens = 0
    for one in sorted(sighted, key=lambda one: one.place):
        more = (
            len(one.label.encode()) // 3 + 6
        )  # from above; exact counts would cost more than they save
        if batches[-1] and tokens + more > room.tokens:
            batches.append([])
            tokens = 0
        batches[-1].append(one)
        tokens += more
    return batches


def _sheet(positions: Sequence[Sighted], quotes: Sequence[Sequence[Cited]]) -> str:
    lines = []
    for n, (one, some) in enumerate(zip(positions, quotes, strict=True), 1):
        lines.append(f"[{n}] {one.label}")
        others = [label for label in one.labels if label != one.label]
        lines += [f"- also: {label}" for label in others[:MOST_WORDINGS]]
        lines += [f"- q{m}: {flat(cited.words)}" for m, cited in enumerate(some, 1)]
    return "\n".join(lines)


def _worded(one: Sighted, written: Written | None, quotes: Sequence[Cited]) -> Claim:
    """Return a position in the words of `write`, in its own where it was not written about."""
    if written is None:
        return Claim(one.label, "", "other", one.comments, tuple(quotes) or one.quotes[:1])
    chosen = []
    for choice in written.quotes:
        number = choice.quote.strip("[] ").removeprefix("q")
        at = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 3 else -1
        if 0 <= at < len(quotes):
            chosen.append(replace(quotes[at], translation=choice.translation))
    return Claim(
        label=written.label or one.label,
        summary=written.summary,
        stance=written.stance.value,
        comments=one.comments,
        quotes=tuple(dict.fromkeys(chosen)) or tuple(quotes[:2]) or one.quotes[:1],
    )
