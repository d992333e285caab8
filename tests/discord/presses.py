"""Everything that can be pressed below a message, and below what that opens: found as a person finds it, by looking."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.discord.doors import Doors
from tests.discord.interactions import OPEN_FORM, Asked
from tests.discord.people import Person
from tests.discord.posts import Post

Json = dict[str, Any]

BUTTON = 2
EVERY = 7
"""Choices of a list up to which each is tried; of longer ones the first and the last."""

FIELDS = {"question": "What of parking?", "sites": "example.org", "day": "1.50", "month": "20"}
"""What is written into the fields of forms, by their ids."""


@dataclass(frozen=True)
class Step:
    """What is pressed: a component by its id without keys and numbers; what is chosen of it, by places in its list."""

    name: str
    choice: tuple[int, ...] | None = None

    def __str__(self) -> str:
        return self.name if self.choice is None else f"{self.name}{list(self.choice)}"


Path = tuple[Step, ...]
Root = Callable[[], Awaitable[Post]]
Press = Callable[[Post, Step], Awaitable[Post]]


def steps(who: Person, post: Post) -> list[Step]:
    """Return what *who* can press below *post*."""
    found = []
    for component in post.components:
        if "custom_id" not in component or component.get("disabled"):
            continue
        name = _named(component["custom_id"])
        if component["type"] == BUTTON:
            found.append(Step(name))
            continue
        every = range(len(who.offered(component)))
        tried: Iterable[int] = every[:1]
        if "options" in component:
            tried = every if len(every) <= EVERY else (0, -1)
        found += [Step(name, (at,)) for at in tried]
        if component.get("min_values") == 0:
            found.append(Step(name, ()))
    return found


async def press(who: Person, post: Post, step: Step, *, wait: bool = True) -> Asked:
    """Let *who* do it."""
    those = [c for c in post.components if "custom_id" in c and not c.get("disabled")]
    component = next(c for c in those if _named(c["custom_id"]) == step.name)
    if step.choice is None:
        return await who.click(post, component["custom_id"], wait=wait)
    offered = who.offered(component)
    chosen = (offered[min(at, len(offered) - 1)] for at in step.choice)
    return await who.select(post, component["custom_id"], *chosen, wait=wait)


async def fill_in(who: Person, form: Asked) -> Asked:
    """Let *who* write into every field of a form, and send it off."""
    ids = {str(part["component"]["custom_id"]) for part in form.form["components"]}
    written: dict[str, Any] = {id: FIELDS[id] for id in ids & set(FIELDS)}
    return await who.submit(form, **written)


async def through(doors: Doors, who: Person, post: Post, step: Step) -> Post:
    """Let *who* press, and fill in the form if one opens; return the answer."""
    asked = await press(who, post, step)
    answer = await doors.ended(asked)
    if asked.how == OPEN_FORM:
        answer = await doors.ended(await fill_in(who, asked))
    assert answer is not None
    return answer


async def explore(doors: Doors, who: Person, root: Root, how: Press, most: int = 4) -> set[str]:
    """
    Press everything below what *root* returns, and below what that opens, up to *most* deep; return what was pressed.

    Each is pressed as *how* does. Where that has changed the message, the way there is walked anew for the next.
    """
    todo: list[Path] = [()]
    done: set[Step] = set()
    while todo:
        path = todo.pop(0)
        post = await _walked(doors, who, root, path)
        as_it_was = len(post.before)
        for step in [one for one in steps(who, post) if one not in done]:
            if post.gone or len(post.before) > as_it_was:
                post = await _walked(doors, who, root, path)
                as_it_was = len(post.before)
            if step not in steps(who, post):
                continue
            done.add(step)
            answer = await how(post, step)
            if len(path) + 1 < most and not answer.gone and who.sees(answer):
                todo.append((*path, step))
    return {str(step) for step in done}


async def _walked(doors: Doors, who: Person, root: Root, path: Path) -> Post:
    post = await root()
    for step in path:
        if step in steps(who, post):  # what was done before may have put another in its place
            post = await through(doors, who, post, step)
    return post


def _named(custom_id: str) -> str:
    """Return an id without keys and numbers."""
    return re.sub(r"\b[0-9a-f]{16,24}\b|\d+", "#", custom_id)
