"""The command line: results on stdout, one line on stderr, an exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.main import run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "examples" / "bike-lane.html"
COPIED = ROOT / "examples" / "copied-page.txt"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    A terminal in English, in an empty folder.
    """
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/kept.sqlite3")
    monkeypatch.chdir(tmp_path)


def test_digest_of_a_saved_page(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Without a key a saved page gives summary, voices and coverage, and says that no opinion is counted.
    """
    assert 0 == run(["digest", str(PAGE)])

    out, err = capsys.readouterr()
    assert "no opinion is counted" in out
    assert re.search(r"Read (\d+) of \1 comments", out)
    assert "" == err


def test_digest_json_of_a_copied_page(capsys: pytest.CaptureFixture[str]) -> None:
    """
    A copied text gives the documented JSON; every voice is verbatim in the comment it cites.
    """
    assert 0 == run(["read", str(COPIED), "--format", "json"])
    read = json.loads(capsys.readouterr().out)
    assert 0 == run(["digest", str(COPIED), "--format", "json", "--engine", "extractive"])
    digest = json.loads(capsys.readouterr().out)

    texts = {c["id"]: c["text"] for place in read["discussions"] for c in place["comments"]}
    assert digest["voices"]
    assert all(voice["text"] in texts[voice["comment"]] for voice in digest["voices"])
    assert [] == digest["positions"]
    assert len(texts) == digest["coverage"]["comments_read"]


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Markdown has headings and block quotes.
    """
    assert 0 == run(["digest", str(PAGE), "--format", "markdown"])

    out = capsys.readouterr().out
    assert out.startswith("# ")
    assert "\n> " in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["digest", "not a link"], 2),
        (["digest", "ftp://example.org/file"], 2),
        (["digest", "https://user:pass@example.org/"], 2),
        (["digest", "missing.html"], 2),
        (["digest", "https://canary.discord.com/channels/1/2"], 2),
        (["read", "https://discord.com/channels/1/2/3"], 2),
        (["digest", "."], 2),
        (["digest", "http://169.254.169.254/latest/meta-data"], 3),
        (["digest", "http://127.0.0.1/"], 3),
        (["digest", "http://0x7f000001/"], 3),
        (["digest", "http://[::ffff:127.0.0.1]/"], 3),
        (["digest", str(PAGE), "--engine", "llm"], 5),
        (["digest", str(PAGE), "--language", "klingon!"], 2),
        (["digest", str(PAGE), "--length", "epic"], 2),
        (["digest"], 2),
        (["dance"], 2),
        (["run"], 78),
        (["invite"], 78),
    ],
)
def test_an_error_is_one_line_and_a_code(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Each bad input ends in its exit code and one line on stderr, nothing on stdout, no traceback.
    """
    assert code == run(arguments)

    out, err = capsys.readouterr()
    assert "" == out
    assert 1 == len(err.strip().splitlines()), err
    assert "Traceback" not in err


def test_discords_threads_are_for_the_bot(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The command line says where a link into Discord can be read.
    """
    assert 2 == run(["digest", "discord.com/channels/1/2"])

    assert "only by the bot inside Discord" in capsys.readouterr().err


def test_the_error_is_in_the_askers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A French terminal reads a French sentence.
    """
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    assert 2 == run(["digest", "pas un lien"])

    assert re.search(r"\b(lien|adresse)\b", capsys.readouterr().err)


def test_an_empty_file_has_nothing_to_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An empty file, and a picture called .txt, are said to be what they are.
    """
    empty, picture = tmp_path / "empty.txt", tmp_path / "picture.txt"
    empty.write_bytes(b"")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))

    assert 4 == run(["read", str(empty)])
    assert 2 == run(["read", str(picture)])


