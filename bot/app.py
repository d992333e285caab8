"""
The composition root: the only place that names concrete classes, one async context manager a program.

Imports are inside the functions: what a command does not need, it does not wait for. A cached digest must not pay for
the web, the model or Discord (aiohttp, openai and discord.py take most of a second).
"""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.place import place_in
from bot.core.answering import Answering
from bot.core.digesting import Digesting
from bot.core.flags import Flags
from bot.core.fulfilling import Fulfilling
from bot.core.keeping import Purging, Retention, Stocktaking
from bot.core.meter import NO_METER, Meter
from bot.core.models import Audience, Brief, Digested, Draft, Reading
from bot.core.money import Limit, Limits, OperatorBudgets, to_spend
from bot.core.pins import Watch
from bot.core.ports import (
    Bill,
    Clock,
    Digester,
    Estimate,
    Office,
    PaidDigester,
    Reader,
    Replies,
    Report,
    SharedOrders,
    Shelf,
)
from bot.core.positions import ModelDigester
from bot.core.servers import ServerBudgets, Servers
from bot.core.till import Till
from bot.core.usage import Ledger
from bot.core.withholding import Withheld, Withholding
from bot.errors import (
    BadFile,
    BadSetting,
    MissingSetting,
    NeedsPostgres,
    NoKey,
    NotInstalled,
    OnlyInDiscord,
    PriceUnknown,
    SiteFailed,
    StoreError,
    Unreachable,
)
from bot.logs import say_what_failed, start_logging
from bot.settings import Settings

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.chat.client import ChorusClient
    from bot.chat.postman import DiscordPostman
    from bot.chat.shards import Shards
    from bot.chat.threads import ThreadReader
    from bot.jobs.endings import Run
    from bot.jobs.housekeeping import Housekeeping
    from bot.jobs.watching import Watcher
    from bot.llm.client import OpenAIModel
    from bot.llm.prices import Price
    from bot.llm.prompts import PromptFolder
    from bot.llm.tokens import TokenCounter
    from bot.metrics.prometheus import PrometheusMeter
    from bot.sources.platform import Keys
    from bot.store.database import Database

GRACE_SECONDS = 7
"""
For orders that run when the bot is told to stop; what is not done by then runs at the next start.

Docker kills after ten seconds, and of these the interpreter takes one or two to end on a busy machine.
"""

HEALTH_SECONDS = 2
"""For a look at the database; who asks gives up after three."""
AT_ONCE = 16
"""Orders that a process works on at the same time; they wait for pages and the model, mostly."""

REFUSED_TOKEN = 4004
"""The gateway's code for a token that is no longer one: reset in the developer portal while the bot ran."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time, aware, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Engine:
    """What both programs stand on: the command line and the bot."""

    settings: Settings
    clock: Clock
    database: Database
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
        counter = TokenCounter(settings.openai_model, _token_tables(settings))
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
                _model(settings, replies, counter, prompts, meter, turns)
            )
            if limits.in_dollars and model.cost(1, 1) is None:
                raise PriceUnknown(model=settings.openai_model)
            digester = _Counting(ModelDigester(model, prompts, settings.llm_budget_tokens), counter)
        ledger = SqlLedger(database)
        servers = SqlServers(database, clock)
        budgets = ServerBudgets(OperatorBudgets(limits), servers)
        till = Till(SqlPurse(database), budgets, clock)
        reader = Readers(_LateReader(settings, database, clock, stack, meter))
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


async def move_data(source: str, target: str) -> dict[str, int]:
    """Copy what is kept at one database's URL to an empty one; return how many rows of each table."""
    from bot.store.database import open_as_it_is, open_database
    from bot.store.moving import move

    async with open_as_it_is(source) as old, open_database(target) as new:
        return await move(old, new)


@dataclass(frozen=True)
class Keeping:
    """What is kept, to look after: counted, pruned, forgotten. Neither the web nor a model is needed for it."""

    clock: Clock
    shelf: Shelf
    stock: Stocktaking
    retention: Retention
    purging: Purging
    withheld: Withheld


