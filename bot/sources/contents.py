"""What an answer is: a page, JSON, or something nobody can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.errors import BrokenAnswer, EmptyPage, WrongContent
from bot.sources.charset import decode
from bot.sources.values import json_of

# what the first bytes say, where the header lies or says nothing
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
)
_MEDIA = ("image/", "audio/", "video/", "font/", "model/")
_TEXTS = ("text/", "application/xhtml", "application/xml", "application/json", "multipart/")


@dataclass(frozen=True)
class Answer:
    """What a site answered. `url` is where the redirects ended; header names are in lower case."""

    url: str
    status: int
    content_type: str  # "text/html", without parameters; "" where unsaid
    charset: str | None
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    from_cache: bool = False


def refuse_media(content_type: str) -> None:
    """Raise `WrongContent` for what cannot be text, so that its body need not be read."""
    if content_type.startswith(_MEDIA) or content_type in {"application/pdf", "application/zip"}:
        raise WrongContent(content_type=content_type)


def signature(body: bytes) -> str | None:
    """Return the type of a file that is no text, by its first bytes; None if it may be text."""
    found = next((kind for mark, kind in _SIGNATURES if body.startswith(mark)), None)
    if found is None and body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    return found


def page_text(answer: Answer) -> str:
    """Return the text of a page; raises `WrongContent` or `EmptyPage`."""
    refuse_media(answer.content_type)
    kind = signature(answer.body)
    if kind is None and answer.content_type not in {"", "application/octet-stream"}:
        kind = None if answer.content_type.startswith(_TEXTS) else answer.content_type
    if kind is not None:
        raise WrongContent(content_type=kind)
    text = decode(answer.body, answer.charset)
    if not text.strip():
        raise EmptyPage
    return text


def json_value(answer: Answer, host: str) -> Any:
    """Return the value of a JSON answer; raises `BrokenAnswer`, also for the HTML sites send with status 200."""
    try:
        return json_of(decode(answer.body, "utf-8"))
    except ValueError as error:
        raise BrokenAnswer(host=host) from error
