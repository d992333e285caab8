"""Where sentences begin and end, as spans of the text: what is shown is always the original."""

from __future__ import annotations

import re

# a full stop after these does not end a sentence (English, French, German, Spanish, Italian, Portuguese, Dutch)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-ZÀ-Ý]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|cf|p|pp|no|No|nº|art|al|e\.g|i\.e|approx|ca|env|av|apr|"
    r"M|MM|Mme|Mlle|bzw|z\.B|d\.h|u\.a|usw|Nr|Hr|Fr|Sr|Sra|Dña|ej|pág|Sig|ecc|dott|pag|ex|dhr|mevr|bijv|o\.a|nl))\.$"
)
_END = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*(?:[\u00a0\u202f ]»)?(?=\s|$))|\n{2,}|\n(?=\s*[-•*])")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of *text*, without the space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        if end.group() == "." and _ABBREVIATION.search(text, max(start, end.end() - 8), end.end()):
            continue
        _add(spans, text, start, end.end())
        start = end.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
