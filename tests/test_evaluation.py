"""`chorus eval` over a model server on loopback: figures worked out by hand, a table, exit codes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import run
from bot.core.export import reading_json
from bot.core.flags import Flag
from bot.store.database import open_database
from bot.store.flags import SqlFlags
from bot.store.shelf import SqlShelf
from tests.chat.digests import KEY, MADE, digest_of
from tests.core.scripted import ScriptedModel, block, lines
from tests.fakes import READ_AT, reading
from tests.llm.provider import Answer, Provider

ROOT = Path(__file__).parent.parent
SAID = {
    "1": "A gift to children who cycle to school.",
    "2": "Where will my customers park?",
    "3": "Nobody asked the shops about it.",
    "4": "Fewer cars is fine by me.",
}
# the quotes of one view, its label, its comments; the third of four quotes is not what was said
VIEWS = (
    (("1", SAID["1"]), ("4", "Fewer cars is fine")),
    (("3", "Nobody told the shops about it."), ("2", "Where will my customers park?")),
)
TLDR = "The town opens a lane for bicycles in May, and twelve of its parking places go for it."


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Provider]:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/kept.sqlite3")
    monkeypatch.chdir(tmp_path)
    async with Provider() as server:
        server.script = answered
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_MODEL", "small")
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "readings"
    made.mkdir()
    written(made, "lane", *SAID.values())
    return made


def written(folder: Path, name: str, *texts: str) -> None:
    saved = reading_json(reading(*texts, article="A lane opens in May; twelve parking places go."))
    (folder / f"{name}.json").write_text(json.dumps(saved), "utf-8")


def answered(body: dict[str, Any]) -> Answer:
    """What the model says of the comments in any order: two views, one quote of four misquoted, one id too many."""
    shown = {
        words: n for n, words in lines(block(body["messages"][1]["content"], "comments")).items()
    }
    number = {n: shown[words] for n, words in SAID.items()}
    positions = [
        {
            "quotes": [
                {"comment": number[n], "words": words, "translation": None} for n, words in quotes
            ],
            "label": f"View of {'children' if at == 0 else 'shops'}",
            "comments": [number[n] for n, _ in quotes] + ["99"] * at,
            "summary": "They say that it is what the town has needed for a long time.",
            "stance": "supports" if at == 0 else "opposes",
        }
        for at, quotes in enumerate(VIEWS)
    ]
    return Answer.json(
        {
            "question": "Should the lane be built?",
            "positions": positions,
            "unplaced": [],
            "divide": None,
            "tldr": TLDR,
            "points": [],
        }
    )


async def chorus(*arguments: object) -> int:
    """The command line in a thread of its own: the server answers in this one."""
    return await asyncio.to_thread(run, ["eval", *map(str, arguments)])


async def evaluated(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert 0 == await chorus(*arguments, "--format", "json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def shares(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: rate["share"] for name, rate in figures.items() if isinstance(rate, dict)}


async def test_figures_of_a_model_with_faults(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Three of four quotes verbatim before checking and all after; four of five ids exist; all placed, in every order.
    """
    found = await evaluated(capsys, folder)

    assert [1, ["small"]] == [found["schema"], [model["model"] for model in found["models"]]]
    [one] = found["models"][0]["readings"]
    assert ("lane.json", None) == (one["reading"], one["error"])
    assert {
        "quotes_before": 0.75,
        "quotes_after": 1.0,
        "placed": 1.0,
        "ids_valid": 0.8,
        "stability": 1.0,
        "language": 1.0,
        "coverage": None,
        "precision": None,
        "f1": None,
        "lone_views": None,
        "stance": None,
    } == shares(one["figures"])
    # the provider says 100 tokens in and 20 out for each answer, and has no price in our list
    assert (100, 20, None) == (
        one["figures"]["tokens_in"],
        one["figures"]["tokens_out"],
        one["figures"]["cost_usd"],
    )
    assert 3 == len(provider.history)
    assert 0 == found["models"][0]["figures"]["repairs"]


