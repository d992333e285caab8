"""
Reader comments in any HTML page, as items: who, what, when, in reply to whom.

`found` asks for evidence in order of its worth: structured data, then marked elements, then repeated siblings.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from bot.core.models import Comment
from bot.sources.comments.candidates import candidates
from bot.sources.comments.items import Item, comments_of, items_of
from bot.sources.comments.structured import structured_comments


@dataclass(frozen=True)
class Found:
    """The comments of a page and the elements they fill, which are not part of the article."""

    comments: tuple[Comment, ...]
    elements: tuple[HtmlElement, ...]


def found(root: HtmlElement, url: str | None) -> Found:
    """Return the comments in the page *root*; none where nothing proves that there are any."""
    best: list[Item] = []
    best_worth = 0.0
    for candidate in candidates(root):
        items = items_of(candidate)
        worth = candidate.weight * sum(item.worth for item in items)
        if worth > best_worth:
            best, best_worth = items, worth
    stated = structured_comments(root)
    seen = comments_of(best, url)
    comments = stated if len(stated) > len(seen) else seen
    return Found(comments, tuple(node for item in best for node in item.nodes))
