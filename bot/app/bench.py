"""What models are compared on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.clock import SystemClock
from bot.app.model import model_of, prompts_in, token_tables
from bot.app.readers import LateReader
from bot.core.flags import Flags
from bot.core.ports import Digester, Reader
from bot.core.positions import ModelDigester
from bot.errors import NoKey
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.llm.client import OpenAIModel


@dataclass(frozen=True)
class Bench:
    """What models are compared on: whatever reads the files, and each model with its digester."""

    reader: Reader
    models: tuple[tuple[OpenAIModel, Digester], ...]
    prompts: str  # their version
    flags: Flags | None  # what readers said of digests; None where nothing is kept


@asynccontextmanager
async def open_bench(
    settings: Settings, names: Sequence[str], folder: Path | None, *, cached: bool
) -> AsyncIterator[Bench]:
    """
    Open the models called *names* over the prompts in *folder*; raises `NoKey`, `BadFile`, `StoreError`.

    Nothing is kept, and every question is asked; with *cached*, replies come from the database and go there. What
    readers flagged comes from there where there is one.
    """
    if not settings.has_model:
        raise NoKey
    import openai  # noqa: F401 # loaded now, as the tokenizers are: no digest's seconds are for that

    from bot.llm.tokens import TokenCounter
    from bot.store.address import Address
    from bot.store.database import open_database
    from bot.store.flags import SqlFlags
    from bot.store.kept import SqlReplies

    clock = SystemClock()
    prompts = prompts_in(folder)
    async with AsyncExitStack() as stack:
        replies = flags = None
        if cached or Address(settings.database_url).is_there:
            database = await stack.enter_async_context(open_database(settings.database_url))
            flags = SqlFlags(database)
            replies = SqlReplies(database, clock, any_reading=True) if cached else None
        models: list[tuple[OpenAIModel, Digester]] = []
        for name in names:
            ours = settings.model_copy(update={"openai_model": name})
            if name != settings.openai_model:  # the price that is set is that of the model that is
                ours = ours.model_copy(update={"llm_price_in": None, "llm_price_out": None})
            counter = TokenCounter(name, token_tables(settings))
            model = await stack.enter_async_context(model_of(ours, replies, counter, prompts))
            await counter.load()
            models.append((model, ModelDigester(model, prompts, settings.llm_budget_tokens)))
        reader = LateReader(settings, None, clock, stack)
        yield Bench(reader, tuple(models), prompts.version, flags)
