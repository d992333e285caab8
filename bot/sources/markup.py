"""HTML fragments of comment APIs → plain text: a blank line between paragraphs, code as it stands, links in full."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html import HtmlElement

from bot.sources.trees import fragment_tree

_PARAGRAPHS = frozenset(
    {"p", "div", "ul", "ol", "pre", "blockquote", "table", "section", "article", "aside", "header"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "footer", "details"}
)
_LINES = frozenset({"br", "li", "tr", "summary", "hr"})
_UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "svg", "iframe", "head", "select", "textarea"}
)
_DEEPEST = 200  # lxml itself stops at 256; comments nest a handful
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")  # Thai, Japanese, Chinese
_SPACES = re.compile(r"[^\S\xa0]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Skip = Callable[[HtmlElement], bool]


def plain(fragment: str | None, skip: Skip = lambda _: False) -> str:
    """
    Return the visible text of an HTML fragment.

    Elements for which *skip* is true are left out with everything in them, and so is what no reader sees. A link whose
    words are a shortened address ("https://example.org/a/very/lo…") is given in full; `<img alt>` of emoji is kept.
    """
    text = _CONTROL.sub("", fragment or "")
    if not text.strip():
        return ""
    if "<" not in text and "&" not in text:
        return _tidy(re.sub(r"\s+", " ", text))
    root = fragment_tree(text)
    return "" if root is None else plain_tree(root, skip)


def count_words(text: str) -> int:
    """Return the number of words in *text*; two signs are one where words are written without spaces between them."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def plain_tree(root: HtmlElement, skip: Skip = lambda _: False) -> str:
    """Return the visible text of an element, as `plain` does."""
    return written(root, lambda node: is_hidden(node) or skip(node))


def written(root: HtmlElement, skip: Skip) -> str:
    """Return the text of an element, as `plain` does, where *skip* also knows what is hidden."""
    parts: list[str] = []
    _walk(root, parts, skip, 0, code=False)
    return _tidy("".join(parts))


def _walk(node: HtmlElement, parts: list[str], skip: Skip, depth: int, *, code: bool) -> None:
    tag = node.tag if isinstance(node.tag, str) else ""
    seen = tag and tag not in _UNSEEN and depth < _DEEPEST and not skip(node)
    if seen:
        around = "\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else ""
        code = code or tag == "pre"
        parts.append(around)
        if tag == "img":
            parts.append(_emoji(node))
        elif tag == "a" and (full := _shortened(node)):
            parts.append(full)
        else:
            parts.append(_spaced(node.text, code=code))
            for child in node:
                _walk(child, parts, skip, depth + 1, code=code)
        parts.append(around if tag in _PARAGRAPHS else "")
    parent_is_code = code and tag != "pre"
    if depth:
        parts.append(_spaced(node.tail, code=parent_is_code))


def _spaced(text: str | None, *, code: bool) -> str:
    return (text or "") if code or not text else _SPACES.sub(" ", text)


def is_hidden(node: HtmlElement) -> bool:
    """Whether an element says that no reader sees it."""
    style = (node.get("style") or "").replace(" ", "").lower()
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _emoji(node: HtmlElement) -> str:
    return (node.get("alt") or "") if "emoji" in (node.get("class") or "") else ""


def _shortened(node: HtmlElement) -> str | None:
    """Return the link's address where its words are the beginning of it, cut with dots."""
    words = (node.text_content() or "").strip()
    address = (node.get("href") or "").strip()
    start = words.removesuffix("...").removesuffix("…")
    if start != words and len(start) > 8 and start in address:
        return address
    return None


def _tidy(text: str) -> str:
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    text = re.sub(r"\n (?=\S)", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
