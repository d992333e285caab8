"""`chorus cache`: what is kept is counted, pruned and forgotten."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.cli.main import run
from tests.store.residue import everything

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "examples" / "bike-lane.html"
COPIED = ROOT / "examples" / "copied-page.txt"


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """
    A terminal in English, and a database of its own.
    """
    kept = tmp_path / "kept.sqlite3"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{kept}")
    monkeypatch.chdir(tmp_path)
    return kept


def kinds(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    capsys.readouterr()
    assert 0 == run(["cache", "stats", "--format", "json"])
    said = json.loads(capsys.readouterr().out)
    assert 1 == said["schema"]
    return {kind["name"]: kind["count"] for kind in said["kinds"]}


def test_stats_say_what_is_kept(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    """
    Where, how big, and a line a kind with its number.
    """
    assert 0 == run(["cache", "stats"])
    assert "Nothing is kept." in capsys.readouterr().out
    assert 0 == run(["digest", str(PAGE)])
    capsys.readouterr()

    assert 0 == run(["cache", "stats"])
    out = capsys.readouterr().out
    assert out.startswith(f"{place}: ")
    assert "1  articles and discussions read" in out
    assert {"readings": 1, "digests": 1} == kinds(capsys)


def test_a_file_is_forgotten_for_good(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    """
    The same file, with the same address, names what was kept of it; the other one stays.
    """
    for file in (PAGE, COPIED):
        assert 0 == run(["digest", str(file), "--url", "https://marlow.example/lane"])
    capsys.readouterr()

    assert 0 == run(["cache", "forget", str(PAGE)])
    assert "0 things" in capsys.readouterr().out
    assert 0 == run(["cache", "forget", str(PAGE), "--url", "https://marlow.example/lane"])
    assert "2 things deleted for good." in capsys.readouterr().out
    assert {"readings": 1, "digests": 1} == kinds(capsys)


def test_prune_keeps_what_is_young(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    """
    What was read a moment ago stays for a day at least; what is older than asked for goes.
    """
    assert 0 == run(["digest", str(PAGE)])
    assert 0 == run(["cache", "prune", "--days", "1"])
    assert {"readings": 1, "digests": 1} == kinds(capsys)
    with sqlite3.connect(place) as raw:
        raw.execute("UPDATE readings SET read_at = '2020-01-01 00:00:00.000000'")
    raw.close()

    assert 0 == run(["cache", "prune"])
    assert {} == kinds(capsys)


def test_an_authors_words_are_left_out(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    """
    What was read goes; what is read again has not their words. It can be undone, and the name is kept nowhere.
    """
    read = ["read", str(PAGE), "--url", "https://marlow.example/lane", "--format", "json"]
    assert 0 == run(read)
    comments = json.loads(capsys.readouterr().out)["discussions"][0]["comments"]
    author = next(c["author"] for c in comments if c["author"])
    theirs = [c["text"] for c in comments if c["author"] == author]
    assert 0 == run(["cache", "withhold", author, "--at", "marlow.example"])
    assert "left out from now on" in capsys.readouterr().out

    assert 0 == run(read)
    again = json.loads(capsys.readouterr().out)["discussions"][0]
    assert len(comments) == len(again["comments"])
    assert not [c for c in again["comments"] if c["text"] in theirs]
    assert 1 == next(g["count"] for g in again["gaps"] if g["code"] == "authors_opted_out")
    assert author.encode() not in everything(place)
    assert 0 == run(["cache", "withhold", author, "--at", "marlow.example", "--undo"])
    assert "read again" in capsys.readouterr().out
    assert 0 == run(["cache", "withhold", author, "--at", "marlow.example", "--undo"])
    assert "were not left out" in capsys.readouterr().out


@pytest.mark.parametrize("whose", ["--server", "--person"])
def test_a_server_and_a_person(capsys: pytest.CaptureFixture[str], whose: str) -> None:
    """
    By their ids, where nothing is kept too.
    """
    assert 0 == run(["cache", "forget", whose, "10"])
    assert "0 things" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["forget"],
        ["forget", "https://town.example/", "--person", "1"],
        ["forget", "not a link"],
        ["forget", "--person", "me"],
        ["prune", "--days", "0"],
        ["withhold", "Ann"],
        ["withhold", "Ann", "--at", "ftp://town.example/"],
    ],
)
def test_bad_usage_deletes_nothing(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """
    One line, exit code 2.
    """
    assert 2 == run(["cache", *arguments])

    out, err = capsys.readouterr()
    assert ("", 1) == (out, len(err.strip().splitlines()))
