"""
How much of what people found in a discussion the voices cover, beside plain choices.

Coverage: the share of gold positions that a shown comment holds (c), the same weighted by how many hold them (w).
Draws of 20 and 40 comments stand for smaller discussions.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from bot.core.models import Cid, Comment
from bot.core.sampling import sample
from bot.extractive.digester import MOST_COMPARED
from bot.extractive.voices import voices

Choice = Callable[[Sequence[Comment], int], list[Cid]]

DRAWS = 40
CROWD = 2_000
WORD = re.compile(r"\S+\s*")
DICE = random.Random(1)


@dataclass(frozen=True)
class Gold:
    """Comments with the positions people found in them, each as the ids of those who hold it."""

    comments: tuple[Comment, ...]
    positions: tuple[frozenset[Cid], ...]
    sides: tuple[str, ...]

    def coverage(self, chosen: Sequence[Cid]) -> tuple[float, float]:
        here = {comment.id for comment in self.comments}
        held = [len(held & here) for held in self.positions]
        shown = [bool(held & set(chosen)) for held in self.positions]
        weighted = sum(n for n, is_shown in zip(held, shown, strict=True) if is_shown) / sum(held)
        return sum(shown) / sum(map(bool, held)), weighted


def read_gold(path: Path) -> Gold:
    found = json.loads(path.read_text("utf-8"))
    read = json.loads(path.with_name(path.name.replace(".gold", "")).read_text("utf-8"))
    return Gold(
        tuple(Comment(_id(c["n"]), None, c["author"], c["text"]) for c in read["comments"]),
        tuple(frozenset(map(_id, one["core"])) for one in found["positions"]),
        tuple(one["stance_to_deal"] for one in found["positions"]),
    )


def engine(comments: Sequence[Comment], most: int) -> list[Cid]:
    place_of = dict.fromkeys((comment.id for comment in comments), 0)
    return [cid for cid, _ in voices(comments, "en", most, place_of, {})]


def at_random(comments: Sequence[Comment], most: int) -> list[Cid]:
    return [comment.id for comment in DICE.sample(comments, most)]


def longest(comments: Sequence[Comment], most: int) -> list[Cid]:
    return [c.id for c in sorted(comments, key=lambda c: -len(c.text))[:most]]


def first(comments: Sequence[Comment], most: int) -> list[Cid]:
    return [comment.id for comment in comments[:most]]


CHOICES: dict[str, Choice] = {
    "random": at_random,
    "longest": longest,
    "first": first,
    "chorus": engine,
}


def print_coverage(gold: Sequence[Gold]) -> None:
    print(f"Coverage of {sum(len(one.positions) for one in gold)} gold positions, c and w")
    print(f"{'':10}" + "".join(f"{f'{most} of {n}':>15}" for most in (5, 10) for n in (20, 40, 60)))
    base = 0.0
    for name, choose in CHOICES.items():
        cells = [
            scores([one.coverage(choose(one.comments, most)) for one in drawn(gold, size)])
            for most in (5, 10)
            for size in (20, 40, 60)
        ]
        overall = mean(weighted for _, weighted in cells)
        base = base or overall
        line = "".join(f"{c:9.3f} {w:.3f}" for c, w in cells)
        print(f"{name:10}{line}   w ×{overall / base:.2f}")


def drawn(gold: Sequence[Gold], size: int) -> Iterator[Gold]:
    """Yield gold with *size* of its comments, every draw another."""
    for one in gold:
        for draw in range(DRAWS):
            chosen = sorted(random.Random(draw).sample(range(len(one.comments)), size))
            yield replace(one, comments=tuple(one.comments[at] for at in chosen))


def scores(found: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return mean(c for c, _ in found), mean(w for _, w in found)


def print_sampling(gold: Sequence[Gold]) -> None:
    print(f"\n6 voices of {CROWD} comments, votes for one side: w, w of the side voted down")
    samples: dict[str, Callable[[Sequence[Comment]], Sequence[Comment]]] = {
        "all": lambda crowd: crowd,
        "most voted": lambda crowd: sorted(crowd, key=lambda c: -(c.score or 0))[:MOST_COMPARED],
        "stratified": lambda crowd: sample(crowd, MOST_COMPARED, lambda _: 1),
    }
    for name, taken in samples.items():
        found = []
        for one in gold:
            for side in sorted(set(one.sides)):
                crowd = grown_gold(one, side)
                chosen = engine(taken(crowd.comments), 6)
                low = [at for at, its in enumerate(one.sides) if its != side]
                down = replace(crowd, positions=tuple(crowd.positions[at] for at in low))
                found.append((crowd.coverage(chosen)[1], down.coverage(chosen)[1]))
        print("{:10}{:9.3f} {:.3f}".format(name, *scores(found)))


def grown_gold(gold: Gold, side: str) -> Gold:
    """Return a crowd that says the same with words left out; comments that hold a view of *side* are voted up."""
    draw = random.Random(side)
    held = zip(gold.positions, gold.sides, strict=True)
    liked = {cid for ids, its in held if its == side for cid in ids}
    came: dict[Cid, list[Cid]] = {}
    crowd = []
    for number in range(CROWD):
        one = draw.choice(gold.comments)
        made = shortened(one, number, draw)
        score = int(draw.paretovariate(0.8)) if one.id in liked else -1
        parent = _id(draw.randrange(number)) if number and draw.random() < 0.6 else None
        crowd.append(replace(made, id=_id(number), parent=parent, score=score))
        came.setdefault(one.id, []).append(_id(number))
    positions = (frozenset(x for cid in ids for x in came.get(cid, [])) for ids in gold.positions)
    return replace(gold, comments=tuple(crowd), positions=tuple(positions))


def shortened(comment: Comment, number: int, draw: random.Random) -> Comment:
    """Return *comment* by another writer, about a third of its words left out: no copy, and about the same."""
    words = [word for word in WORD.findall(comment.text) if draw.random() > 0.35]
    return replace(comment, author=f"reader{number}", text="".join(words) or comment.text)


def _id(number: int) -> Cid:
    return Cid(f"page:{number}")
