"""The import rules of bot/: adapters point at the core, never at each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).resolve().parent.parent / "bot"
ADAPTERS = (
    "bot.chat",
    "bot.extractive",
    "bot.jobs",
    "bot.llm",
    "bot.metrics",
    "bot.sources",
    "bot.store",
)
THIRD_PARTY = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "babel",
    "click",
    "discord",
    "dotenv",
    "httpx2",
    "lxml",
    "lxml_html_clean",
    "openai",
    "platformdirs",
    "procrastinate",
    "prometheus_client",
    "psycopg",
    "py3langid",
    "pydantic",
    "pydantic_settings",
    "rich",
    "snowballstemmer",
    "sqlalchemy",
    "stopwordsiso",
    "tiktoken",
    "trafilatura",
)
ALLOWED = {  # part of bot/ -> the adapters and third-party packages it may import
    "core": (),
    "errors.py": (),
    "settings.py": ("platformdirs", "pydantic", "pydantic_settings"),
    "chat": ("bot.chat", "aiohttp", "babel", "discord"),  # discord.py lets aiohttp's errors through
    "extractive": ("bot.extractive", "snowballstemmer", "stopwordsiso"),
    "jobs": ("bot.jobs", "procrastinate"),
    "llm": ("bot.llm", "openai", "httpx2", "pydantic", "tiktoken"),
    "metrics": ("bot.metrics", "aiohttp", "prometheus_client"),
    "sources": ("bot.sources", "aiohttp", "lxml", "py3langid", "trafilatura"),
    "store": ("bot.store", "aiosqlite", "alembic", "psycopg", "pydantic", "sqlalchemy"),
}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def under(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_point_inwards(part: str) -> None:
    """
    Each part of bot/ imports only what its layer allows.
    """
    banned = tuple({*ADAPTERS, *THIRD_PARTY, "bot.app", "bot.settings"} - {*ALLOWED[part]})
    files = [BOT / part] if part.endswith(".py") else sorted((BOT / part).rglob("*.py"))

    wrong = [
        f"{file.relative_to(BOT)}: {name}"
        for file in files
        for name in sorted(imported(file))
        if under(name, banned)
    ]

    assert wrong == []


def users_of(package: str) -> set[str]:
    return {
        file.relative_to(BOT).as_posix()
        for file in BOT.rglob("*.py")
        if any(under(name, (package,)) for name in imported(file))
    }


def test_there_is_one_way_out() -> None:
    """
    Only what `web.py` stands on speaks HTTP to the sites people name; app/running.py and two of chat/ know errors and
    sessions of Discord's library; metrics/ only answers.
    """
    on = {"sources/failures.py", "sources/resolver.py", "sources/transport.py"}

    discords = {"app/running.py", "chat/acknowledging.py", "chat/failures.py"}

    assert {*discords, "metrics/server.py", *on} == users_of("aiohttp")
    assert {"sources/web.py"} == users_of("bot.sources.transport")
