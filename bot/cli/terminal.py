"""What commands share: files and links, options, words, progress."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.errors import BadFile

if TYPE_CHECKING:
    from bot.chat.sentences import Sentences
    from bot.core.ports import Report

MOST_FILE_BYTES = 5_000_000

shape_option = click.option(
    "--format", "shape", type=click.Choice(["text", "markdown", "json"]), default="text"
)
url_option = click.option("--url", help="The address a saved file came from.")


def go(work: Coroutine[Any, Any, Any]) -> Any:
    """Run *work* to its end, and log what is worth a warning."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    return asyncio.run(work)


def read_settings() -> Any:
    """Return the settings of environment and file; raises `BadSetting`."""
    from bot.settings import load

    return load()


def sentences(language: str = "") -> Sentences:
    """Return the words of *language*, else of the terminal's."""
    from bot.chat.sentences import Sentences
    from bot.settings import terminal_language

    return Sentences.of(language or terminal_language())


def link_of(target: str) -> str:
    """Return the link as it is kept; raises `NotALink`."""
    from bot.core.links import canonical

    return canonical(target)


def file_at(target: str) -> bytes | None:
    """Return the file's bytes, or None if *target* is a link; raises `BadFile`."""
    if target == "-":
        data = sys.stdin.buffer.read(MOST_FILE_BYTES + 1)
    else:
        path = Path(target)
        try:
            if not path.exists():
                looks_like_file = path.suffix.lower() in {".html", ".htm", ".txt"}
                if "://" not in target and looks_like_file:
                    raise BadFile(name=target, reason="missing")
                return None
            if path.is_dir():
                raise BadFile(name=target, reason="folder")
            with path.open("rb") as file:
                data = file.read(MOST_FILE_BYTES + 1)
        except (OSError, ValueError):
            if "://" in target:
                return None  # too long for a file's name, and a link anyway
            raise BadFile(name=target[:200], reason="unreadable") from None
    if len(data) > MOST_FILE_BYTES:
        raise BadFile(name=target, reason="large")
    return data


def print_json(value: object) -> None:
    """Print *value* for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


class Status:
    """Shows progress on stderr while something runs, if that is a terminal."""

    def __enter__(self) -> Report:
        from bot.core.ports import Progress

        if not sys.stderr.isatty():
            return lambda _: None
        from rich.console import Console

        words = sentences()
        self._status = Console(stderr=True).status("…")
        self._status.start()

        def report(progress: Progress) -> None:
            self._status.update(words.progress(progress))

        return report

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_status"):
            self._status.stop()
