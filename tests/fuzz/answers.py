"""
Answers of comment platforms that no platform would give.

Each platform's tests build good answers with functions of their own; those functions are called at random here, what
they give is put where the platform's code looks for it, and damaged. So a platform that is added is fuzzed without a
word here.
"""

from __future__ import annotations

import ast
import asyncio
import copy
import inspect
import json
import random
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.core.links import canonical
from bot.core.models import LOCAL, Audience
from bot.errors import (
    AccessDenied,
    BrokenAnswer,
    ChorusError,
    PageNotFound,
    SiteBusy,
    SiteFailed,
    WrongContent,
)
from bot.sources.contents import Answer
from bot.sources.platform import Platform
from bot.sources.web import HTML, Job

TESTS = Path(__file__).parent.parent / "sources"
DEEPEST = 4
KINDS = frozenset({"mapping", "mappings", "number", "count", "text", "time", "address"})

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.5, 1e308, float("nan"), float("inf"), 10**30, "", " ", "x", "12", "²",
    "\ud800", "\x00", "\u202e", [], {}, [[]], [None], [1, "x", {}], {"a": []}, {"id": {}}, [[[{"id": 1}]]],
    "Bees hum.", "ann", "[deleted]", "a\ud800b", "<p>one<p>two", "<pre>  x\n  y</pre>", "&#xD800;&#0;",
    "<a href='http://['>https://example.org/a…</a>", "<div>" * 9, "<?xml version='1.0' encoding='x'?><p>y",
    "<html>", "<!-- -->", "<", "]]>", "<aside class=quote>theirs</aside>ours", "https://blog.example/bees",
    "http://[", "https://x:99999/", "//", "/", "javascript:alert(1)", "/t/9", "https://forum.example/t/9",
    "2026-01-02T03:04:05Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-45",
    1_767_322_800, 1_767_322_800_000, 1e30, -1e30, "0." * 500, "- " * 500,
)  # fmt: skip
_REFUSALS: tuple[Callable[[str], ChorusError], ...] = (
    lambda host: PageNotFound(host=host),
    lambda host: AccessDenied(host=host, status=403),
    lambda host: SiteFailed(host=host, status=500),
    lambda host: SiteBusy(host=host, retry_after=1),
    lambda host: BrokenAnswer(host=host),
    lambda _: WrongContent(content_type="image/png"),
)


