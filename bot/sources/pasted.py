"""Text that a person copied from a page: article, then comments. Pure; nothing lost, nothing invented."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Article, Cid, Comment, Discussion, Reading, State
from bot.errors import EmptyPage, NothingFound
from bot.sources.comments.dates import date_of
from bot.sources.copied import article as article_lines
from bot.sources.copied.page import Role
from bot.sources.copied.said import Said, text_of
from bot.sources.copied.segmentation import Segmentation, segment
from bot.sources.copied.times import day_first, posted
from bot.sources.epoch import EPOCH

_TIMES = {
    "k": 1_000,
    "tsd": 1_000,
    "mil": 1_000,
    "m": 1_000_000,
    "mio": 1_000_000,
    "mln": 1_000_000,
}
_COUNTED = re.compile(
    r"(?P<minus>[-−]?)(?P<digits>\d+(?:[.,\u00a0\u202f ]\d+)*) ?(?:(?P<unit>k|tsd|mil|mio|mln|m)\.?)?"
)


def read_text(text: str, url: str | None) -> Reading:
    """
    Return the article and comments of a copied *text*; raises `EmptyPage` or `NothingFound`.

    The times in it have no zone; they are taken as UTC, so that the day is the one the page shows.
    """
    if not text.strip():
        raise EmptyPage
    found = segment(text)
    comments = tuple(_comments(found))
    article = _article(found, url)
    if article is None and not comments:
        raise NothingFound
    gaps = tuple(_gaps(found, comments))
    if article is None:
        gaps = (*gaps, Gap(GapCode.ARTICLE_MISSING))
    places = (Discussion("pasted", url, found.title, found.declared, comments, gaps),)
    return Reading(
        target=url or "",
        article=article,
        discussions=places,
        read_at=EPOCH,
        hash=fingerprint(article, places, url or "", PUBLIC),
    )


def _comments(found: Segmentation) -> Iterator[Comment]:
    order = day_first(one.head.when for one in found.said)
    above: dict[int, Cid | None] = {}  # the last comment of each depth
    for number, one in enumerate(found.said, 1):
        text = text_of(found.page, one.words)
        level = one.head.level
        if not text or found.form is None:
            above[level or 0] = None
            continue
        gone = found.form.gone.fullmatch(text.lower())
        id = Cid(f"pasted:{number}")
        yield Comment(
            id=id,
            parent=above.get(level - 1) if level else None,
            author=None if found.form.gone.fullmatch(one.head.name.lower()) else one.head.name,
            text="" if gone else text,
            posted_at=posted(one.head.when, day_first=order),
            score=_score(found, one),
            state=State.OK if not gone else _state(text),
        )
        if level:
            above[level] = id


def _state(said: str) -> State:
    return State.DELETED if "delete" in said.lower() else State.REMOVED


def _score(found: Segmentation, one: Said) -> int | None:
    if one.head.score is not None:
        return _number(one.head.score)
    if found.form is None:
        return None
    match = found.form.score.search("\n".join(found.page.low[at] for at in one.tail))
    return _number(match["score"]) if match else None


def _number(text: str) -> int | None:
    """Return what a page means by "12", "1,234", "1.2K" or "1,2 k"."""
    match = _COUNTED.fullmatch(text.lower())
    if match is None:
        return None
    parts = re.split(r"[.,\u00a0\u202f ]", match["digits"])
    times = _TIMES.get(match["unit"] or "", 1)
    if times == 1:
        value = int("".join(parts))
    elif len(parts) <= 2:
        tenths = parts[1] if len(parts) == 2 else "0"
        value = int(parts[0]) * times + int(tenths) * times // 10 ** len(tenths)
    else:
        return None
    return -value if match["minus"] else value


def _gaps(found: Segmentation, comments: tuple[Comment, ...]) -> Iterator[Gap]:
    missing = found.declared - len(comments) if found.declared else _hidden(found)
    if missing > 0:
        yield Gap(GapCode.COMMENTS_MISSING, count=missing)
    elif not comments:
        yield Gap(GapCode.COMMENTS_NONE)
    states = Counter(comment.state for comment in comments)
    if gone := len(comments) - states[State.OK]:
        yield Gap(GapCode.COMMENTS_DELETED, count=gone)
    if found.page.unread:
        yield Gap(GapCode.TEXT_CUT, count=found.page.unread)


def _hidden(found: Segmentation) -> int:
    """Return how many comments wait behind buttons, where the page does not say how many there are in all."""
    if found.form is None:
        return 0
    lines = (
        found.page.low[at]
        for one in found.said
        for at, role in enumerate(one.roles, one.head.first)
        if role in {Role.AUTHOR, Role.META}
    )
    return sum(int(match["n"]) for match in map(found.form.hidden.search, lines) if match)


def _article(found: Segmentation, url: str | None) -> Article | None:
    body = found.body
    if not body:
        return None
    texts = found.page.texts[: len(found.above)]
    roles = list(found.above)
    said = {role: text for text, role in reversed(list(zip(texts, roles, strict=True)))}
    name = article_lines.author(texts, roles)
    return Article(
        url=url,
        title=said.get(Role.TITLE),
        text=body,
        authors=(name,) if name else (),
        published=date_of(said.get(Role.DATE, "")),
        language=_language(body),
    )


def _language(text: str) -> str | None:
    from py3langid import classify  # brings numpy: only when a text is read

    return str(classify(text[:3000])[0])