def test_a_bad_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An operator's mistake is a sentence with the setting's name, and exit code 78.
    """
    monkeypatch.setenv("LLM_CONCURRENCY", "many")

    assert 78 == run(["digest", str(PAGE)])
    assert "LLM_CONCURRENCY" in capsys.readouterr().err


def test_doctor_says_what_is_there_and_what_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    """
    One line each; what is merely not configured is no fault.
    """
    assert 0 == run(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    assert ["–", "✓", "–"] == [line[0] for line in lines]
    assert "DISCORD_TOKEN" in lines[0]
    assert "OPENAI_API_KEY" in lines[2]


def test_doctor_fails_on_what_is_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A database that cannot be used is a fault: exit code 78, and a sentence.
    """
    (tmp_path / "broken.sqlite3").write_bytes(b"no database " * 1000)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/broken.sqlite3")

    assert 78 == run(["doctor"])
    assert "✗ Database" in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    """
    `--help` and a usage error do not wait for Discord, the model, the database or trafilatura.
    """
    code = (
        "import sys; from bot.cli.main import run; run(['--help']);"
        "heavy = {'discord', 'openai', 'sqlalchemy', 'trafilatura', 'aiohttp', 'lxml', 'pydantic'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_a_cached_digest_imports_neither_web_nor_model_nor_discord(tmp_path: Path) -> None:
    """
    The same file again waits for the store only.
    """
    code = (
        "import sys; from bot.cli.main import run; code = run(sys.argv[1:]);"
        "heavy = {'discord', 'openai', 'trafilatura', 'aiohttp', 'lxml', 'alembic'};"
        "sys.exit(str(heavy & set(sys.modules)) if code or heavy & set(sys.modules) else 0)"
    )
    assert 0 == run(["digest", str(PAGE)])

    done = subprocess.run(
        [sys.executable, "-c", code, "digest", str(PAGE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_half_a_price_is_no_price(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Who states what requests cost states what replies cost.
    """
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-test")
    monkeypatch.setenv("LLM_PRICE_IN", "0.10")

    assert 78 == run(["digest", str(PAGE)])
    assert "LLM_PRICE_OUT" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["digest", str(PAGE)], ["doctor"]])
def test_a_budget_needs_a_price(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A budget that could not be kept is refused at start, with what to do.
    """
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("BUDGET_MONTH_USD", "5")

    assert 78 == run(command)
    assert "LLM_PRICE_IN" in "".join(capsys.readouterr())


def test_a_budget_without_a_model_is_kept_anyway(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Nothing is spent where nobody is asked.
    """
    monkeypatch.setenv("BUDGET_MONTH_USD", "5")

    assert 0 == run(["digest", str(PAGE)])


def test_usage_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Before anything is spent it is said so, in words and as JSON.
    """
    assert 0 == run(["usage"])
    text = capsys.readouterr().out
    assert 0 == run(["usage", "--format", "json"])
    found = json.loads(capsys.readouterr().out)

    assert "This month: 0 digests · 0 tokens" in text
    assert {"runs": 0, "tokens": 0, "cost_usd": None} == found["month"]
    assert 14 == len(found["days"])


def test_move_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """
    A file's name is enough, the other database is DATABASE_URL's unless said, and the counts are printed; a second time
    it is refused.
    """
    assert 0 == run(["read", str(COPIED)])
    assert 0 == run(["digest", str(COPIED)])
    capsys.readouterr()
    target = f"sqlite:///{tmp_path}/new.sqlite3"
    assert 0 == run(["move-data", "kept.sqlite3", target])

    out, err = capsys.readouterr()
    counts = dict(line.split() for line in out.splitlines()[:-1])
    assert {"1"} == {counts["readings"], counts["digests"]}
    assert out.endswith(" rows moved; every table was counted.\n")
    assert "" == err

    assert 78 == run(["move-data", "kept.sqlite3", target])
    assert "Something is kept at" in capsys.readouterr().err
    assert 78 == run(["move-data", "new.sqlite3"])
    assert f"{tmp_path}/kept.sqlite3" in capsys.readouterr().err
    assert 78 == run(["move-data", "nowhere.sqlite3", "sqlite:///other.sqlite3"])
    assert "there is no such file" in capsys.readouterr().err
    assert not (tmp_path / "other.sqlite3").exists()


@pytest.mark.parametrize("command", [["work"], ["run", "--no-work"], ["run", "--shards", "0-3/16"]])
def test_several_processes_need_postgresql(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Over SQLite there is one process: what is for several says what to do, before it speaks with Discord.
    """
    monkeypatch.setenv("DISCORD_TOKEN", "of.no.use")

    assert 78 == run(command)

    last = capsys.readouterr().err.splitlines()[-1]
    assert "PostgreSQL" in last
    assert "DATABASE_URL" in last


@pytest.mark.parametrize("shards", ["3", "2-1/4", "0-4/4", "a/b", "0/0", "-1/2"])
def test_shards_that_are_none(shards: str, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Bad usage: it is said how they are written.
    """
    assert 2 == run(["run", "--shards", shards])
    assert "0-3/16" in capsys.readouterr().err
