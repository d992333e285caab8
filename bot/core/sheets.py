"""
How article and comments are laid out for a model: fenced, marked as data, with short ids.

A comment is one line, `#7>3 words`: number 7, which answers 3. Tags with attributes would cost 16 tokens a comment
instead of 3, a quarter of all that is read. And a comment cannot forge another one, because it cannot begin a line;
nor end the fence, because what looks like one of our tags in it has its `<` as `‹`. `bot.core.folding` holds the two
for equal, so the words can still be quoted and the quote verified against the original.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.core.models import Article, Cid, Comment, Reading

MOST_NAME = 40  # characters of an author's name: longer ones are spam, not names
MOST_LETTERS = (
    12_000  # of a comment; some 3,000 tokens, more than anybody writes and somebody pastes
)
MOST_SAID = 5  # comments that say a name; "Too" and "Someone" are names as well
EXCERPT = 160  # characters of a comment that is shown only for what it was answered with

_OUR_TAG = re.compile(
    r"<(?=\s*/?\s*(?:article|comments|positions|context|passages)\b)", re.IGNORECASE
)
# what chat templates end a turn with: local servers read it anywhere in a message
_TURN = re.compile(
    r"<(?=\||/?s>|</?SYS>>|(?:start|end)_of_turn>|/?think(?:ing)?>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])",
    re.IGNORECASE,
)
_HARMLESS = {"<": "‹", "[": "［"}
# Unicode's tag characters are invisible letters: words in them reach the model and no reader
_UNSEEN = re.compile(r"[\U000e0000-\U000e007f]")
_IN_NAME = re.compile(r"[()<>]+")
_NAME = re.compile(r"\w+")
_QUOTING = re.compile(r"^[ \t]*>+[ \t]*(\S[^\n]*)\n?", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """Comments as the model sees them. `ids` leads from the numbers shown to the comments."""

    text: str
    ids: dict[str, Cid]


class Layout:
    """
    Lays out comments of one reading, a copy only once; *copies* are its groups of duplicates.

    Names are shown only of authors whom another comment names: everybody else is told apart by the numbers, and a
    name nobody needs is neither paid for nor handed on.
    """

    def __init__(self, reading: Reading, copies: Iterable[tuple[Cid, ...]]) -> None:
        self._reading = reading
        self._copies = {group[0]: group for group in copies}
        self._first = {cid: group[0] for group in self._copies.values() for cid in group}
        self._named = named(reading.readable)

    def distinct(self, comments: Iterable[Comment]) -> list[Comment]:
        """Return *comments* without those shown with another one they are a copy of."""
        return [c for c in comments if self._first.get(c.id, c.id) == c.id]

    def copies(self, cid: Cid) -> tuple[Cid, ...]:
        """Return the comments that *cid* stands for, itself first."""
        return self._copies.get(cid, (cid,))

    def line(self, comment: Comment, number: str, numbers: Mapping[Cid, str]) -> str:
        """Return *comment* as one line under *number*; *numbers* are those of the comments shown with it."""
        head = number
        parent = self._first.get(comment.parent, comment.parent) if comment.parent else None
        if parent and parent in numbers and parent != comment.id:
            head += f">{numbers[parent]}"
        times = len(self.copies(comment.id))
        if times > 1:
            head += f" ×{times}"
        if comment.author in self._named:
            head += f" ({name_of(comment.author)})"
        return f"#{head} {flat(_own_words(comment.text[:MOST_LETTERS]))}"

    def sheet(
        self, comments: Sequence[Comment], context: Collection[Cid] = (), *, first: int = 1
    ) -> Sheet:
        """
        Return *comments* in their order, numbered from *first*, one `<comments>` a discussion.

        *context* are comments that some of them answer: shown shortened, without a number of their own.
        """
        numbers = {comment.id: str(n) for n, comment in enumerate(comments, first)}
        shown = numbers | {cid: f"c{n}" for n, cid in enumerate(context, 1)}
        parts = []
        if context:
            lines = (
                f"#{shown[cid]} {_shortened(self._reading.by_id[cid].text)}" for cid in context
            )
            parts.append("\n".join(["<context>", *lines, "</context>"]))
        for at, place in enumerate(self._reading.discussions):
            lines = (
                self.line(comment, numbers[comment.id], shown)
                for comment in comments
                if self._reading.place_of[comment.id] == at
            )
            if body := "\n".join(lines):
                title = f' title="{escape(flat(place.title)[:200])}"' if place.title else ""
                parts.append(f"<comments{title}>\n{body}\n</comments>")
        return Sheet("\n\n".join(parts), {number: cid for cid, number in numbers.items()})


def lay_out_article(article: Article | None, most_letters: int | None = None) -> str:
    """Return the article in its fence, cut after *most_letters*; without one, a fence that says so."""
    if article is None:
        return "<article>\n(There is no article: readers talk among themselves.)\n</article>"
    head = [
        f"{name}: {flat(value)}"
        for name, value in (
            ("Title", article.title or ""),
            ("By", ", ".join(article.authors)),
            ("Published", article.published.date().isoformat() if article.published else ""),
        )
        if value.strip()
    ]
    text = plain(article.text.strip()[:most_letters])
    return "<article>\n" + "\n".join([*head, "", text]).strip() + "\n</article>"


def lead_of(reading: Reading) -> str:
    """Return what the readers talk about in two lines: title and first words of the article, fenced."""
    article = reading.article
    lines = [flat(reading.title or "")[:300], _shortened(article.text, 240) if article else ""]
    return "<article>\n" + "\n".join(filter(None, lines)) + "\n</article>"


def flat(text: str) -> str:
    """Return *text* on one line, as `plain`."""
    return plain(" ".join(text.split()))


def plain(text: str) -> str:
    """Return *text* without forged tags and turns, unseen letters, and surrogates, which cannot be sent."""
    text = _UNSEEN.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return _TURN.sub(lambda match: _HARMLESS[match[0]], _OUR_TAG.sub("‹", text))


def _own_words(text: str) -> str:
    """Return *text* with lines that quote somebody else (`> …`) shortened and marked: they are not the writer's."""
    if ">" not in text:
        return text
    return _QUOTING.sub(lambda quoting: f"(quoting: {_shortened(quoting[1], 80)})\n", text)


def _shortened(text: str, most: int = EXCERPT) -> str:
    text = flat(text[: 4 * most])
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name_of(author: str | None) -> str:
    """Return an author's name as it is shown to a model: in brackets, from which it cannot break out."""
    return flat(_IN_NAME.sub(" ", author or ""))[:MOST_NAME].strip()


def named(comments: Iterable[Comment]) -> frozenset[str]:
    """Return the authors whose name, or its first word, stands in somebody's comment; common words are no names."""
    said: Counter[str] = Counter()
    names: dict[str, str] = {}
    for comment in comments:
        said.update(set(_NAME.findall(comment.text.casefold())))
        first = _NAME.search((comment.author or "").casefold())
        if comment.author and first and len(first[0]) > 2:
            names[comment.author] = first[0]
    return frozenset(author for author, first in names.items() if 0 < said[first] <= MOST_SAID)
