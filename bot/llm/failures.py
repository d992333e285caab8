"""The one place where the provider's failures become ours. Imports openai: import it only where a model is used."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

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

_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient[_ ](?:quota|balance|credit)|billing", re.IGNORECASE)
_BUSY = {503, 529}  # 529: "overloaded" at several providers


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
    return field in (error.param or "") or field in str(error)


def _status(error: Exception, asked: Asked) -> ModelError:
    assert isinstance(error, openai.APIStatusError)  # noqa: S101 - the table's key
    words = f"{error.code} {error.type} {error.message}"
    status = error.status_code
    if status == 402 or (status in {403, 429} and _NO_CREDIT.search(words)):
        return NoCredit()
    if status == 429 or status in _BUSY:
        return ModelBusy(retry_after=_retry_after(error))
    if status == 413 or (status in {400, 422} and _TOO_LONG.search(words)):
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


def _retry_after(error: openai.APIStatusError) -> int | None:
    said = error.response.headers.get("retry-after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else None


MEANINGS: dict[type[BaseException], Callable[[Exception, Asked], ModelError]] = {
    openai.APITimeoutError: lambda _, asked: ModelTimeout(seconds=asked.seconds),
    openai.APIConnectionError: lambda _, asked: ModelUnreachable(host=asked.host),
    openai.APIResponseValidationError: lambda _, __: ModelFailed(status=200),
    openai.APIStatusError: _status,
    openai.LengthFinishReasonError: lambda _, __: ReplyCut(),
    openai.ContentFilterFinishReasonError: lambda _, __: ModelRefused(),
    openai.OpenAIError: lambda _, __: ModelFailed(status=None),
}
