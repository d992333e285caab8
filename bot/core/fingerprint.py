"""What a reading's content is called, and what a digest depends on: the two keys everything kept goes by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from bot.core.gaps import Gap
from bot.core.models import Article, Audience, Brief, Comment, Discussion

MOST_KEPT = 256


def fingerprint(
    article: Article | None, discussions: Iterable[Discussion], target: str, audience: Audience
) -> str:
    """
    Return the sha256 (64 hex characters) of everything a digest of this reading may depend on, order included.

    Scores are left out: they move by the minute and say nothing that was not said before, and a digest must not be
    paid for again because somebody voted. Target and audience are in: what one server may see is never another's.
    """
    content = [
        target,
        [audience.guild, audience.channel, audience.user],
        article and _article(article),
        [_discussion(place) for place in discussions],
    ]
    # ASCII escapes: lone surrogates, which hostile pages do contain, cannot be encoded otherwise
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


@lru_cache(MOST_KEPT)  # asked for by everyone who asks for a digest that is kept
def digest_key(reading_hash: str, brief: Brief, label: str) -> str:
    """
    Return the key of the digest of a reading: 24 hex characters, short enough for a button's id.

    *brief* has its language filled in; *label* is `Digester.label`. The engine asked for is not part of the key: the
    label says which one answered, and AUTO and LLM share their digests.
    """
    parts = json.dumps([reading_hash, brief.language, brief.length.value, label])
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _article(article: Article) -> list[object]:
    return [
        article.url,
        article.title,
        article.text,
        article.site,
        list(article.authors),
        _time(article.published),
        article.language,
        _gaps(article.gaps),
    ]


def _discussion(place: Discussion) -> list[object]:
    return [
        place.platform,
        place.url,
        place.title,
        place.declared,
        [_comment(comment) for comment in place.comments],
        _gaps(place.gaps),
    ]


def _comment(comment: Comment) -> list[object]:
    return [
        comment.id,
        comment.parent,
        comment.author,
        comment.text,
        _time(comment.posted_at),
        comment.url,
        comment.state.value,
    ]


def _gaps(gaps: Iterable[Gap]) -> list[object]:
    return [[gap.code.value, gap.detail, gap.count] for gap in gaps]


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
