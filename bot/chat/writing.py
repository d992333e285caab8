"""A digest or a reading as plain text or Markdown, for the command line and for export."""

from __future__ import annotations

import textwrap
from decimal import Decimal

from bot.chat.problems import REASONS
from bot.chat.sentences import Sentences
from bot.core.links import host_of
from bot.core.models import (
    Article,
    Comment,
    Digest,
    Digested,
    Discussion,
    Engine,
    Lead,
    Position,
    Quote,
    Reading,
    State,
)
from bot.core.money import Standing
from bot.core.tally import all_gaps, coverage, quoted, tally

BAR = 10  # cells of a share's bar
WIDTH = 100

# platforms of one site; the others (Lemmy, Discourse, …) are known to people by their host
_SITES = {
    "github": "GitHub",
    "hackernews": "Hacker News",
    "lobsters": "Lobsters",
    "reddit": "Reddit",
}


def bar(share: float) -> str:
    """Return *share* (0 to 1) as a bar of text; any share above nothing shows at least one cell."""
    filled = min(BAR, max(round(share * BAR), 1 if share > 0 else 0))
    return "▰" * filled + "▱" * (BAR - filled)


def held_by(position: Position, reading: Reading, words: Sentences) -> str:
    """Return how many hold a position: bar, comments of all, and people where one wrote several."""
    count = tally(position, reading)
    said = words.say("{n} of {all}", n=count.comments, all=len(reading.readable))
    if count.authors != count.comments:
        said += " · " + words.count("{n} person", "{n} people", count.authors)
    return f"{bar(count.share)} {said}"


def leads_of(reading: Reading) -> tuple[Lead, ...]:
    """Return the discussions found elsewhere, each address once."""
    found: dict[str, Lead] = {}
    for lead in reading.leads:
        found.setdefault(lead.url, lead)
    return tuple(found.values())


def site_of(lead: Lead) -> str:
    """Return what people call the place of a discussion."""
    if lead.platform in _SITES:
        return _SITES[lead.platform]
    try:
        return host_of(lead.url).removeprefix("www.") or lead.platform
    except ValueError:  # brackets that are no address
        return lead.platform


def comments_of(lead: Lead, words: Sentences) -> str:
    """Return how many comments a discussion has; nothing where that is not known."""
    if lead.comments is None:
        return ""
    return words.count("{n} comment", "{n} comments", lead.comments)


def title_of(lead: Lead, reading: Reading) -> str:
    """Return a discussion's title where it says more than the reading's own."""
    title = " ".join((lead.title or "").split())
    return "" if title.casefold() == (reading.title or "").casefold() else title


def digest_text(
    digested: Digested,
    words: Sentences,
    *,
    markdown: bool,
    paid: bool = False,
    near: Standing | None = None,
) -> str:
    """Return the whole digest: every position, its quotes, what it rests on, and what it cost if it was *paid* for."""
    page = Page(markdown)
    reading, digest = digested.reading, digested.digest
    page.title(reading.title or reading.url or words.say("Untitled"))
    page.line(" · ".join(_source(reading.article, reading.url, words)))
    page.text(digest.tldr)
    page.bullets(digest.points)
    readers = coverage(reading, digest).read
    if digest.positions:
        page.heading(
            words.count("What {n} reader comment says", "What {n} reader comments say", readers)
        )
        if digest.question:
            page.text(digest.question)
        for number, position in enumerate(digest.positions, 1):
            _position(page, number, position, digested, words)
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
    elif digest.voices:
        page.heading(words.say("Readers' voices"))
        if digest.made.engine is Engine.EXTRACTIVE:
            page.text(words.say("Chosen without a model: verbatim, and no opinion is counted."))
        for voice in digest.voices:
            page.quote(quoted(voice, reading), _by(voice, reading, words))
    _elsewhere(page, reading, words)
    page.small([*rests_on(digested, words), *cost_of(digest, words, paid=paid, near=near)])
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