class Examples:
    """What the tests of one *reader* build: answers as JSON, and pages and feeds as text."""

    def __init__(self, reader: object) -> None:
        name = type(reader).__module__
        tests = import_module(f"tests.sources.test_{name.rpartition('.')[2]}")
        self._keys = dict(_keys_of(name))
        self._words = sorted(
            {said for said in _constants(Path(str(tests.__file__))) if len(said) < 40}
        )
        self._ids = [word for word in self._words if re.fullmatch(r"\w{1,7}", word)]
        found = [f for f in vars(tests).values() if inspect.isfunction(f)]
        ours = [
            f for f in found if f.__module__ == tests.__name__ and not f.__name__.startswith("test")
        ]
        self._json = [f for f in ours if re.match(r"(dict|list)\[.*Any", _returns(f))]
        self._text = [f for f in ours if _returns(f) == "str"]

    def json(self, chance: random.Random, depth: int = 0) -> Any:
        """Return an answer, or a part of one."""
        return self._called(chance.choice(self._json), chance, depth) if self._json else {}

    def answer(self, chance: random.Random) -> Any:
        """Return a whole answer: what a test builds, some of that, or everything the code looks for at once."""
        roll = chance.random()
        if roll < 0.4:
            return self.json(chance)
        if roll < 0.6:
            return [self.json(chance) for _ in range(chance.randrange(5))]
        whole = {key: self._expected(kind, chance) for key, kind in self._keys.items()}
        more = self.json(chance)
        return {**whole, **more} if isinstance(more, dict) and roll < 0.8 else whole

    def _expected(self, kind: str, chance: random.Random) -> Any:
        if kind == "mapping":
            return self.json(chance, DEEPEST - 2)
        if kind == "mappings":
            return [self.json(chance, DEEPEST - 2) for _ in range(chance.randrange(4))]
        if kind in {"number", "count"} or (not kind and chance.random() < 0.3):
            return chance.randrange(9)
        return _odd(chance) if not kind and chance.random() < 0.5 else chance.choice(self._words)

    def text(self, chance: random.Random) -> str:
        """Return a page, a feed, or a part of one."""
        return str(self._called(chance.choice(self._text), chance, 0)) if self._text else ""

    def _called(self, build: Callable[..., Any], chance: random.Random, depth: int) -> Any:
        given: list[Any] = []
        named: dict[str, Any] = {}
        for name, parameter in inspect.signature(build).parameters.items():
            kind = str(parameter.annotation)
            if parameter.kind is parameter.VAR_POSITIONAL:
                several = range(chance.randrange(4) if depth < DEEPEST else 0)
                given += [self._argument(kind, chance, depth + 1) for _ in several]
            elif parameter.kind is parameter.KEYWORD_ONLY:
                if parameter.default is parameter.empty or chance.random() < 0.3:
                    named[name] = self._argument(kind, chance, depth + 1)
            elif parameter.kind is not parameter.VAR_KEYWORD:
                is_id = name in {"id", "key"} and kind == "str"
                given.append(
                    chance.choice(self._ids) if is_id else self._argument(kind, chance, depth + 1)
                )
        try:
            return build(*given, **named)
        except (LookupError, TypeError, ValueError):  # one part of an answer was given for another
            return {}

    def _argument(self, kind: str, chance: random.Random, depth: int) -> Any:
        if kind.startswith("list"):
            several = range(chance.randrange(4) if depth < DEEPEST else 0)
            return [self._argument(kind[5:], chance, depth + 1) for _ in several]
        if kind.startswith(("dict", "Any", "object")):
            return self.json(chance, depth) if depth < DEEPEST else _odd(chance)
        if "None" in kind and chance.random() < 0.4:
            return None
        if kind.startswith("bool"):
            return chance.random() < 0.5
        if kind.startswith("int"):
            return chance.randrange(9)
        if self._text and depth < DEEPEST and chance.random() < 0.5:
            return self._called(chance.choice(self._text), chance, depth + 1)
        return chance.choice(self._words)


def _odd(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(ODD))


def damaged(value: Any, other: Callable[[], Any], chance: random.Random) -> Any:
    """Return *value* with something else in a few places: an odd value, another part, the same again, or nothing."""
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 3, 8])):
        place = _somewhere(value, chance)
        if place is None:
            return _odd(chance)
        at, key = place
        roll = chance.random()
        if roll < 0.6:
            at[key] = _odd(chance)
        elif roll < 0.75:
            at[key] = other()
        elif roll < 0.85 and isinstance(at, list):
            at.append(copy.deepcopy(at[key]))
        else:
            del at[key]
    return value


def _somewhere(value: Any, chance: random.Random) -> tuple[Any, Any] | None:
    """Return an object or a list somewhere in *value*, and one of its keys; None where there is none."""
    place = None
    while isinstance(value, dict | list) and value and (place is None or chance.random() < 0.8):
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        place = (value, key)
        value = value[key]
    return place


