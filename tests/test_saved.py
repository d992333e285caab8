"""Readings from files: what `chorus read` printed comes back whole, and anything else is one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat.sentences import Sentences
from bot.core.export import reading_json
from bot.core.gaps import Gap, GapCode
from bot.core.measuring import GoldPosition
from bot.core.models import Article, Cid, Discussion, Lead, Reading, State
from bot.errors import ChorusError, NotAReading, NotGold, NothingFound, NotText
from bot.saved import cases, saved_gold, saved_reading
from tests.fakes import FakeReader, comment, reading

WRITTEN = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
FULL = replace(
    reading(),
    article=Article(
        "https://town.example/lane",
        "The lane “opens”",
        "First.\n\nSecond.",
        "Town News",
        ("Ann", "Ben"),
        WRITTEN,
        "en",
        (Gap(GapCode.ARTICLE_PARTIAL, "paywall"),),
    ),
    discussions=(
        Discussion(
            "page",
            "https://town.example/lane#comments",
            "Talk",
            4,
            (
                comment(
                    1, "A\n\nlong one.", posted_at=WRITTEN, score=-3, url="https://a.example/1"
                ),
                comment(2, "", None, parent=Cid("page:1"), state=State.DELETED),
            ),
            (Gap(GapCode.COMMENTS_MISSING, count=2),),
        ),
        Discussion("hackernews", None, None, None, (replace(comment(3, "Hi."), id=Cid("hn:3")),)),
    ),
    leads=(Lead("lemmy", "https://lemmy.example/post/1", None, None),),
)


def printed(of: Reading) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(reading_json(of)))
    return found


@pytest.mark.parametrize(
    "of",
    [FULL, replace(FULL, article=None), replace(FULL, discussions=()), reading("One.", "Two.")],
    ids=["everything", "no article", "no comments", "plain"],
)
def test_there_and_back(of: Reading) -> None:
    """
    A reading that was printed is read as the same article and comments, and prints the same again.
    """
    back = saved_reading(json.dumps(printed(of)).encode(), "a.json")

    assert (of.article, of.discussions, of.leads) == (back.article, back.discussions, back.leads)
    assert printed(of) == printed(back)


def test_the_same_file_is_the_same_reading() -> None:
    """
    Its hash depends on what is in it.
    """
    one = json.dumps(printed(FULL)).encode()
    other = json.dumps(printed(replace(FULL, article=None))).encode()

    assert saved_reading(one, "a").hash == saved_reading(one, "a").hash
    assert saved_reading(one, "a").hash != saved_reading(other, "a").hash


def changed(path: str, value: object) -> bytes:
    """A good reading with one value replaced; `...` takes it out."""
    whole = printed(FULL)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = whole
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", 2),
        ("schema", ...),
        ("article", "text"),
        ("article.text", None),
        ("article.text", 7),
        ("article.authors", "Ann"),
        ("article.published", "yesterday"),
        ("article.published", "2026-01-01T09:30:00"),
        ("article.gaps.0.code", "unheard_of"),
        ("discussions", None),
        ("discussions", {}),
        ("discussions.0.comments", ...),
        ("discussions.0.comments.0", None),
        ("discussions.0.comments.0.id", ...),
        ("discussions.0.comments.0.id", 7),
        ("discussions.0.comments.0.text", ["a"]),
        ("discussions.0.comments.0.score", "many"),
        ("discussions.0.comments.0.score", 1.5),
        ("discussions.0.comments.0.posted_at", "2026-01-01T09:30:00"),
        ("discussions.0.comments.0.state", "fine"),
        ("discussions.1.comments.0.id", "page:1"),
        ("leads.0.url", None),
    ],
)
def test_a_wrong_value_is_named(path: str, value: object) -> None:
    """
    Wrong types, unknown words, ids that are not unique, times without a zone: the sentence says where.
    """
    with pytest.raises(NotAReading) as caught:
        saved_reading(changed(path, value), "a.json")

    said = Sentences.of("en").error(caught.value)
    assert path in said
    assert "a.json" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"schema": ' + b"9" * 10_000 + b"}",
        b'{"schema": 1, "article": null, "discussions": [{"platform": "\\ud800"}]}',
        b'{"title": "A page", "body": [], "comments": []}',
    ],
)
def test_what_is_no_reading_at_all(data: bytes) -> None:
    """
    Bytes, depth, huge numbers, halves of letters, other JSON: one error of ours.
    """
    with pytest.raises(NotAReading):
        saved_reading(data, "a.json")


def test_a_reading_of_nothing() -> None:
    """
    Neither an article nor a comment: there is nothing to try a model on.
    """
    with pytest.raises(NothingFound):
        saved_reading(b'{"schema": 1, "article": null, "discussions": []}', "a.json")


def gold(*positions: object) -> bytes:
    return json.dumps({"language": "en", "n_comments": 3, "positions": positions}).encode()


def test_gold_counts_from_one_over_all_places() -> None:
    """
    The third comment is the first of the second place; what is deleted has its number too.
    """
    view = {"id": "k1", "label_en": "Yes", "stance_to_deal": "for", "core": [1, 3], "also_ok": [2]}

    assert (
        GoldPosition(
            frozenset({Cid("page:1"), Cid("hn:3")}), frozenset({Cid("page:2")}), stance="for"
        ),
    ) == saved_gold(gold(view), "a.gold.json", FULL)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        gold(),
        gold({"core": []}),
        gold({"core": [0]}),
        gold({"core": [4]}),
        gold({"core": [1], "also_ok": [10**30]}),
        gold({"core": ["1"]}),
        gold({"core": [1.5]}),
        gold({"core": [1], "stance_to_deal": 3}),
        gold({"label_en": "Yes"}),
        gold("Yes"),
    ],
)
def test_wrong_gold(data: bytes) -> None:
    """
    Gold that is not about this reading is said to be so, not measured against.
    """
    with pytest.raises(NotGold):
        saved_gold(data, "a.gold.json", FULL)


async def test_a_folder(tmp_path: Path) -> None:
    """
    Readings by name, each with the gold of its name; pages and copied texts through the reader; the rest is left alone.
    """
    (tmp_path / "b.json").write_text(json.dumps(printed(FULL)))
    (tmp_path / "b.gold.json").write_bytes(gold({"core": [1]}))
    (tmp_path / "a.html").write_text("<p>")
    (tmp_path / "c.txt").write_text("text")
    (tmp_path / "d.JSON").write_text("{}")
    (tmp_path / "e.txt").write_text("e")
    (tmp_path / "e.gold.json").write_text("{}")
    (tmp_path / "notes.md").write_text("# Notes")
    (tmp_path / "f.json").mkdir()
    reader = FakeReader()
    reader.answers.extend([reading("A page."), NotText(name="c.txt"), reading("E.")])

    found = await cases(tmp_path, reader)

    assert ["a.html", "b.json", "c.txt", "d.JSON", "e.txt", "f.json"] == [c.name for c in found]
    assert ["a.html", "c.txt", "e.txt"] == reader.asked
    assert [0, 1, 0, 0, 0, 0] == [len(case.gold) for case in found]
    assert [None, None, "NotText", "NotAReading", "NotGold", "BadFile"] == [
        case.reading.code if isinstance(case.reading, ChorusError) else None for case in found
    ]


async def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It is not read to its end.
    """
    monkeypatch.setattr("bot.saved.MOST_BYTES", 10)
    (tmp_path / "a.json").write_text(json.dumps(printed(FULL)))

    [case] = await cases(tmp_path, FakeReader())

    assert isinstance(case.reading, ChorusError)
    assert "large" == case.reading.facts["reason"]
