"""
    python -m benchmarks.positions

Prints every figure beside its baseline and its bound. Captured threads are measured where they lie beside this checkout
(../shared), the thread of our own writing always.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence

from benchmarks.positions import load, policies, speed, threads, tokens
from bot.core.models import Reading
from bot.llm.tokens import TokenCounter

ANSWER = 4.0  # seconds of one answer; real models take longer, and come nearer to the ideal

Row = tuple[str, ...]


async def main() -> None:
    """Measure and print."""
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(threads.SHARED / "tiktoken"))
    counter = await tokens.counter()
    print(f"Tokenizer: {'exact' if counter.exact else 'words and signs'}.\n")
    found = list(_found())
    await _tokens_and_reading(found, counter)
    await _waiting(counter)
    await _load(found)


async def _tokens_and_reading(found: list[tuple[str, Reading]], counter: TokenCounter) -> None:
    sent, read = [], []
    for name, reading in found:
        figures = await tokens.measure(reading, counter)
        first, refresh, translation = figures.first, figures.refresh, figures.translation
        sent.append(
            (
                name,
                str(first.requests),
                f"{first.text:,}",
                f"{first.ratio:.3f}",
                f"{first.ratio_with_schemas:.3f}",
                f"{refresh.ratio:.3f}",
                f"{translation.ratio:.3f}",
            )
        )
        read.append(
            (
                name,
                f"{figures.read:.0%}",
                f"{policies.first_tokens(reading):.0%}",
                f"{policies.first_top_last(reading):.0%}",
            )
        )
    _table(
        "Input tokens ÷ tokens of article and comments (at 1,000 comments ≤ 1.20); refresh with 1 % new and second "
        "language ÷ the first digest (≤ 0.07, ≤ 0.10)",
        ("thread", "requests", "text", "messages", "+ schemas", "refresh", "language"),
        sent,
    )
    _table(
        "Comments read (all), and what others' policies read of the same thread",
        ("thread", "ours", "first 25k tokens", "5 first + 50 top + 5 last"),
        read,
    )


async def _waiting(counter: TokenCounter) -> None:
    one = await speed.measure([threads.handmade(1_000)], ANSWER, counter)
    sizes = [60] * 30 + [250] * 14 + [600] * 6
    many = [threads.handmade(size, seed=n) for n, size in enumerate(sizes, 2)]
    fifty = await speed.measure(many, ANSWER, counter)
    _table(
        f"Seconds ÷ ideal, with {tokens.CONCURRENCY} questions at once and answers that always take the same time",
        ("work", "questions", "most at once", "seconds", "ideal", "ratio", "bound", "one by one"),
        [
            _waited("1,000 comments: 3 answers", one, 3 * one.answer, "1.10"),
            _waited("50 links at once", fifty, fifty.ideal, "1.20"),
        ],
    )


def _waited(name: str, waited: speed.Waited, ideal: float, bound: str) -> Row:
    return (
        name,
        str(waited.questions),
        str(waited.busiest),
        f"{waited.seconds:.1f}",
        f"{ideal:.1f}",
        f"{waited.seconds / ideal:.2f}",
        bound,
        f"{waited.one_by_one / ideal:.2f}",
    )


async def _load(found: list[tuple[str, Reading]]) -> None:
    rows = [
        (
            name,
            f"{cost.megabytes:.0f}",
            f"{cost.cpu_seconds:.1f}",
            f"{1000 * cost.stall_cpu_seconds:.0f}",
            f"{1000 * cost.stall_seconds:.0f}",
            f"{1000 * cost.control_seconds:.0f}",
        )
        for name, reading in found
        if len(reading.readable) >= 10_000
        for cost in [await load.measure(reading)]
    ]
    _table(
        "10,000 comments through the whole flow, from a kept reading. The loop's longest stretch is its own work; its "
        "longest silence is by the clock, beside that of a loop with nothing but a counting thread",
        ("thread", "MB (≤ 150)", "CPU s (≤ 5)", "stretch ms (< 100)", "silence ms", "control ms"),
        rows,
    )


def _found() -> Iterator[tuple[str, Reading]]:
    makers: dict[str, Callable[[], Reading]] = {
        "own writing, 1,000": lambda: threads.handmade(1_000),
        "own writing, 10,000": lambda: threads.handmade(10_000),
        "the seed, 10": threads.seed,
        "Reddit, 466 (short)": threads.reddit,
        "Hacker News, 564": threads.hackernews,
        "Hacker News, 1,000 recombined": lambda: threads.recombined(threads.hackernews(), 1_000),
        "Reddit, 1,000 recombined (short)": lambda: threads.recombined(threads.reddit(), 1_000),
        "Hacker News, 10,000 recombined": lambda: threads.recombined(threads.hackernews(), 10_000),
    }
    for name, make in makers.items():
        try:
            yield name, make()
        except OSError:
            print(f"{name}: not beside this checkout, left out.")


def _table(title: str, head: Row, rows: Sequence[Row]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    print(title)
    for row in (head, tuple("-" * width for width in widths), *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join(cells))
    print()


if __name__ == "__main__":
    asyncio.run(main())
