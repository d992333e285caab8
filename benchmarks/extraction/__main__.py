"""
Articles and comments of real pages, beside libraries and a plain rule, in one run: `python -m benchmarks.extraction`.

The pages lie beside this checkout (../shared/extractbench) and are no part of it.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median

from benchmarks.extraction import scoring
from benchmarks.extraction.extractors import EXTRACTORS, Found
from benchmarks.extraction.gold import Gold, Page, read_gold

REFERENCE = "trafilatura"
WORDS = 20
"""So many words of comments on a page without are a false find."""

Results = dict[str, list[tuple[Found, float]]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction")
    parser.add_argument("--data", type=Path, default=Path("../shared/extractbench/data"))
    parser.add_argument("--limit", type=int, help="pages of each kind, for a quick look")
    asked = parser.parse_args()
    if not (asked.data / "dragnet.jsonl.xz").is_file():
        print(f"Nothing is measured: there are no pages in {asked.data}.")
        return
    logging.disable(logging.CRITICAL)
    gold = read_gold(asked.data, asked.limit)
    for extract in EXTRACTORS.values():
        extract(gold.articles[0].html, gold.articles[0].url)  # what is loaded once
    print(f"{'':44}" + "".join(f"{name:>23}" for name in EXTRACTORS))
    for label, figures in rows(gold):
        print(f"{label:44}" + "".join(f"{figure:>23}" for figure in figures), flush=True)


def rows(gold: Gold) -> Iterator[tuple[str, list[str]]]:
    times: Results = {name: [] for name in EXTRACTORS}
    for pages, kind in (
        (gold.commented, _commented),
        (gold.bare, _bare),
        (gold.newer, _newer),
        (gold.newer_bare, _bare_newer),
        (gold.articles, _articles),
    ):
        results = _run(pages)
        for name, some in results.items():
            times[name].extend(some)
        columns = [kind(pages, [found for found, _ in results[name]]) for name in EXTRACTORS]
        for label in columns[0]:
            yield label, [column[label] for column in columns]
    reference = [seconds for _, seconds in times[REFERENCE]]
    ratios = [
        [seconds / other for (_, seconds), other in zip(times[name], reference, strict=True)]
        for name in EXTRACTORS
    ]
    yield "time per page / trafilatura, median", [f"{median(some):.2f}" for some in ratios]
    yield (
        "milliseconds per page, median",
        [f"{median(s for _, s in times[n]) * 1e3:.1f}" for n in EXTRACTORS],
    )


def _run(pages: list[Page]) -> Results:
    """Let every extractor read every page, one after the other and each first in turn: noise is shared."""
    results: Results = {name: [] for name in EXTRACTORS}
    names = list(EXTRACTORS)
    for at, page in enumerate(pages):
        for turn in range(len(names)):
            name = names[(at + turn) % len(names)]
            begun = time.process_time()
            found = EXTRACTORS[name](page.html, page.url)
            results[name].append((found, time.process_time() - begun))
    return results


def _commented(pages: list[Page], found: list[Found]) -> dict[str, str]:
    texts = [
        scoring.f1(scoring.bags(scoring.told(page.comments), scoring.told(one.said)))
        for page, one in zip(pages, found, strict=True)
    ]
    parts, counts, authors = [], [], []
    for page, one in zip(pages, found, strict=True):
        if not page.items:
            continue
        said = [f"{author} {text}" for author, text in one.comments]
        same = scoring.matched([text for _, text in page.items], said)
        wanted = sum(bool(scoring.told(text)) for _, text in page.items)
        given = sum(bool(scoring.told(text)) for text in said)
        parts.append(scoring.f1((len(same), given - len(same), wanted - len(same))))
        counts.append(wanted == given)
        authors += [
            scoring.same_name(page.items[i][0], one.comments[j][0])
            for i, j in same.items()
            if page.items[i][0]
        ]
    return {
        f"comment text, F1, {len(texts)} pages": f"{mean(texts):.3f}",
        f"comments one by one, F1, {len(parts)} pages": f"{mean(parts):.3f}",
        "as many comments as there are, share of pages": f"{mean(counts):.3f}",
        "authors right": f"{mean(authors):.3f}" if authors else "-",
    }


def _false(found: list[Found]) -> str:
    return f"{mean(len(scoring.words(one.said)) >= WORDS for one in found):.3f}"


def _bare(pages: list[Page], found: list[Found]) -> dict[str, str]:
    return {f"comments found where none are, {len(pages)} pages": _false(found)}


def _newer(pages: list[Page], found: list[Found]) -> dict[str, str]:
    hits, leaks = [], []
    for page, one in zip(pages, found, strict=True):
        said, article = scoring.squashed(one.said), scoring.squashed(one.article)
        hits += [scoring.squashed(snippet) in said for snippet in page.snippets]
        leaks += [scoring.squashed(snippet) in article for snippet in page.snippets]
    return {
        f"newer pages: comment snippets found, of {len(hits)}": f"{mean(hits):.3f}",
        "newer pages: comment snippets in the article": f"{mean(leaks):.3f}",
    }


def _bare_newer(pages: list[Page], found: list[Found]) -> dict[str, str]:
    return {f"newer pages: found where none are, {len(pages)}": _false(found)}


def _articles(pages: list[Page], found: list[Found]) -> dict[str, str]:
    counts = [
        scoring.article(page.article, one.article) for page, one in zip(pages, found, strict=True)
    ]
    return {f"article, F1, {len(pages)} pages": f"{scoring.article_f1(counts):.3f}"}


if __name__ == "__main__":
    main()