@asynccontextmanager
async def open_keeping(settings: Settings) -> AsyncIterator[Keeping]:
    """Open what is kept; raises `StoreError`."""
    from bot.store.database import open_database
    from bot.store.purging import SqlPurging
    from bot.store.retention import SqlRetention
    from bot.store.shelf import SqlShelf
    from bot.store.stocktaking import SqlStocktaking
    from bot.store.withheld import SqlWithheld

    async with open_database(settings.database_url) as database:
        yield Keeping(
            SystemClock(),
            SqlShelf(database),
            SqlStocktaking(database),
            SqlRetention(database),
            SqlPurging(database),
            SqlWithheld(database),
        )


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
    prompts = _prompts(folder)
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
            counter = TokenCounter(name, _token_tables(settings))
            model = await stack.enter_async_context(_model(ours, replies, counter, prompts))
            await counter.load()
            models.append((model, ModelDigester(model, prompts, settings.llm_budget_tokens)))
        reader = _LateReader(settings, None, clock, stack)
        yield Bench(reader, tuple(models), prompts.version, flags)


def _model(
    settings: Settings,
    replies: Replies | None,
    counter: TokenCounter,
    prompts: PromptFolder,
    meter: Meter = NO_METER,
    turns: AbstractAsyncContextManager[object] | None = None,
) -> OpenAIModel:
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


def _prompts(folder: Path | None) -> PromptFolder:
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


@dataclass(frozen=True)
class Part:
    """
    What one process of the bot does: alone, everything.

    *shards*: those it listens on, None for all, `bot.chat.shards.NONE` for one that only works. *works*: whether it
    fulfils orders, *at_once* so many at the same time, or only takes them.
    """

    shards: Shards | None = None
    works: bool = True
    at_once: int = AT_ONCE

    @property
    def listens(self) -> bool:
        """Whether it connects to the gateway."""
        return self.shards is None or bool(self.shards.ids)

    @property
    def is_alone(self) -> bool:
        """Whether it needs no other process."""
        return self.works and (self.shards is None or self.shards.are_all)


ALONE = Part()


@asynccontextmanager
async def open_chat(
    engine: Engine, part: Part = ALONE
) -> AsyncIterator[tuple[ChorusClient, Office]]:
    """
    Open the Discord side over *engine*: a client that is not connected yet, and the desk behind it.

    Raises `NeedsPostgres`, `NotInstalled` or `StoreError`.
    """
    from bot.chat.access import only_for_readers
    from bot.chat.acknowledging import Acknowledging
    from bot.chat.client import ChorusClient
    from bot.chat.pinning import DiscordBoard
    from bot.chat.postman import DiscordPostman
    from bot.chat.remembering import Memory
    from bot.chat.services import Pinning, Services
    from bot.chat.threads import ThreadReader
    from bot.jobs.watching import Watcher
    from bot.store.archive import SqlArchive
    from bot.store.cards import SqlCards
    from bot.store.flags import SqlFlags
    from bot.store.kept import SqlNotes
    from bot.store.orders import SqlOrders
    from bot.store.pins import SqlPins
    from bot.store.purging import SqlPurging

    settings, orders, notes = engine.settings, SqlOrders(engine.database), SqlNotes(engine.database)
    cards = SqlCards(engine.database)
    client = ChorusClient(
        message_content=settings.discord_message_content,
        dev_guild=settings.discord_dev_guild,
        acknowledging=Acknowledging(engine.meter) if engine.meter is not NO_METER else None,
        shards=part.shards,
    )
    engine.reader.threads = ThreadReader(client, engine.clock)
    archive = SqlArchive(engine.database)
    memory = Memory(client, archive, engine.servers, engine.clock)
    postman = DiscordPostman(
        client,
        digesting=engine.digesting,
        orders=orders,
        servers=engine.servers,
        notes=notes,
        cards=cards,
        clock=engine.clock,
        till=engine.till,
    )
    fulfilling = Fulfilling(engine.digesting, engine.answering, engine.till)
    run = memory.noting(engine.digesting, only_for_readers(client, fulfilling.run))
    pins = SqlPins(engine.database)
    board = DiscordBoard(client, postman, servers=engine.servers, memory=memory, clock=engine.clock)
    watcher = Watcher(
        pins=pins,
        digesting=engine.digesting,
        shelf=engine.shelf,
        board=board,
        clock=engine.clock,
    )
    async with _desk(engine, part, orders, run, postman, watcher) as (desk, watch):
        client.serve(
            Services(
                digesting=engine.digesting,
                answering=engine.answering,
                desk=desk,
                orders=orders,
                servers=engine.servers,
                archive=archive,
                memory=memory,
                cards=cards,
                flags=SqlFlags(engine.database),
                notes=notes,
                clock=engine.clock,
                till=engine.till,
                ledger=engine.ledger,
                pinning=Pinning(pins, board, watch),
                purging=SqlPurging(engine.database),
                retention_days=settings.retention_days,
                priced=engine.model is None or engine.model.cost(1, 1) is not None,
                inside_guilds=frozenset(settings.web_allowed_guilds),
            )
        )
        try:
            yield client, desk
        finally:
            await desk.close(0)


