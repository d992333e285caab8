"""One comment of a copied page: its words, and what each line from its head to the next one is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.sources.copied.form import Form
from bot.sources.copied.heads import Head
from bot.sources.copied.page import Page, Role, Span


@dataclass(frozen=True, slots=True)
class Part:
    """The letters *start* to *end* of text *at*."""

    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """
    A comment. *roles* are those of the texts from its head on, up to *stop*; *tail* are the texts behind the words.

    *clicks* of the lines around the words are buttons, or counts that stand on them.
    """

    head: Head
    stop: int
    words: tuple[Part, ...]
    roles: list[Role]
    tail: tuple[int, ...] = ()
    clicks: int = 0


def said(page: Page, form: Form, heads: list[Head]) -> list[Said]:
    """Return the comments of *heads*, each up to the next one."""
    stops = [*(head.first for head in heads[1:]), len(page)]
    return [_one(page, form, head, stop) for head, stop in zip(heads, stops, strict=False)]


def text_of(page: Page, words: Iterable[Part]) -> str:
    """Return *words* as they stand in the page: lines kept, one blank line where there was any."""
    lines: list[str] = []
    for part in words:
        gap = lines and page.after_blank(part.at) and part.start == 0
        lines.append(("\n" if gap else "") + page.texts[part.at][part.start : part.end].strip())
    return "\n".join(lines)


def parts_of(page: Page, said: Said) -> dict[int, list[Span]]:
    """Return the spans of words in texts that are not words altogether."""
    return {
        part.at: [
            Span(page.begins(part.at) + part.start, page.begins(part.at) + part.end, Role.WORDS)
        ]
        for part in said.words
        if not _whole(page, part)
    }


def without(said: Said, texts: set[int]) -> Said:
    """Return *said* without the words in *texts*, which repeat what somebody else said."""
    roles = [
        Role.QUOTE if at in texts else role for at, role in enumerate(said.roles, said.head.first)
    ]
    return replace(said, words=tuple(p for p in said.words if p.at not in texts), roles=roles)


def _one(page: Page, form: Form, head: Head, stop: int) -> Said:
    low, begin, foot = page.low, head.after, stop
    if stop == len(page):
        foot = next((at for at in range(begin, stop) if form.foot.fullmatch(low[at])), stop)
    if head.nobody:
        roles = [Role.META] * (begin - head.first) + [Role.NOISE] * (stop - begin)
        return Said(head, stop, (), roles)
    while not head.skip and begin < foot and form.lead.fullmatch(low[begin]):
        begin += 1
    closed = next((at for at in range(begin, foot) if form.end.fullmatch(low[at])), foot)
    end = closed
    while end > begin and (lines := _tail(form, low[max(begin, end - 2) : end])):
        end -= lines
    if end == begin < closed and not head.skip and not form.buttons.fullmatch(low[begin]):
        end = begin + 1  # a comment of one number, before the number of its likes
    words = tuple(_words(page, form, head, range(begin, end)))
    roles = [Role.META] * (closed - head.first)
    roles += [
        Role.META if form.end.fullmatch(text) or form.tail.fullmatch(text) else Role.NOISE
        for text in low[closed:foot]
    ]
    roles += [Role.NOISE] * (stop - foot)
    tail = [at for at in range(end, foot) if roles[at - head.first] is Role.META]
    for part in words:
        if _whole(page, part):
            roles[part.at - head.first] = Role.WORDS
    if head.after > head.first:
        roles[0] = Role.AUTHOR
    around = (low[at] for at in range(head.after, foot) if roles[at - head.first] is Role.META)
    clicks = sum(form.buttons.fullmatch(text) is not None for text in around)
    return Said(head, stop, words, roles, tuple(tail), clicks)


def _tail(form: Form, last: list[str]) -> int:
    """Return how many of the *last* two lines are a button or a count: a reaction and its number stand in two."""
    if form.tail.fullmatch(last[-1]):
        return 1
    return 2 if len(last) == 2 and form.tail.fullmatch("\n".join(last)) else 0


def _words(page: Page, form: Form, head: Head, texts: range) -> Iterator[Part]:
    for at in texts:
        start, end = (head.skip if at == head.after else 0), len(page.texts[at])
        for aside in form.aside.finditer(page.low[at]):
            if aside.start() <= start:
                start = max(start, aside.end())
            elif aside.end() == end:
                end = aside.start()
        if start < end:
            yield Part(at, start, end)


def _whole(page: Page, part: Part) -> bool:
    return part.end - part.start == len(page.texts[part.at])
