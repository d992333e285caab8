"""The comments of a copied page as one form finds them, and whether they are comments at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.sources.copied.form import Form
from bot.sources.copied.heads import Head, heads
from bot.sources.copied.names import is_handle
from bot.sources.copied.page import Page
from bot.sources.copied.said import Said, said

FEW = 60
"""Words: what may stand between the number of comments and the first one, and less than an article has."""


FEWEST_PASTED = 4
"""Words of a comment that somebody pasted into another: less may be said twice."""
MOST_TIMES = 2
"""As many comments as announced: some pages count without the replies."""
MOST_LINES = 4
"""Of a message in a chat that has its name and its words in one line, on average."""


@dataclass(frozen=True)
class Count:
    """A line that says how many comments there are."""

    at: int
    number: int
    replies: bool  # perhaps only those to one comment


@dataclass(frozen=True)
class Thread:
    """The comments one form finds; *count* is the line that announces them, and stands right above if *cut*."""

    form: Form
    said: tuple[Said, ...]
    count: Count | None
    cut: bool

    @property
    def first(self) -> int:
        """The text with the first head."""
        return self.said[0].head.first

    @property
    def weight(self) -> int:
        """How much speaks for it, to be compared with what other forms find in the same page."""
        spoken = sum(bool(one.words) for one in self.said)
        reached = self.count is not None and self.count.number == spoken
        return spoken * (2 if reached else 1) + sum(one.head.sure for one in self.said)


def read(page: Page, form: Form, counts: list[Count]) -> Thread | None:
    """Return the comments of *page* as *form* finds them, None where there is not enough to say that they are."""
    spoken = _own(page, form, said(page, form, _announced(page, form, counts)))
    if form.named and _is_article(page, spoken):
        spoken = spoken[1:]
    if not spoken:
        return None
    first = spoken[0].head.first
    count = next((one for one in reversed(counts) if one.at < first), None)
    cut = count is not None and _few(page, range(count.at + 1, first))
    thread = Thread(form, tuple(spoken), count, cut)
    return thread if _holds(page, thread) else None


def _announced(page: Page, form: Form, counts: list[Count]) -> list[Head]:
    """Return the heads of *form*: where they are but names and dates, those below the last announcement of comments."""
    found = heads(page, form)
    if form.named and not any(head.sure for head in found):
        # an article's own author and date are such a head too
        for count in reversed(counts):
            below = [head for head in found if head.first > count.at]
            if below and not count.replies and _few(page, range(count.at + 1, below[0].first)):
                return below
    return found


def _few(page: Page, texts: range) -> bool:
    """Whether *texts* are few words: rules of the house, a call to join, the remark of a reader."""
    words = 0
    for at in texts:
        words += len(page.texts[at][:1_000].split())
        if words > FEW:
            return False
    return True


def _is_article(page: Page, spoken: list[Said]) -> bool:
    """Whether the first of *spoken* is an article below its author and date: long, and without the others' buttons."""
    if (
        len(spoken) < 2
        or spoken[0].clicks
        or _few(page, range(spoken[0].head.after, spoken[0].stop))
    ):
        return False
    clicked = sum(one.clicks > 0 for one in spoken[1:])
    return clicked * 2 >= len(spoken) - 1


def _own(page: Page, form: Form, found: list[Said]) -> list[Said]:
    """
    Return *found*, where a head that somebody pasted into a comment is part of its words.

    It is one when it stands earlier in the same thread, letter for letter, together with all that was said below it
    (more than a word of thanks), when more words follow, and no button stands before it.
    """
    known: dict[str, Said] = {}
    own: list[Head] = []
    for at, one in enumerate(found):
        name = "\n".join(page.texts[one.head.first : one.head.after])[:200]
        earlier = known.setdefault(name, one)
        if earlier is one or found[at - 1].tail or not _goes_on(page, earlier, one):
            own.append(one.head)
    return found if len(own) == len(found) else said(page, form, own)


def _goes_on(page: Page, earlier: Said, one: Said) -> bool:
    """Whether *one* says all that *earlier* says, and then more."""
    told = [page.texts[part.at] for part in earlier.words]
    return (
        len(told) < len(one.words)
        and told == [page.texts[part.at] for part in one.words[: len(told)]]
        and len(" ".join(told).split()) >= FEWEST_PASTED
    )


def _holds(page: Page, thread: Thread) -> bool:
    """Whether there is enough to say that these are comments: a list of articles has names and dates too."""
    form, count = thread.form, thread.count
    spoken = [one for one in thread.said if one.words]
    sure = sum(one.head.sure for one in spoken)
    clicked = sum(one.clicks > 0 for one in spoken)
    alone = thread.first == 0  # nothing stands above: a thread and nothing else
    if sure > 1 or (sure and (clicked or alone)):
        return True
    if not spoken:
        return False
    if count is not None and thread.cut and len(spoken) <= MOST_TIMES * count.number:
        return True
    if len(spoken) > 1 and clicked * 4 >= len(spoken):
        return True
    names = Counter(one.head.name for one in spoken)
    returned = len(names) < len(spoken)
    if form.chat:
        return len(names) > 1 and (alone or (returned and _is_chat(page, thread)))
    if form.named:
        handles = sum(map(is_handle, names)) * 3 >= len(names) * 2
        return len(spoken) > 2 and len(names) > 1 and handles and (alone or returned)
    return spoken[0].clicks > 1


def _is_chat(page: Page, thread: Thread) -> bool:
    """Whether what looks like a chat below other text is one: not a programme of hours, nor a log inside an article."""
    last = thread.said[-1]
    if any(one.head.skip for one in thread.said):
        dense = len(thread.said) * MOST_LINES >= len(page) - thread.first
        return dense and _few(page, range(last.head.after, last.stop))
    return any(len(one.head.when) > len("10:15 p.m.") for one in thread.said)