@asynccontextmanager
async def _desk(
    engine: Engine,
    part: Part,
    orders: SharedOrders,
    run: Run,
    postman: DiscordPostman,
    watcher: Watcher,
) -> AsyncIterator[tuple[Office, Watch]]:
    """Open the desk, and what watches pins: alone over SQLite, as one among others over PostgreSQL."""
    if engine.database.is_postgres:
        async with _fleet_desk(engine, part, orders, run, postman, watcher) as both:
            yield both
    elif part.is_alone:
        from bot.jobs.local import LocalDesk

        desk = LocalDesk(
            orders=orders,
            run=run,
            postman=postman,
            clock=engine.clock,
            most_at_once=part.at_once,
            meter=engine.meter,
        )
        yield desk, watcher
    else:
        command = "chorus run --shards / --no-work" if part.listens else "chorus work"
        raise NeedsPostgres(command=command)


@asynccontextmanager
async def _fleet_desk(
    engine: Engine,
    part: Part,
    orders: SharedOrders,
    run: Run,
    postman: DiscordPostman,
    watcher: Watcher,
) -> AsyncIterator[tuple[Office, Watch]]:
    try:
        from bot.jobs.queue import open_queue
        from bot.jobs.shift import Shift
        from bot.jobs.worker import FleetWorker
    except ImportError:
        raise NotInstalled(package="procrastinate", extra="fleet") from None
    from bot.jobs.fleet import FarWatch, FleetDesk

    database, clock = engine.database, engine.clock
    async with open_queue(database.libpq_url, clock, place=database.place) as queue:
        shift = None
        if part.works:
            worker = FleetWorker(
                orders=orders,
                run=run,
                postman=postman,
                clock=clock,
                queue=queue,
                tidy=_housekeeping(engine).once,
                wake=watcher.wake,
            )
            shift = Shift(queue, worker, at_once=part.at_once, meter=engine.meter)
        desk = FleetDesk(orders=orders, queue=queue, postman=postman, shift=shift)
        yield desk, watcher if part.works else FarWatch(queue)


async def run_chat(settings: Settings, part: Part = ALONE) -> None:
    """Run the bot, or *part* of it, until it is told to stop; raises `ConfigError`, `StoreError` or `Unreachable`."""
    token = _token(settings)
    start_logging(settings.log_format, settings.secrets)
    asyncio.get_running_loop().set_exception_handler(say_what_failed)
    meter = _meter(settings)
    async with (
        open_engine(settings, meter or NO_METER) as engine,
        open_chat(engine, part) as (client, desk),
        _watched(engine, meter, client if part.listens else None),
        _signing_in(client, token, sync=part.listens),
    ):
        await desk.resume()
        running = asyncio.ensure_future(client.connect() if part.listens else _forever())
        aside = [
            asyncio.ensure_future(_warm(engine, client, part)),
            asyncio.ensure_future(client.services.pinning.watch.run()),
        ]
        if not engine.database.is_postgres:  # a fleet has it done once, by one of its workers
            aside.append(asyncio.ensure_future(_housekeeping(engine).run()))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            # asyncio.run knows Ctrl-C only; a deploy's SIGTERM would leave people with "thinking…"
            loop.add_signal_handler(sign, running.cancel)
        await asyncio.wait([running])
        for task in aside:
            task.cancel()
        await asyncio.wait(aside)
        await desk.close(GRACE_SECONDS)  # while answers can still be sent
        if not running.cancelled() and running.exception() is not None:
            with _discord_errors():
                running.result()


