"""What is different since an earlier digest: counted from ids and spans, never asked of a model."""

from __future__ import annotations

from bot.core.models import Changes, Cid, Digest, Digested, Position, Reading, Share
from bot.core.tally import quoted, tally

SAME = 0.5  # of the comments two positions hold together: from there on they are one view, newly worded


def changes(before: Digested, reading: Reading, digest: Digest) -> Changes:
    """Return what *digest* of *reading* changes against the digest *before*."""
    then = {comment.id for comment in before.reading.readable}
    now = {comment.id for comment in reading.readable}
    both = then & now
    left = list(before.digest.positions)
    shares = []
    for position in digest.positions:
        match = earlier(position, left, both)
        if match is not None:
            left.remove(match)
        shares.append(
            Share(
                position.key,
                tally(match, before.reading).share if match else None,
                tally(position, reading).share,
            )
        )
    return Changes(
        since=before.digest.made.at,
        comments_new=len(now - then),
        comments_gone=len(then - now),
        shares=tuple(shares),
        positions_gone=tuple(position.label for position in left),
        quotes_gone=_quotes_gone(before, reading),
    )


def earlier(position: Position, left: list[Position], both: set[Cid]) -> Position | None:
    """
    Return the one of the earlier positions *left* that *position* goes on from.

    By its key, else by the comments they share: *both* are those that were read then and now.
    """
    known = next((p for p in left if p.key == position.key), None)
    if known is not None:
        return known
    ours = both.intersection(position.comments)
    found = [(_likeness(ours, both.intersection(p.comments)), p) for p in left]
    best = max(found, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= SAME else None


def _likeness(one: set[Cid], other: set[Cid]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _quotes_gone(before: Digested, reading: Reading) -> int:
    gone = 0
    for position in before.digest.positions:
        for quote in position.quotes:
            comment = reading.by_id.get(quote.comment)
            words = quoted(quote, before.reading)
            gone += comment is None or not comment.readable or words not in comment.text
    return gone
