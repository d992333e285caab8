"""The one place where the provider's failures become ours. Imports openai: import it only where a model is used."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import ceil
from random import uniform

import httpx2
import openai

from bot.errors import (
    BadKey,
    ContextExceeded,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    NoCredit,
    ReplyCut,
    UnknownModel,
)

FIRST_WAIT, LONGEST_WAIT = 0.5, 8  # seconds, where the provider says none
MOST_WORDS = 10_000  # of an answer that is looked through for what it is about

_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient[_ ](?:quota|balance|credit)|billing", re.IGNORECASE)
_BUSY = {503, 529}  # 529: "overloaded" at several providers
_SECONDS = re.compile(r"\d{1,7}(?:\.\d{1,9})?")


@dataclass(frozen=True)
class Asked:
    """What the errors tell about the question: who was asked, for which model, how long."""

    host: str
    model: str
    seconds: int


def translate(error: Exception, asked: Asked) -> ModelError:
    """Return what *error*, any of openai's, means to us. The provider's own words are not taken over."""
    for kind in type(error).__mro__:
        if kind in MEANINGS:
            return MEANINGS[kind](error, asked)
    return ModelFailed(status=None)


def rejected(error: openai.APIStatusError, field: str) -> bool:
    """Whether the server refuses the request for having *field* in it (400, or 422 at Mistral and vLLM)."""
    if error.status_code not in {400, 422}:
        return False
    return field in _words(error)


def too_long(error: openai.APIStatusError) -> bool:
    """Whether the server says that request and reply together are more than the model takes."""
    if error.status_code == 413:
        return True
    return error.status_code in {400, 422} and _TOO_LONG.search(_words(error)) is not None


def wait(error: ModelError, tried: int) -> float | None:
    """
    Return after how many seconds to ask again, having *tried* again before; None where that is of no use.

    What the provider says counts; else twice as long each time, spread so that those who were refused together do not
    come back together.
    """
    status = error.facts.get("status")
    passing = isinstance(status, int) and (status >= 500 or status == 409)
    if not passing and not isinstance(error, ModelBusy | ModelUnreachable | ModelTimeout):
        return None
    said = error.facts.get("retry_after")
    if isinstance(said, int):
        return said
    return min(FIRST_WAIT * 2.0**tried, LONGEST_WAIT) * uniform(0.75, 1)


def _status(error: Exception, asked: Asked) -> ModelError:
    assert isinstance(error, openai.APIStatusError)  # noqa: S101 - the table's key
    words = _words(error)
    status = error.status_code
    if status == 402 or (status in {403, 429} and _NO_CREDIT.search(words)):
        return NoCredit()
    if status == 429 or status in _BUSY:
        return ModelBusy(retry_after=_retry_after(error))
    if too_long(error):
        return ContextExceeded()
    if status in {400, 403} and error.code == "content_filter":  # Azure OpenAI
        return ModelRefused()
    if status == 404 or error.code == "model_not_found":  # 403 at OpenAI, 400 at some
        return UnknownModel(model=asked.model, host=asked.host)
    if status in {401, 403}:
        return BadKey(host=asked.host)
    if status == 408:
        return ModelTimeout(seconds=asked.seconds)
    return ModelFailed(status=status)


def _timeout(error: Exception, asked: Asked) -> ModelError:
    if isinstance(error.__cause__, httpx2.ConnectTimeout):
        return ModelUnreachable(host=asked.host)
    return ModelTimeout(seconds=asked.seconds)


def _words(error: openai.APIStatusError) -> str:
    """Return the answer as it came: the SDK takes only `error.message` into its own, and Mistral has none."""
    return error.response.text[:MOST_WORDS]


def _retry_after(error: openai.APIStatusError) -> int | None:
    """Return the seconds to wait: said in thousandths (OpenAI), in seconds, or as a time (RFC 9110 §10.2.3)."""
    headers = error.response.headers
    for name, parts in (("retry-after-ms", 1000), ("retry-after", 1)):
        said = headers.get(name, "").strip()
        if _SECONDS.fullmatch(said):
            return ceil(float(said) / parts)
    until, now = _time(headers.get("retry-after", "")), _time(headers.get("date", ""))
    return max(ceil((until - now).total_seconds()), 0) if until and now else None


def _time(said: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return time if time.tzinfo else None


MEANINGS: dict[type[BaseException], Callable[[Exception, Asked], ModelError]] = {
    openai.APITimeoutError: _timeout,
    openai.APIConnectionError: lambda _, asked: ModelUnreachable(host=asked.host),
    openai.APIResponseValidationError: lambda _, __: ModelFailed(status=200),
    openai.APIStatusError: _status,
    openai.LengthFinishReasonError: lambda _, __: ReplyCut(),
    openai.ContentFilterFinishReasonError: lambda _, __: ModelRefused(),
    openai.OpenAIError: lambda _, __: ModelFailed(status=None),
}
