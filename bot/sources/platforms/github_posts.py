"""Issues of GitHub and what was written below them → an article and comments. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.models import Article, Cid, Comment
from bot.sources.markdown import plain_markdown
from bot.sources.threads import in_thread_order
from bot.sources.values import mapping, number, text, time

GHOST = "ghost"  # stands for everybody whose account is gone
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def article_of(issue: Mapping[str, Any], link: str) -> Article | None:
    """Return the issue itself; None where it has only a title."""
    words = plain_markdown(text(issue.get("body")) or "")
    if not words:
        return None
    author = _author(issue)
    return Article(
        url=link,
        title=text(issue.get("title")),
        text=words,
        site="github.com",
        authors=(author,) if author else (),
        published=time(issue.get("created_at")),
    )


def comments_of(
    remarks: Iterable[Mapping[str, Any]],
    reviews: Iterable[Mapping[str, Any]],
    lines: Iterable[Mapping[str, Any]],
    link: str,
) -> tuple[Comment, ...]:
    """
    Return what people wrote, in thread order: *remarks* on the whole, and of a pull request *reviews* and *lines*.

    Remarks on lines of code stand below the one they reply to, else below the review they came with. Each list has a
    numbering of its own. What programs wrote is left out, and so are reviews without words. *link* is the issue's.
    """
    made = [_comment(item, "", f"{link}#issuecomment-", None) for item in remarks if _speaks(item)]
    made += [
        _comment(item, "v", f"{link}#pullrequestreview-", None)
        for item in reviews
        if _speaks(item) and text(item.get("body"))
    ]
    made += [
        _comment(item, "r", f"{link}#discussion_r", _above(item)) for item in lines if _speaks(item)
    ]
    return in_thread_order(sorted(made, key=lambda comment: comment.posted_at or _EARLIEST))


def _above(item: Mapping[str, Any]) -> Cid | None:
    reply_to, review = item.get("in_reply_to_id"), item.get("pull_request_review_id")
    if number(reply_to) is not None:
        return Cid(f"github:r{reply_to}")
    return Cid(f"github:v{review}") if number(review) is not None else None


def _is_bot(item: Mapping[str, Any]) -> bool:
    """Whether a program wrote it."""
    user = mapping(item.get("user"))
    return user.get("type") == "Bot" or (text(user.get("login")) or "").endswith("[bot]")


def _speaks(item: Mapping[str, Any]) -> bool:
    return number(item.get("id")) is not None and not _is_bot(item)


def _comment(item: Mapping[str, Any], sign: str, link: str, parent: Cid | None) -> Comment:
    return Comment(
        id=Cid(f"github:{sign}{item['id']}"),
        parent=parent,
        author=_author(item),
        text=plain_markdown(text(item.get("body")) or ""),
        posted_at=time(item.get("created_at") or item.get("submitted_at")),
        score=number(mapping(item.get("reactions")).get("+1")),
        url=f"{link}{item['id']}",
    )


def _author(item: Mapping[str, Any]) -> str | None:
    login = text(mapping(item.get("user")).get("login"))
    return None if login == GHOST else login
