"""The JSON other programs read: exactly the documented keys."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.core.export import digest_json, reading_json
from bot.core.gaps import Gap, GapCode
from bot.core.grounding import ground
from bot.core.models import Brief, Cid, Cited, Claim, Digested, Draft, Engine, Lead, Made
from tests.fakes import reading

READING = replace(
    reading("The lane is good.", "The lane is bad.", "What is a lane?"),
    leads=(Lead("hackernews", "https://news.ycombinator.com/item?id=1", "The lane", 7),),
)
MADE = Made(Engine.LLM, "m", "p1", 10, 5, Decimal("0.25"), 1.5, datetime(2026, 1, 1, 9, tzinfo=UTC))


def digested() -> Digested:
    claims = (
        Claim("Good", "They like it.", "supports", ("1",), (Cited("1", "The lane is good"),)),
    )
    draft = Draft(
        "A lane.", ("It opens.",), "Good or bad?", claims, ids={"1": Cid("page:1")}, model="m"
    )
    return Digested(
        READING,
        ground(draft, READING, Brief("en"), key="k", made=MADE, gaps=(Gap(GapCode.IDS_DROPPED),)),
    )


def test_the_digests_shape() -> None:
    """
    `chorus digest --format json` prints the documented keys; counts are those of the ids.
    """
    found = json.loads(json.dumps(digest_json(digested())))

    assert {
        "schema": 1,
        "url": "https://town.example/lane",
        "language": "en",
        "article": {
            "url": "https://town.example/lane",
            "title": "The lane",
            "site": None,
            "authors": [],
            "published": None,
            "language": "en",
            "gaps": [],
        },
        "summary": {"tldr": "A lane.", "points": ["It opens."]},
        "question": "Good or bad?",
        "positions": [
            {
                "label": "Good",
                "summary": "They like it.",
                "stance": "supports",
                "stances": {"supports": 1},
                "comments": ["page:1"],
                "authors": 1,
                "share": 0.3333,
                "quotes": [
                    {
                        "comment": "page:1",
                        "author": "reader1",
                        "text": "The lane is good.",
                        "translation": None,
                        "url": None,
                    }
                ],
            }
        ],
        "unplaced": ["page:2", "page:3"],
        "duplicates": [],
        "divide": None,
        "voices": [],
        "coverage": {
            "comments_read": 3,
            "comments_found": 3,
            "comments_declared": 3,
            "article_complete": True,
        },
        "gaps": [{"code": "ids_dropped", "detail": "", "count": None}],
        "changes": None,
        "made": {
            "engine": "llm",
            "model": "m",
            "prompts": "p1",
            "tokens_in": 10,
            "tokens_out": 5,
            "cost_usd": 0.25,
            "seconds": 1.5,
            "at": "2026-01-01T09:00:00Z",
        },
    } == found


def test_the_readings_shape() -> None:
    """
    `chorus read --format json` prints the documented keys.
    """
    found = json.loads(json.dumps(reading_json(READING)))

    assert ["schema", "url", "article", "discussions", "leads"] == list(found)
    assert "A new bike lane opens in May." == found["article"]["text"]
    assert {
        "platform": "page",
        "url": "https://town.example/lane",
        "title": None,
        "declared": 3,
        "found": 3,
        "gaps": [],
    } == {k: v for k, v in found["discussions"][0].items() if k != "comments"}
    assert {
        "id": "page:1",
        "parent": None,
        "author": "reader1",
        "text": "The lane is good.",
        "posted_at": None,
        "score": None,
        "url": None,
        "state": "ok",
    } == found["discussions"][0]["comments"][0]
    assert [
        {
            "platform": "hackernews",
            "url": "https://news.ycombinator.com/item?id=1",
            "title": "The lane",
            "comments": 7,
        }
    ] == found["leads"]
