"""What the command line and the bot both stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.app.clock import SystemClock
from bot.app.model import CountingDigester, model_of, token_tables
from bot.app.readers import LateReader, Readers
from bot.core.answering import Answering
from bot.core.digesting import Digesting
from bot.core.meter import NO_METER, Meter
from bot.core.money import Limit, Limits, OperatorBudgets, to_spend
from bot.core.ports import Clock, Shelf
from bot.core.positions import ModelDigester
from bot.core.servers import ServerBudgets, Servers
from bot.core.till import Till
from bot.core.usage import Ledger
from bot.core.withholding import Withholding
from bot.errors import PriceUnknown
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.llm.client import OpenAIModel
    from bot.llm.tokens import TokenCounter
    from bot.store.database import Database


@dataclass(frozen=True)
class Engine:
    """What both programs stand on: the command line and the bot."""

    settings: Settings
    clock: Clock
    database: Database
    web: LateReader
    reader: Readers
    servers: Servers
    till: Till
    ledger: Ledger
    shelf: Shelf
    digesting: Digesting
    answering: Answering
    model: OpenAIModel | None
    counter: TokenCounter
    meter: Meter


@asynccontextmanager
async def open_engine(settings: Settings, meter: Meter = NO_METER) -> AsyncIterator[Engine]:
    """
    Open what both programs need; raises `ConfigError` or `StoreError`.

    The web and the model are opened when first used.
    """
    from bot.extractive.digester import ExtractiveDigester
    from bot.llm.tokens import TokenCounter
    from bot.store.database import open_database
    from bot.store.ledger import SqlLedger
    from bot.store.passages import SqlPassages
    from bot.store.purse import SqlPurse
    from bot.store.servers import SqlServers
    from bot.store.shelf import SqlShelf
    from bot.store.withheld import SqlWithheld

    clock, limits = SystemClock(), _limits(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings.database_url))
        counter = TokenCounter(settings.openai_model, token_tables(settings))
        digester = model = prompts = None
        if settings.has_model:
            from bot.llm.prompts import PromptFolder
            from bot.store.kept import SqlReplies
            from bot.store.turns import SqlTurns

            prompts = PromptFolder()
            replies = SqlReplies(database, clock)
            turns = None
            if database.is_postgres:
                turns = SqlTurns(database, settings.llm_concurrency)
                stack.push_async_callback(turns.close)
            model = await stack.enter_async_context(
                model_of(settings, replies, counter, prompts, meter, turns)
            )
            if limits.in_dollars and model.cost(1, 1) is None:
                raise PriceUnknown(model=settings.openai_model)
            digester = CountingDigester(
                ModelDigester(model, prompts, settings.llm_budget_tokens), counter
            )
        ledger = SqlLedger(database)
        servers = SqlServers(database, clock)
        budgets = ServerBudgets(OperatorBudgets(limits), servers)
        till = Till(SqlPurse(database), budgets, clock)
        web = LateReader(settings, database, clock, stack, meter)
        reader = Readers(web)
        shelf = SqlShelf(database)
        digesting = Digesting(
            reader=Withholding(reader, SqlWithheld(database)),
            shelf=shelf,
            clock=clock,
            extractive=ExtractiveDigester(),
            model=digester,
            till=till,
            meter=meter,
        )
        answering = Answering(SqlPassages(database), model, prompts, till)
        yield Engine(
            settings,
            clock,
            database,
            web,
            reader,
            servers,
            till,
            ledger,
            shelf,
            digesting,
            answering,
            model,
            counter,
            meter,
        )


def _limits(settings: Settings) -> Limits:
    """Return what the operator allows."""

    def limit(day: Decimal | None, month: Decimal | None) -> Limit:
        return Limit(to_spend(day), to_spend(month))

    return Limits(
        operator=limit(settings.budget_day_usd, settings.budget_month_usd),
        guild=limit(settings.budget_guild_day_usd, settings.budget_guild_month_usd),
        person=limit(settings.budget_person_day_usd, settings.budget_person_month_usd),
        asks_per_hour=settings.asks_per_hour,
    )
