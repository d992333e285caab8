"""
One page's comments in several places → the discussions of its reading. Pure.

A page's own list, the answer of its site's API and its topic in a forum may be one discussion seen through three doors,
or three discussions. They are one where they hold the same comments; then one of them stands for all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.gaps import Gap, GapCode
from bot.core.models import Cid, Comment, Discussion

REPEATED = 0.5  # of the smaller list's comments that the larger has too: lists differ in what they cut and fold
_BEGINNING = 60  # letters of a comment that tell it from others; what follows may be "Reply" or cut
_TELLING = 25  # fewer are said by many ("Thank you!"): then the name must be the same
_ADDRESS = re.compile(r"^https?://(?:www\.)?|/comment-page-\d+")

_CUT = frozenset({GapCode.COMMENTS_UNREADABLE, GapCode.COMMENTS_LIMIT, GapCode.REQUEST_LIMIT})
_SHORT = _CUT | {GapCode.COMMENTS_MISSING, GapCode.COMMENTS_ELSEWHERE}  # there, and not read


def settled(
    own: Sequence[Discussion], read: Sequence[Discussion], refused: Sequence[Discussion] = ()
) -> tuple[Discussion, ...]:
    """
    Return the discussions of a page.

    *own* is what its HTML shows, *read* what the places gave that it names as its own, *refused* stand for those that
    failed: each has a gap and no comments. A failure is told only where comments are missing.
    """
    mine = [without_widget(place, read) for place in own]
    loaded = mine != list(own) and any(place.comments for place in read)
    places: list[Discussion] = []
    for place in (*mine, *read):
        at = next((at for at, one in enumerate(places) if same(one, place)), None)
        if at is None:
            places.append(place)
        else:
            places[at] = _fuller(places[at], place)
    mine = places[: len(mine)]
    missing = any(
        incomplete(place) or not (place.comments or loaded or place.declared == 0) for place in mine
    )
    if own and not missing:
        refused = ()
    others = bool(refused) or any(place.comments for place in places)
    failed = {place.platform for place in refused}
    shown = [
        place for place in places if place.comments or _speaks(place, failed, alone=not others)
    ]
    if len(refused) == 1:
        refused = [_counted(refused[0], mine)]
    return (*(shown or places[: not refused]), *refused)


def without_widget(place: Discussion, read: Sequence[Discussion]) -> Discussion:
    """Return *place* without the gap that a comment system cannot be read, where it is among what was *read*."""
    names = {one.platform for one in read}
    gaps = [gap for gap in place.gaps if not _loaded_by(gap, names)]
    if len(gaps) == len(place.gaps):
        return place
    if not (gaps or place.comments):
        missing = Gap(GapCode.COMMENTS_MISSING, count=place.declared)
        gaps = [missing if place.declared else Gap(GapCode.COMMENTS_NONE)]
    return replace(place, gaps=tuple(gaps))


def same(one: Discussion, other: Discussion) -> bool:
    """Whether two places hold the same comments."""
    few, many = sorted((_readable(one), _readable(other)), key=len)
    known = {key for comment in many for key in _keys(comment)}
    repeated = sum(any(key in known for key in _keys(comment)) for comment in few)
    return repeated > 0 and repeated >= len(few) * REPEATED


def incomplete(place: Discussion) -> bool:
    """Whether comments are there that were not read."""
    return any(gap.code in _SHORT for gap in place.gaps)


def unique(places: Sequence[Discussion]) -> tuple[Discussion, ...]:
    """Return *places* with each comment id once: the first stands."""
    seen: set[Cid] = set()
    kept = []
    for place in places:
        fresh = tuple(c for c in place.comments if c.id not in seen)
        seen.update(c.id for c in fresh)
        if fresh or not place.comments:
            kept.append(
                place if len(fresh) == len(place.comments) else replace(place, comments=fresh)
            )
    return tuple(kept)


def _fuller(own: Discussion, twin: Discussion) -> Discussion:
    """
    Return the list that has more to read, of two of the same discussion; of equals *twin*, whose fields are better.

    It is complete where it has as many comments as either of them states.
    """
    mine, theirs = len(_readable(own)), len(_readable(twin))
    if theirs > mine:
        return twin
    place = twin if theirs == mine else _with_fields(own, twin)
    stated = [number for number in (twin.declared, own.declared) if number is not None]
    reached = [number for number in stated if number <= len(place.comments)]
    if reached:
        gaps = tuple(gap for gap in place.gaps if gap.code not in _SHORT)
        return replace(place, declared=max(reached), gaps=gaps)
    if stated and not incomplete(place):
        missing = Gap(GapCode.COMMENTS_MISSING, count=stated[0] - len(place.comments))
        return replace(place, declared=stated[0], gaps=(*place.gaps, missing))
    return place


def _with_fields(own: Discussion, twin: Discussion) -> Discussion:
    """Return *own* with the author, time, votes and link that *twin* has of the same comments."""
    better = {key: comment for comment in twin.comments for key in _keys(comment)}
    return replace(own, comments=tuple(_with_better(comment, better) for comment in own.comments))


def _with_better(comment: Comment, better: dict[str, Comment]) -> Comment:
    found = next((better[key] for key in _keys(comment) if key in better), None)
    if found is None:
        return comment
    return replace(
        comment,
        author=found.author or comment.author,
        posted_at=found.posted_at or comment.posted_at,
        score=comment.score if found.score is None else found.score,
        url=found.url or comment.url,
    )


def _speaks(place: Discussion, failed: set[str], *, alone: bool) -> bool:
    """Whether a *place* without comments says what no other does; *failed* are platforms whose failure is told."""
    for gap in place.gaps:
        if gap.code is GapCode.COMMENTS_ELSEWHERE and not _loaded_by(gap, failed):
            return True
        if gap.code in _CUT or (gap.code is GapCode.COMMENTS_MISSING and alone):
            return True
    return False


def _counted(refused: Discussion, own: Sequence[Discussion]) -> Discussion:
    """Return a place that failed with the number of comments that the page states and does not show."""
    stated = next((place.declared for place in own if not place.comments), None)
    gaps = tuple(gap if gap.count else replace(gap, count=stated) for gap in refused.gaps)
    return replace(refused, declared=stated, gaps=gaps)


def _loaded_by(gap: Gap, platforms: set[str]) -> bool:
    return gap.code is GapCode.COMMENTS_ELSEWHERE and gap.detail.casefold() in platforms


def _readable(place: Discussion) -> list[Comment]:
    return [comment for comment in place.comments if comment.readable]


def _keys(comment: Comment) -> Iterator[str]:
    """Yield what two copies of a comment have in common: how it begins, and its link."""
    text = unicodedata.normalize("NFKC", comment.text[: 4 * _BEGINNING]).casefold()
    letters = "".join(filter(str.isalnum, text))[:_BEGINNING]
    yield letters if len(letters) >= _TELLING else f"{letters} {comment.author}"
    link, _, mark = (comment.url or "").partition("#")
    if any(map(str.isdigit, mark)):
        yield f"{_ADDRESS.sub('', link).rstrip('/')}#{mark}"
