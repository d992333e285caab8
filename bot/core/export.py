"""What other programs read: the JSON of `chorus read` and `chorus digest`, versioned by `"schema"`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from bot.core.answers import Answer
from bot.core.gaps import Gap
from bot.core.keeping import Stock
from bot.core.models import Article, Comment, Digest, Digested, Discussion, Position, Quote, Reading
from bot.core.money import MILLION
from bot.core.passages import Passage, words_of
from bot.core.tally import all_gaps, coverage, quoted, stance_split, tally
from bot.core.usage import Sum, Usage

SCHEMA = 1

Json = dict[str, object]


def reading_json(reading: Reading) -> Json:
    """Return *reading* in the shape of `chorus read --format json`."""
    return {
        "schema": SCHEMA,
        "url": reading.url,
        "article": _article(reading.article, with_text=True) if reading.article else None,
        "discussions": [_discussion(place) for place in reading.discussions],
        "leads": [
            {"platform": x.platform, "url": x.url, "title": x.title, "comments": x.comments}
            for x in reading.leads
        ],
    }


def digest_json(digested: Digested) -> Json:
    """Return a digest in the shape of `chorus digest --format json`."""
    reading, digest = digested.reading, digested.digest
    covered = coverage(reading, digest)
    return {
        "schema": SCHEMA,
        "url": reading.url,
        "language": digest.brief.language,
        "article": _article(reading.article, with_text=False) if reading.article else None,
        "summary": {"tldr": digest.tldr, "points": list(digest.points)},
        "question": digest.question,
        "positions": [_position(position, reading) for position in digest.positions],
        "unplaced": list(digest.unplaced),
        "duplicates": [list(group) for group in digest.duplicates],
        "divide": digest.divide,
        "voices": [_quote(quote, reading) for quote in digest.voices],
        "coverage": {
            "comments_read": covered.read,
            "comments_found": covered.found,
            "comments_declared": covered.declared,
            "article_complete": covered.article_complete,
        },
        "gaps": _gaps(all_gaps(reading, digest)),
        "changes": _changes(digest) if digest.changes else None,
        "made": _made(digest),
    }


def answer_json(answer: Answer, reading: Reading) -> Json:
    """Return an answer in the shape of `chorus ask --format json`."""
    return {
        "schema": SCHEMA,
        "url": reading.url,
        "question": answer.question,
        "answered": bool(answer.sentences),
        "sentences": [
            {
                "text": sentence.text,
                "citations": [_passage(passage, reading) for passage in sentence.citations],
            }
            for sentence in answer.sentences
        ],
        "passages": [_passage(passage, reading) for passage in answer.passages],
        "model": answer.model,
        "failed": answer.failed,
        "dropped": answer.dropped,
    }


def usage_json(found: Usage) -> Json:
    """Return what was spent in the shape of `chorus usage --format json`."""
    return {
        "schema": SCHEMA,
        "today": _sum(found.today),
        "month": _sum(found.month),
        "by": {
            one: [{"key": row.key, **_sum(row.sum)} for row in rows]
            for one, rows in found.by.items()
        },
        "days": [{"key": row.key, **_sum(row.sum)} for row in found.days],
    }


def stock_json(stock: Stock) -> Json:
    """Return how much is kept in the shape of `chorus cache stats --format json`."""
    return {
        "schema": SCHEMA,
        "place": stock.place,
        "bytes": stock.bytes,
        "kinds": [
            {
                "name": kind.name,
                "count": kind.count,
                "bytes": kind.bytes,
                "oldest": _time(kind.oldest),
                "newest": _time(kind.newest),
            }
            for kind in stock.kinds
        ],
    }


def _sum(spent: Sum) -> Json:
    dollars = None if spent.amount is None else float(Decimal(spent.amount) / MILLION)
    return {"runs": spent.runs, "tokens": spent.tokens, "cost_usd": dollars}


def _passage(passage: Passage, reading: Reading) -> Json:
    comment = reading.by_id[passage.comment] if passage.comment else None
    return {
        "comment": passage.comment,  # null: the article
        "author": comment.author if comment else None,
        "text": words_of(passage, reading),
        "url": comment.url if comment else reading.url,
    }


def _article(article: Article, *, with_text: bool) -> Json:
    found: Json = {
        "url": article.url,
        "title": article.title,
        "site": article.site,
        "authors": list(article.authors),
        "published": _time(article.published),
        "language": article.language,
    }
    return found | ({"text": article.text} if with_text else {}) | {"gaps": _gaps(article.gaps)}


def _discussion(place: Discussion) -> Json:
    return {
        "platform": place.platform,
        "url": place.url,
        "title": place.title,
        "declared": place.declared,
        "found": len(place.comments),
        "gaps": _gaps(place.gaps),
        "comments": [_comment(comment) for comment in place.comments],
    }


def _comment(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "parent": comment.parent,
        "author": comment.author,
        "text": comment.text,
        "posted_at": _time(comment.posted_at),
        "score": comment.score,
        "url": comment.url,
        "state": comment.state.value,
    }


def _position(position: Position, reading: Reading) -> Json:
    count = tally(position, reading)
    return {
        "label": position.label,
        "summary": position.summary,
        "stance": position.stance.value,
        "stances": {stance.value: n for stance, n in stance_split(position).items()},
        "comments": list(position.comments),
        "authors": count.authors,
        "share": round(count.share, 4),
        "quotes": [_quote(quote, reading) for quote in position.quotes],
    }


def _quote(quote: Quote, reading: Reading) -> Json:
    comment = reading.by_id[quote.comment]
    return {
        "comment": quote.comment,
        "author": comment.author,
        "text": quoted(quote, reading),
        "translation": quote.translation,
        "url": comment.url,
    }


def _gaps(gaps: tuple[Gap, ...]) -> list[Json]:
    return [{"code": gap.code.value, "detail": gap.detail, "count": gap.count} for gap in gaps]


def _changes(digest: Digest) -> Json:
    said = digest.changes
    assert said is not None  # noqa: S101 - asked for by who has some
    labels = {position.key: position.label for position in digest.positions}
    return {
        "since": _time(said.since),
        "comments_new": said.comments_new,
        "comments_gone": said.comments_gone,
        "shares": [
            {
                "label": labels[share.position],
                "then": round(share.then, 4) if share.then is not None else None,
                "now": round(share.now, 4),
            }
            for share in said.shares
        ],
        "positions_gone": list(said.positions_gone),
        "quotes_gone": said.quotes_gone,
    }


def _made(digest: Digest) -> Json:
    made = digest.made
    return {
        "engine": made.engine.value,
        "model": made.model,
        "prompts": made.prompts,
        "tokens_in": made.tokens_in,
        "tokens_out": made.tokens_out,
        "cost_usd": float(made.cost) if made.cost is not None else None,
        "seconds": made.seconds,
        "at": _time(made.at),
    }


def _time(time: datetime | None) -> str | None:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z") if time else None
