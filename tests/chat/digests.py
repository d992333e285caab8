"""Digests of any shape, made without a model and without checking: what a card must be able to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.models import (
    Article,
    Brief,
    Changes,
    Cid,
    Comment,
    Digest,
    Digested,
    Discussion,
    Engine,
    Lead,
    Made,
    Position,
    Quote,
    Reading,
    Share,
    Stance,
)
from tests.fakes import READ_AT, reading

KEY = "a" * 24
MADE = Made(Engine.LLM, "gpt-test", "p", 3_400, 560, None, 6.2, READ_AT)


WORDS = {
    "short": "Oui.",
    "long": "trop long " * 1000,
    "emoji": "\U0001f600" * 5000,
    "signs": "*_~[" * 2500,
    "arabic": "\u0645\u0631\u062d\u0628\u0627 " * 1000,
    "marks": "a" + "\u0301" * 10_000,
    "nothing to see": "\u200b\u2060 \u3164",
}


def position(
    n: int,
    comments: Sequence[Cid],
    label: str = "",
    quotes: Sequence[Quote] = (),
    summary: str = "",
) -> Position:
    """Position *n*, held by *comments*; it quotes the first letters of the first unless told otherwise."""
    return Position(
        key=f"p{n}",
        label=label or f"Position {n}",
        summary=summary,
        stance=Stance.SUPPORTS,
        comments=tuple(comments),
        stances=(Stance.SUPPORTS,) * len(comments),
        quotes=tuple(quotes) or (Quote(comments[0], 0, 5),),
    )


def digest_of(said: Reading, positions: Sequence[Position] = (), **facts: object) -> Digested:
    """A digest of *said*; *facts* are fields of `Digest`."""
    digest = Digest(
        key=KEY,
        reading=said.hash,
        basis=None,
        brief=Brief("en"),
        tldr="A lane opens in May.",
        points=(),
        question=None,
        positions=tuple(positions),
        divide=None,
        unplaced=(),
        duplicates=(),
        voices=(),
        gaps=(),
        made=MADE,
    )
    return Digested(said, replace(digest, **facts))  # type: ignore[arg-type] # facts are fields


def absurd(
    words: str, comments: int, positions: int, *, voices: int = 0, places: int = 1
) -> Digested:
    """A digest in which everything that can be long is *words*, and there is as much of it as asked."""
    long_url = "https://town.example/" + "x" * 400
    said = reading()
    every = [
        Comment(Cid(f"page:{n}"), None, words, words, READ_AT, 1, long_url[: 280 + n % 40])
        for n in range(comments)
    ]
    parts = [tuple(every[at::places]) for at in range(places)]
    said = replace(
        said,
        article=Article(
            long_url[:300], words * 6, words, site=words, authors=(words,) * 5, published=READ_AT
        ),
        discussions=tuple(Discussion("page", long_url[:290], words, 10**7, part) for part in parts),
        leads=tuple(Lead("page", f"{long_url[: 40 * n]}", words, 10**9) for n in range(1, 40)),
    )
    held = [
        position(
            n,
            [c.id for c in part],
            words,
            [Quote(c.id, 0, len(c.text), words) for c in part[:9]],
            words,
        )
        for n, part in enumerate((parts[n % places] for n in range(positions)), 1)
        if part
    ]
    changes = Changes(
        since=READ_AT,
        comments_new=10**6,
        comments_gone=10**6,
        shares=tuple(Share(p.key, None if n % 2 else 0.1, 0.9) for n, p in enumerate(held)),
        positions_gone=(words,) * 9,
        quotes_gone=10**6,
    )
    return digest_of(
        said,
        held,
        tldr=words,
        points=(words,) * 9,
        question=words,
        divide=words,
        unplaced=tuple(c.id for c in every[::2]),
        duplicates=(tuple(c.id for c in every[:3]),),
        voices=tuple(Quote(c.id, 0, len(c.text), words) for c in every[:voices]),
        changes=changes,
        made=replace(MADE, model=words),
    )


def with_links(said: Reading) -> Reading:
    (place,) = said.discussions
    comments = tuple(
        replace(c, url=f"https://town.example/lane#c{n}") for n, c in enumerate(place.comments, 1)
    )
    return replace(said, discussions=(replace(place, comments=comments),))


LANE = with_links(reading("The lane is good for us all.", "The lane is bad for shops.", "No idea."))
