"""An answer to a question as a message: each sentence with the words it rests on, each of those with a link."""

from __future__ import annotations

from collections.abc import Iterator

from discord import ui

from bot.chat.answer_text import notes, unanswered
from bot.chat.cards import MOST_TEXT, SCALES, boxed, who
from bot.chat.escape import link, outside, units
from bot.chat.sentences import Sentences
from bot.core.answers import Answer
from bot.core.models import Reading
from bot.core.passages import Passage, words_of

MOST_SENTENCES = 10
MOST_CITATIONS = 2  # of one sentence


def answer_card(answer: Answer, reading: Reading, words: Sentences) -> ui.LayoutView:
    """Return *answer* as a message within Discord's limits."""
    for scale in SCALES:
        blocks = list(_blocks(answer, reading, words, scale))
        if sum(map(units, blocks)) <= MOST_TEXT:
            break
    return boxed(blocks)


def _blocks(answer: Answer, reading: Reading, words: Sentences, scale: float) -> Iterator[str]:
    yield f"**{outside(answer.question, max(20, int(300 * scale))) or '…'}**"
    for sentence in answer.sentences[:MOST_SENTENCES]:
        yield outside(sentence.text, max(20, int(600 * scale))) or "…"
        for passage in sentence.citations[:MOST_CITATIONS]:
            yield _quote(passage, reading, words, scale)
    if not answer.sentences:
        yield unanswered(answer, words)
        yield from (_quote(passage, reading, words, scale) for passage in answer.passages)
    lines = [outside(line, 200) for line in notes(answer, words)]
    if answer.sentences and answer.model:
        lines.append(outside(answer.model, 80))
    about = link(reading.title or reading.url or "", reading.url, int(300 * scale), 100)
    small = [f"-# {line}" for line in (about, *lines) if line]
    if small:
        yield ""
        yield "\n".join(small)


def _quote(passage: Passage, reading: Reading, words: Sentences, scale: float) -> str:
    said = outside(words_of(passage, reading), max(20, int(300 * scale)))
    if passage.comment is not None:
        by = who(reading.by_id[passage.comment], words, int(300 * scale), max(12, int(100 * scale)))
    else:
        article = reading.article
        name = (article.site or article.title if article else None) or words.say("the article")
        by = link(name, reading.url, int(300 * scale), max(12, int(100 * scale)))
    return f"> {said} —\u00a0{by}"
