"""What an answer is, by its header and by its first bytes."""

from __future__ import annotations

import pytest

from bot.errors import BrokenAnswer, EmptyPage, WrongContent
from bot.sources.contents import Answer, json_value, page_text


def answer(body: bytes, kind: str = "text/html", charset: str | None = None) -> Answer:
    return Answer(
        url="https://example.org/", status=200, content_type=kind, charset=charset, body=body
    )


@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain", "application/xhtml+xml", "", "application/octet-stream"]
)
def test_text_is_text(kind: str) -> None:
    """
    Also where its type is missing or says nothing.
    """
    assert "<p>hello" == page_text(answer(b"<p>hello", kind))


@pytest.mark.parametrize(
    ("body", "kind", "found"),
    [
        (b"%PDF-1.7 ...", "text/html", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "image/png"),
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (b"GIF89a", "text/plain", "image/gif"),
        (b"PK\x03\x04", "application/octet-stream", "application/zip"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "text/html", "image/webp"),
        (b"words", "application/pdf", "application/pdf"),
        (b"words", "application/msword", "application/msword"),
    ],
)
def test_files_are_named_for_what_they_are(body: bytes, kind: str, found: str) -> None:
    """
    The first bytes win over a header that lies.
    """
    with pytest.raises(WrongContent) as caught:
        page_text(answer(body, kind))

    assert {"content_type": found} == caught.value.facts


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\xef\xbb\xbf"])
def test_nothing_is_an_empty_page(body: bytes) -> None:
    """
    Blank is empty.
    """
    with pytest.raises(EmptyPage):
        page_text(answer(body))


@pytest.mark.parametrize("body", [b"<html>blocked</html>", b"", b"{", b"[" * 100_000])
def test_what_is_not_json_is_a_broken_answer(body: bytes) -> None:
    """
    HTML with status 200, nothing, half of it, and nesting that no parser survives.
    """
    with pytest.raises(BrokenAnswer):
        json_value(answer(body, "application/json"), "example.org")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'["\\ud83d\\ude00"]', "😀"),
        (b'["a\\ud800b"]', "ab"),
        (b'["\\uDC00\\uD83D"]', ""),
        (b'["\\\\ud800"]', "\\ud800"),
        ('["😀"]'.encode(), "😀"),
        (b'["a\tb"]', "a\tb"),
    ],
)
def test_halves_of_letters_are_no_text(body: bytes, text: str) -> None:
    """
    JSON can spell what nothing can keep or send.
    """
    assert [text] == json_value(answer(body, "application/json"), "example.org")
