"""
What Discord refuses in what a bot sends: its published description, and the limits that only its servers hold.

The description is read where it is beside the checkout; the limits of messages and forms below hold without it.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, cast

import jsonschema
from jsonschema import Draft202012Validator as Draft

from tests.chat.fake_discord import COMPONENTS_V2, texts, walk
from tests.conftest import SHARED

Json = dict[str, Any]

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW = "POST /webhooks/{webhook_id}/{webhook_token}"
EDIT = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
POST = "POST /channels/{channel_id}/messages"
PATCH = "PATCH /channels/{channel_id}/messages/{message_id}"
MESSAGES = (CALLBACK, FOLLOW, EDIT, POST, PATCH)
"""The routes whose body is, or holds, a message; the edit is of an interaction's message."""

ROW, BUTTON, SELECT, TEXT, LABEL = 1, 2, 3, 10, 18
SELECTS = (3, 5, 6, 7, 8)


def faults(route: str, body: Any, *, v2: bool = False) -> list[str]:
    """
    Return why Discord would refuse *body* at *route* ("PUT /path/of/{description}"); nothing where it takes it.

    *v2*: the message that is edited has layout components already, which cannot be taken back.
    """
    found = [*described(route, body)]
    if route == CALLBACK and body.get("type") == 9:
        found += form_faults(body["data"])
    elif route == CALLBACK and body.get("type") == 8:
        choices = (body.get("data") or {}).get("choices", [])
        found += ["more than 25 choices"] if len(choices) > 25 else []
    elif route in MESSAGES:
        message = body.get("data") if route == CALLBACK else body
        found += message_faults(message or {}, v2=v2)
    return [f"{route}: {fault}" for fault in found]


def message_faults(message: Json, *, v2: bool = False) -> list[str]:
    """Return what is wrong with a message of components: counts, lengths, ids, and what may not stand together."""
    components = message.get("components") or []
    every = walk(components)
    layout = v2 or bool((message.get("flags") or 0) & COMPONENTS_V2)
    found = list(_component_faults(every))
    if len(every) > 40:
        found.append(f"{len(every)} components")
    if (length := units("".join(texts(components)))) > 4_000:
        found.append(f"{length} characters of text")
    if layout and (message.get("content") or message.get("embeds")):
        found.append("content or embeds beside layout components")
    if not layout and any(one["type"] not in (ROW, BUTTON, *SELECTS) for one in every):
        found.append("layout components without their flag")
    return found


def form_faults(form: Json) -> list[str]:
    """Return what is wrong with a form (a modal)."""
    found = list(_component_faults(_fields(form["components"])))
    if not 1 <= len(form["components"]) <= 5:
        found.append(f"{len(form['components'])} parts in a form")
    if not 1 <= len(form["title"]) <= 45:
        found.append("the title of a form")
    return found


def described(route: str, body: Any) -> tuple[str, ...]:
    """Return where *body* is not as Discord describes it for *route*."""
    return _described(route, json.dumps(body))


@lru_cache(maxsize=256)  # some 30 ms a card, and fifty askers get the same one
def _described(route: str, body: str) -> tuple[str, ...]:
    validator = _validator(route)
    if validator is None:
        return ()
    # of a union, the branch that came nearest says what is wrong
    best = [jsonschema.exceptions.best_match([e]) for e in validator.iter_errors(json.loads(body))]
    return tuple(f"{error.json_path}: {error.message[:300]}" for error in best)


def _component_faults(every: Iterable[Json]) -> Iterator[str]:
    every = list(every)
    ids = Counter(one["custom_id"] for one in every if one.get("custom_id") is not None)
    yield from (f"the id {id} stands twice" for id, times in ids.items() if times > 1)
    yield from (f"an id of {len(id)} characters" for id in ids if not 1 <= len(id) <= 100)
    for one in every:
        kind = one["type"]
        yield from _lengths(one, label=45 if kind == LABEL else 80, placeholder=150)
        if kind == TEXT and not one["content"].strip():
            yield "a text without words"
        if kind == BUTTON and ("url" in one) == ("custom_id" in one) and one["style"] != 6:
            yield "a button with neither or both of link and id"
        if len(one.get("url") or "") > 512:
            yield "a link of more than 512 characters"
        if kind == ROW:
            inside = Counter(child["type"] == BUTTON for child in one["components"])
            if inside[True] > 5 or inside[False] > 1 or (inside[True] and inside[False]):
                yield "a row of more than five buttons or one list"
        if kind == SELECT:
            yield from _select_faults(one)


def _lengths(one: Json, **most: int) -> Iterator[str]:
    """Yield what is empty or too long, in UTF-16 units: the stricter way to count."""
    for name, limit in most.items():
        if one.get(name) is not None and not 1 <= units(one[name]) <= limit:
            yield f"a {name} of {units(one[name])} characters"


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _select_faults(one: Json) -> Iterator[str]:
    options = one.get("options", [])
    values = [option["value"] for option in options]
    if not 1 <= len(options) <= 25:
        yield f"{len(options)} options"
    if len(values) != len(set(values)):
        yield "an option stands twice"
    for option in options:
        yield from _lengths(option, label=100, value=100, description=100)
    if not (one.get("min_values", 1) <= one.get("max_values", 1) <= max(len(options), 1)):
        yield "a list that asks for more than it has"


def _fields(components: list[Json]) -> list[Json]:
    """Return what a form holds: labels, and what is in them."""
    found = walk(components)
    return [*found, *(one["component"] for one in found if "component" in one)]


@cache
def _description() -> Json | None:
    file = SHARED / "discord" / "openapi.json.gz"
    if not file.is_file():
        return None
    spec: Json = json.loads(gzip.decompress(file.read_bytes()))
    # described as strings; Discord takes numbers too, and the library sends them
    ids = spec["components"]["schemas"]["SnowflakeType"]
    spec["components"]["schemas"]["SnowflakeType"] = {"anyOf": [ids, {"type": "integer"}]}
    return spec


@cache
def _validator(route: str) -> Draft | None:
    spec = _description()
    if spec is None:
        return None
    method, _, path = route.partition(" ")
    content = spec["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schema = {**content["application/json"]["schema"], "components": spec["components"]}
    kind: Any = jsonschema.validators.extend  # has no types
    return cast("Draft", kind(Draft, {"oneOf": _one_of})(schema))


def _one_of(validator: Any, branches: list[Json], one: Any, schema: Json) -> Iterator[Any]:
    """Of a union of components try the branch of the type that is there: trying all takes three times as long."""
    kind = one.get("type") if isinstance(one, dict) else None
    known = [validator._resolver.lookup(b["$ref"]).contents for b in branches if "$ref" in b]
    fitting = [b for b in known if kind in b.get("properties", {}).get("type", {}).get("enum", ())]
    if len(fitting) == 1:
        yield from validator.descend(one, fitting[0])
    else:
        yield from Draft.VALIDATORS["oneOf"](validator, branches, one, schema)
