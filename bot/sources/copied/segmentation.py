"""A copied text cut into article and comments: by the form that finds most, else by the rhythm of names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.sources.copied import article, rhythm
from bot.sources.copied.dated import DATED, PLAIN
from bot.sources.copied.discord import DISCORD, DISCORD_LOG
from bot.sources.copied.form import Form
from bot.sources.copied.hackernews import HACKER_NEWS
from bot.sources.copied.heads import Head
from bot.sources.copied.names import bare, heading, is_of_replies
from bot.sources.copied.page import Page, Role, Span
from bot.sources.copied.quotes import unquoted
from bot.sources.copied.reddit import OLD_REDDIT, REDDIT
from bot.sources.copied.said import Said, parts_of, said
from bot.sources.copied.threads import Count, Thread, read
from bot.sources.copied.youtube import YOUTUBE

FORMS = (OLD_REDDIT, HACKER_NEWS, REDDIT, YOUTUBE, DISCORD, DISCORD_LOG, DATED)
"""The peculiar ones first: between equals the first is taken."""
FEWEST_WORDS = 25
"""Of an article: less is a title, a menu, a remark."""
MOST_COUNTS = 200
POST_LINES = 400
"""Above the first comment: where the post that heads a thread is looked for."""


@dataclass(frozen=True)
class Segmentation:
    """What every text of *page* is for: *above* stands before the comments; *form* is None where there are none."""

    page: Page
    form: Form | None
    title: str | None
    above: tuple[Role, ...]
    said: tuple[Said, ...]
    declared: int | None

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The whole text in order, without gap or overlap: the spans concatenate to it."""
        roles = [*self.above, *[Role.NOISE] * (len(self.page) - len(self.above))]
        parts: dict[int, list[Span]] = {}
        for one in self.said:
            roles[one.head.first : one.stop] = one.roles
            parts.update(parts_of(self.page, one))
        return self.page.spans(roles, parts)

    @property
    def body(self) -> str:
        """The article's paragraphs; empty where what stands above the comments is none."""
        lines = [
            t for t, role in zip(self.page.texts, self.above, strict=False) if role is Role.BODY
        ]
        body = "\n\n".join(lines)
        return body if len(body.split()) >= FEWEST_WORDS else ""


def segment(text: str) -> Segmentation:
    """Return what each part of *text* is for."""
    page = Page(text)
    counts = _counts(page)
    found = [thread for form in FORMS if (thread := read(page, form, counts))]
    if found:
        return _of(page, max(found, key=lambda thread: thread.weight))
    plain = _plain(page, counts)
    if plain is not None:
        return plain
    declared = counts[-1].number if counts else None
    return Segmentation(page, None, None, tuple(article.roles(page.texts)), (), declared)


def _counts(page: Page) -> list[Count]:
    """Return the lines that announce comments, in order."""
    found = []
    before = ""
    for at, text in enumerate(page.texts):
        number = heading(text, before) if len(text) <= 120 else None
        if number:
            found.append(Count(at, number, is_of_replies(text)))
        before = text
    return found[-MOST_COUNTS:]


def _of(page: Page, thread: Thread) -> Segmentation:
    first, count = thread.first, thread.count
    bottom = count.at if count is not None and thread.cut else first
    declared = count.number if count is not None else None
    title = None
    top = page.offsets[max(0, first - POST_LINES)]
    posts = list(thread.form.post.finditer(page.flat, top, max(top, page.offsets[first] - 1)))
    if posts:
        post = posts[-1]
        title = page.original(*post.span("title"))
        at, behind = page.text_at(post.start("title")), page.text_at(post.end()) + 1
        above = [*[Role.NOISE] * at, Role.TITLE, *[Role.META] * (behind - at - 1)]
        above += article.roles([title, *page.texts[behind:bottom]])[1:]
        declared = int(post.groupdict().get("count") or declared or 0) or None
    else:
        above = article.roles(page.texts[:bottom])
    above = above[:first]
    if bottom < first and len(above) == bottom:
        above.append(Role.COUNT)
    above += [Role.NOISE] * (first - len(above))
    found = unquoted(page, list(thread.said))
    return Segmentation(page, thread.form, title, tuple(above), tuple(found), declared)


def _plain(page: Page, counts: list[Count]) -> Segmentation | None:
    """Return the comments below the last line that announces some, where names alone in their lines follow."""
    count = next((c for c in reversed(counts) if not _of_one(page, c)), None)
    begins = rhythm.beginnings(page, count.at + 1, count.number) if count else []
    if count is None or not begins:
        return None
    above = [*article.roles(page.texts[: count.at]), Role.COUNT]
    above += [Role.NOISE] * (begins[0] - len(above))
    heads = [Head(at, at + 1, name=bare(page.texts[at])) for at in begins]
    words = unquoted(page, said(page, PLAIN, heads))
    found = Segmentation(page, PLAIN, None, tuple(above), tuple(words), count.number)
    # the number of comments that stands at the head of an article announces none there
    return found if found.body or count.at <= 1 else None


def _of_one(page: Page, count: Count) -> bool:
    """Whether a count belongs to one comment ("3 replies") rather than to the page: buttons stand before it."""
    before = page.low[max(0, count.at - 3) : count.at]
    return count.replies and any(PLAIN.buttons.fullmatch(text) for text in before)
