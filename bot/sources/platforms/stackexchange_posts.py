"""Posts and comments of Stack Exchange as they come → an article and comments. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from bot.core.models import Article, Cid, Comment
from bot.sources.markup import plain
from bot.sources.values import mapping, number, text, time


def article_of(question: Mapping[str, Any], link: str, site: str) -> Article | None:
    """Return the question itself; None where it has no words."""
    words = plain(text(question.get("body")))
    if not words:
        return None
    author = _author(question)
    return Article(
        url=link,
        title=title_of(question),
        text=words,
        site=site,
        authors=(author,) if author else (),
        published=time(question.get("creation_date")),
    )


def title_of(question: Mapping[str, Any]) -> str | None:
    """Return the question's title; it comes escaped for HTML."""
    return unescape(text(question.get("title")) or "") or None


def comments_of(
    answers: Iterable[Mapping[str, Any]], remarks: Iterable[Mapping[str, Any]], question: str
) -> list[Comment]:
    """
    Return answers and remarks (what the site calls comments) in thread order; *question* is its link.

    Remarks on the question come first, then the accepted answer and the others as they were given, each with the
    remarks on it. Both have a numbering of their own, so a remark's id carries a c.
    """
    answers = sorted(answers, key=lambda item: item.get("is_accepted") is not True)
    ids = {
        number(item.get("answer_id")): Cid(f"stackexchange:{item['answer_id']}") for item in answers
    }
    below: dict[Cid | None, list[Comment]] = {}
    for item in remarks:
        remark = _remark(item, ids.get(number(item.get("post_id"))), question)
        below.setdefault(remark.parent, []).append(remark)
    comments = below.get(None, [])
    for item in answers:
        answer = _answer(item, question)
        comments += [answer, *below.get(answer.id, [])]
    return comments


def _answer(item: Mapping[str, Any], question: str) -> Comment:
    id = item["answer_id"]
    site = question.partition("/questions/")[0]
    return _comment(item, f"{id}", None, f"{site}/a/{id}")


def _remark(item: Mapping[str, Any], above: Cid | None, question: str) -> Comment:
    id, post = item["comment_id"], number(item.get("post_id"))
    return _comment(item, f"c{id}", above, f"{question}#comment{id}_{post}")


def _comment(item: Mapping[str, Any], id: str, parent: Cid | None, link: str) -> Comment:
    return Comment(
        id=Cid(f"stackexchange:{id}"),
        parent=parent,
        author=_author(item),
        text=plain(text(item.get("body"))),
        posted_at=time(item.get("creation_date")),
        score=number(item.get("score")),
        url=link,
    )


def _author(item: Mapping[str, Any]) -> str | None:
    """Return who wrote it; names come escaped for HTML, and deleted accounts keep theirs."""
    return unescape(text(mapping(item.get("owner")).get("display_name")) or "") or None
