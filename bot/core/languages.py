"""Codes of languages, as people type them."""

from __future__ import annotations

import re

from bot.errors import UnknownLanguage

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}|[A-Za-z]{4}|\d{3}))?")


def language_code(written: str) -> str:
    """
    Return the code in *written* ("fr", "FR", "pt_BR" → "pt-br"), "" for none; raises `UnknownLanguage`.

    Any code of two or three letters passes: a model knows more languages than a list of ours would.
    """
    written = written.strip()
    if not written:
        return ""
    match = _CODE.fullmatch(written)
    if match is None:
        raise UnknownLanguage(language=written[:40])
    return "-".join(part.lower() for part in match.groups() if part)
