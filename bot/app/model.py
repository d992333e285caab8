"""The model as it is configured: its client, prompts, price and tokenizer."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.meter import NO_METER, Meter
from bot.core.models import Brief, Digested, Draft, Reading
from bot.core.ports import Bill, Estimate, PaidDigester, Replies, Report
from bot.errors import BadFile, MissingSetting
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.llm.client import OpenAIModel
    from bot.llm.prices import Price
    from bot.llm.prompts import PromptFolder
    from bot.llm.tokens import TokenCounter


def model_of(
    settings: Settings,
    replies: Replies | None,
    counter: TokenCounter,
    prompts: PromptFolder,
    meter: Meter = NO_METER,
    turns: AbstractAsyncContextManager[object] | None = None,
) -> OpenAIModel:
    """Return the configured model, to be entered; raises `MissingSetting`."""
    from bot.llm.client import OpenAIModel

    key = settings.openai_api_key
    return OpenAIModel(
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        structured=settings.llm_structured,
        context_tokens=settings.llm_context_tokens,
        timeout_seconds=settings.llm_timeout_seconds,
        concurrency=settings.llm_concurrency,
        replies=replies,
        counter=counter,
        prompts=prompts,
        rate=_rate(settings),
        meter=meter,
        turns=turns,
    )


def prompts_in(folder: Path | None) -> PromptFolder:
    """Return the prompts in *folder*, those that come with Chorus if None; raises `BadFile` where they cannot work."""
    from bot.llm.prompts import PromptFolder

    standard = PromptFolder()
    if folder is None:
        return standard
    try:
        prompts = PromptFolder(folder)
        prompts.check(standard)
    except LookupError as error:
        raise BadFile(name=str(folder), reason=str(error)) from None
    except (OSError, ValueError):  # a prompt that is no UTF-8
        raise BadFile(name=str(folder), reason="unreadable") from None
    return prompts


class CountingDigester:
    """A model's digester whose tokenizer is loaded when it is first needed: a kept digest never waits for it."""

    def __init__(self, digester: PaidDigester, counter: TokenCounter) -> None:
        self._digester = digester
        self._counter = counter

    @property
    def label(self) -> str:
        """Under which its digests are kept."""
        return self._digester.label

    async def draft(
        self,
        reading: Reading,
        brief: Brief,
        report: Report,
        basis: Digested | None = None,
        bill: Bill | None = None,
    ) -> Draft:
        """Draft with exact counts."""
        if not self._counter.exact:
            await self._counter.load()
        return await self._digester.draft(reading, brief, report, basis, bill)

    async def estimate(
        self, reading: Reading, brief: Brief, basis: Digested | None = None
    ) -> Estimate:
        """Estimate with exact counts."""
        if not self._counter.exact:
            await self._counter.load()
        return await self._digester.estimate(reading, brief, basis)


def _rate(settings: Settings) -> Price | None:
    """Return the price the operator states; raises `MissingSetting` where it is half of one."""
    from bot.llm.prices import Price

    price_in, price_out = settings.llm_price_in, settings.llm_price_out
    if price_in is None and price_out is None:
        return None
    if price_in is None or price_out is None:
        missing = "LLM_PRICE_IN" if price_in is None else "LLM_PRICE_OUT"
        raise MissingSetting(name=missing)
    return Price(price_in, price_in, price_out)


def token_tables(settings: Settings) -> Path:
    """Return where the tokenizer's tables are kept: beside a database file, else in the user's cache."""
    import platformdirs

    place = settings.database_url.rpartition("///")[2]
    if settings.database_url.startswith("sqlite") and place:
        return Path(place).parent / "tiktoken"
    return platformdirs.user_cache_path("chorus") / "tiktoken"
