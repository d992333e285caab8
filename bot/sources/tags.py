"""Single tags of a page that is not worth parsing for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

MOST = 2_000  # tags of a page that are looked at: real pages have some dozens
# Bounded, so that no page makes it slow: a tag that is never closed ends where the next begins.
_TAG = re.compile(r"<(link|meta|input|body)\b([^<>]{1,4000})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(?<![a-z-])([a-z-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))",
    re.IGNORECASE,
)


def tags(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the link, meta, input and body tags of *html*, in order: the name in lower case, the attributes."""
    for tag in islice(_TAG.finditer(html), MOST):
        found = (match.groups(default="") for match in _ATTRIBUTE.finditer(tag[2]))
        yield (
            tag[1].lower(),
            {name.lower(): unescape(a or b or c).strip() for name, a, b, c in found},
        )


def rels(attributes: dict[str, str]) -> list[str]:
    """Return the relations a link states, in lower case."""
    return attributes.get("rel", "").lower().split()
