"""An answer to a question as plain text or Markdown."""

from __future__ import annotations

from bot.chat.page import Page
from bot.chat.problems import REASONS
from bot.chat.sentences import Sentences
from bot.core.answers import Answer
from bot.core.models import Reading
from bot.core.passages import Passage, words_of


def answer_text(answer: Answer, reading: Reading, words: Sentences, *, markdown: bool) -> str:
    """Return the answer with its proofs; the passages that come nearest where there is none."""
    page = Page(markdown)
    page.title(answer.question)
    for sentence in answer.sentences:
        page.text(sentence.text)
        for passage in sentence.citations:
            page.quote(words_of(passage, reading), said_by(passage, reading, words))
    if not answer.sentences:
        page.text(unanswered(answer, words))
        for passage in answer.passages:
            page.quote(words_of(passage, reading), said_by(passage, reading, words))
    page.small(notes(answer, words))
    return page.done()


def unanswered(answer: Answer, words: Sentences) -> str:
    """Return the sentence that stands in place of an answer."""
    if not answer.passages:
        return words.say("Nothing in the article or its comments speaks of this.")
    if answer.failed or answer.model is None:
        return words.say("These passages come nearest to the question:")
    return words.say(
        "Neither the article nor its comments answer this. These passages come nearest:"
    )


def notes(answer: Answer, words: Sentences) -> list[str]:
    """Return what an answer rests on, a line each."""
    lines = []
    if answer.failed:
        reason = words.say(REASONS.get(answer.failed, answer.failed))
        lines.append(words.say("The model failed ({reason}).", reason=reason))
    if answer.dropped:
        lines.append(
            words.count(
                "{n} sentence without proof was dropped.",
                "{n} sentences without proof were dropped.",
                answer.dropped,
            )
        )
    return lines


def said_by(passage: Passage, reading: Reading, words: Sentences) -> str:
    """Return whose words a passage is, and where they stand."""
    if passage.comment is None:
        article = reading.article
        return (article.site or article.title if article else None) or words.say("the article")
    comment = reading.by_id[passage.comment]
    name = comment.author or words.say("unnamed reader")
    return f"{name}, {comment.url}" if comment.url else name
