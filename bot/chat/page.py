"""A page of plain text or Markdown under way: for a terminal, or a file to take away."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from bot.chat.escape import markdown as escaped
from bot.chat.escape import visible

WIDTH = 100


class Page:
    """Lines of text or Markdown under way; every call adds a block. Nothing in what is added is markup."""

    def __init__(self, markdown: bool) -> None:
        self.markdown = markdown
        self.blocks: list[str] = []

    def title(self, text: str) -> None:
        """Begin with a title."""
        text = self._safe(" ".join(text.split()))
        self.blocks.append(f"# {text}" if self.markdown else text)

    def heading(self, text: str) -> None:
        """Add a heading."""
        text = self._safe(" ".join(text.split()))
        self.blocks.append(f"## {text}" if self.markdown else f"{text}\n{'─' * len(text)}")

    def line(self, text: str) -> None:
        """Add to the block before, on a line of its own."""
        if text:
            indent = " " * (len(text) - len(text.lstrip()))
            between = "\n\n" if self.markdown else "\n"
            self.blocks[-1] += f"{between}{indent}{self._safe(text.strip())}"

    def text(self, text: str, indent: int = 0) -> None:
        """Add paragraphs; none where there is no text."""
        if text.strip():
            self.blocks.append(self._wrap(text, " " * indent))

    def item(self, number: int, text: str) -> None:
        """Add the head of a numbered thing."""
        text = self._safe(" ".join(text.split()))
        self.blocks.append(f"{number}. **{text}**" if self.markdown else f"{number}. {text}")

    def bullets(self, texts: Iterable[str]) -> None:
        """Add a list; none where it is empty."""
        sign = "-" if self.markdown else "•"
        lines = [self._wrap(text, "  ", f"{sign} ") for text in texts]
        if lines:
            self.blocks.append("\n".join(lines))

    def quote(self, text: str, by: str, translation: str = "") -> None:
        """Add somebody's words, what they mean where they are in another language, and who said them."""
        text, translation = " ".join(text.split()), " ".join(translation.split())
        if self.markdown:
            beside = f"> *{self._safe(translation)}*\n>\n" if translation else ""
            self.blocks.append(f"> {self._safe(text)}\n>\n{beside}> — {self._safe(by)}")
        else:
            lines = [self._wrap(f"“{text}”", "   ")]
            lines += [self._wrap(f"({translation})", "   ")] if translation else []
            self.blocks.append("\n".join([*lines, f"   — {self._safe(by)}"]))

    def indented(self, head: str, text: str, depth: int) -> None:
        """Add a comment at its depth in the tree."""
        indent = "  " * min(depth, 8)
        body = "\n\n".join(
            textwrap.fill(part, WIDTH, initial_indent=indent, subsequent_indent=indent)
            for part in self._safe(text).split("\n\n")
        )
        head = f"{indent}{self._safe(head)}"
        self.blocks.append(f"{head}\n{body}" if body else head)

    def small(self, lines: list[str]) -> None:
        """Add notes, a line each."""
        if lines:
            sign = "- " if self.markdown else ""
            self.blocks.append("\n".join(f"{sign}{self._safe(line)}" for line in lines))

    def done(self) -> str:
        """Return the page."""
        return "\n\n".join(self.blocks)

    def _safe(self, text: str) -> str:
        return escaped(text) if self.markdown else visible(text)

    def _wrap(self, text: str, indent: str = "", first: str | None = None) -> str:
        first = indent if first is None else first
        text = self._safe(text)
        if self.markdown:
            return first + text
        return "\n\n".join(
            textwrap.fill(
                part,
                WIDTH,
                initial_indent=first,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            for part in text.split("\n\n")
        )
