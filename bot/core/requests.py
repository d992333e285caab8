"""
How article and comments are laid out for a model: fenced, marked as data, with short ids.

Comments are hostile input: one that writes `</c>` or `<comments>` could end its own fence and speak as someone else.
Only what looks like one of our tags is touched, and only its `<`, which becomes `‹`: `bot.core.folding` holds the two
for equal, so the words can still be quoted and the quote verified against the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bot.core.duplicates import duplicates
from bot.core.models import Article, Cid, Comment, Reading

MOST_NAME = 60  # characters of an author's name: long ones are spam, not names

_OUR_TAG = re.compile(r"<(?=\s*/?\s*(?:article|comments|c)\b)", re.IGNORECASE)
# Unicode's tag characters are invisible letters: words in them reach the model and no reader
_UNSEEN = re.compile(r"[\U000e0000-\U000e007f]")


@dataclass(frozen=True)
class Sheet:
    """
    Comments as the model sees them.

    `ids` leads from the short ids to the comments. A text that was sent several times is shown once; `copies` leads
    from its short id to those of the copies that are not shown.
    """

    text: str
    ids: dict[str, Cid]
    copies: dict[str, tuple[str, ...]]


def lay_out_article(article: Article | None) -> str:
    """Return the article in its fence; without one, a fence that says so."""
    if article is None:
        return "<article>\n(There is no article: readers talk among themselves.)\n</article>"
    head = [
        f"{name}: {_plain(' '.join(value.split()))}"
        for name, value in (
            ("Title", article.title or ""),
            ("By", ", ".join(article.authors)),
            ("Published", article.published.date().isoformat() if article.published else ""),
        )
        if value.strip()
    ]
    return "<article>\n" + "\n".join([*head, "", _plain(article.text)]).strip() + "\n</article>"


def lay_out_comments(reading: Reading) -> Sheet:
    """Return every readable comment of *reading*, in order, one `<comments>` a place. Deleted ones are not shown."""
    refs = {comment.id: str(n) for n, comment in enumerate(reading.readable, 1)}
    shown_as = {cid: group[0] for group in duplicates(reading.readable) for cid in group}
    copies: dict[str, list[str]] = {}
    for cid, first in shown_as.items():
        if cid != first:
            copies.setdefault(refs[first], []).append(refs[cid])
    parts = []
    for place in reading.discussions:
        lines = [
            _element(comment, refs, shown_as, len(copies.get(refs[comment.id], ())) + 1)
            for comment in place.comments
            if comment.readable and shown_as.get(comment.id, comment.id) == comment.id
        ]
        if lines:
            title = f' title="{_attribute(place.title)}"' if place.title else ""
            parts.append("\n".join([f"<comments{title}>", *lines, "</comments>"]))
    return Sheet(
        text="\n\n".join(parts),
        ids={ref: cid for cid, ref in refs.items()},
        copies={ref: tuple(others) for ref, others in copies.items()},
    )


def with_copies(refs: Iterable[str], sheet: Sheet) -> tuple[str, ...]:
    """Return *refs* with the copies each of them stands for."""
    return tuple(one for ref in refs for one in (ref, *sheet.copies.get(ref, ())))


def _element(comment: Comment, refs: dict[Cid, str], shown_as: dict[Cid, Cid], times: int) -> str:
    attributes = [f'id="{refs[comment.id]}"']
    if comment.author:
        attributes.append(f'by="{_attribute(comment.author)}"')
    if comment.parent in refs:  # an answer to a deleted comment stands alone
        attributes.append(f're="{refs[shown_as.get(comment.parent, comment.parent)]}"')
    if times > 1:
        attributes.append(f'copies="{times}"')
    return f"<c {' '.join(attributes)}>{_plain(comment.text)}</c>"


def _attribute(text: str) -> str:
    return escape(_plain(" ".join(text.split())[:MOST_NAME]))


def _plain(text: str) -> str:
    """Return *text* without forged tags, invisible letters and halves of surrogate pairs, which cannot be sent."""
    text = _UNSEEN.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return _OUR_TAG.sub("‹", text.strip())
