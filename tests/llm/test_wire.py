"""The schema that is asked for, and the replies that are taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.shapes import ArticleReply, DigestReply
from bot.llm.wire import Misshapen, parse, schema


@dataclass(frozen=True)
class Note:
    """A docstring that is for developers."""

    ids: tuple[str, ...]
    text: str = "none"


def objects(node: Any) -> list[dict[str, Any]]:
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    found = [one for part in below for one in objects(part)]
    return [node, *found] if isinstance(node, dict) and node.get("type") == "object" else found


@pytest.mark.parametrize("shape", [Note, DigestReply, ArticleReply])
def test_every_object_is_closed_and_complete(shape: type[object]) -> None:
    """
    Strict structured outputs want every object closed and every property required; defaults are not sent.
    """
    made = schema(shape)

    assert objects(made)
    for one in objects(made):
        assert one["additionalProperties"] is False
        assert list(one["properties"]) == one["required"]
        assert not {"title", "default", "description"} & set(one)


def test_evidence_comes_before_conclusions() -> None:
    """
    A position's words stand before its label, its ids before its summary and stance.
    """
    fields = list(schema(DigestReply)["$defs"]["View"]["properties"])

    assert ["quotes", "label", "comments", "summary", "stance"] == fields


@pytest.mark.parametrize(
    "text",
    [
        '{"ids": ["1"], "text": "a"}',
        '{"ids": [1], "text": "a", "more": {}}',
        'Sure! {"ids": ["1"], "text": "a"} Anything else?',
        '```json\n{"ids": ["1"], "text": "a"}\n```',
        '<think>{"ids": ["9"], "text": "much longer thoughts"}</think>{"ids": ["1"], "text": "a"}',
        'so {"ids": ["9"]} I think</think>\n{"ids": ["1"], "text": "a"}',
        'in {braces} and {} then {"ids": ["1"], "text": "a"}',
    ],
)
def test_nearly_right(text: str) -> None:
    """
    Fences, thoughts, prose around it, more fields, numbers as ids: all taken.
    """
    assert Note(("1",), "a") == parse(text, Note)


@pytest.mark.parametrize("words", ["a <think> b", "a </think> b", "<think>a</think> b"])
def test_a_tag_that_is_quoted_is_no_thought(words: str) -> None:
    """
    Readers write about models: a reply that is whole JSON is taken as it is.
    """
    assert Note(("1",), words) == parse(json.dumps({"ids": ["1"], "text": words}), Note)


def test_a_default_stands_in() -> None:
    """
    A field that says nothing about readers may be left out.
    """
    assert Note(("1",)) == parse('{"ids": ["1"]}', Note)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("<think>for ever", "empty"),
        ('{"ids": ["1"', "complete"),
        ("[1, 2]", "complete"),
        ("{" * 100_000, "complete"),
        ("[" * 100_000, "complete"),
        ('{"ids": "1"}', "ids"),
        ('{"ids": [null]}', "ids.0"),
    ],
    ids=["empty", "thoughts-only", "cut", "list", "braces", "brackets", "string", "null"],
)
def test_misshapen(text: str, told: str) -> None:
    """
    What cannot be understood is said in one sentence, without repeating the reply.
    """
    with pytest.raises(Misshapen, match=told) as raised:
        parse(text, Note)

    assert len(str(raised.value)) < 200