class Page:
    """Lines of text or Markdown under way; every call adds a block."""

    def __init__(self, markdown: bool) -> None:
        self.markdown = markdown
        self.blocks: list[str] = []

    def title(self, text: str) -> None:
        """Begin with a title."""
        self.blocks.append(f"# {text}" if self.markdown else text)

    def heading(self, text: str) -> None:
        """Add a heading."""
        self.blocks.append(f"## {text}" if self.markdown else f"{text}\n{'─' * len(text)}")

    def line(self, text: str) -> None:
        """Add to the block before, on a line of its own."""
        if text:
            self.blocks[-1] += ("\n\n" if self.markdown else "\n") + text

    def text(self, text: str, indent: int = 0) -> None:
        """Add paragraphs; none where there is no text."""
        if text:
            self.blocks.append(self._wrap(text, " " * indent))

    def bullets(self, texts: tuple[str, ...]) -> None:
        """Add a list; none where it is empty."""
        if texts:
            sign = "-" if self.markdown else "•"
            self.blocks.append("\n".join(self._wrap(text, "  ", f"{sign} ") for text in texts))

    def quote(self, text: str, by: str) -> None:
        """Add somebody's words and who said them."""
        text = " ".join(text.split())
        if self.markdown:
            self.blocks.append(f"> {text}\n>\n> — {by}")
        else:
            self.blocks.append(self._wrap(f"“{text}”", "   ") + f"\n   — {by}")

    def indented(self, head: str, text: str, depth: int) -> None:
        """Add a comment at its depth in the tree."""
        indent = "  " * min(depth, 8)
        body = "\n\n".join(
            textwrap.fill(part, WIDTH, initial_indent=indent, subsequent_indent=indent)
            for part in text.split("\n\n")
        )
        self.blocks.append(f"{indent}{head}\n{body}" if body else f"{indent}{head}")

    def small(self, lines: list[str]) -> None:
        """Add notes, a line each."""
        if lines:
            self.blocks.append("\n".join(f"- {x}" if self.markdown else x for x in lines))

    def done(self) -> str:
        """Return the page."""
        return "\n\n".join(self.blocks)

    def _wrap(self, text: str, indent: str = "", first: str | None = None) -> str:
        first = indent if first is None else first
        if self.markdown:
            return first + text
        return "\n\n".join(
            textwrap.fill(
                part,
                WIDTH,
                initial_indent=first,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            for part in text.split("\n\n")
        )


def _source(article: Article | None, url: str | None, words: Sentences) -> list[str]:
    parts: list[str] = []
    if article:
        parts += [article.site or "", ", ".join(article.authors)]
        parts.append(words.date(article.published) if article.published else "")
    return [part for part in (*parts, url or "") if part]


def _position(
    page: Page, number: int, position: Position, digested: Digested, words: Sentences
) -> None:
    reading = digested.reading
    strong = "**" if page.markdown else ""
    page.text(f"{number}. {strong}{position.label}{strong}")
    page.line(f"   {held_by(position, reading, words)}")
    page.text(position.summary, indent=3)
    for quote in position.quotes:
        page.quote(quoted(quote, reading), _by(quote, reading, words))


def _elsewhere(page: Page, reading: Reading, words: Sentences) -> None:
    leads = leads_of(reading)
    if leads:
        page.heading(words.say("Also discussed elsewhere"))
        page.bullets(tuple(_lead(lead, reading, words) for lead in leads))


def _lead(lead: Lead, reading: Reading, words: Sentences) -> str:
    parts = (site_of(lead), comments_of(lead, words), title_of(lead, reading), lead.url)
    return " · ".join(filter(None, parts))


def _by(quote: Quote, reading: Reading, words: Sentences) -> str:
    comment = reading.by_id[quote.comment]
    name = comment.author or words.say("unnamed reader")
    return f"{name}, {comment.url}" if comment.url else name


def rests_on(digested: Digested, words: Sentences) -> list[str]:
    """Return what a digest rests on, a line each: how much was read, what is missing."""
    reading, digest = digested.reading, digested.digest
    covered = coverage(reading, digest)
    lines = [
        words.say("Read: {read} of {found} comments.", read=covered.read, found=covered.found)
        if covered.declared is None
        else words.say(
            "Read: {read} of {found} comments; the page states {declared}.",
            read=covered.read,
            found=covered.found,
            declared=covered.declared,
        )
    ]
    lines += [words.gap(gap) for gap in all_gaps(reading, digest)]
    return lines


def cost_of(
    digest: Digest, words: Sentences, *, paid: bool, near: Standing | None = None
) -> list[str]:
    """
    Return what a digest cost where it was *paid* for now, else that it is kept and cost nothing; a line each.

    *near* is a budget of which little is left.
    """
    made = digest.made
    if made.engine is not Engine.LLM:
        return []
    if not paid:
        return [f"{made.model} · {words.say('kept, at no cost')}"]
    cost = f" · {dollars(made.cost)}" if made.cost is not None else ""
    tokens = words.say("{n} tokens", n=words.number(made.tokens_in + made.tokens_out))
    lines = [f"{made.model} · {tokens}{cost} · {made.seconds:g} s"]
    return [nearly(near, words), *lines] if near else lines


def nearly(standing: Standing, words: Sentences) -> str:
    """Return the sentence that little is left of a budget."""
    return words.say(
        "{n}% of {budget} is spent; it starts anew on {resets} (0:00 UTC).",
        n=words.number(standing.percent),
        budget=words.say(REASONS[standing.budget]),
        resets=words.date(standing.resets),
    )


def dollars(amount: Decimal) -> str:
    """Return an amount with the digits that tell one digest from another."""
    return f"${amount:,.4f}" if amount < 100 else f"${amount:,.2f}"


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
