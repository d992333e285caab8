"""Pages with what people found in them, as the harness beside this checkout keeps them."""

from __future__ import annotations

import json
import lzma
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.extraction.scoring import words

FEWEST_WORDS = 5
"""Of a page's comments: with fewer there are none to find."""
WITHOUT = 200
"""Old pages without comments, drawn once."""


@dataclass(frozen=True)
class Page:
    """A page; what is not known of it is empty."""

    html: str
    url: str
    article: str = ""
    comments: str = ""
    items: tuple[tuple[str, str], ...] = ()  # author ("" where the markup names none) and words
    snippets: tuple[str, ...] = ()  # of comments


@dataclass(frozen=True)
class Gold:
    articles: list[Page]
    commented: list[Page]
    bare: list[Page]  # without comments
    newer: list[Page]
    newer_bare: list[Page]


def read_gold(folder: Path, most: int | None = None) -> Gold:
    """Return the pages in *folder*, at most *most* of each kind."""
    items = _read(folder / "dragnet_items.json.xz")[0]
    old = _read(folder / "dragnet.jsonl.xz")
    bare = [_page(one) for one in old if not one["comments"]]
    random.Random(1).shuffle(bare)
    return Gold(
        articles=[_page(one) for one in _read(folder / "aeb.jsonl.xz")][:most],
        commented=[
            _page(one, items.get(one["id"], ()))
            for one in old
            if len(words(one["comments"])) >= FEWEST_WORDS
        ][:most],
        bare=bare[: min(most or WITHOUT, WITHOUT)],
        newer=[_page(one) for one in _read(folder / "traf.jsonl.xz")][:most],
        newer_bare=[_page(one) for one in _read(folder / "traf_nocomments.jsonl.xz")][:most],
    )


def _read(path: Path) -> list[Any]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _page(one: dict[str, Any], items: tuple[dict[str, Any], ...] = ()) -> Page:
    comments = one.get("comments") or ""
    snippets = comments if isinstance(comments, list) else []
    return Page(
        html=one["html"],
        url=one["url"],
        article=one.get("article") or "",
        comments=comments if isinstance(comments, str) else "",
        items=tuple((item["author"] or "", item["text"]) for item in items),
        snippets=tuple(snippet for snippet in snippets if snippet and snippet.strip()),
    )
