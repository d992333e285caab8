"""
What is sent to a model, in tokens, over what it is about: counted on the requests as they arrive over HTTP.

`sent` are the messages, `with_schemas` the JSON schemas too, which providers count as part of a request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.positions.policies import ours
from benchmarks.positions.replies import LongReplies
from benchmarks.positions.threads import AT, with_more
from bot.core.grounding import ground
from bot.core.models import Brief, Digested, Engine, Made, Reading
from bot.core.ports import Progress
from bot.core.positions import ModelDigester
from bot.llm.client import OpenAIModel
from bot.llm.prompts import PromptFolder
from bot.llm.tokens import TokenCounter
from tests.llm.provider import Provider, Request

MODEL = "gpt-5-mini"
_WORD = re.compile(r"\w+|[^\w\s]")
CONCURRENCY = 8
ENGLISH, FRENCH = Brief("en"), Brief("fr")


@dataclass(frozen=True)
class Sent:
    """What one digest took: requests, tokens of their messages, tokens with the schemas, and both over `text`."""

    requests: int
    sent: int
    with_schemas: int
    text: int

    @property
    def ratio(self) -> float:
        """Messages over text."""
        return self.sent / self.text

    @property
    def ratio_with_schemas(self) -> float:
        """Messages and schemas over text."""
        return self.with_schemas / self.text


@dataclass(frozen=True)
class Figures:
    """
    A first digest, over article and comments; a refresh with 1 % new and a second language, over the first.

    `read` is the share of comments that were shown to the model to be placed.
    """

    read: float
    first: Sent
    refresh: Sent
    translation: Sent


class Words(TokenCounter):
    """Counts words and signs: nearer to the truth than the product's estimate, which is from above."""

    def count(self, text: str) -> int:
        """Return the number of words and signs in *text*."""
        return len(_WORD.findall(text))


async def counter() -> TokenCounter:
    """Return a counter with the real table where it is at hand (`exact` says so), else one of words."""
    made = TokenCounter(MODEL, Path("unused"))
    return made if await made.load(seconds=5) else Words(MODEL, Path("unused"))


def open_model(url: str, tokens: TokenCounter, concurrency: int = CONCURRENCY) -> OpenAIModel:
    """Return the real client over the provider at *url*, keeping nothing."""
    return OpenAIModel(
        api_key="none",
        base_url=url,
        model=MODEL,
        structured="schema",
        context_tokens=128_000,
        timeout_seconds=180,
        concurrency=concurrency,
        replies=None,
        counter=tokens,
        prompts=PromptFolder(),
    )


async def digested(
    digester: ModelDigester, reading: Reading, brief: Brief, basis: Digested | None = None
) -> Digested:
    """Return the checked digest of *reading*."""
    draft = await digester.draft(reading, brief, nobody, basis)
    made = Made(Engine.LLM, MODEL, "p", draft.tokens_in, draft.tokens_out, None, 0.0, AT)
    key = f"{reading.hash[:8]}{brief.language}"
    return Digested(reading, ground(draft, reading, brief, key=key, made=made))


async def measure(reading: Reading, tokens: TokenCounter) -> Figures:
    """Digest *reading*, refresh it with 1 % more comments, translate it; return what each has sent."""
    async with (
        Provider(script=LongReplies().over_http) as provider,
        open_model(provider.url, tokens) as model,
    ):
        digester = ModelDigester(model, PromptFolder())
        basis = await digested(digester, reading, ENGLISH)
        first = _sent(provider.history, tokens, tokens_of(reading, tokens))
        read = ours(provider.history, reading)
        provider.history.clear()
        await digested(digester, with_more(reading, 0.01), ENGLISH, basis)
        refresh = _sent(provider.history, tokens, first.sent)
        provider.history.clear()
        await digested(digester, reading, FRENCH, basis)
        return Figures(read, first, refresh, _sent(provider.history, tokens, first.sent))


def tokens_of(reading: Reading, tokens: TokenCounter) -> int:
    """Return the tokens of the words of *reading*: its article and its comments, nothing around them."""
    article = tokens.count(reading.article.text) if reading.article else 0
    return article + sum(tokens.count(comment.text) for comment in reading.readable)


def nobody(_: Progress) -> None:
    """Hear of no progress."""


def _sent(requests: Sequence[Request], tokens: TokenCounter, text: int) -> Sent:
    messages = sum(tokens.count(m["content"]) for r in requests for m in r.body["messages"])
    schemas = sum(
        tokens.count(json.dumps(r.body["response_format"], separators=(",", ":"))) for r in requests
    )
    return Sent(len(requests), messages, messages + schemas, text)
