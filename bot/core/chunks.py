"""What fits together in one question: whole threads of a discussion, in order, measured with the model's tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil

from bot.core.models import Cid, Comment, Reading

Size = Callable[[Comment], int]
"""How many tokens a comment takes where it is shown."""


@dataclass(frozen=True)
class Chunk:
    """Comments to be placed, of one discussion, and comments outside that some of them answer."""

    comments: tuple[Comment, ...]
    context: tuple[Cid, ...] = ()


@dataclass(frozen=True)
class Room:
    """How much one question may hold."""

    tokens: int
    comments: int

    def takes(self, comments: Sequence[Comment], size: Size) -> bool:
        """Whether *comments* fit in one question."""
        return len(comments) <= self.comments and sum(map(size, comments)) <= self.tokens


def chunks(reading: Reading, comments: Sequence[Comment], size: Size, room: Room) -> list[Chunk]:
    """
    Return *comments*, each once, in chunks of *room* at most; a single larger comment is a chunk of its own.

    A comment stays with its replies as long as both fit; where a thread is cut, what is answered comes along as
    context. Discussions are never mixed. The chunks of a discussion are of about one size, so that none waits long
    for the others.
    """
    found = []
    for at, _ in enumerate(reading.discussions):
        ours = [c for c in comments if reading.place_of[c.id] == at]
        tokens = sum(map(size, ours))
        parts = max(ceil(tokens / room.tokens), ceil(len(ours) / room.comments), 1)
        # whole threads do not pack evenly: a tenth more, where the room has it, saves a last chunk of crumbs
        even = Room(
            min(room.tokens, ceil(tokens / parts * 1.1)),
            min(room.comments, ceil(len(ours) / parts * 1.1)),
        )
        found += [_with_context(part, reading) for part in _packed(_threads(ours), size, even)]
    return found


def _packed(threads: list[list[Comment]], size: Size, room: Room) -> list[list[Comment]]:
    """
    Put each thread whole into the first chunk that takes it; one that no chunk takes is cut, its parts neighbours.

    Small threads fill what large ones leave: of seven chunks one was saved, with all the words around it.
    """
    chunks: list[_Chunk] = []
    for thread in threads:
        whole = room.takes(thread, size)
        for piece in [thread] if whole else [[comment] for comment in thread]:
            tokens = sum(map(size, piece))
            where = (c for c in (chunks if whole else chunks[-1:]) if c.takes(piece, tokens, room))
            chunk = next(where, None)
            if chunk is None:
                chunk = _Chunk()
                chunks.append(chunk)
            chunk.comments += piece
            chunk.tokens += tokens
    return [chunk.comments for chunk in chunks]


@dataclass
class _Chunk:
    comments: list[Comment] = field(default_factory=list)
    tokens: int = 0

    def takes(self, piece: Sequence[Comment], tokens: int, room: Room) -> bool:
        return (
            len(self.comments) + len(piece) <= room.comments and self.tokens + tokens <= room.tokens
        )


def _threads(comments: Sequence[Comment]) -> list[list[Comment]]:
    """Return each root with all below it, replies after what they answer, in the order given."""
    here = {comment.id for comment in comments}
    replies: dict[Cid, list[Comment]] = {}
    roots = []
    for comment in comments:
        if comment.parent in here and comment.parent != comment.id:
            replies.setdefault(comment.parent, []).append(comment)
        else:
            roots.append(comment)
    threads = [_below(root, replies) for root in roots]
    # comments that answer each other in a circle have no root: a source that lies loses nobody
    left = here.difference(c.id for thread in threads for c in thread)
    return [*threads, *([comment] for comment in comments if comment.id in left)]


def _below(root: Comment, replies: dict[Cid, list[Comment]]) -> list[Comment]:
    thread = []
    stack = [root]
    while stack:
        comment = stack.pop()
        thread.append(comment)
        stack.extend(reversed(replies.get(comment.id, ())))
    return thread


def _with_context(comments: list[Comment], reading: Reading) -> Chunk:
    here = {comment.id for comment in comments}
    answered = (c.parent for c in comments if c.parent and c.parent not in here)
    known = (cid for cid in answered if cid in reading.by_id and reading.by_id[cid].readable)
    return Chunk(tuple(comments), tuple(dict.fromkeys(known)))
