"""
What a digest may claim (design §4): a draft goes in, a digest that can be proven goes out.

Quotes must be in the comment they cite, ids must exist, every readable comment is in a position or in `unplaced`,
numbers and links must come from what was read. What fails is dropped and counted; nothing is repaired by guessing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from bot.core.duplicates import duplicates
from bot.core.folding import Folded, fold
from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    Brief,
    Cid,
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

FEWEST = 3  # with fewer comments there are no positions: the comments themselves are shown
MOST_WORDS = 40  # of a quote; a longer one is cut at a word

_EDGE = " \t\n\"'.…[]()"
_WORD = re.compile(r"\S+")
_STOPS = re.compile(r"[.!?…]*")
_CLOSING = re.compile(r"(?:[\s\u00a0\u202f]?[.!?…]*[\s\u00a0\u202f]?»)?[.!?…]*")


def ground(
    draft: Draft,
    reading: Reading,
    brief: Brief,
    *,
    key: str,
    made: Made,
    basis: str | None = None,
    gaps: Iterable[Gap] = (),
) -> Digest:
    """Return the digest that *draft* can prove; *gaps* are put before those found here."""
    return _Grounding(draft, reading).digest(brief, key, made, basis, tuple(gaps))


class _Grounding:
    """One draft held against one reading; `drops` counts what did not hold."""

    def __init__(self, draft: Draft, reading: Reading) -> None:
        self.draft = draft
        self.reading = reading
        self.readable = {comment.id: comment for comment in reading.readable}
        self.proof = Proofreader(reading)
        self.drops: Counter[GapCode] = Counter()
        self._folded: dict[Cid, Folded] = {}

    def digest(
        self, brief: Brief, key: str, made: Made, basis: str | None, gaps: tuple[Gap, ...]
    ) -> Digest:
        few = len(self.readable) < FEWEST
        question = self.proof.clean(self.draft.question or "", most=300) or None
        positions = () if few else self.positions(question)
        placed = {cid for position in positions for cid in position.comments}
        claims_positions = not few and made.engine is Engine.LLM
        voices = self.everyone() if few else self.voices()
        tldr = self.proof.clean(self.draft.tldr, most=1200)
        points = tuple(filter(None, (self.proof.clean(p, most=500) for p in self.draft.points)))
        divide = self.proof.clean(self.draft.divide or "", most=600) or None
        if few and self.readable:
            gaps = (*gaps, Gap(GapCode.FEW_COMMENTS, count=len(self.readable)))
        if self.draft.sampled is not None:
            self.drops[GapCode.SAMPLED] = len(self.readable) - self.draft.sampled
        self.drops[GapCode.NUMBERS_DROPPED] += self.proof.numbers_dropped
        self.drops[GapCode.LINKS_DROPPED] += self.proof.links_dropped
        return Digest(
            key=key,
            reading=self.reading.hash,
            basis=basis,
            brief=brief,
            tldr=tldr,
            points=points,
            question=question if positions else None,
            positions=positions,
            divide=divide if len(positions) > 1 else None,
            unplaced=tuple(c for c in self.readable if c not in placed) if claims_positions else (),
            duplicates=duplicates(self.reading.readable),
            voices=() if positions else voices,
            gaps=(*gaps, *(Gap(code, count=n) for code, n in sorted(self.drops.items()) if n)),
            made=made,
        )

    def positions(self, question: str | None) -> tuple[Position, ...]:
        """Return the claims that hold, most comments first, claims of one label as one position."""
        merged: dict[str, Position] = {}
        for claim in self.draft.claims:
            position = self.position(claim, question)
            if position is None:
                continue
            same = fold(position.label.casefold()).text
            merged[same] = _join(merged[same], position) if same in merged else position
        return tuple(sorted(merged.values(), key=lambda p: -len(p.comments)))

    def position(self, claim: Claim, question: str | None) -> Position | None:
        ids = self.existing(claim.comments)
        if not ids:
            return None
        found = (self.quote(self.draft.ids.get(ref), words, ids) for ref, words in claim.quotes)
        quotes = tuple(dict.fromkeys(quote for quote in found if quote)) or (self.opening(ids[0]),)
        label = self.proof.clean(claim.label, most=200)
        if (
            not label
        ):  # nothing sayable is left of the model's label: the reader's own words name the view
            label = self.readable[quotes[0].comment].text[quotes[0].start : quotes[0].end]
        stance = _stance(claim.stance) if question else Stance.OTHER
        return Position(
            key=hashlib.sha256(f"{ids[0]}\n{label}".encode()).hexdigest()[:8],
            label=label,
            summary=self.proof.clean(claim.summary, most=600),
            stance=stance,
            comments=ids,
            stances=(stance,) * len(ids),
            quotes=quotes,
        )

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

    def quote(self, cid: Cid | None, words: str, among: Iterable[Cid]) -> Quote | None:
        """Return the span of *words* in the comment *cid*; one that is not there is dropped and counted."""
        span = self.find(cid, words) if cid in self.readable and cid in among else None
        if cid is None or span is None:
            self.drops[GapCode.QUOTES_DROPPED] += 1
            return None
        return Quote(cid, *self.cut(cid, *span))

    def find(self, cid: Cid, words: str) -> tuple[int, int] | None:
        if cid not in self._folded:
            self._folded[cid] = fold(self.readable[cid].text)
        folded = self._folded[cid]
        wanted = fold(words).text.strip(_EDGE)
        whole = folded.text.strip(_EDGE)
        # one word alone can be made to say anything; only a comment of one word may be quoted so
        if " " not in wanted and len(wanted) < 12 and wanted != whole:
            return None
        return folded.find(wanted)

    def cut(self, cid: Cid, start: int, end: int) -> tuple[int, int]:
        """Return the span, at most `MOST_WORDS` long, with the full stop or quotation mark that closes it."""
        text = self.readable[cid].text
        words = list(_WORD.finditer(text, start, end))
        if len(words) > MOST_WORDS:
            return start, words[MOST_WORDS - 1].end()
        opened = text.count("«", start, end) > text.count("»", start, end)
        closing = _CLOSING if opened else _STOPS
        return start, closing.match(text, end).end()  # type: ignore[union-attr] # both match nothing too

    def opening(self, cid: Cid) -> Quote:
        """Return the first words of a comment: what stands in where no quote of the model held."""
        text = self.readable[cid].text
        start = len(text) - len(text.lstrip())
        stop = re.search(r"[.!?…](?=\s|$)|\n\n", text[start:])
        end = start + stop.end() if stop else len(text.rstrip())
        return Quote(cid, *self.cut(cid, start, len(text[:end].rstrip())))

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
