"""Which comments are read where an operator's budget does not take all: some of every branch, time and score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.core.chunks import Size
from bot.core.models import Cid, Comment

BANDS = 3  # early, middle, late; low, middle, high


def sample(comments: Sequence[Comment], most_tokens: int, size: Size) -> list[Comment]:
    """
    Return some of *comments*, in their order, of *most_tokens* together; all of them if they fit.

    Systematic sampling from a list sorted by branch, time and score: every stratum gets its share, to within one
    comment, and the same comments give the same sample. No stratum is preferred: low scores are read as high ones are.
    """
    whole = sum(map(size, comments))
    if whole <= most_tokens:
        return list(comments)
    chosen: set[Cid] = set()
    step = whole / max(most_tokens, 1)
    left = most_tokens
    due = 0.0
    for comment in _by_stratum(comments):
        tokens = size(comment)
        due += tokens / step
        if due >= tokens / 2 and tokens <= left:
            chosen.add(comment.id)
            due -= tokens
            left -= tokens
    return [comment for comment in comments if comment.id in chosen]


def _by_stratum(comments: Sequence[Comment]) -> list[Comment]:
    branch = _branches(comments)
    members = Counter(branch.values())
    order = {comment.id: at for at, comment in enumerate(comments)}
    places = {root: at for at, root in enumerate(members, 1)}
    times = {c.id: c.posted_at.timestamp() for c in comments if c.posted_at}
    early = _bands(times if len(times) == len(comments) else order)
    liked = _bands({comment.id: comment.score or 0 for comment in comments})

    def stratum(comment: Comment) -> tuple[int, int, int, int]:
        root = branch[comment.id]
        # comments without replies are a branch together: alone they would be spread by their order only
        place = places[root] if members[root] > 1 else 0
        return place, early[comment.id], liked[comment.id], order[comment.id]

    return sorted(comments, key=stratum)


def _branches(comments: Sequence[Comment]) -> dict[Cid, Cid]:
    """Return the root of each comment among *comments*."""
    parents = {comment.id: comment.parent for comment in comments}
    roots: dict[Cid, Cid] = {}
    for comment in comments:
        path = {comment.id: None}
        here = comment.id
        while here not in roots:
            above = parents[here]
            if above is None or above not in parents or above in path:
                break  # in path: comments that answer each other in a circle
            here = above
            path[here] = None
        roots.update(dict.fromkeys(path, roots.get(here, here)))
    return roots


def _bands(values: Mapping[Cid, float]) -> dict[Cid, int]:
    ranked = sorted(values, key=values.__getitem__)
    return {cid: at * BANDS // len(ranked) for at, cid in enumerate(ranked)}
