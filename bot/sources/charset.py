"""Bytes of a page → text, whatever the page says its charset is."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})", re.IGNORECASE)
_LOOKED_AT = 4_096  # browsers look at 1,024; some pages put their charset later
# what the web means by these names (encoding.spec.whatwg.org/#names-and-labels)
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}


def decode(body: bytes, declared: str | None = None) -> str:
    """
    Return the text of *body*.

    By its byte order mark, else by what *declared* (of the HTTP header) says, else by its own `<meta>`, else UTF-8;
    where the bytes are not valid in that, UTF-8, then windows-1252, which accepts anything.
    """
    for mark, wide in _BOMS:
        if body.startswith(mark):
            return body.decode(wide, "replace").removeprefix("\ufeff")
    for name in (_codec(declared), _codec(_own(body)), "utf-8"):
        if name:
            try:
                return body.decode(name)
            except UnicodeDecodeError as error:
                whole = body[: error.start]
                if error.reason == "unexpected end of data" and not whole.isascii():
                    return whole.decode(name)  # cut inside its last letter
    return body.decode("cp1252", "replace")


def _own(body: bytes) -> str | None:
    head = body[:_LOOKED_AT]
    found = _XML.search(head) or _META.search(head)
    return found[1].decode("ascii") if found else None


def _codec(name: str | None) -> str | None:
    """Return Python's name for a charset of text, None if there is none."""
    try:
        found = codecs.lookup((name or "").strip(" \"'"))
    except (LookupError, ValueError):  # unknown; a NUL in it
        return None
    if not getattr(found, "_is_text_encoding", True):  # "base64", "zlib": codecs, not charsets
        return None
    if found.name in {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7"}:
        return None
    return _MEANT.get(found.name, found.name)