async def test_gold_beside_a_reading(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    {1 4} against {1 2}, F1 2/4, is found, and {2 3} against {3 (2)}, F1 1; the view of 4 alone is lost.
    """
    positions = [
        {"label_en": "Children", "stance_to_deal": "for", "core": [1, 2], "also_ok": []},
        {"label_en": "Shops", "stance_to_deal": "against", "core": [3], "also_ok": [2]},
        {"label_en": "Cars", "stance_to_deal": "for", "core": [4], "also_ok": [1, 2]},
    ]
    (folder / "lane.gold.json").write_text(json.dumps({"positions": positions[:2]}))
    two = (await evaluated(capsys, folder))["models"][0]["figures"]
    (folder / "lane.gold.json").write_text(json.dumps({"positions": positions}))
    three = (await evaluated(capsys, folder))["models"][0]["figures"]

    assert {
        "coverage": 1.0,
        "precision": 1.0,
        "f1": round((2 + 2) / (4 + 2), 4),
        "lone_views": 1.0,
        "stance": 1.0,
    } == {name: share for name, share in shares(two).items() if name in list(shares(two))[6:]}
    # {1 4} is now the view of 4: 1 may be counted to it
    assert (0.6667, 1.0, 1.0) == (
        three["coverage"]["share"],
        three["precision"]["share"],
        three["lone_views"]["share"],
    )


async def test_several_models_and_the_prompts_they_got(
    provider: Provider, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Each model is asked by its name, one named twice once; other prompts are told, and have another version.
    """
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    for file in (ROOT / "prompts").glob("*.md"):
        (prompts / file.name).write_text(f"{file.read_text('utf-8')}\nBe kind.\n", "utf-8")
    names = ("--model", "large", "--model", "small", "--model", "large")
    ours = await evaluated(capsys, folder, *names)
    theirs = await evaluated(capsys, folder, "--prompts", prompts)

    assert ["large", "small"] == [model["model"] for model in ours["models"]]
    assert ["large"] * 3 + ["small"] * 6 == [asked.body["model"] for asked in provider.history]
    assert ours["prompts"] != theirs["prompts"]
    told = [asked.body["messages"][0]["content"].endswith("Be kind.") for asked in provider.history]
    assert [False] * 6 + [True] * 3 == told


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("digest.user.md", None, "digest.user.md is missing"),
        ("digest.user.md", "$article $comments", "digest.user.md: missing or unknown variables"),
        ("map.system.md", "$ 5", "map.system.md"),
        ("map.system.md", b"\xff\xff", "cannot be opened"),
    ],
)
async def test_prompts_that_cannot_work(
    provider: Provider,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str | bytes | None,
    said: str,
) -> None:
    """
    They are refused before anything is asked.
    """
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    for one in (ROOT / "prompts").glob("*.md"):
        (prompts / one.name).write_bytes(one.read_bytes())
    (prompts / file).unlink()
    if text is not None:
        (prompts / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    assert 2 == await chorus(folder, "--prompts", prompts)
    out, err = capsys.readouterr()
    assert ("", 1) == (out, len(err.splitlines()))
    assert said in err
    assert [] == provider.history


async def test_another_base_url(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    `--base-url` goes before the environment's.
    """
    async with Provider() as other:
        other.script = answered
        await evaluated(capsys, folder, "--base-url", other.url)

    assert (0, 3) == (len(provider.history), len(other.history))


async def test_repair_turns(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A reply in prose is asked for again: one repair of four questions, and both are paid for.
    """
    provider.enqueue("I think they disagree.")
    found = await evaluated(capsys, folder)

    assert 1 == found["models"][0]["figures"]["repairs"]
    assert 200 == found["models"][0]["figures"]["tokens_in"]
    assert 4 == len(provider.history)


async def test_prose_in_another_language_than_asked(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The model writes English; French was asked for.
    """
    found = await evaluated(capsys, folder, "--language", "fr")

    assert 0.0 == found["models"][0]["figures"]["language"]["share"]
    assert all(
        'the code "fr"' in asked.body["messages"][1]["content"] for asked in provider.history
    )


async def test_every_question_is_asked_and_nothing_is_kept(
    provider: Provider, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A second run asks as much as the first; no database is made.
    """
    for _ in range(2):
        await evaluated(capsys, folder)

    assert 6 == len(provider.history)
    assert not (tmp_path / "kept.sqlite3").exists()


async def test_what_readers_flagged_is_counted(
    provider: Provider, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Of the digests that the same model made with the same prompts: how many are kept, how many flagged, and what.
    """
    version = (await evaluated(capsys, folder))["prompts"]
    said = reading("Yes.")
    made = replace(MADE, label=f"llm/small/{version}")
    async with open_database(os.environ["DATABASE_URL"]) as database:
        await SqlShelf(database).keep_reading(said, READ_AT)
        await SqlShelf(database).keep_digest(digest_of(said, made=made).digest)
        await SqlFlags(database).put(Flag(KEY, "p1", None, 7, READ_AT))
    found = await evaluated(capsys, folder, "--model", "small", "--model", "large")
    assert 0 == await chorus(folder)

    assert [
        {"digests": 1, "flagged": 1, "positions": 1, "quotes": 0},
        {"digests": 0, "flagged": 0, "positions": 0, "quotes": 0},
    ] == [model["flagged"] for model in found["models"]]
    assert "readers flagged 1 positions and 0 quotes" in capsys.readouterr().out


async def test_kept_replies_where_asked_for(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    With `--cached` the second run asks nobody and measures the same.
    """
    first = await evaluated(capsys, folder, "--cached")
    again = await evaluated(capsys, folder, "--cached")

    assert 3 == len(provider.history)
    one, two = (found["models"][0]["figures"] for found in (first, again))
    assert shares(one) == shares(two)
    assert (100, 0) == (one["tokens_in"], two["tokens_in"])


async def test_the_table_fits_a_hundred_columns(
    provider: Provider, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Rows for readings and models, long names wrapped, one sentence for each file that fails, the legend below.
    """
    written(folder, "a-talk-with-a-name-as-long-as-they-come", *SAID.values())
    (folder / "torn.json").write_text('{"schema": 1')
    (folder / "lane.gold.json").write_text('{"positions": [{"core": [1, 4]}]}')
    names = ("--model", "small", "--model", "a-provider/a-model-of-many-words-24b-instruct")

    assert 0 == await chorus(folder, *names)

    rows = capsys.readouterr().out.splitlines()
    [torn] = [row for row in rows if row.startswith("torn.json: ")]
    assert max(len(row) for row in rows if row != torn) <= 100
    headings = "reading raw shown ced ids pair ble guage cov. cise F1 lone side tokens sec. US$"
    assert headings == " ".join(rows[1].split())
    lane = next(row for row in rows if row.startswith(" lane.json")).split()
    assert ["lane.json", "0.75", "1.00", "1.00", "1", "1.00", "1.00", "1.00", "0.50"] == lane[:9]
    assert 2 == sum(row.split() == ["torn.json", "failed"] for row in rows)


async def test_a_page_and_a_copied_text(
    provider: Provider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What `chorus digest` reads from files can be tried too; a model that fails on one of them fails on that one.
    """
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("bike-lane.html", "copied-page.txt"):
        (folder / name).write_bytes((ROOT / "examples" / name).read_bytes())
    model = ScriptedModel(("parking", "the"))
    provider.script = lambda body: (
        Answer.refusing()
        if "bike-lane" in str(body) or "Mill Road" in str(body)
        else model.over_http(body)
    )
    found = await evaluated(capsys, folder)

    page, text = found["models"][0]["readings"]
    assert ["bike-lane.html", "copied-page.txt"] == [page["reading"], text["reading"]]
    assert {True, False} == {page["figures"] is None, text["figures"] is None}
    assert ["The model refused to answer; ask for extracts instead."] == [
        one["error"] for one in (page, text) if one["error"]
    ]


@pytest.mark.parametrize(
    ("answer", "code"), [(Answer.error(401, "bad key", code="invalid_api_key"), 5), (None, 2)]
)
async def test_nothing_ran(
    provider: Provider,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    answer: Answer | None,
    code: int,
) -> None:
    """
    The exit code is that of what failed first; the rows are printed all the same.
    """
    if answer is None:
        (folder / "lane.json").write_text("[]")
    provider.script = lambda _: answer or Answer()

    assert code == await chorus(folder, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert found["models"][0]["figures"] is None
    assert found["models"][0]["readings"][0]["error"].endswith(".")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing"], 2),
        (["empty"], 2),
        (["readings/lane.json"], 2),
        (["readings", "--format", "markdown"], 2),
        (["readings", "--prompts", "missing"], 2),
        (["readings", "--language", "klingon!"], 2),
    ],
)
async def test_bad_usage(
    provider: Provider,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
) -> None:
    """
    One line on stderr, and nobody is asked.
    """
    (tmp_path / "empty").mkdir()

    assert code == await chorus(*arguments)
    out, err = capsys.readouterr()
    assert ("", 1) == (out, len(err.splitlines()))
    assert [] == provider.history


async def test_without_a_model(
    provider: Provider,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Neither key nor base URL: there is nothing to compare.
    """
    monkeypatch.delenv("OPENAI_BASE_URL")

    assert 5 == await chorus(folder)
    assert "OPENAI_API_KEY" in capsys.readouterr().err


async def test_no_more_questions_at_once_than_allowed(
    provider: Provider,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    LLM_CONCURRENCY bounds the whole run: of fifteen questions two are under way together, never three.
    """
    monkeypatch.setenv("LLM_CONCURRENCY", "2")
    for n in range(4):
        written(folder, f"lane{n}", *SAID.values(), f"My name is number {n}.")
    both = asyncio.Event()

    async def script(body: dict[str, Any]) -> Answer:
        if provider.busy == 2:
            both.set()
        await both.wait()
        return answered(body)

    provider.script = script
    await evaluated(capsys, folder)

    assert (15, 2) == (len(provider.history), provider.busiest)
