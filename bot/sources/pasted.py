"""Text that a person copied from a page: article, then comments. Pure; nothing lost, nothing invented."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.fingerprint import fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Article, Cid, Comment, Discussion, Reading
from bot.errors import EmptyPage, NothingFound
from bot.sources.comments.dates import date_of
from bot.sources.comments.declared import counted
from bot.sources.copied import article as article_lines
from bot.sources.copied.lines import Line, Role, bare, head, is_control, is_date
from bot.sources.copied.segments import beginnings
from bot.sources.epoch import EPOCH

MOST_LETTERS = 2_000_000
FEWEST_WORDS = 25


@dataclass(frozen=True)
class Segmentation:
    """Every line of the text with its role, and where the comments begin (indexes of lines)."""

    lines: tuple[Line, ...]
    roles: tuple[Role, ...]
    begins: tuple[int, ...]
    declared: int | None


def segment(text: str) -> Segmentation:
    """Return the role of every line of *text*; the lines concatenate back to *text* exactly."""
    lines = [Line(raw, at) for at, raw in enumerate(text[:MOST_LETTERS].splitlines(keepends=True))]
    start, declared = _start(lines)
    tail = lines[start:]
    begins = beginnings(tail, declared)
    if declared is None:
        # nothing announces comments: what begins with the first name and date is one
        cut = begins[0] if len(begins) > 1 else len(tail)
        begins = [at - cut for at in begins] if len(begins) > 1 else []
        start, tail = start + cut, tail[cut:]
    above = article_lines.roles(lines[:start])
    if declared is not None and start:
        above[start - 1] = Role.COUNT
    below = _comment_roles(tail, begins)
    return Segmentation(
        tuple(lines), (*above, *below), tuple(at + start for at in begins), declared
    )


def read_text(text: str, url: str | None) -> Reading:
    """
    Return the article and comments of a copied *text*; raises `EmptyPage` or `NothingFound`.

    The times in it have no zone; they are taken as UTC, so that the day is the one the page shows.
    """
    if not text.strip():
        raise EmptyPage
    found = segment(text)
    comments = _comments(found)
    article = _article(found, url)
    if article is None and not comments:
        raise NothingFound
    missing = (found.declared or 0) - len(comments)
    gaps: tuple[Gap, ...] = ()
    if missing > 0:
        gaps = (Gap(GapCode.COMMENTS_MISSING, count=missing),)
    elif not comments:
        gaps = (Gap(GapCode.COMMENTS_NONE),)
    if article is None:
        gaps = (*gaps, Gap(GapCode.ARTICLE_MISSING))
    places = (Discussion("pasted", url, None, found.declared, comments, gaps),)
    return Reading(
        target=url or "",
        article=article,
        discussions=places,
        read_at=EPOCH,
        hash=fingerprint(article, places, url or "", PUBLIC),
    )


def _start(lines: list[Line]) -> tuple[int, int | None]:
    """Return the line after the last one that states a number of comments above 0, and that number."""
    for at in range(len(lines) - 1, -1, -1):
        text = lines[at].text
        if not text or len(text) > 80 or head(text) is not None:
            continue
        number = counted(text)
        if number and any(line.text for line in lines[at + 1 :]) and not _is_reply_count(lines, at):
            return at + 1, number
    return 0, None


def _is_reply_count(lines: list[Line], at: int) -> bool:
    """Whether a count belongs to one comment ("3 replies") rather than to the page: another stands before it."""
    text = lines[at].text.lower()
    return is_control(text) and any(
        is_control(line.text) or is_date(line.text)
        for line in lines[max(0, at - 3) : at]
        if line.text
    )


def _comment_roles(tail: list[Line], begins: list[int]) -> list[Role]:
    roles = []
    starts = set(begins)
    in_head = False
    for at, line in enumerate(tail):
        if at in starts:
            roles.append(Role.AUTHOR)
            in_head = True
        elif not line.text:
            roles.append(Role.BLANK)
        elif not begins or at < begins[0]:
            roles.append(Role.NOISE)
        elif is_control(line.text) or (in_head and is_date(line.text)):
            roles.append(Role.META)
        else:
            roles.append(Role.WORDS)
            in_head = False
    return roles


def _comments(found: Segmentation) -> tuple[Comment, ...]:
    comments = []
    ends = (*found.begins, len(found.lines))[1:]
    for number, (start, end) in enumerate(zip(found.begins, ends, strict=True), 1):
        name = found.lines[start].text
        body = list(zip(found.lines[start + 1 : end], found.roles[start + 1 : end], strict=True))
        dates = [name, *(line.text for line, role in body if role is Role.META)]
        text = _paragraphs([line.text if role is Role.WORDS else "" for line, role in body])
        if text:
            comments.append(
                Comment(
                    id=Cid(f"pasted:{number}"),
                    parent=None,
                    author=head(name) or bare(name),
                    text=text,
                    posted_at=next(filter(None, map(date_of, dates)), None),
                )
            )
    return tuple(comments)


def _paragraphs(lines: list[str]) -> str:
    """Return *lines* with single line breaks kept, and one blank line where there was any."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _article(found: Segmentation, url: str | None) -> Article | None:
    end = found.begins[0] if found.begins else len(found.lines)
    lines, roles = list(found.lines[:end]), list(found.roles[:end])
    body = "\n\n".join(
        line.text for line, role in zip(lines, roles, strict=True) if role is Role.BODY
    )
    if len(body.split()) < FEWEST_WORDS:
        return None
    said = {role: line.text for line, role in reversed(list(zip(lines, roles, strict=True)))}
    name = article_lines.author(lines, roles)
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
