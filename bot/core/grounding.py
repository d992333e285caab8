"""
What a digest may claim (design §4): a draft goes in, a digest that can be proven goes out.

Quotes must be in the comment they cite, ids must exist, every readable comment is in a position or in `unplaced`,
numbers and links must come from what was read. What fails is dropped and counted; nothing is repaired by guessing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable

from bot.core.duplicates import duplicates
from bot.core.folding import fold
from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    Brief,
    Cid,
    Cited,
    Claim,
    Digest,
    Draft,
    Engine,
    Made,
    Position,
    Quote,
    Reading,
    Stance,
)
from bot.core.prose import Proofreader
from bot.core.quoting import Quoting

FEWEST = 3  # with fewer comments there are no positions: the comments themselves are shown


def ground(
    draft: Draft,
    reading: Reading,
    brief: Brief,
    *,
    key: str,
    made: Made,
    gaps: Iterable[Gap] = (),
) -> Digest:
    """Return the digest that *draft* can prove; *gaps* are put before those found here."""
    return _Grounding(draft, reading).digest(brief, key, made, tuple(gaps))


class _Grounding:
    """One draft held against one reading; `drops` counts what did not hold."""

    def __init__(self, draft: Draft, reading: Reading) -> None:
        self.draft = draft
        self.reading = reading
        self.readable = {comment.id: comment for comment in reading.readable}
        self.proof = Proofreader(reading)
        self.drops: Counter[GapCode] = Counter()
        self.quoting = Quoting(self.readable)
        self.looked_at = set(self.readable if draft.looked_at is None else draft.looked_at)

    def digest(self, brief: Brief, key: str, made: Made, gaps: tuple[Gap, ...]) -> Digest:
        few = len(self.readable) < FEWEST
        question = self.proof.clean(self.draft.question or "", most=300) or None
        positions = () if few else self.positions(question)
        placed = {cid for position in positions for cid in position.comments}
        missed = self.looked_at - placed
        claims_positions = not few and made.engine is Engine.LLM
        voices = self.everyone() if few else self.voices()
        tldr = self.proof.clean(self.draft.tldr, most=1200)
        points = tuple(filter(None, (self.proof.clean(p, most=500) for p in self.draft.points)))
        divide = self.proof.clean(self.draft.divide or "", most=600) or None
        if few and self.readable:
            gaps = (*gaps, Gap(GapCode.FEW_COMMENTS, count=len(self.readable)))
        self.drops[GapCode.SAMPLED] = sum(cid not in self.looked_at for cid in self.readable)
        self.drops[GapCode.COMMENTS_CUT] = self.draft.cut
        self.drops[GapCode.NUMBERS_DROPPED] += self.proof.numbers_dropped
        self.drops[GapCode.LINKS_DROPPED] += self.proof.links_dropped
        self.drops[GapCode.QUOTES_DROPPED] += self.proof.quotes_dropped + self.draft.dropped
        return Digest(
            key=key,
            reading=self.reading.hash,
            basis=self.draft.basis,
            brief=brief,
            tldr=tldr,
            points=points,
            question=question if positions else None,
            positions=positions,
            divide=divide if len(positions) > 1 else None,
            unplaced=tuple(c for c in self.readable if c in missed) if claims_positions else (),
            duplicates=self.draft.copies
            if self.draft.copies is not None
            else duplicates(self.reading.readable),
            voices=() if positions else voices,
            gaps=(
                *gaps,
                *self.draft.gaps,
                *(Gap(code, count=n) for code, n in sorted(self.drops.items()) if n),
            ),
            made=made,
            grown=self.draft.grown,
        )

    def positions(self, question: str | None) -> tuple[Position, ...]:
        """Return the claims that hold, most comments first, claims of one label as one position."""
        merged: dict[tuple[int, str], Position] = {}
        for claim in self.draft.claims:
            ids = self.existing(claim.comments)
            quotes = self.quotes(claim.quotes, ids)
            for place in dict.fromkeys(self.reading.place_of[cid] for cid in ids):
                # discussions are digested apart: a view held in two of them is a position in each
                here = tuple(cid for cid in ids if self.reading.place_of[cid] == place)
                position = self.position(claim, here, quotes, question)
                same = (place, fold(position.label.casefold()).text)
                merged[same] = _join(merged[same], position) if same in merged else position
        return tuple(sorted(merged.values(), key=lambda p: -len(p.comments)))

    def position(
        self,
        claim: Claim,
        ids: tuple[Cid, ...],
        quotes: tuple[Quote, ...],
        question: str | None,
    ) -> Position:
        quotes = tuple(quote for quote in quotes if quote.comment in ids)
        if not quotes:
            quotes = (Quote(ids[0], *self.quoting.opening(ids[0])),)
        label = self.proof.clean(claim.label, most=200)
        if not label:
            # nothing sayable is left of the model's label: the reader's own words name the view
            words = self.readable[quotes[0].comment].text[quotes[0].start : quotes[0].end]
            label = self.proof.clean(words, most=200) or "…"
        stance = _stance(claim.stance) if question else Stance.OTHER
        return Position(
            key=claim.key or hashlib.sha256(f"{ids[0]}\n{label}".encode()).hexdigest()[:8],
            label=label,
            summary=self.proof.clean(claim.summary, most=600),
            stance=stance,
            comments=ids,
            stances=(stance,) * len(ids),
            quotes=quotes,
        )

    def quotes(self, said: Iterable[Cited], among: Collection[Cid]) -> tuple[Quote, ...]:
        found = (
            self.quote(self.draft.ids.get(cited.comment), cited.words, among, cited.translation)
            for cited in said
        )
        return tuple(dict.fromkeys(quote for quote in found if quote))

    def existing(self, refs: Iterable[str]) -> tuple[Cid, ...]:
        """Return the comments behind *refs*, each once; unknown ones are dropped and counted."""
        found: dict[Cid, None] = {}
        for ref in refs:
            cid = self.draft.ids.get(ref)
            if cid in self.readable:
                found[cid] = None
            else:
                self.drops[GapCode.IDS_DROPPED] += 1
        return tuple(found)

    def quote(
        self,
        cid: Cid | None,
        words: str,
        among: Collection[Cid],
        translation: str | None = None,
    ) -> Quote | None:
        """Return the span of *words* in the comment *cid*; one that is not there is dropped and counted."""
        span = self.quoting.span(cid, words) if cid in self.readable and cid in among else None
        if cid is None or span is None:
            self.drops[GapCode.QUOTES_DROPPED] += 1
            return None
        beside = self.readable[cid].text
        return Quote(
            cid, *span, self.proof.clean(translation or "", most=400, beside=beside) or None
        )

    def voices(self) -> tuple[Quote, ...]:
        found = (self.quote(cid, words, (cid,)) for cid, words in self.draft.voices)
        return tuple(dict.fromkeys(quote for quote in found if quote))

    def everyone(self) -> tuple[Quote, ...]:
        """Return every comment in full."""
        return tuple(Quote(c.id, 0, len(c.text)) for c in self.readable.values())


def _stance(word: str) -> Stance:
    return Stance(word) if word in set(Stance) else Stance.OTHER


def _join(first: Position, second: Position) -> Position:
    """Return two claims of one label as one position; a comment counted twice is counted once."""
    stances = dict(zip(second.comments, second.stances, strict=True))
    stances |= dict(zip(first.comments, first.stances, strict=True))
    comments = tuple(dict.fromkeys((*first.comments, *second.comments)))
    return Position(
        key=first.key,
        label=first.label,
        summary=first.summary or second.summary,
        stance=first.stance if first.stance is second.stance else Stance.MIXED,
        comments=comments,
        stances=tuple(stances[cid] for cid in comments),
        quotes=tuple(dict.fromkeys((*first.quotes, *second.quotes))),
    )
