"""Who wrote a comment, and when: the lines above its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sources.copied.form import Form
from bot.sources.copied.names import bare, is_byline, looks_like_name
from bot.sources.copied.page import Page


@dataclass(frozen=True, slots=True)
class Head:
    """The texts from *first* up to *after*, and *skip* letters of that one."""

    first: int
    after: int
    skip: int = 0
    name: str = ""
    when: str = ""
    score: str | None = None
    level: int | None = None
    sure: bool = False
    nobody: bool = False


def heads(page: Page, form: Form) -> list[Head]:
    """
    Return the heads of *form* in order: where several patterns fit, the first; none begins inside another.

    Where some have a time, those without are what forums write above a quote: "Ann wrote:".
    """
    found: dict[int, Head] = {}
    for pattern in form.heads:
        match = pattern.match
        for at, place in enumerate(page.offsets[:-1]):
            if at in found or (hit := match(page.flat, place)) is None or hit.end() == place:
                continue
            head = _head(page, at, hit)
            if not form.named or (looks_like_name(head.name) and not is_byline(head.name)):
                found[at] = head
    timed = any(head.when for head in found.values())
    kept: list[Head] = []
    free = 0  # the first text that is not part of the head before
    for at in sorted(found):
        head = found[at]
        if at >= free and (head.when or head.nobody or not timed):
            kept.append(head)
            free = max(at + 1, head.after)
    return kept


def _head(page: Page, at: int, match: re.Match[str]) -> Head:
    said = match.groupdict()
    last = page.text_at(match.end())
    skip = match.end() - page.offsets[last]
    whole = skip >= len(page.texts[last])
    level = said.get("level")
    return Head(
        first=at,
        after=last + 1 if whole else last,
        skip=0 if whole else skip,
        name=bare(page.original(*match.span("name"))) if said["name"] else "",
        when=said.get("when") or "",
        score=said.get("score"),
        level=int(level) if level else None,
        sure=said.get("sure") is not None,
        nobody=said.get("nobody") is not None,
    )
