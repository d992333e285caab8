"""
What the bot writes about its work, one line each: words for people, or JSON for programs.

Never a secret, and never what people wrote: the text of a foreign exception may quote it, so only its kind and place
are written; known secrets and the tokens in Discord's addresses are struck out of whatever is left.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from bot.core.reference import current

_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?\"']+")
"""In the address of a webhook or of an interaction: whoever has it writes in the bot's name."""

_TELLING = ("aiohttp.", "discord.", "sqlite3.")
"""Whose exceptions say what happened, not what they were given; so do those of the operating system."""


def start_logging(form: Literal["text", "json"], secrets: Sequence[str]) -> None:
    """Write what is logged to stderr from now on, in this *form*, with none of *secrets* in it."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(form, secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("alembic", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def say_what_failed(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an exception nobody waited for; the loop's own way would show the task, and what it was given."""
    logging.getLogger("asyncio").error(
        "%s", context.get("message"), exc_info=context.get("exception")
    )


class Lines(logging.Formatter):
    """Formats a record as one line of text or JSON, a traceback below or within."""

    def __init__(self, form: Literal["text", "json"], secrets: Sequence[str]) -> None:
        super().__init__()
        self._json = form == "json"
        self._secrets = sorted((one for one in secrets if one), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        error = record.exc_info[1] if record.exc_info else None
        said = self._struck(record.getMessage())
        trace = self._struck(_trace(error)) if error else None
        request = current()
        if not self._json:
            line = f"{at} {record.levelname} {record.name} [{request or '-'}] {said}"
            return f"{line}\n{trace}" if trace else line
        parts = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request,
            "said": said,
        }
        return json.dumps({**parts, "trace": trace} if trace else parts, ensure_ascii=False)

    def _struck(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _TOKEN.sub(r"\1***", text)


def _trace(error: BaseException) -> str:
    """Return where *error* came from and what caused it, the first cause first."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(_told(one) for one in reversed(chain))


def _told(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    telling = isinstance(error, OSError) or kind.startswith(_TELLING)
    where = "".join(traceback.format_tb(error.__traceback__))
    return f"{where}{kind}: {error}" if telling else f"{where}{kind}"
