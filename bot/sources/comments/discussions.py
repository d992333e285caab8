"""From the lists in a page, its data and its widgets to the discussions it holds, and what is missing of them."""

from __future__ import annotations

from lxml.html import HtmlElement

from bot.core.gaps import Gap, GapCode
from bot.core.models import Comment, Discussion
from bot.sources.comments.declared import declared
from bot.sources.comments.islands import island_comments
from bot.sources.comments.items import ItemList
from bot.sources.comments.outline import Outline
from bot.sources.comments.records import Node
from bot.sources.comments.structured import declared_in_data, structured_comments
from bot.sources.comments.tree import comments_of
from bot.sources.comments.widgets import widget


def discussions(
    root: HtmlElement, page: Outline, lists: list[ItemList], nodes: list[Node], url: str | None
) -> tuple[Discussion, ...]:
    """
    Return the comments of a page: as they stand in it, each list by itself, unless its data has more of them.

    Where there are none there is one discussion with a gap that says why.
    """
    stated = declared_in_data(nodes)
    stated = declared(page) if stated is None else stated
    found = _found(page, lists, url)
    count = sum(len(comments) for _, comments in found)
    in_data = structured_comments(nodes)
    if max(count, len(in_data)) < (stated or 1):
        in_data = max(in_data, island_comments(root), key=len)
    if len(found) > 1 and count >= len(in_data):
        return tuple(
            _place(url, some.title, some.stated, comments, len(some.items))
            for some, comments in found
        )
    comments = found[0][1] if found and count >= len(in_data) else in_data
    if comments:
        # some pages count pingbacks among their comments
        return (_place(url, None, stated, comments, sum(len(some.items) for some in lists)),)
    gap = _none(widget(root, page), stated)
    return (Discussion("page", url, None, stated, (), (gap,)),)


def _found(
    page: Outline, lists: list[ItemList], url: str | None
) -> list[tuple[ItemList, tuple[Comment, ...]]]:
    """Return the comments of each list; what the longest has is not said again in a list of the best."""
    taken: set[str] = set()
    found = [(some, comments_of(page, some.items, url, taken)) for some in lists]
    longest = max((comments for _, comments in found), key=len, default=())
    said = {(comment.author, comment.text) for comment in longest}
    found = [
        (some, comments)
        for some, comments in found
        if comments is longest or any((one.author, one.text) not in said for one in comments)
    ]
    return [(some, comments) for some, comments in found if comments]


def _place(
    url: str | None,
    title: str | None,
    stated: int | None,
    comments: tuple[Comment, ...],
    items: int,
) -> Discussion:
    missing = (stated or 0) - max(len(comments), items)
    gaps = (Gap(GapCode.COMMENTS_MISSING, count=missing),) if missing > 0 else ()
    return Discussion("page", url, title, stated, comments, gaps)


def _none(elsewhere: str | None, stated: int | None) -> Gap:
    if elsewhere:
        return Gap(GapCode.COMMENTS_ELSEWHERE, elsewhere)
    return Gap(GapCode.COMMENTS_MISSING, count=stated) if stated else Gap(GapCode.COMMENTS_NONE)