class Answers:
    """A `Web` that answers whatever it is asked with what *chance* makes of examples."""

    def __init__(self, examples: Examples, seed: int) -> None:
        self._examples = examples
        self._chance = random.Random(seed)
        self.given: list[tuple[str, bytes | str]] = []

    def job(self, audience: Audience = LOCAL, most_requests: int | None = None) -> Job:
        return Job(inside=True, most_requests=most_requests or 20)

    async def get(
        self, link: str, *, job: Job, accept: str = HTML, headers: dict[str, str] | None = None
    ) -> Answer:
        return await self._answer(link, job, accept)

    async def post(
        self, link: str, form: dict[str, str], *, job: Job, headers: dict[str, str] | None = None
    ) -> Answer:
        return await self._answer(link, job, "json")

    async def target(self, link: str, *, job: Job) -> str | None:
        await self._answer(link, job, HTML)
        return self._chance.choice([None, link, "https://else.example/", "http://[::1]/"])

    async def _answer(self, link: str, job: Job, accept: str) -> Answer:
        job.ask()
        await asyncio.sleep(0)  # others get a turn, as on the way out
        roll = self._chance.random()
        if roll < 0.08:
            refusal = self._chance.choice(_REFUSALS)("site.example")
            self.given.append((link, refusal.code))
            raise refusal
        as_json = ("json" in accept) != (roll > 0.92)
        body = (self._json() if as_json else self._page()).encode("utf-8", "surrogatepass")
        self.given.append((link, body))
        elsewhere = [
            "https://else.example/login",
            "https://else.example:8080/?a=[#",
            "http://[::1]/",
        ]
        return Answer(
            url=link if self._chance.random() < 0.95 else self._chance.choice(elsewhere),
            status=200,
            content_type=self._chance.choice(
                ["application/json", "text/html", "application/atom+xml", ""]
            ),
            charset=self._chance.choice(["utf-8", None]),
            body=body,
            headers={
                name: self._chance.choice(
                    ["3", "-1", "x", "9" * 30, "<http://[>; rel=next", "", "²"]
                )
                for name in ("x-wp-total", "x-wp-totalpages", "link", "retry-after")
                if self._chance.random() < 0.5
            },
        )

    def _json(self) -> str:
        good = copy.deepcopy(self._examples.answer(self._chance))  # tests share constants
        value = damaged(good, self._part, self._chance)
        text = json.dumps(value, ensure_ascii=self._chance.random() < 0.5)
        return text if self._chance.random() < 0.97 else text[: len(text) // 2]

    def _part(self) -> Any:
        return copy.deepcopy(self._examples.json(self._chance, DEEPEST - 1))

    def _page(self) -> str:
        text = self._examples.text(self._chance)
        for _ in range(self._chance.choice([0, 0, 0, 1, 1, 2, 3, 8])):
            start, end = sorted(self._chance.randrange(len(text) + 1) for _ in range(2))
            text = (
                text[:start]
                + str(self._chance.choice(ODD))
                + text[self._chance.choice([start, end]) :]
            )
        return text


def links_of(platform: Platform) -> list[str]:
    """Return the links in the tests of sources that *platform* takes for its own."""
    found = set()
    for link in _texts_of_tests(r"https?://"):
        try:
            found.add(canonical(link))
        except ChorusError:
            continue
    return sorted(link for link in found if platform.recognises(link))


def html_of_tests() -> list[str]:
    """Return the pieces of HTML in the tests of sources: what names a discussion is among them."""
    return sorted(set(_texts_of_tests(r"(?s).*<[a-z]")))


def _keys_of(module: str) -> Iterator[tuple[str, str]]:
    """Yield what a platform's code looks up in answers, and as what: the function of `values.py` it goes through."""
    stem = Path(str(import_module(module).__file__))
    for path in sorted(stem.parent.glob(f"{stem.stem}*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            kind = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Module) or kind in KINDS:
                yield from ((key, kind) for key in _looked_up(node))


def _looked_up(tree: ast.AST) -> Iterator[str]:
    """Yield the keys of `x.get("key")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get" and node.args:
            key = node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value


def _returns(function: Callable[..., Any]) -> str:
    return str(inspect.signature(function).return_annotation)


def _texts_of_tests(pattern: str) -> Iterator[str]:
    for path in sorted(TESTS.glob("test_*.py")):
        yield from (said for said in _constants(path) if re.match(pattern, said))


def _constants(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
