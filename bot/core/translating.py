"""A second language: the verified digest is translated; ids and spans stay, every reader sees the same positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.models import Cid, Cited, Claim, Digested, Draft
from bot.core.shapes import Line
from bot.core.sheets import flat
from bot.core.tally import quoted

MOST_QUOTES = 2  # of a position that are translated: as many as a card shows


def _texts(digested: Digested) -> Iterator[Line]:
    """Return every text of a digest under a name of its own, quotes included."""
    digest = digested.digest
    yield Line("tldr", digest.tldr)
    yield from (Line(f"point.{n}", point) for n, point in enumerate(digest.points))
    yield Line("question", digest.question or "")
    yield Line("divide", digest.divide or "")
    for at, position in enumerate(digest.positions):
        yield Line(f"{at}.label", position.label)
        yield Line(f"{at}.summary", position.summary)
        for n, quote in enumerate(position.quotes[:MOST_QUOTES]):
            yield Line(f"{at}.quote.{n}", quoted(quote, digested.reading))


def listed(digested: Digested) -> str:
    """Return the texts of a digest as lines for a model."""
    return "\n".join(f"[{line.name}] {flat(line.text)}" for line in _texts(digested) if line.text)


def translated(digested: Digested, reply: Iterable[Line]) -> Draft:
    """Return *digested* in the words of *reply*; what that leaves out stays in the words it has."""
    digest, reading = digested.digest, digested.reading
    said = {line.name.strip("[] "): line.text for line in reply if line.text.strip()}

    def word(name: str, otherwise: str) -> str:
        return said.get(name, otherwise) if otherwise else ""

    claims = [
        Claim(
            label=word(f"{at}.label", position.label),
            summary=word(f"{at}.summary", position.summary),
            stance=position.stance.value,
            comments=tuple(map(_ref, position.comments)),
            quotes=tuple(
                Cited(_ref(quote.comment), quoted(quote, reading), _beside(said, f"{at}.quote.{n}"))
                for n, quote in enumerate(position.quotes)
            ),
            key=position.key,
        )
        for at, position in enumerate(digest.positions)
    ]
    return Draft(
        tldr=word("tldr", digest.tldr),
        points=tuple(word(f"point.{n}", point) for n, point in enumerate(digest.points)),
        question=word("question", digest.question or "") or None,
        claims=tuple(claims),
        divide=word("divide", digest.divide or "") or None,
        ids={_ref(comment.id): comment.id for comment in reading.readable},
        copies=digest.duplicates,
        basis=digest.key,
        grown=digest.grown,
    )


def _ref(cid: Cid) -> str:
    return f"={cid}"


def _beside(said: dict[str, str], name: str) -> str | None:
    """Return the translation that stands beside a quote: none where it is in the language already."""
    text = said.get(name)
    return None if text is None or text.strip() == "=" else text
