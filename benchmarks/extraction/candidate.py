"""
Chorus as a candidate of the extraction harness, beside the libraries in the same run.

    cd ../shared/extractbench
    BENCH_PATH=/path/to/this/checkout python bench.py items trafilatura-lines \\
        --candidate chorus=benchmarks.extraction.candidate:extract

The harness needs its own requirements beside ours. `comments`, `items`, `traf` and `article` are its other benchmarks.
"""

from __future__ import annotations

from bot.errors import UnreadableError
from bot.sources.webpage import read_page


def extract(html: str, url: str | None) -> dict[str, object]:
    """Return title, article text and comments of a page in the harness's shape; empty where nothing can be read."""
    try:
        reading = read_page(html, url or None)
    except UnreadableError:
        return {"title": None, "text": "", "comments": []}
    article = reading.article
    return {
        "title": article.title if article else None,
        "text": article.text if article else "",
        "comments": [{"author": c.author, "text": c.text} for c in reading.readable],
    }
