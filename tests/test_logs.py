"""What is logged: structured, under the request's reference, without secrets and without what people wrote."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, Literal

import pytest

from bot.core.reference import begin, current, reference_of
from bot.errors import DatabaseFull
from bot.logs import Lines, say_what_failed

SECRET = "sk-verysecret0123456789"


def record(said: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("chorus", logging.WARNING, __file__, 1, said, arguments, trace)


def line(form: Literal["text", "json"], *what: object, error: BaseException | None = None) -> str:
    said, *arguments = what
    return Lines(form, [SECRET]).format(record(str(said), *arguments, error=error))


def caught(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except type(error) as raised:
        return raised


async def test_a_line_of_json() -> None:
    """
    One object a line: when, how bad, who says it, what about which request.
    """
    reference = begin("1234")
    found: dict[str, Any] = json.loads(line("json", "order %s", 7))

    assert {"level": "warning", "logger": "chorus", "request": reference, "said": "order 7"} == {
        name: value for name, value in found.items() if name != "at"
    }


async def test_a_line_of_text() -> None:
    """
    Outside any request there is a dash.
    """
    assert line("text", "begun").endswith(" WARNING chorus [-] begun")


async def test_the_reference_goes_with_what_a_task_starts() -> None:
    """
    Tasks that a request starts are logged under it; others are not.
    """

    async def request(id: str) -> str | None:
        begin(id)
        return await asyncio.create_task(look())

    async def look() -> str | None:
        return current()

    found = await asyncio.gather(*(asyncio.create_task(request(id)) for id in "12"))

    assert [reference_of("1"), reference_of("2")] == found
    assert current() is None


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_struck_out(form: Literal["text", "json"]) -> None:
    """
    A key in a message or in an error, and the token in an interaction's address.
    """
    where = "https://discord.com/api/v10/webhooks/77/aW50ZXJhY3Rpb24/messages/@original"
    error = caught(OSError(f"401 for {SECRET} at {where}"))

    said = line(form, "sent %s to %s", SECRET, where, error=error)

    assert SECRET not in said
    assert "aW50ZXJhY3Rpb24" not in said
    assert 2 == said.count("/webhooks/77/***/messages")


def test_what_people_wrote_is_not_in_a_traceback() -> None:
    """
    The text of a foreign exception may quote its input: kind and place are written, down to the first cause.
    """
    try:
        int("my private words")
    except ValueError as first:
        error = caught(KeyError("my private words"), first)

    said = line("text", "failed", error=error)

    assert "private words" not in said.replace('int("my private words")', "").replace(
        'KeyError("my private words")', ""
    )
    assert said.index("builtins.ValueError") < said.index("builtins.KeyError")
    assert "test_logs.py" in said


def test_the_operating_systems_errors_are_told() -> None:
    """
    That a disk is full is nobody's private word.
    """
    full = caught(DatabaseFull(place="/data"), OSError(28, "No space left on device"))

    said = line("text", "failed", error=full)

    assert "No space left on device" in said
    assert "bot.errors.DatabaseFull" in said


async def test_an_exception_nobody_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """
    What asyncio finds is logged without the task, whose description shows what it was given.
    """
    error = caught(ValueError("x"))
    say_what_failed(
        asyncio.get_running_loop(),
        {"message": "Task exception was never retrieved", "exception": error, "task": "words"},
    )

    (found,) = caplog.records
    assert "Task exception was never retrieved" == found.getMessage()
    assert found.exc_info
    assert error is found.exc_info[1]
