"""
Markdown of comment APIs → plain text: a blank line between paragraphs, code as it stands, links by their words.

What Reddit, Lemmy and GitHub make of it is near CommonMark (https://spec.commonmark.org). Each pattern stops at the
next sign of its own kind, so a hostile text takes time by its length only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})[^`]*")
_INDENT = re.compile(r" {4}|\t")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_QUOTE = re.compile(r" {0,3}>(?!!)")  # ">!" opens a spoiler on Reddit: the writer's own words
_HEADING = re.compile(r"#{1,6}[ \t]+")
_FOLD = re.compile(r":::+\s*(?:spoiler\b)?\s*")  # Lemmy's: before its title, and at its end
_RULES = " \t|:=*_+-"  # lines of nothing else are rules, underlines, and the ruler of a table

# What stands for itself, whatever signs it holds: code, escaped signs, addresses.
_LITERAL = re.compile(
    r"(?<!`)(?P<run>`{1,3})(?!`)(?P<code>[^`]+)(?P=run)(?!`)"
    r"|\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|<(?P<linked>https?://[^<>\s]+)>"
    r"|(?<![\w(])(?P<bare>https?://[^\s<>()\[\]`\\*]+)"
)
_BREAK = re.compile(r"<br\s{0,4}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|blockquote|code|del|details|div|em|h[1-6]|hr|i|img|kbd|li|ol|p|picture|pre|s|source|span|strong|sub"
    r"|summary|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"!?\[([^\[\]]*)\]"
    r"\(\s{0,4}<?[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*){0,9}>?(?:\s{1,4}(?:\"[^\"]*\"|'[^']*'))?\s{0,4}\)"
)
_SPOILER = re.compile(r">!([^<>]*)!<")
_EMPHASIS = (
    re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]*)(?<=\S)\*(?![\w*])"),
    re.compile(r"(?<!\w)_(?=[^\s_])([^_]*)(?<=\S)_(?!\w)"),
    re.compile(r"(?<!\*)\*\*(?=[^\s*])([^*]*)(?<=\S)\*\*(?!\*)"),
    re.compile(r"(?<!\w)__(?=[^\s_])([^_]*)(?<=\S)__(?!\w)"),
    re.compile(r"(?<!\*)\*{3}(?=[^\s*])([^*]*)(?<=\S)\*{3}(?!\*)"),
    re.compile(r"(?<!~)~~(?=[^\s~])([^~]*)(?<=\S)~~(?!~)"),
)
_RAISED = re.compile(r"(?<!\S)\^+(?=\S)")  # small letters of Reddit
_HELD = re.compile("\0(\\d+)\0")


def plain_markdown(text: str) -> str:
    """
    Return the writer's own words of a Markdown *text*, as a reader sees them.

    Quotes of others ("> …" lines) are left out, and so is what is not shown: HTML's tags and comments. Links and
    pictures keep their words, not their addresses; code stays to the letter; entities are unescaped.
    """
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = (
        block if code else _inline(block)
        for code, block in _blocks(_without_comments(clean).split("\n"))
    )
    return "\n\n".join(block for block in blocks if block)


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join(parts) + text[at:]


def _blocks(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Yield the blocks of a text in order, each with whether it is code."""
    open_: list[str] = []
    code = False
    fence = ""  # what the open code ends with; "" where it is set off by its indent
    listing = False  # under a list, an indent is the list's
    for line in lines:
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                yield True, "\n".join(open_)
                open_, fence, code = [], "", False
            else:
                open_.append(line.rstrip())
            continue
        mark = _FENCE.fullmatch(line)
        words = None if mark else _words(line)
        indented = bool(words and _INDENT.match(line) and not listing and (code or not open_))
        if open_ and (words is None or code != indented):
            yield code, "\n".join(open_)
            open_ = []
        if mark:
            fence, code = mark[1], True
        elif words is not None:
            code = indented
            listing = not code and (bool(_ITEM.match(line)) or (listing and line[0] in " \t"))
            open_.append(_INDENT.sub("", line.rstrip(), count=1) if code else words)
    if open_:
        yield code, "\n".join(open_)


def _words(line: str) -> str | None:
    """Return what a line of text says, None where it ends a paragraph: blank, a rule, or somebody else's words."""
    if not line.strip() or _QUOTE.match(line):
        return None
    if not line.strip(_RULES) and len(line.replace(" ", "")) > 2:
        return None
    said = line.strip()
    for sign in (_HEADING, _FOLD):
        if found := sign.match(said):
            return said[found.end() :].rstrip(" #") or None
    return said


def _inline(text: str) -> str:
    """Return a paragraph without its signs."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        held.append(found[kind] if kind == "code" else unescape(found[kind]))
        return f"\0{len(held) - 1}\0"

    text = _TAG.sub("", _BREAK.sub("\n", _LITERAL.sub(hold, text)))
    text = _SPOILER.sub(r"\1", text)
    for _ in range(2):  # a picture in a link, bold in italics
        text = _LINK.sub(r"\1", text)
        for pattern in _EMPHASIS:
            text = pattern.sub(r"\1", text)
    text = unescape(_RAISED.sub("", text)).replace("\u200b", "")  # Reddit's empty paragraph
    return _HELD.sub(lambda found: held[int(found[1])], text).strip()
