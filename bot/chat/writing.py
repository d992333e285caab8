"""A digest or a reading as plain text or Markdown, for the command line and for export."""

from __future__ import annotations

from bot.chat.facts import (
    Numbered,
    are_apart,
    changed,
    comments_of,
    cost_of,
    held_by,
    leads_of,
    numbered,
    place_of,
    read,
    rests_on,
    site_of,
    stances,
    title_of,
)
from bot.chat.page import Page
from bot.chat.sentences import Sentences
from bot.core.models import (
    Article,
    Comment,
    Digested,
    Discussion,
    Engine,
    Lead,
    Quote,
    Reading,
    State,
)
from bot.core.money import Standing
from bot.core.tally import all_gaps, coverage, quoted


def digest_text(
    digested: Digested,
    words: Sentences,
    *,
    markdown: bool,
    paid: bool = False,
    near: Standing | None = None,
) -> str:
    """
    Return the whole digest: every position, its quotes, what has changed, and what it rests on.

    It ends with what it cost if it was *paid* for; *near* is a budget of which little is left.
    """
    page = Page(markdown)
    reading, digest = digested.reading, digested.digest
    page.title(reading.title or reading.url or words.say("Untitled"))
    page.line(" · ".join(_source(reading.article, reading.url, words)))
    page.text(digest.tldr)
    page.bullets(digest.points)
    if digest.positions:
        _positions(page, digested, words)
    elif digest.voices:
        _voices(page, digested, words)
    lines = changed(digested, words)
    if digest.changes and lines:
        since = words.date(digest.changes.since)
        page.heading(words.say("What has changed since {when}", when=since))
        page.bullets(lines)
    _elsewhere(page, reading, words)
    line = read(digested, words, words.date(reading.read_at))
    last = cost_of(digest, words, paid=paid, near=near)
    page.small([line, *rests_on(digested, words), *last])
    return page.done()


def reading_text(reading: Reading, words: Sentences) -> str:
    """Return everything that was read: the article, every comment in its tree, what was missed."""
    page = Page(markdown=False)
    page.title(reading.title or reading.url or words.say("Untitled"))
    page.line(" · ".join(_source(reading.article, reading.url, words)))
    if reading.article:
        page.text(reading.article.text)
    for place in reading.discussions:
        page.heading(
            words.count(
                "{n} comment ({platform})",
                "{n} comments ({platform})",
                len(place.comments),
                platform=place.platform,
            )
        )
        depths = _depths(place)
        for comment in place.comments:
            page.indented(_head(comment, words), comment.text, depths[comment.id])
    _elsewhere(page, reading, words)
    page.small([words.gap(gap) for gap in all_gaps(reading)])
    return page.done()


def _source(article: Article | None, url: str | None, words: Sentences) -> list[str]:
    parts: list[str] = []
    if article:
        parts += [article.site or "", ", ".join(article.authors)]
        parts.append(words.date(article.published) if article.published else "")
    return [part for part in (*parts, url or "") if part]


def _positions(page: Page, digested: Digested, words: Sentences) -> None:
    reading, digest = digested.reading, digested.digest
    readers = coverage(reading, digest).read
    page.heading(
        words.count("What {n} reader comment says", "What {n} reader comments say", readers)
    )
    page.text(digest.question or "")
    place = None
    for one in numbered(digested):
        if are_apart(reading) and one.place != place:
            place = one.place
            page.heading(_place(reading.discussions[place], reading.readable_in[place], words))
        _position(page, one, digested, words)
    if digest.unplaced:
        page.text(
            words.count(
                "{n} comment is in no position.",
                "{n} comments are in no position.",
                len(digest.unplaced),
            )
        )
    if digest.divide:
        page.text(words.say("The divide: {divide}", divide=digest.divide))


def _position(page: Page, one: Numbered, digested: Digested, words: Sentences) -> None:
    reading, position = digested.reading, one.position
    page.item(one.number, position.label)
    held = (held_by(position, reading, words), stances(position, words))
    page.line("   " + " · ".join(filter(None, held)))
    page.text(position.summary, indent=3)
    for quote in position.quotes:
        page.quote(quoted(quote, reading), _by(quote, reading, words), quote.translation or "")


def _voices(page: Page, digested: Digested, words: Sentences) -> None:
    reading, digest = digested.reading, digested.digest
    page.heading(words.say("Readers' voices"))
    if digest.made.engine is Engine.EXTRACTIVE:
        page.text(words.say("Chosen without a model: verbatim, and no opinion is counted."))
    place = None
    for voice in sorted(digest.voices, key=lambda quote: place_of(quote, reading)):
        if are_apart(reading) and place_of(voice, reading) != place:
            place = place_of(voice, reading)
            page.heading(_place(reading.discussions[place], reading.readable_in[place], words))
        page.quote(quoted(voice, reading), _by(voice, reading, words), voice.translation or "")


def _place(place: Discussion, comments: int, words: Sentences) -> str:
    return f"{site_of(place, words)} · {words.count('{n} comment', '{n} comments', comments)}"


def _elsewhere(page: Page, reading: Reading, words: Sentences) -> None:
    leads = leads_of(reading)
    if leads:
        page.heading(words.say("Also discussed elsewhere"))
        page.bullets(_lead(lead, reading, words) for lead in leads)


def _lead(lead: Lead, reading: Reading, words: Sentences) -> str:
    parts = (site_of(lead, words), comments_of(lead, words), title_of(lead, reading), lead.url)
    return " · ".join(filter(None, parts))


def _by(quote: Quote, reading: Reading, words: Sentences) -> str:
    comment = reading.by_id[quote.comment]
    name = comment.author or words.say("unnamed reader")
    return f"{name}, {comment.url}" if comment.url else name


def _depths(place: Discussion) -> dict[str, int]:
    depths: dict[str, int] = {}
    for comment in place.comments:
        depths[comment.id] = depths[comment.parent] + 1 if comment.parent in depths else 0
    return depths


def _head(comment: Comment, words: Sentences) -> str:
    parts = [comment.author or words.say("unnamed reader")]
    if comment.posted_at:
        parts.append(words.date(comment.posted_at))
    if comment.score is not None:
        parts.append(f"{comment.score:+d}")
    if comment.state is not State.OK:
        parts.append(
            words.say("deleted") if comment.state is State.DELETED else words.say("removed")
        )
    return " · ".join(parts)