async def _warm(engine: Engine, client: ChorusClient, part: Part) -> None:
    """
    Load what the first question to the model needs, once the bot is there: openai takes longer than all else together.

    Not the tokenizer's table: its 75 MB wait for the first digest, and are loaded in less than a second.
    """
    if part.listens:
        await client.wait_until_ready()
    if engine.model is not None:
        await engine.model.open()
    # what is loaded by now stays: the collector, which holds up everybody, need not look at it again
    gc.freeze()


def _meter(settings: Settings) -> PrometheusMeter | None:
    if settings.metrics_port is None:
        return None
    from bot.metrics.prometheus import PrometheusMeter

    return PrometheusMeter()


@asynccontextmanager
async def _watched(
    engine: Engine, meter: PrometheusMeter | None, client: ChorusClient | None = None
) -> AsyncIterator[None]:
    """Answer the operator's monitoring, where there is a port for it; a worker has no *client*."""
    settings = engine.settings
    if meter is None or settings.metrics_port is None:
        yield
        return
    from bot.metrics.server import serve
    from bot.store.kept import SqlNotes

    notes = SqlNotes(engine.database)

    async def health() -> dict[str, bool]:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                await notes.get("health")
            database = True
        except (StoreError, TimeoutError):
            database = False
        return {"database": database} | ({} if client is None else {"gateway": client.is_well})

    if client is not None:
        meter.watch_gateway(lambda: client.latency)
    async with serve(meter, health, host=settings.metrics_host, port=settings.metrics_port):
        yield


def _housekeeping(engine: Engine) -> Housekeeping:
    from bot.jobs.housekeeping import Housekeeping
    from bot.store.retention import SqlRetention

    retention = SqlRetention(engine.database)
    return Housekeeping(retention, engine.clock, engine.settings.retention_days)


async def _forever() -> None:
    await asyncio.Event().wait()


async def sync_commands(settings: Settings) -> int:
    """Register the commands with Discord now; return how many there are."""
    token = _token(settings)
    async with (
        open_engine(settings) as engine,
        open_chat(engine) as (client, _),
        _signing_in(client, token, sync=False),
    ):
        await client.tree.sync()
        return len(client.tree.get_commands())


def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        raise MissingSetting(name="DISCORD_TOKEN")
    return settings.discord_token.get_secret_value()


@asynccontextmanager
async def _signing_in(
    client: ChorusClient, token: str, *, sync: bool = True
) -> AsyncIterator[None]:
    """Sign *client* in, which also registers changed commands where *sync* is true; sign it out at the end."""
    with _discord_errors():
        async with client:
            client.registers = sync
            await client.login(token)
            yield


@contextmanager
def _discord_errors() -> Iterator[None]:
    """Word what an operator can mend: a refused token, a missing intent, no way to Discord."""
    import aiohttp
    import discord

    try:
        yield
    except (discord.LoginFailure, discord.ConnectionClosed) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code != REFUSED_TOKEN:
            raise Unreachable(host="discord.com") from error
        expected = "a token that Discord accepts; make a new one in the developer portal"
        raise BadSetting(name="DISCORD_TOKEN", value="***", expected=expected) from None
    except discord.PrivilegedIntentsRequired:
        expected = "false, or the message content intent switched on in the developer portal"
        raise BadSetting(name="DISCORD_MESSAGE_CONTENT", value="true", expected=expected) from None
    except discord.DiscordServerError as error:
        raise SiteFailed(host="discord.com", status=error.status) from error
    except (aiohttp.ClientError, discord.GatewayNotFound) as error:
        raise Unreachable(host="discord.com") from error


