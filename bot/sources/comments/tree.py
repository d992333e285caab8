"""Who answers whom, and the comments that items become."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from bot.core.models import Cid, Comment, State
from bot.sources.comments import signs
from bot.sources.comments.outline import Outline
from bot.sources.comments.signs import NUMBERED
from bot.sources.comments.weighing import Item, is_pingback

_DEPTH = re.compile(r"(?:^|[\s_-])(?:depth|level|indent|lvl)[-_]?(\d{1,2})(?=$|\s)", re.IGNORECASE)
_ANSWERED = (
    "data-parent",
    "data-parent-id",
    "data-parentid",
    "parentid",
    "data-reply-to",
    "data-in-reply-to",
)
_INSIDE = re.compile(r"indent|child|repl|nest", re.IGNORECASE)
_WHAT = (
    r"^\W*(?:(?:this |dieser |ce |este |questo )?(?:comment|post|message|kommentar|beitrag|commentaire|comentario|"
    r"commento)\s+)?(?:(?:has been|was|is|wurde|a été|ha sido|è stato)\s+)?"
)
_DELETED = re.compile(
    _WHAT
    + r"(?:deleted|gelöscht|supprimé|eliminado|cancellato)(?: by (?:its|the) (?:author|user|poster))?\W*$",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    _WHAT
    + r"(?:removed|flagged|entfernt|retiré|modéré|rimosso)(?: by (?:a |the )?(?:moderators?|admin\w*|staff))?\W*$",
    re.IGNORECASE,
)


def comments_of(
    page: Outline, items: list[Item], url: str | None, taken: set[str]
) -> tuple[Comment, ...]:
    """
    Return *items* as comments; one without words, or a mere link back, is none.

    Their ids are unique in the page: those *taken* by its other lists are not used, and the new ones are added.
    """
    kept = [at for at, item in enumerate(items) if _is_comment(page, item)]
    parents = _parents(page, items, set(kept))
    ids: dict[int, Cid] = {}
    for ordinal, at in enumerate(kept, 1):
        cid = f"page:{_number(page, items[at]) or ordinal}"
        while cid in taken:
            cid = f"{cid}.{ordinal}"
        taken.add(cid)
        ids[at] = Cid(cid)
    comments = []
    for at in kept:
        fields = items[at].fields
        parent = parents.get(at)
        state = _state(fields.text)
        comments.append(
            Comment(
                id=ids[at],
                parent=ids[parent] if parent is not None else None,
                author=fields.author,
                text=fields.text,
                posted_at=fields.posted_at,
                score=fields.score,
                url=_address(fields.href, url),
                state=state,
            )
        )
    return tuple(comments)


def _is_comment(page: Outline, item: Item) -> bool:
    if is_pingback(page, item.roots):
        return False
    if re.match(r"(?:pingback|trackback)\b", item.fields.text, re.IGNORECASE):
        return False
    return any(map(str.isalnum, item.fields.text))


def _state(text: str) -> State:
    if len(text) > 80:
        return State.OK
    return (
        State.DELETED
        if _DELETED.match(text)
        else State.REMOVED
        if _REMOVED.match(text)
        else State.OK
    )


def _parents(page: Outline, items: list[Item], kept: set[int]) -> dict[int, int]:
    """Return what each item answers: by what an attribute says, by nesting, else by depth."""
    numbers: dict[str, int] = {}
    for at in kept:
        number = _number(page, items[at])
        if number:
            numbers.setdefault(number, at)
    holders = _holders(page, items)
    found: dict[int, int] = {}
    last_at_depth: dict[int, int] = {}
    for at, item in enumerate(items):
        if at not in kept:
            continue
        parent = _stated(page, item, numbers)
        if parent is None:
            parent = item.around if item.around is not None else _before(page, item, holders)
        while parent is not None and parent not in kept:
            parent = items[parent].around
        depth = _depth(page, item)
        if parent is None and depth is not None:
            parent = max((i for d, i in last_at_depth.items() if d < depth), default=None)
        if depth is not None:
            last_at_depth = {d: i for d, i in last_at_depth.items() if d < depth} | {depth: at}
        if parent is not None and parent < at:
            found[at] = parent
    return found


def _stated(page: Outline, item: Item, numbers: dict[str, int]) -> int | None:
    for root in item.roots:
        for name in _ANSWERED:
            value = page.elements[root].get(name)
            match = re.search(r"(\d+|[0-9a-z]{6,})$", value[:100]) if value else None
            if match and match[1] in numbers:
                return numbers[match[1]]
    return None


def _holders(page: Outline, items: list[Item]) -> dict[int, set[int]]:
    """Return, for every element up to the list's, which items lie in it; enough to tell "one" from "several"."""
    holds: dict[int, set[int]] = {}
    for at, item in enumerate(items):
        for root in item.roots:
            for up in (root, *page.above(root, 12)):
                some = holds.setdefault(up, set())
                if len(some) < 2:
                    some.add(at)
    return holds


def _before(page: Outline, item: Item, holders: dict[int, set[int]]) -> int | None:
    """Return the one item in the element before a list of replies, where *item* lies in such a list."""
    child = item.roots[0]
    for up in page.above(child, 4):
        if child not in item.roots or (
            len(item.roots) == 1 and _INSIDE.search(_kind(page, child)[1])
        ):
            before = _sibling_before(page, child)
            held = holders.get(before, set()) if before is not None else set()
            if before is not None and held and _kind(page, before) != _kind(page, child):
                return next(iter(held)) if len(held) == 1 else None
        child = up
    return None


def _sibling_before(page: Outline, at: int) -> int | None:
    before = page.elements[at].getprevious()
    return page.index.get(before) if before is not None else None


def _kind(page: Outline, at: int) -> tuple[str, str]:
    names = (page.elements[at].get("class") or "")[:200].split()
    return page.tags[at], names[0] if names else ""


def _depth(page: Outline, item: Item) -> int | None:
    for root in item.roots:
        element = page.elements[root]
        if match := _DEPTH.search((element.get("class") or "")[:500]):
            return int(match[1])
    for at in range(item.roots[0], min(page.ends[item.roots[0]], item.roots[0] + 12)):
        element = page.elements[at]
        for name in ("depth", "data-depth", "data-level", "indent", "data-indent"):
            value = element.get(name)
            if value and value.isdigit() and len(value) < 3:
                return int(value)
    return None


def _number(page: Outline, item: Item) -> str | None:
    for root in item.roots:
        for at in range(root, min(page.ends[root], root + 12)):
            if at in item.nested:
                break
            element = page.elements[at]
            for name in ("id", "name", "data-comment-id", "data-content"):
                value = element.get(name) or ""
                match = NUMBERED.match(value) if len(value) < signs.LONGEST_NAME else None
                if match:
                    return match["number"]
                if value.isdigit() and len(value) < 20 and (name != "name" or element.tag == "a"):
                    return str(value)
    return None


def _address(href: str | None, url: str | None) -> str | None:
    if not href or not (url or href.startswith("http")):
        return None
    try:
        return urljoin(url or "", href)
    except ValueError:
        return None
