"""What a digest without a model costs: seconds of CPU and (on Linux) memory, on real threads grown to a size."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.extractive.coverage import shortened
from bot.core.models import Brief, Cid, Discussion, Reading
from bot.extractive.digester import ExtractiveDigester
from bot.sources.platforms.hackernews_story import of_algolia
from bot.sources.platforms.reddit_thread import Thread, post_of, split

SIZES = (100, 1_000, 10_000)


def print_costs(fixtures: Path) -> None:
    print("\nA digest of n comments ÷ counting their words: seconds of CPU; peak memory in MB")
    spawn = multiprocessing.get_context("spawn")
    for size in SIZES:
        # a process of its own each: the peak of the one before would stand for ever
        with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
            plain = pool.submit(cost, fixtures, size, digest=False).result()
            ours = pool.submit(cost, fixtures, size, digest=True).result()
        print(
            f"{size:>10,}{ours[0]:9.2f} s (×{ours[0] / plain[0]:.0f})"
            f"{ours[1]:9.0f} MB (×{ours[1] / plain[1]:.2f})"
        )


def cost(fixtures: Path, size: int, *, digest: bool) -> tuple[float, float]:
    """Return seconds of CPU and the peak of memory in MB, for a digest or for counting the words."""
    reading = grown(fixtures, size)
    started = process_time()
    if digest:
        asyncio.run(ExtractiveDigester().draft(reading, Brief("en"), lambda _: None))
    else:
        Counter(word for c in reading.readable for word in re.findall(r"\w+", c.text.lower()))
    seconds = process_time() - started
    # not getrusage: a child inherits its parent's peak there
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    return seconds, int(peak[1]) / 1024 if peak else float("nan")


def grown(fixtures: Path, size: int) -> Reading:
    """Return a reading of *size* comments: two threads as they are, then again and again with words left out."""
    story = of_algolia(_load(fixtures / "hackernews/DERIVED_items_from_html_pkl.json"))
    found = split(_load(fixtures / "reddit/comments_3hahrw.json"))
    thread = Thread(post_of(found[0]), found[1]).comments if found else ()
    real = [comment for comment in (*story.comments, *thread) if comment.readable]
    draw = random.Random(size)
    comments = []
    for number in range(size):
        comment, turn = real[number % len(real)], number // len(real)
        made = shortened(comment, number, draw) if turn else comment
        parent = Cid(f"{comment.parent}/{turn}") if comment.parent else None
        comments.append(replace(made, id=Cid(f"{comment.id}/{turn}"), parent=parent))
    place = Discussion("hackernews", None, story.title, None, tuple(comments))
    return Reading("benchmark", None, (place,), datetime.now(UTC), "")


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
