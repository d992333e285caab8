"""The numbers shown to a model, and the comments behind them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.models import Cid, Cited, Claim
from bot.core.shapes import Passage, View
from bot.core.sheets import Layout, Sheet


class Register:
    """
    Knows every reference of one draft: `2:17` is number 17 of the sheet 2, `=hn:5` a comment by its own id.

    A number stands for all copies of its comment. Numbers that were never shown stay what they are: grounding drops
    and counts them.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.ids: dict[str, Cid] = {}
        self.proposed: list[Cited] = []  # every quote of every reply, before any is chosen

    def enter(self, sheet: Sheet, number: int) -> None:
        """Enter the numbers of *sheet*."""
        self.ids |= {f"{number}:{shown}": cid for shown, cid in sheet.ids.items()}

    def refs(self, shown: Iterable[str], sheet: int) -> tuple[str, ...]:
        """Return the references that numbers *shown* on a sheet stand for."""
        found: list[str] = []
        for number in shown:
            one = f"{sheet}:{number.strip('#[] ')}"
            found.append(one)
            if one in self.ids:
                found += map(self.own, self._layout.copies(self.ids[one])[1:])
        return tuple(found)

    def own(self, cid: Cid) -> str:
        """Return the reference by which *cid* is named without having been shown."""
        ref = f"={cid}"
        self.ids[ref] = cid
        return ref

    def cited(self, some: Iterable[Cited | Passage], sheet: int) -> tuple[Cited, ...]:
        """Return the quotes of a reply about a sheet."""
        found = tuple(
            Cited(
                f"{sheet}:{one.comment.strip('#[] ')}",
                one.words,
                one.translation if isinstance(one, Cited) else None,
            )
            for one in some
        )
        self.proposed += found
        return found

    def claim(self, view: View, sheet: int) -> Claim:
        """Return a position of a reply about a sheet."""
        return Claim(
            label=view.label,
            summary=view.summary,
            stance=view.stance.value,
            comments=self.refs(view.comments, sheet),
            quotes=self.cited(view.quotes, sheet),
        )