class Readers:
    """Links into Discord go to the reader of its threads, which only the bot has; everything else to *web*."""

    def __init__(self, web: Reader) -> None:
        self._web = web
        self.threads: ThreadReader | None = None

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        """Read a canonical link; raises `OnlyInDiscord` where only the bot could, else as its reader does."""
        if place_in(target) is None:
            return await self._web.read(target, audience, report)
        if self.threads is None:
            raise OnlyInDiscord
        return await self.threads.read(target, audience, report)

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        """Read a saved page or a copied text."""
        return await self._web.paste(data, name, audience, url)


class _LateReader:
    """A `PageReader` that is opened when something is read; closed with *stack*."""

    def __init__(
        self,
        settings: Settings,
        database: Database | None,
        clock: Clock,
        stack: AsyncExitStack,
        meter: Meter = NO_METER,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._stack = stack
        self._meter = meter
        self._opened: asyncio.Task[Reader] | None = None

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        return await (await self._open()).read(target, audience, report)

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        return await (await self._open()).paste(data, name, audience, url)

    async def _open(self) -> Reader:
        self._opened = self._opened or asyncio.ensure_future(self._make())
        return await self._opened

    async def _make(self) -> Reader:
        from bot.sources.discovery import Discovery
        from bot.sources.platforms import platforms
        from bot.sources.reader import PageReader
        from bot.sources.web import Web
        from bot.sources.workshop import Workshop
        from bot.store.kept import SqlPages

        web = await self._stack.enter_async_context(
            Web(
                user_agent=self._settings.web_user_agent,
                clock=self._clock,
                allowed_networks=self._settings.web_allowed_networks,
                allowed_guilds=self._settings.web_allowed_guilds,
                refused_hosts=self._settings.web_refused_hosts,
                pages=SqlPages(self._database, self._clock) if self._database else None,
                meter=self._meter,
            )
        )
        # where links may lead into a network of the operator's, none is told to others
        discovery = None if self._settings.web_allowed_networks else Discovery()
        places = platforms(_keys(self._settings))
        workshop = await self._stack.enter_async_context(Workshop())
        return PageReader(web, places, self._clock, workshop, discovery=discovery)


def _keys(settings: Settings) -> Keys:
    from bot.sources.platform import Keys

    def plain(secret: SecretStr | None) -> str | None:
        return secret.get_secret_value() if secret else None

    return Keys(
        reddit_id=settings.reddit_client_id,
        reddit_secret=plain(settings.reddit_client_secret),
        github=plain(settings.github_token),
        stackexchange=plain(settings.stackexchange_key),
    )


class _Counting:
    """A model's digester whose tokenizer is loaded when it is first needed: a kept digest never waits for it."""

    def __init__(self, digester: PaidDigester, counter: TokenCounter) -> None:
        self._digester = digester
        self._counter = counter

    @property
    def label(self) -> str:
        return self._digester.label

    async def draft(
        self,
        reading: Reading,
        brief: Brief,
        report: Report,
        basis: Digested | None = None,
        bill: Bill | None = None,
    ) -> Draft:
        if not self._counter.exact:
            await self._counter.load()
        return await self._digester.draft(reading, brief, report, basis, bill)

    async def estimate(
        self, reading: Reading, brief: Brief, basis: Digested | None = None
    ) -> Estimate:
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


def _token_tables(settings: Settings) -> Path:
    """Return where the tokenizer's tables are kept: beside a database file, else in the user's cache."""
    import platformdirs

    place = settings.database_url.rpartition("///")[2]
    if settings.database_url.startswith("sqlite") and place:
        return Path(place).parent / "tiktoken"
    return platformdirs.user_cache_path("chorus") / "tiktoken"
