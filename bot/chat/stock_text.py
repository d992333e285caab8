"""What is kept, in words and figures, for the command line."""

from __future__ import annotations

from bot.chat.sentences import Sentences
from bot.core.keeping import Kind, Stock


def _(message: str) -> str:
    """Mark *message* for translation; it is translated where it is said."""
    return message


# by table; one that has no word here is called by its name
KINDS = {
    "readings": _("articles and discussions read"),
    "digests": _("digests"),
    "replies": _("model replies"),
    "pages": _("pages as downloaded"),
    "orders": _("requests"),
    "charges": _("digests paid for"),
    "balances": _("budgets"),
    "notes": _("notes"),
    "servers": _("settings of servers"),
    "shown": _("digests by where they were shown"),
    "withheld": _("authors left out"),
}


def stock_text(stock: Stock, words: Sentences) -> str:
    """Return how much is kept: a line a kind, with how old it is."""
    head = words.say("{place}: {size}", place=stock.place, size=_size(stock.bytes, words))
    if not stock.kinds:
        return f"{head}\n{words.say('Nothing is kept.')}"
    counts = [words.number(kind.count) for kind in stock.kinds]
    wide = max(map(len, counts))
    rows = zip(stock.kinds, counts, strict=True)
    return "\n".join([head, *(f"{n:>{wide}}  {_kind(kind, words)}" for kind, n in rows)])


def _kind(kind: Kind, words: Sentences) -> str:
    name = words.say(KINDS[kind.name]) if kind.name in KINDS else kind.name
    parts = [name, _size(kind.bytes, words) if kind.bytes else ""]
    if kind.oldest and kind.newest:
        first, last = words.date(kind.oldest), words.date(kind.newest)
        parts.append(first if first == last else f"{first} – {last}")
    return " · ".join(filter(None, parts))


def _size(count: int, words: Sentences) -> str:
    """Return a number of bytes as people say it."""
    if count < 1_000_000:
        return words.say("{n} kB", n=words.number(max(1, round(count / 1_000))))
    return words.say("{n} MB", n=words.number(round(count / 1_000_000, 1)))
